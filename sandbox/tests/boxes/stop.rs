//! What is left when a box stops: nothing.

use std::fs;
use std::path::{Path, PathBuf};

use interview::terminal::Size;
use sandbox::{Bubblewrap, Settings};
use service::ports::{Limits, Sandbox as _, SandboxError, ShellInput, ShellOutput};

use crate::Bench;
use crate::support::{script, soon};
use crate::traces::{disks, folders, groups, processes};

/// Says to the program of the tests that it is the server to be killed, and where its boxes are.
const DOOMED: &str = "DOOMED_ROOT";

fn is_box(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with("box-"))
}

fn boxes(bench: &Bench) -> Vec<PathBuf> {
    let servers = folders(&bench.root.boxes());
    servers.iter().flat_map(|server| folders(server)).filter(|folder| is_box(folder)).collect()
}

/// Waits for what a thread does after a drop.
async fn until(is_done: impl Fn() -> bool) {
    soon(async {
        while !is_done() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn stopping_leaves_no_process_no_group_no_disk_and_no_folder() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let shell = soon(jail.shell(Size::USUAL)).await.expect("a shell");
    let busy = b"mkdir -p a/b; chmod 0 a; (setsid sleep 1000 &); yes >/dev/null & echo sta''rted\n";
    shell.input.send(ShellInput::Typed(busy.to_vec())).await.expect("the shell listens");
    let running = {
        let jail = std::sync::Arc::clone(&jail);
        let deep = "for i in {1..300}; do mkdir d && cd d && echo x > f; done; (setsid sleep 1000 &); kill -STOP $$";
        tokio::spawn(async move { jail.run(script(deep)).await })
    };
    let groups = groups(&bench.root.boxes());
    // For each bubblewrap twice, bash and a sleeper; and one that never rests.
    until(|| groups.iter().all(|group| processes(group).len() >= 9)).await;
    assert_eq!(disks("self", bench.root.path()).len(), 1);

    soon(jail.stop()).await;
    assert_eq!(boxes(&bench), Vec::<PathBuf>::new());
    assert_eq!(disks("self", bench.root.path()), Vec::<String>::new());
    for group in &groups {
        assert!(processes(group).is_empty() && folders(group).is_empty(), "{group:?}");
    }
    assert!(matches!(soon(running).await.expect("no panic"), Err(SandboxError::Stopped)));
}

#[tokio::test]
async fn dropping_the_last_handle_stops_a_box_with_an_open_shell() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let mut shell = soon(jail.shell(Size::USUAL)).await.expect("a shell");
    let groups = groups(&bench.root.boxes());
    drop(jail);
    until(|| boxes(&bench).is_empty() && groups.iter().all(|group| folders(group).is_empty())).await;
    while !matches!(soon(shell.output.recv()).await, Some(ShellOutput::Exited(_))) {}
}

#[tokio::test]
async fn closing_the_sandbox_ends_boxes_that_are_still_held() {
    let bench = Bench::new();
    let (busy, idle) = (bench.start().await, bench.start().await);
    let groups = groups(&bench.root.boxes());
    let running = tokio::spawn(async move { busy.run(script("(setsid sleep 1000 &); sleep 1000")).await });
    until(|| groups.iter().any(|group| !processes(group).is_empty())).await;
    soon(bench.sandbox.close()).await;
    assert!(groups.iter().all(|group| !group.exists()));
    assert_eq!(disks("self", bench.root.path()), Vec::<String>::new());
    assert_eq!(folders(&bench.root.boxes()), Vec::<PathBuf>::new());
    soon(running).await.expect("no panic").expect_err("its box is gone");
    idle.stop().await;
    soon(bench.sandbox.close()).await;
}

#[tokio::test]
async fn dropping_the_sandbox_removes_its_folder_and_group() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let groups = groups(&bench.root.boxes());
    let Bench { sandbox, root } = bench;
    soon(jail.stop()).await;
    drop((jail, sandbox));
    assert_eq!(folders(&root.boxes()), Vec::<PathBuf>::new());
    assert!(groups.iter().all(|group| !group.exists()));
}

/// The server that the next test kills.
async fn serve_until_killed(root: PathBuf) {
    let sandbox = Bubblewrap::new(Settings { root, ..Settings::default() });
    let jail = sandbox.start(Limits::default()).await.expect("a box");
    let _ = jail.run(script("(setsid sleep 1000 &); sleep 1000; true")).await;
}

#[tokio::test]
async fn boxes_die_with_their_server_and_are_swept_by_the_next() {
    if let Some(root) = std::env::var_os(DOOMED) {
        return serve_until_killed(root.into()).await;
    }
    let root = tempfile::tempdir().expect("a temporary folder");
    let mut server = std::process::Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "stop::boxes_die_with_their_server_and_are_swept_by_the_next"])
        .env(DOOMED, root.path())
        .spawn()
        .expect("a server");
    // Bubblewrap twice, bash and two sleepers.
    until(|| groups(root.path()).iter().any(|group| processes(group).len() >= 5)).await;
    let groups = groups(root.path());
    assert!(!disks("self", root.path()).is_empty(), "its box has a disk");
    server.kill().expect("it can be killed");
    server.wait().expect("it ends");
    until(|| groups.iter().all(|group| processes(group).is_empty())).await;
    let next = Bubblewrap::new(Settings { root: root.path().into(), ..Settings::default() });
    assert!(groups.iter().all(|group| !group.exists()));
    assert_eq!(disks("self", root.path()), Vec::<String>::new());
    assert_eq!(folders(root.path()).len(), 1, "the next server's own");
    soon(next.check()).await.expect("it works");
}

#[tokio::test]
async fn what_a_dead_server_left_is_swept() {
    let bench = Bench::new();
    let group = groups(&bench.root.boxes()).remove(0);
    let left = bench.root.path().join("boxes/1-dead");
    let left_group = group.with_file_name(format!("interviewlm-{}-left", std::process::id()));
    fs::create_dir_all(left.join("box-0/workspace")).expect("a folder");
    fs::create_dir_all(left_group.join("box-0")).expect("a group");
    fs::write(left.join("owner"), format!("{}\n", left_group.display())).expect("an owner");
    let settings = Settings { root: bench.root.boxes(), ..Settings::default() };
    let next = Bubblewrap::new(settings);
    assert!(!left.exists() && !left_group.exists());
    assert_eq!(folders(&bench.root.boxes()).len(), 2, "the living are left alone");
    soon(next.check()).await.expect("it works");
    soon(bench.sandbox.check()).await.expect("it still works");
}
