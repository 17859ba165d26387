//! How programs run and end.

use service::ports::{Exit, Limits};

use crate::Bench;
use crate::support::{run, script, soon};

pub(crate) async fn a_program_reads_prints_complains_reports_and_ends(bench: &Bench) {
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

pub(crate) async fn input_that_nobody_reads_is_no_failure(bench: &Bench) {
    let jail = bench.start().await;
    let mut program = script("exec <&-; echo done");
    program.stdin = vec![b'x'; 4 << 20];
    let ran = soon(jail.run(program)).await.expect("it runs");
    assert_eq!((ran.exit, ran.stdout.as_slice()), (Exit::Status(0), b"done\n".as_slice()));
}

pub(crate) async fn ten_megabytes_of_input_come_back_whole(bench: &Bench) {
    let jail = bench.start_with(Limits { output_bytes: 16 << 20, ..Limits::default() }).await;
    let mut program = script("cat");
    program.stdin = (0..10_000_000_u32).map(|number| (number % 251) as u8).collect();
    program.output_bytes = 16 << 20;
    let input = program.stdin.clone();
    let ran = soon(jail.run(program)).await.expect("it runs");
    assert_eq!(ran.exit, Exit::Status(0));
    assert!(ran.stdout == input, "{} of {} bytes", ran.stdout.len(), input.len());
}

pub(crate) async fn input_and_output_may_be_any_bytes(bench: &Bench) {
    let jail = bench.start().await;
    let every: Vec<u8> = (0..=255).collect();
    let mut program = script("cat > /tmp/x; cat /tmp/x; cat /tmp/x >&2; cat /tmp/x >&3");
    program.stdin.clone_from(&every);
    let ran = soon(jail.run(program)).await.expect("it runs");
    assert_eq!((&ran.stdout, &ran.stderr, &ran.report), (&every, &every, &every));
}

pub(crate) async fn an_unknown_command_is_answered_as_by_a_shell(bench: &Bench) {
    let jail = bench.start().await;
    let mut program = script("");
    program.argv = vec!["no-such-command".into()];
    let ran = soon(jail.run(program)).await.expect("it runs");
    assert_eq!(ran.exit, Exit::Status(127));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("no-such-command"));
}

pub(crate) async fn too_long_is_a_timeout_with_what_was_said_until_then(bench: &Bench) {
    let jail = bench.start().await;
    let mut program = script("echo begun; (trap '' TERM HUP INT; sleep 1000) & wait");
    program.wall_millis = 1_500;
    let ran = soon(jail.run(program)).await.expect("it runs");
    assert_eq!(ran.exit, Exit::TimedOut);
    assert_eq!(ran.stdout, b"begun\n");
    assert!((1_500..15_000).contains(&ran.wall_millis), "{} ms", ran.wall_millis);
    assert_eq!(run(&jail, "pgrep -c sleep").await.stdout, b"0\n");
}

pub(crate) async fn being_killed_is_told_from_a_signal_and_a_status(bench: &Bench) {
    let jail = bench.start().await;
    assert_eq!(run(&jail, "kill -KILL $$").await.exit, Exit::Killed);
    assert_eq!(run(&jail, "kill -SEGV $$").await.exit, Exit::Signal(libc::SIGSEGV));
    assert_eq!(run(&jail, "exit 255").await.exit, Exit::Status(255));
}

pub(crate) async fn what_a_program_leaves_running_ends_with_it(bench: &Bench) {
    let jail = bench.start().await;
    let ran = run(&jail, "(setsid env -i sleep 1000 &); (setsid sleep 1000 >/dev/null 2>&1 &); echo done").await;
    assert_eq!((ran.exit, ran.stdout.as_slice()), (Exit::Status(0), b"done\n".as_slice()));
    assert_eq!(run(&jail, "pgrep -c sleep").await.stdout, b"0\n");
}

pub(crate) async fn programs_run_beside_each_other(bench: &Bench) {
    let jail = bench.start().await;
    let (one, two) = tokio::join!(run(&jail, "echo one; echo 1 >&3"), run(&jail, "echo two; echo 2 >&3; exit 2"));
    assert_eq!((one.exit, one.stdout.as_slice(), one.report.as_slice()), (Exit::Status(0), &b"one\n"[..], &b"1\n"[..]));
    assert_eq!((two.exit, two.stdout.as_slice(), two.report.as_slice()), (Exit::Status(2), &b"two\n"[..], &b"2\n"[..]));
}
