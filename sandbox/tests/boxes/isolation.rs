//! What a program in a box cannot see, reach or do.

use sandbox::{Bubblewrap, Settings};
use service::ports::{Exit, Limits, Sandbox as _, SandboxError};

use crate::Bench;
use crate::support::{output, run, soon};

#[tokio::test]
async fn the_host_is_not_there() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let secret = bench.root.path().join("secret");
    std::fs::write(&secret, "secret").expect("a file");
    let places = format!("/root /work /etc/shadow /etc/ssh /var /sys /boot /opt /srv /mnt /run {}", secret.display());
    let seen = output(&jail, &format!("for place in {places}; do test -e $place && echo $place; done")).await;
    assert_eq!(seen, "");
    assert_eq!(output(&jail, "ls /home /workspace /tmp").await, "/home:\ncandidate\n\n/tmp:\n\n/workspace:\n");
    assert_eq!(
        output(&jail, "id -u; id -un; hostname; echo $HOME").await,
        "1000\ncandidate\ninterview\n/home/candidate\n"
    );
}

#[tokio::test]
async fn the_servers_environment_and_files_are_not_passed_on() {
    let bench = Bench::new();
    let jail = bench.start().await;
    // Whatever runs the tests sets this one.
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
    let names = output(&jail, "env -0 | sort -z | cut -z -d= -f1 | tr '\\0' ' '").await;
    assert_eq!(names, "COLORTERM HOME LANG LOGNAME PATH PWD SHELL SHLVL TERM USER _ ");
    assert_eq!(output(&jail, "cat /proc/1/environ | tr -d '\\0'").await, "");
    assert_eq!(output(&jail, "cd /proc/self/fd; for fd in *; do test -e $fd && echo $fd; done").await, "0\n1\n2\n3\n");
}

#[tokio::test]
async fn programs_see_no_processes_but_their_own() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let other = bench.start().await;
    let mut shell = soon(other.shell(interview::terminal::Size::USUAL)).await.expect("a shell");
    soon(shell.output.recv()).await.expect("a prompt");
    let seen = output(&jail, "ls -d /proc/[0-9]* | wc -l").await;
    assert!(seen.trim().parse::<u32>().expect("a number") <= 4, "{seen}");
}

#[tokio::test]
async fn toolchains_are_found_and_cannot_be_changed() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let toolchain = root.path().join("toolchain");
    std::fs::create_dir_all(toolchain.join("bin")).expect("a folder");
    std::fs::write(toolchain.join("bin/compile"), "#!/bin/sh\necho compiled with $OPTION\n").expect("a file");
    std::fs::set_permissions(toolchain.join("bin/compile"), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .expect("mode");
    let sandbox = Bubblewrap::new(Settings {
        root: root.path().join("boxes"),
        mounts: vec![(toolchain, "/opt/toolchain".into())],
        path: vec!["/opt/toolchain/bin".into()],
        env: vec![("OPTION".into(), "care".into())],
    });
    let jail = soon(sandbox.start(Limits::default())).await.expect("a box");
    assert_eq!(output(&jail, "compile").await, "compiled with care\n");
    assert_eq!(run(&jail, "echo > /opt/toolchain/bin/compile").await.exit, Exit::Status(1));
    soon(jail.stop()).await;
}

#[tokio::test]
async fn a_machine_that_cannot_isolate_says_so() {
    let root = tempfile::NamedTempFile::new().expect("a file where a folder should be");
    let sandbox = Bubblewrap::new(Settings { root: root.path().into(), ..Settings::default() });
    let error = sandbox.check().await.expect_err("no folder, no boxes");
    assert!(
        matches!(&error, SandboxError::Unavailable(reason) if reason.contains("cannot be used for boxes")),
        "{error}"
    );
    assert!(sandbox.start(Limits::default()).await.is_err());
}
