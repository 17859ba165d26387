//! The interactive shell.

use interview::terminal::Size;
use service::ports::{Shell, ShellInput, ShellOutput};
use tokio::time::timeout;

use crate::{Bench, PATIENCE, path, soon};

/// A shell and what it has printed.
struct Session {
    shell: Shell,
    screen: String,
}

impl Session {
    async fn open(jail: &std::sync::Arc<dyn service::ports::Jail>) -> Self {
        let shell = soon(jail.shell(Size::USUAL)).await.expect("a shell");
        let mut session = Self { shell, screen: String::new() };
        session.wait_for("$ ").await;
        session
    }

    async fn enter(&mut self, text: &str) {
        self.shell.input.send(ShellInput::Typed(text.as_bytes().to_vec())).await.expect("the shell listens");
    }

    /// Reads until this was printed; answers all up to it and forgets it.
    async fn wait_for(&mut self, text: &str) -> String {
        loop {
            if let Some(place) = self.screen.find(text) {
                let rest = self.screen.split_off(place + text.len());
                return std::mem::replace(&mut self.screen, rest);
            }
            match timeout(PATIENCE, self.shell.output.recv()).await {
                Ok(Some(ShellOutput::Printed(bytes))) => self.screen.push_str(&String::from_utf8_lossy(&bytes)),
                other => panic!("{other:?} instead of {text:?}, after {:?}", self.screen),
            }
        }
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

#[tokio::test]
async fn a_shell_greets_with_a_prompt_and_answers() {
    let bench = Bench::new();
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
}

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
async fn the_window_has_the_size_that_it_was_given() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let mut session = Session::open(&jail).await;
    session.enter("stty size\n").await;
    session.wait_for("\r24 80\r\n").await;
    session.enter("trap 'echo now $(stty size)' WINCH; echo rea''dy\n").await;
    session.wait_for("ready").await;
    // The shell reads and writes the size when it prompts, and so may undo a change of that very moment.
    soon(async {
        while !session.screen.contains("now 43 132") {
            let size = ShellInput::Resized(Size { cols: 132, rows: 43 });
            session.shell.input.send(size).await.expect("the shell listens");
            session.enter("echo as''ked\n").await;
            let said = session.wait_for("asked\r\n").await;
            session.screen.insert_str(0, &said);
        }
    })
    .await;
}

#[tokio::test]
async fn an_editor_opens_and_saves() {
    let bench = Bench::new();
    let jail = bench.start().await;
    if crate::run(&jail, "command -v vim").await.stdout.is_empty() {
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
async fn a_shell_tells_how_it_ended() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let mut session = Session::open(&jail).await;
    session.enter("exit 7\n").await;
    assert_eq!(session.wait_for_exit().await, Some(7));
    assert_eq!(soon(session.shell.output.recv()).await, None);
}

#[tokio::test]
async fn hanging_up_ends_everything_that_the_shell_started() {
    let bench = Bench::new();
    let jail = bench.start().await;
    let mut session = Session::open(&jail).await;
    session.enter("trap '' HUP TERM; (setsid sleep 1000 &); nohup sleep 1000 & echo sta''rted\n").await;
    session.wait_for("started").await;
    let Shell { input, mut output } = session.shell;
    drop(input);
    while soon(output.recv()).await.expect("an exit") != ShellOutput::Exited(None) {}
    let group = crate::stop::groups(&bench).into_iter().next().expect("the server's group");
    assert!(crate::stop::processes(&group).is_empty());
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
