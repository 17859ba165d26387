//! How programs run and end.

use std::time::Duration;

use service::ports::{Exit, Limits, SandboxError};

use crate::{Bench, run, script, soon};

#[tokio::test]
async fn a_program_reads_prints_complains_reports_and_ends() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let mut program = script("cat; echo complaint >&2; echo result >&3; echo $GREETING; pwd; exit 3");
    program.stdin = b"question\n".to_vec();
    program.env = vec![("GREETING".into(), "hello".into())];
    let ran = soon(jail.run(program)).await.expect("it runs");
    assert_eq!(ran.exit, Exit::Status(3));
    assert_eq!(String::from_utf8_lossy(&ran.stdout), "question\nhello\n/workspace\n");
    assert_eq!(String::from_utf8_lossy(&ran.stderr), "complaint\n");
    assert_eq!(ran.report, b"result\n");
    assert!(ran.peak_bytes > 0);
}

#[tokio::test]
async fn input_that_nobody_reads_is_no_failure() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let mut program = script("exec <&-; echo done");
    program.stdin = vec![b'x'; 4 << 20];
    let ran = soon(jail.run(program)).await.expect("it runs");
    assert_eq!((ran.exit, ran.stdout.as_slice()), (Exit::Status(0), b"done\n".as_slice()));
}

#[tokio::test]
async fn a_long_input_comes_back_whole() {
    let bench = Bench::new();
    let jail = bench.start_with(Limits { output_bytes: 8 << 20, ..Limits::default() }).await;
    let mut program = script("cat");
    program.stdin = (0..3_000_000_u32).map(|number| (number % 251) as u8).collect();
    program.output_bytes = 8 << 20;
    let input = program.stdin.clone();
    let ran = soon(jail.run(program)).await.expect("it runs");
    assert_eq!(ran.exit, Exit::Status(0));
    assert!(ran.stdout == input, "{} of {} bytes", ran.stdout.len(), input.len());
}

#[tokio::test]
async fn a_signal_is_told_from_a_status() {
    let bench = Bench::new();
    let jail = bench.start().await;
    assert_eq!(run(&jail, "kill -SEGV $$").await.exit, Exit::Signal(libc::SIGSEGV));
    assert_eq!(run(&jail, "exit 255").await.exit, Exit::Status(255));
}

#[tokio::test]
async fn an_unknown_command_is_answered_as_by_a_shell() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let mut program = script("");
    program.argv = vec!["no-such-command".into()];
    let ran = soon(jail.run(program)).await.expect("it runs");
    assert_eq!(ran.exit, Exit::Status(127));
    assert_eq!(String::from_utf8_lossy(&ran.stderr), "no-such-command: No such file or directory\n");
}

#[tokio::test]
async fn too_long_is_a_timeout_with_what_was_said_until_then() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let mut program = script("echo begun; (trap '' TERM HUP INT; sleep 1000) & wait");
    program.wall_millis = 1_500;
    let ran = soon(jail.run(program)).await.expect("it runs");
    assert_eq!(ran.exit, Exit::TimedOut);
    assert_eq!(ran.stdout, b"begun\n");
    assert!(ran.wall_millis >= 1_500, "{} ms", ran.wall_millis);
    assert_eq!(run(&jail, "pgrep -c sleep").await.stdout, b"0\n");
}

#[tokio::test]
async fn processor_time_is_counted() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let mut program = script("while :; do :; done");
    program.wall_millis = 2_000;
    let ran = soon(jail.run(program)).await.expect("it runs");
    assert_eq!(ran.exit, Exit::TimedOut);
    assert!(ran.cpu_millis > 100, "{} ms", ran.cpu_millis);
}

#[tokio::test]
async fn too_much_memory_ends_the_program_and_nothing_else() {
    let bench = Bench::new();
    let jail = bench.start_with(Limits { memory_bytes: 64 << 20, ..Limits::default() }).await;
    let ran = run(&jail, "tail /dev/zero").await;
    assert_eq!(ran.exit, Exit::OutOfMemory);
    assert!(ran.peak_bytes > 32 << 20 && ran.peak_bytes <= 64 << 20, "{} bytes", ran.peak_bytes);
    let ran = run(&jail, "echo still here").await;
    assert_eq!((ran.exit, ran.stdout.as_slice()), (Exit::Status(0), b"still here\n".as_slice()));
}

#[tokio::test]
async fn too_much_output_is_cut_and_ends_the_program() {
    let bench = Bench::new();
    let jail = bench.start().await;
    for text in ["yes", "yes >&2"] {
        let ran = run(&jail, text).await;
        assert_eq!(ran.exit, Exit::OutputLimit);
        assert_eq!(ran.stdout.len().max(ran.stderr.len()), 1 << 20);
    }
    let ran = run(&jail, "yes >&3").await;
    assert_eq!((ran.exit, ran.report.len()), (Exit::OutputLimit, 8 << 20));
}

#[tokio::test]
async fn a_fork_bomb_is_contained() {
    let bench = Bench::new();
    let jail = bench.start_with(Limits { processes: 32, ..Limits::default() }).await;
    // Bash would try again for a quarter of a minute.
    let ran = run(&jail, "exec sh -c 'for i in $(seq 100); do sleep 1000 & done 2>/dev/null; exit 1'").await;
    assert_eq!(ran.exit, Exit::TooManyProcesses);
    let mut bomb = script("bomb() { bomb | bomb & }; bomb 2>/dev/null; wait; sleep 1000");
    bomb.wall_millis = 2_000;
    let ran = soon(jail.run(bomb)).await.expect("it runs");
    assert!(matches!(ran.exit, Exit::TimedOut | Exit::TooManyProcesses), "{:?}", ran.exit);
    assert_eq!(run(&jail, "echo still here").await.stdout, b"still here\n");
}

#[tokio::test]
async fn what_a_program_leaves_running_ends_with_it() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let ran = run(&jail, "(setsid sleep 1000 &) ; echo done").await;
    assert_eq!((ran.exit, ran.stdout.as_slice()), (Exit::Status(0), b"done\n".as_slice()));
    assert!(Duration::from_millis(ran.wall_millis) < Duration::from_secs(60));
}

#[tokio::test]
async fn a_program_sees_the_folders_that_it_was_given() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let runner = bench.root.path().join("runner");
    std::fs::create_dir(&runner).expect("a folder");
    std::fs::write(runner.join("hello"), "#!/bin/sh\necho hello\n").expect("a file");
    let mut program = script("sh /runner/hello; touch /runner/x 2>/dev/null || echo read-only");
    program.mounts = vec![(runner, "/runner".into())];
    let ran = soon(jail.run(program)).await.expect("it runs");
    assert_eq!(String::from_utf8_lossy(&ran.stdout), "hello\nread-only\n");
    assert_eq!(run(&jail, "ls /runner").await.exit, Exit::Status(2));
}

#[tokio::test]
async fn a_folder_that_cannot_be_shown_is_a_clear_error() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let mut program = script("true");
    program.mounts = vec![(bench.root.path().join("nowhere"), "/runner".into())];
    let error = soon(jail.run(program)).await.expect_err("there is no such folder");
    assert!(matches!(&error, SandboxError::Unavailable(reason) if reason.contains("nowhere")), "{error}");
}
