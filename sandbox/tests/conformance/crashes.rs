//! An engine that is away, and a server that dies.

use std::process::Command;

use sandbox::{Docker, DockerSettings};
use service::ports::{Limits, Sandbox as _, SandboxError};
use service::runs::fingerprint;

use crate::podman_service::Podman;
use crate::support::{Root, run, script, soon};

#[tokio::test]
async fn an_engine_that_is_away_is_told_in_a_sentence() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let host = format!("unix://{}/nobody.sock", root.path().display());
    let docker = Docker::new(DockerSettings { host: host.clone(), root: root.path().into(), languages: fingerprint() });
    let error = soon(docker.start(Limits::default())).await.expect_err("nobody is there");
    let expected = format!("the sandbox is unavailable: the container engine at {host} cannot be reached: ");
    assert!(error.to_string().starts_with(&expected), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_that_goes_away_is_told_and_comes_back() {
    let Some(mut podman) = Podman::start() else { return };
    let root = Root::new();
    let docker = Docker::new(podman.settings(root.boxes()));
    let jail = soon(docker.start(Limits::default())).await.expect("a box");
    assert_eq!(run(&jail, "echo here").await.stdout, b"here\n");
    podman.kill();
    let error = soon(jail.run(script("true"))).await.expect_err("nobody is there");
    assert!(matches!(error, SandboxError::Unavailable(_)), "{error}");
    let error = soon(docker.start(Limits::default())).await.expect_err("nobody is there");
    assert!(matches!(error, SandboxError::Unavailable(_)), "{error}");
    podman.serve();
    let jail = soon(docker.start(Limits::default())).await.expect("a box again");
    assert_eq!(run(&jail, "echo back").await.stdout, b"back\n");
    soon(jail.stop()).await;
}

/// Says to the program of the tests that it is the server to be killed, where its engine is, and where its boxes are noted.
const DOOMED: &str = "DOOMED_ENGINE";

async fn serve_until_killed(engine: String) {
    let (host, root) = engine.split_once(' ').expect("two places");
    let docker = Docker::new(DockerSettings { host: host.into(), root: root.into(), languages: fingerprint() });
    let jail = docker.start(Limits::default()).await.expect("a box");
    let _ = jail.run(script("(setsid sleep 1000 &); sleep 1000; true")).await;
}

/// The boxes on the engine that carry a mark of a server that noted it under this folder.
fn boxes(root: &std::path::Path) -> usize {
    let owners = std::fs::read_dir(root).into_iter().flatten().flatten().map(|entry| entry.file_name());
    let labels = owners.filter_map(|name| name.into_string().ok()).filter(|name| name.starts_with("engine-"));
    let count = |owner: String| {
        let filter = format!("label=org.interviewlm.owner={owner}");
        let listed =
            Command::new("podman").args(["ps", "--all", "--quiet", "--filter", &filter]).output().expect("podman");
        String::from_utf8_lossy(&listed.stdout).lines().count()
    };
    labels.map(count).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn boxes_end_with_their_server_and_what_is_left_is_swept() {
    if let Ok(engine) = std::env::var(DOOMED) {
        return serve_until_killed(engine).await;
    }
    let Some(podman) = Podman::start() else { return };
    let root = Root::new();
    let settings = podman.settings(root.boxes());
    let mut server = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "crashes::boxes_end_with_their_server_and_what_is_left_is_swept"])
        .env(DOOMED, format!("{} {}", settings.host, settings.root.display()))
        .spawn()
        .expect("a server");
    soon(async {
        while boxes(&settings.root) == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    server.kill().expect("it can be killed");
    server.wait().expect("it ends");
    let next = Docker::new(settings.clone());
    soon(next.check()).await.expect("it works");
    soon(async {
        while boxes(&settings.root) > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let marks = std::fs::read_dir(&settings.root).expect("a folder").flatten();
    let marks = marks.filter(|entry| entry.file_name().to_string_lossy().starts_with("engine-")).count();
    assert_eq!(marks, 1, "the next server's own");
}
