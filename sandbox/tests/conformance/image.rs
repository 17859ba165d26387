//! What the image brings along for runs, at the places where the platform's commands look for it.

use sandbox::{Docker, DockerSettings};
use service::ports::{Exit, Limits, Sandbox as _, SandboxError};

use crate::engines::Bench;
use crate::podman_service::Podman;
use crate::support::{Root, path, run, script, soon};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_box_is_made_from_an_image_of_another_version() {
    let Some(podman) = Podman::start() else { return };
    let root = Root::new();
    let settings = podman.settings(root.boxes());
    let next = Docker::new(DockerSettings { languages: "the next version's".into(), ..settings.clone() });
    let refused = [soon(next.check()).await.err(), soon(next.start(Limits::default())).await.err()];
    for refused in refused.into_iter().chain([soon(next.outfit()).await.err()]) {
        let Some(SandboxError::Unavailable(reason)) = refused else { panic!("{refused:?}") };
        assert!(reason.ends_with("another version of InterviewLM: make it again with make sandbox-image"), "{reason}");
    }
    let outfit = soon(Docker::new(settings).outfit()).await.expect("this version's is here").expect("an image's own");
    assert!(["python", "node", "esbuild", "go"].iter().all(|tool| outfit.tools.contains_key(*tool)), "{outfit:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_language_of_the_image_runs_in_a_container() {
    let Some(bench) = Bench::podman() else { return };
    let jail = bench.start().await;
    let small = [
        "python3 -c 'print(6 * 7)'",
        "node -e 'console.log(6 * 7)'",
        "echo 'console.log(6 * 7 as number)' > x.ts && /opt/interviewlm/platform/tools/esbuild x.ts | node",
    ];
    for program in small {
        let ran = run(&jail, program).await;
        assert_eq!(ran.stdout, b"42\n", "{program}: {}", String::from_utf8_lossy(&ran.stderr));
    }
    jail.write(&path("go.mod"), "module interview\n\ngo 1.21\n").await.expect("written");
    let main = "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(6 * 7) }\n";
    jail.write(&path("main.go"), main).await.expect("written");
    let mut go = script(
        "platform=/opt/interviewlm/platform
         sh $platform/languages/go/prepare.sh /opt/interviewlm/go $platform/go-cache/go* && .interviewlm/program",
    );
    let settings = [
        ("CGO_ENABLED", "0"),
        ("GOCACHE", "/tmp/go-cache"),
        ("GOENV", "off"),
        ("GOFLAGS", "-mod=mod"),
        ("GOPATH", "/tmp/go"),
        ("GOPROXY", "off"),
        ("GOROOT", "/opt/interviewlm/go"),
        ("GOTELEMETRY", "off"),
        ("GOTOOLCHAIN", "local"),
    ];
    go.env = settings.map(|(name, value)| (name.into(), value.into())).to_vec();
    let ran = soon(jail.run(go)).await.expect("it runs");
    assert_eq!(ran.stdout, b"42\n", "{:?}: {}", ran.exit, String::from_utf8_lossy(&ran.stderr));
    jail.write(&path("src/main.rs"), "fn main() {\n    println!(\"{}\", 6 * 7);\n}\n").await.expect("written");
    let rust = "platform=/opt/interviewlm/platform; rust=/opt/interviewlm/rust/bin
        sh $platform/languages/rust/prepare.sh $rust/rustc $platform/rust-cache/rust* $platform/languages/rust/interview \
            src/main.rs && .interviewlm/program && cargo --version >/dev/null";
    let ran = run(&jail, rust).await;
    assert_eq!(ran.stdout, b"42\n", "{:?}: {}", ran.exit, String::from_utf8_lossy(&ran.stderr));
    assert_eq!(
        run(&jail, "git init -q . && git add -A && vim --version >/dev/null && less --version >/dev/null").await.exit,
        Exit::Status(0)
    );
}
