//! The interactive shell.

use service::ports::ShellOutput;

use crate::Bench;
use crate::support::{Session, path, run, soon};

#[tokio::test]
async fn jobs_are_stopped_and_go_on() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let mut session = Session::open(&jail).await;
    session.enter("sh -c \"echo re''ady; exec cat\"\n").await;
    session.wait_for("\rready\r\n").await;
    session.enter("ping\n").await;
    session.wait_for("ping\r\nping\r\n").await;
    session.enter("\x1a").await;
    session.wait_for("Stopped").await;
    session.wait_for("$ ").await;
    session.enter("fg\n").await;
    session.wait_for("exec cat").await;
    session.enter("pong\n").await;
    session.wait_for("pong\r\npong\r\n").await;
    session.enter("\x03").await;
    session.wait_for("$ ").await;
    session.enter("jobs; echo en''d\n").await;
    assert!(!session.wait_for("end").await.contains("Stopped"));
}

#[tokio::test]
async fn control_c_stops_a_flood_that_nobody_reads() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let mut session = Session::open(&jail).await;
    session.enter("yes\n").await;
    session.wait_for("y\r\ny\r\n").await;
    // Until the waiting room is full: from here on, nothing is read from the terminal.
    soon(async {
        while session.shell.output.len() < session.shell.output.max_capacity() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    session.enter("\x03").await;
    session.wait_for("^C").await;
    session.wait_for("$ ").await;
    session.enter("echo sti''ll here\n").await;
    session.wait_for("still here").await;
}

#[tokio::test]
async fn a_hundred_megabytes_pass_without_piling_up() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let mut session = Session::open(&jail).await;
    let before = resident_bytes();
    session.enter("head -c 100000000 /dev/zero | tr '\\0' a; exit\n").await;
    let (mut letters, mut most) = (0_usize, 0);
    loop {
        // A slow reader: whoever else wants to do something does it first.
        tokio::task::yield_now().await;
        match soon(session.shell.output.recv()).await.expect("an exit") {
            ShellOutput::Printed(bytes) => {
                assert!(bytes.len() <= 8 << 10);
                letters += bytes.iter().filter(|byte| **byte == b'a').count();
            }
            ShellOutput::Exited(_) => break,
        }
        assert!(session.shell.output.len() <= 4);
        most = most.max(resident_bytes());
    }
    assert!((100_000_000..100_001_000).contains(&letters), "{letters}");
    assert!(most < before + (32 << 20), "{before} grew to {most}");
}

#[tokio::test]
async fn an_editor_opens_and_saves() {
    let bench = Bench::new();
    let jail = bench.start().await;
    if run(&jail, "command -v vim").await.stdout.is_empty() {
        return;
    }
    let mut session = Session::open(&jail).await;
    session.enter("vim -u NONE note.txt\n").await;
    session.wait_for("note.txt\" [New").await;
    session.enter("ihello from vim\x1b:wq\r").await;
    session.wait_for("written").await;
    session.wait_for("$ ").await;
    assert_eq!(jail.read(&path("note.txt")).await.expect("text"), "hello from vim\n");
}

#[tokio::test]
async fn two_shells_share_a_workspace() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let (mut one, mut two) = (Session::open(&jail).await, Session::open(&jail).await);
    one.enter("echo shared > note; echo do''ne\n").await;
    one.wait_for("done").await;
    two.enter("cat note\n").await;
    two.wait_for("\rshared\r\n").await;
}

fn resident_bytes() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("the kernel tells");
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).expect("a number") * 4096
}
