//! What is left when something ends: nothing.

use std::sync::Arc;

use interview::terminal::Size;
use service::ports::{SandboxError, ShellInput, ShellOutput};

use crate::Bench;
use crate::support::{output, path, run, script, soon};

pub(crate) async fn a_stopped_box_says_so(bench: &Bench) {
    let jail = bench.start().await;
    let mut shell = soon(jail.shell(Size::USUAL)).await.expect("a shell");
    let busy = b"(setsid sleep 1000 &); yes >/dev/null &\n";
    shell.input.send(ShellInput::Typed(busy.to_vec())).await.expect("the shell listens");
    let running = {
        let jail = Arc::clone(&jail);
        tokio::spawn(async move { jail.run(script("echo > begun; sleep 1000")).await })
    };
    soon(async { while jail.read(&path("begun")).await.is_err() {} }).await;
    soon(jail.stop()).await;
    assert!(matches!(soon(running).await.expect("no panic"), Err(SandboxError::Stopped)));
    while !matches!(soon(shell.output.recv()).await, Some(ShellOutput::Exited(None))) {}
    soon(jail.stop()).await;
    assert!(matches!(jail.run(script("true")).await, Err(SandboxError::Stopped)));
    assert!(matches!(jail.write(&path("x"), "x").await, Err(SandboxError::Stopped)));
    assert!(matches!(jail.shell(Size::USUAL).await, Err(SandboxError::Stopped)));
    assert!(matches!(jail.watch().await, Err(SandboxError::Stopped)));
}

pub(crate) async fn a_program_that_nobody_waits_for_is_ended(bench: &Bench) {
    let jail = bench.start().await;
    let waiting = {
        let jail = Arc::clone(&jail);
        tokio::spawn(async move { jail.run(script("echo > begun; while :; do echo > alive; done")).await })
    };
    soon(async { while jail.read(&path("begun")).await.is_err() {} }).await;
    waiting.abort();
    // Once it has ended, nobody makes the file again.
    soon(async {
        loop {
            jail.remove(&path("alive")).await.expect("removed");
            if run(&jail, "for i in {1..20000}; do test -e alive && exit 1; done; exit 0").await.exit
                == service::ports::Exit::Status(0)
            {
                break;
            }
        }
    })
    .await;
}

pub(crate) async fn boxes_do_not_see_each_other(bench: &Bench) {
    let (one, two) = (bench.start().await, bench.start().await);
    one.write(&path("mine"), "x").await.expect("written");
    run(&one, "echo x > /tmp/mine; echo x > ~/mine; echo x > /dev/shm/mine").await;
    assert_eq!(output(&two, "ls /workspace /tmp ~ /dev/shm | grep -c mine").await, "0\n");
}
