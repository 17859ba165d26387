//! What the tests of boxes share.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use std::{fs, thread};

use interview::FilePath;
use interview::terminal::Size;
use service::ports::{Changed, Jail, Limits, Program, Ran, Shell, ShellInput, ShellOutput};
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::time::timeout;

pub(crate) use crate::patience::{PATIENCE, soon};

/// The folder of a test's boxes. It goes last, and waits for what their sandbox still has to remove.
pub(crate) struct Root(TempDir);

/// A shell and what it has printed.
pub(crate) struct Session {
    pub(crate) shell: Shell,
    pub(crate) screen: String,
}

impl Root {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn boxes(&self) -> PathBuf {
        self.path().join("boxes")
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        let has_boxes = || {
            let mut entries = fs::read_dir(self.boxes()).into_iter().flatten().flatten();
            entries.any(|entry| entry.path().is_dir())
        };
        let begun = Instant::now();
        while has_boxes() && begun.elapsed() < PATIENCE && !thread::panicking() {
            thread::yield_now();
        }
    }
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
