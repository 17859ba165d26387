//! What the tests of boxes share.

use std::collections::BTreeSet;
use std::sync::Arc;

use interview::FilePath;
use interview::terminal::Size;
use service::ports::{Changed, Jail, Limits, Program, Ran, Shell, ShellInput, ShellOutput};
use tokio::sync::mpsc;
use tokio::time::timeout;

pub(crate) use crate::patience::{PATIENCE, soon};

/// A shell and what it has printed.
pub(crate) struct Session {
    pub(crate) shell: Shell,
    pub(crate) screen: String,
}

impl Session {
    pub(crate) async fn open(jail: &Arc<dyn Jail>) -> Self {
        let shell = soon(jail.shell(Size::USUAL)).await.expect("a shell");
        let mut session = Self { shell, screen: String::new() };
        session.wait_for("$ ").await;
        session
    }

    pub(crate) async fn enter(&self, text: &str) {
        self.shell.input.send(ShellInput::Typed(text.as_bytes().to_vec())).await.expect("the shell listens");
    }

    /// Reads until this was printed; answers all up to it and forgets it.
    pub(crate) async fn wait_for(&mut self, text: &str) -> String {
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
}

/// Listens until all these files were named.
pub(crate) async fn named(watch: &mut mpsc::Receiver<Changed>, files: &[&str]) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    while !files.iter().all(|file| seen.contains(*file)) {
        match soon(watch.recv()).await.expect("it goes on watching") {
            Changed::File(file) => seen.insert(file.as_str().to_owned()),
            Changed::Everything => panic!("exact names were possible"),
        };
    }
    seen
}

/// A program for bash.
pub(crate) fn script(text: &str) -> Program {
    let limits = Limits::default();
    Program {
        argv: ["bash", "-c", text].map(String::from).to_vec(),
        env: Vec::new(),
        stdin: Vec::new(),
        wall_millis: limits.wall_millis,
        output_bytes: limits.output_bytes,
        mounts: Vec::new(),
    }
}

/// Runs a script in a box.
pub(crate) async fn run(jail: &Arc<dyn Jail>, text: &str) -> Ran {
    soon(jail.run(script(text))).await.expect("it runs")
}

/// What a script prints.
pub(crate) async fn output(jail: &Arc<dyn Jail>, text: &str) -> String {
    String::from_utf8(run(jail, text).await.stdout).expect("text")
}

pub(crate) fn path(text: &str) -> FilePath {
    FilePath::parse(text).expect("a path")
}
