//! How programs run and end.

use service::ports::{Exit, SandboxError};

use crate::Bench;
use crate::support::{run, script, soon};

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
