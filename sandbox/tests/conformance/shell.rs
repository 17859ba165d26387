//! The interactive shell.

use interview::terminal::Size;
use service::ports::{Shell, ShellInput, ShellOutput};

use crate::Bench;
use crate::support::{Session, path, run, soon};

impl Session {
    async fn resize(&self, cols: u16, rows: u16) {
        self.shell.input.send(ShellInput::Resized(Size { cols, rows })).await.expect("the shell listens");
    }

    async fn wait_for_exit(&mut self) -> Option<i32> {
        loop {
            match soon(self.shell.output.recv()).await.expect("an exit") {
                ShellOutput::Printed(_) => {}
                ShellOutput::Exited(code) => return code,
            }
        }
    }
}

pub(crate) async fn a_shell_greets_answers_and_tells_how_it_ended(bench: &Bench) {
    let jail = bench.start().await;
    let shell = soon(jail.shell(Size::USUAL)).await.expect("a shell");
    let mut session = Session { shell, screen: String::new() };
    let greeting = session.wait_for("$ ").await;
    assert!(greeting.contains("/workspace") && !greeting.contains("job control"), "{greeting:?}");
    session.enter("echo $((6 * 7))\n").await;
    session.wait_for("\r42\r\n").await;
    session.enter("echo hi > made.txt; echo do''ne\n").await;
    session.wait_for("done").await;
    assert_eq!(jail.read(&path("made.txt")).await.expect("text"), "hi\n");
    session.enter("exit 7\n").await;
    assert_eq!(session.wait_for_exit().await, Some(7));
    assert_eq!(soon(session.shell.output.recv()).await, None);
}

pub(crate) async fn the_window_has_the_size_that_it_was_given(bench: &Bench) {
    let jail = bench.start().await;
    let mut session = Session::open(&jail).await;
    session.enter("stty size\n").await;
    session.wait_for("\r24 80\r\n").await;
    session.enter("trap 'echo now $(stty size)' WINCH; echo rea''dy\n").await;
    session.wait_for("ready").await;
    session.resize(132, 43).await;
    // A shell that prompts at that very moment may undo the change; it is made once more, a little later.
    soon(async {
        let mut said = String::new();
        while !said.contains("now 43 132") {
            session.enter("echo as''ked\n").await;
            said = session.wait_for("asked\r\n").await + &session.wait_for("$ ").await;
        }
    })
    .await;
}

pub(crate) async fn sizes_of_all_kinds_are_taken(bench: &Bench) {
    let jail = bench.start().await;
    let mut session = Session::open(&jail).await;
    for (cols, rows) in [(0, 0), (u16::MAX, u16::MAX), (1, u16::MAX), (80, 24)] {
        session.resize(cols, rows).await;
    }
    session.enter("echo sti''ll here\n").await;
    session.wait_for("still here").await;
}

pub(crate) async fn ctrl_c_interrupts_a_flood(bench: &Bench) {
    let jail = bench.start().await;
    let mut session = Session::open(&jail).await;
    session.enter("yes flo''od\n").await;
    session.wait_for("flood\r\nflood").await;
    session.enter("\u{3}").await;
    session.wait_for("^C").await;
    session.enter("echo sti''ll here\n").await;
    session.wait_for("still here").await;
}

pub(crate) async fn bytes_of_all_kinds_pass(bench: &Bench) {
    let jail = bench.start().await;
    let mut session = Session::open(&jail).await;
    // What may look like the head of a frame of gigabytes.
    session
        .enter("printf '\\001\\000\\000\\000\\177\\377\\377\\377fra''med\\n'; printf '\\002\\n'; echo aft''er\n")
        .await;
    session.wait_for("framed").await;
    session.wait_for("after").await;
}

pub(crate) async fn hanging_up_ends_everything_that_the_shell_started(bench: &Bench) {
    let jail = bench.start().await;
    let mut session = Session::open(&jail).await;
    session.enter("trap '' HUP TERM; (setsid sleep 1000 &); nohup sleep 1000 & echo sta''rted\n").await;
    session.wait_for("started").await;
    let Shell { input, mut output } = session.shell;
    drop(input);
    while soon(output.recv()).await.expect("an exit") != ShellOutput::Exited(None) {}
    assert_eq!(run(&jail, "pgrep -c sleep").await.stdout, b"0\n");
}
