//! What is left when a box stops: nothing.

use std::fs;
use std::path::{Path, PathBuf};

use interview::terminal::Size;
use sandbox::{Bubblewrap, Settings};
use service::ports::{Limits, Sandbox as _, SandboxError, ShellInput, ShellOutput};

use crate::Bench;
use crate::support::{path, script, soon};

/// Says to the program of the tests that it is the server to be killed, and where its boxes are.
const DOOMED: &str = "DOOMED_ROOT";

/// The folders of the server's group, as the server itself notes them.
pub(crate) fn groups(bench: &Bench) -> Vec<PathBuf> {
    let server = servers(bench).pop().expect("a server's folder");
    let owner = fs::read_to_string(server.join("owner")).expect("the owner file");
    owner.lines().map(PathBuf::from).collect()
}

/// Every process in a group and the groups inside it.
pub(crate) fn processes(group: &Path) -> Vec<String> {
    let listed = fs::read_to_string(group.join("cgroup.procs")).unwrap_or_default();
    let mut found: Vec<String> = listed.lines().map(String::from).collect();
    for inner in folders(group) {
        found.extend(processes(&inner));
    }
    found
}

pub(crate) fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path()).collect()
}

fn is_box(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with("box-"))
}

/// The disks of boxes that are mounted below a folder.
fn mounts(folder: &Path) -> Vec<String> {
    let folder = folder.to_str().expect("a path of plain text");
    let mountinfo = fs::read_to_string("/proc/self/mountinfo").expect("the kernel tells");
    mountinfo.lines().filter(|line| line.contains(folder) && line.contains("/box-")).map(String::from).collect()
}

fn servers(bench: &Bench) -> Vec<PathBuf> {
    folders(&bench.root.boxes())
}

fn boxes(bench: &Bench) -> Vec<PathBuf> {
    servers(bench).iter().flat_map(|server| folders(server)).filter(|folder| is_box(folder)).collect()
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
async fn stopping_leaves_no_process_no_group_and_no_folder() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let mut shell = soon(jail.shell(Size::USUAL)).await.expect("a shell");
    let busy = b"mkdir -p a/b; chmod 0 a; (setsid sleep 1000 &); yes >/dev/null & echo sta''rted\n";
    shell.input.send(ShellInput::Typed(busy.to_vec())).await.expect("the shell listens");
    let running = {
        let jail = std::sync::Arc::clone(&jail);
        tokio::spawn(async move { jail.run(script("sleep 1000")).await })
    };
    let groups = groups(&bench);
    until(|| groups.iter().all(|group| processes(group).len() >= 8)).await;

    soon(jail.stop()).await;
    assert_eq!(boxes(&bench), Vec::<PathBuf>::new());
    assert_eq!(mounts(bench.root.path()), Vec::<String>::new());
    for group in &groups {
        assert!(processes(group).is_empty() && folders(group).is_empty(), "{group:?}");
    }
    assert!(matches!(soon(running).await.expect("no panic"), Err(SandboxError::Stopped)));
    while !matches!(soon(shell.output.recv()).await, Some(ShellOutput::Exited(None))) {}
    soon(jail.stop()).await;
    assert!(matches!(jail.run(script("true")).await, Err(SandboxError::Stopped)));
    assert!(matches!(jail.write(&path("x"), "x").await, Err(SandboxError::Stopped)));
    assert!(matches!(jail.shell(Size::USUAL).await, Err(SandboxError::Stopped)));
    assert!(matches!(jail.watch().await, Err(SandboxError::Stopped)));
}

#[tokio::test]
async fn dropping_the_last_handle_stops_a_box_with_an_open_shell() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let mut shell = soon(jail.shell(Size::USUAL)).await.expect("a shell");
    let groups = groups(&bench);
    drop(jail);
    until(|| boxes(&bench).is_empty() && groups.iter().all(|group| folders(group).is_empty())).await;
    while !matches!(soon(shell.output.recv()).await, Some(ShellOutput::Exited(_))) {}
}

#[tokio::test]
async fn dropping_the_sandbox_removes_its_folder_and_group() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let groups = groups(&bench);
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
    let groups = || {
        let owners =
            folders(root.path()).into_iter().filter_map(|server| fs::read_to_string(server.join("owner")).ok());
        owners.flat_map(|owner| owner.lines().map(PathBuf::from).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    // Bubblewrap twice, bash and two sleepers.
    until(|| groups().iter().any(|group| processes(group).len() >= 5)).await;
    let groups = groups();
    assert!(!mounts(root.path()).is_empty(), "its box has a disk");
    server.kill().expect("it can be killed");
    server.wait().expect("it ends");
    until(|| groups.iter().all(|group| processes(group).is_empty())).await;
    let next = Bubblewrap::new(Settings { root: root.path().into(), ..Settings::default() });
    assert!(groups.iter().all(|group| !group.exists()));
    assert_eq!(mounts(root.path()), Vec::<String>::new());
    assert_eq!(folders(root.path()).len(), 1, "the next server's own");
    soon(next.check()).await.expect("it works");
}

#[tokio::test]
async fn what_a_dead_server_left_is_swept() {
    let bench = Bench::new();
    let group = groups(&bench).remove(0);
    let left = bench.root.path().join("boxes/1-dead");
    let left_group = group.with_file_name(format!("interviewlm-{}-left", std::process::id()));
    fs::create_dir_all(left.join("box-0/workspace")).expect("a folder");
    fs::create_dir_all(left_group.join("box-0")).expect("a group");
    fs::write(left.join("owner"), format!("{}\n", left_group.display())).expect("an owner");
    let settings = Settings { root: bench.root.boxes(), ..Settings::default() };
    let next = Bubblewrap::new(settings);
    assert!(!left.exists() && !left_group.exists());
    assert_eq!(servers(&bench).len(), 2, "the living are left alone");
    soon(next.check()).await.expect("it works");
    soon(bench.sandbox.check()).await.expect("it still works");
}
