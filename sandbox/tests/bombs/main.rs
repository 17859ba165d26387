//! Programs that want to take the machine with them, ten at a time, beside a box whose shell must go on answering.

mod arsenal;

#[path = "../support/patience.rs"]
mod patience;

use std::path::PathBuf;
use std::sync::Arc;

use futures::future::join_all;
use interview::terminal::Size;
use sandbox::{Bubblewrap, Settings};
use service::ports::{Exit, Jail, Limits, Program, Ran, Sandbox as _, Shell, ShellInput, ShellOutput};

use arsenal::{Arsenal, Bomb, Kind};
use patience::soon;

/// How many bombs go off at once.
const AT_ONCE: usize = 10;

/// What the box of a bomb may use.
const LIMITS: Limits = Limits {
    memory_bytes: 96 << 20,
    disk_bytes: 8 << 20,
    files: 1_000,
    processes: 48,
    // More than memory lasts for, on a slow machine as well.
    cpu_millis: 60_000,
    wall_millis: 60_000,
    idle_millis: 20_000,
    output_bytes: 64 << 10,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fork_bombs_end_only_their_own_box() {
    for (bomb, ran) in explode(&[Kind::Fork]).await {
        assert!(!matches!(ran.exit, Exit::Status(0)), "{bomb:?}: {:?}", ran.exit);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_bombs_end_only_their_own_box() {
    for (bomb, ran) in explode(&[Kind::Memory]).await {
        assert_eq!(ran.exit, Exit::OutOfMemory, "{bomb:?}: {}", String::from_utf8_lossy(&ran.stderr));
        assert!(ran.peak_bytes <= LIMITS.memory_bytes, "{bomb:?}: {} bytes", ran.peak_bytes);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_kinds_at_once_end_only_their_own_boxes() {
    for (bomb, ran) in
        explode(&[Kind::Fork, Kind::Memory, Kind::Disk, Kind::Output, Kind::Files, Kind::Work, Kind::Descriptors]).await
    {
        let expected = match bomb.kind {
            Kind::Fork => continue,
            Kind::Memory => vec![Exit::OutOfMemory],
            Kind::Disk | Kind::Files => vec![Exit::DiskLimit, Exit::CpuLimit],
            Kind::Output => vec![Exit::OutputLimit],
            Kind::Descriptors => vec![Exit::Status(1)],
            Kind::Work => vec![Exit::CpuLimit, Exit::TimedOut],
        };
        assert!(expected.contains(&ran.exit), "{bomb:?}: {:?} {}", ran.exit, String::from_utf8_lossy(&ran.stderr));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bombs_of_descriptors_end_only_themselves() {
    for (bomb, ran) in explode(&[Kind::Descriptors]).await {
        assert_eq!(ran.exit, Exit::Status(1), "{bomb:?}: {}", String::from_utf8_lossy(&ran.stderr));
        let said = String::from_utf8_lossy(&ran.stderr).to_lowercase();
        assert!(said.contains("too many open files"), "{bomb:?}: {said}");
    }
}

/// Lets at least ten bombs of these kinds go off at once, in boxes of their own that must answer afterwards, beside a shell
/// that must answer all the time.
async fn explode(kinds: &[Kind]) -> Vec<(Bomb, Ran)> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let arsenal = Arsenal::build(folder.path());
    let bombs: Vec<Bomb> = arsenal.of(kinds);
    let sandbox = Bubblewrap::new(Settings { root: folder.path().join("boxes"), ..Settings::default() });
    let healthy = soon(sandbox.start(Limits::default())).await.expect("a box");
    let mut shell = soon(healthy.shell(Size::USUAL)).await.expect("a shell");
    let boxes = join_all((0..bombs.len().max(AT_ONCE)).map(|_| sandbox.start(LIMITS))).await;
    let armed: Vec<(Arc<dyn Jail>, Bomb)> =
        boxes.into_iter().map(|jail| jail.expect("a box")).zip(bombs.into_iter().cycle()).collect();

    let exploding = tokio::spawn(join_all(armed.into_iter().map(|(jail, bomb)| go_off(jail, bomb, arsenal.mounts()))));
    let mut answers = 0;
    while !exploding.is_finished() {
        answer(&mut shell, answers).await;
        answers += 1;
    }
    // The last one may have come when all was over.
    assert!(answers > AT_ONCE, "{answers} answers while the bombs went off");
    soon(exploding).await.expect("nothing panics")
}

async fn go_off(jail: Arc<dyn Jail>, bomb: Bomb, mounts: Vec<(PathBuf, String)>) -> (Bomb, Ran) {
    let wall_millis = match bomb.kind {
        // These need not come to an end.
        Kind::Fork | Kind::Work => 3_000,
        Kind::Memory | Kind::Disk | Kind::Files | Kind::Output | Kind::Descriptors => LIMITS.wall_millis,
    };
    let program = |argv: Vec<String>, wall_millis| Program {
        argv,
        env: Vec::new(),
        stdin: Vec::new(),
        wall_millis,
        output_bytes: LIMITS.output_bytes,
        mounts: mounts.clone(),
    };
    let ran = soon(jail.run(program(bomb.argv.clone(), wall_millis))).await.expect("the box itself is fine");
    // Whatever it left on the disk, the box is as good as new otherwise.
    let fine = program(["sh", "-c", "echo fine"].map(String::from).to_vec(), LIMITS.wall_millis);
    let after = soon(jail.run(fine)).await.expect("it runs");
    assert_eq!((after.exit, after.stdout.as_slice()), (Exit::Status(0), b"fine\n".as_slice()), "{bomb:?}");
    soon(jail.stop()).await;
    (bomb, ran)
}

/// Asks a shell something and waits for its answer.
async fn answer(shell: &mut Shell, number: usize) {
    let question = format!("echo answer-$(({number} + 1000))\n");
    shell.input.send(ShellInput::Typed(question.into_bytes())).await.expect("the shell listens");
    let expected = format!("answer-{}\r\n", number + 1000);
    let mut said = String::new();
    while !said.contains(&expected) {
        match soon(shell.output.recv()).await {
            Some(ShellOutput::Printed(bytes)) => said.push_str(&String::from_utf8_lossy(&bytes)),
            other => panic!("{other:?} instead of an answer"),
        }
    }
}
