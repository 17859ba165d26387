//! Boxes that are no boxes: the files of one are the test's to change, and what the test holds waits until it lets go.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use interview::FilePath;
use interview::terminal::Size;
use service::ports::{
    Changed, Jail, Limits, Outfit, Program, Ran, Sandbox, SandboxError, Shell, ShellInput, ShellOutput,
};
use tokio::sync::{mpsc, watch};

use crate::house::path;

/// What a shell's two ends are held by, so that it goes on.
type Ends = (mpsc::Receiver<ShellInput>, mpsc::Sender<ShellOutput>);

#[derive(Debug)]
pub struct FakeBox {
    files: watch::Sender<BTreeMap<FilePath, String>>,
    changes: Mutex<Option<mpsc::Sender<Changed>>>,
    is_held: watch::Sender<bool>,
    reading: watch::Sender<usize>,
    shells: Mutex<Vec<Ends>>,
}

impl FakeBox {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            files: watch::channel(BTreeMap::new()).0,
            changes: Mutex::default(),
            is_held: watch::channel(false).0,
            reading: watch::channel(0).0,
            shells: Mutex::default(),
        })
    }

    /// A program writes a file, and whoever reads it has to wait.
    pub async fn program_writes(&self, name: &str, text: &str) {
        self.is_held.send_replace(true);
        self.files.send_modify(|files| drop(files.insert(path(name), text.to_owned())));
        let changes = self.changes.lock().unwrap().clone().unwrap();
        let mut reading = self.reading.subscribe();
        let before = *reading.borrow_and_update();
        changes.send(Changed::File(path(name))).await.unwrap();
        reading.wait_for(|count| *count > before).await.unwrap();
    }

    /// Reading goes on.
    pub fn let_read(&self) {
        self.is_held.send_replace(false);
    }

    /// Waits until a file says this.
    pub async fn says(&self, name: &str, text: &str) {
        let mut files = self.files.subscribe();
        files.wait_for(|files| files.get(&path(name)).is_some_and(|there| there == text)).await.unwrap();
    }
}

pub struct OneBox(pub Arc<FakeBox>);

#[async_trait]
impl Sandbox for OneBox {
    async fn start(&self, _: Limits) -> Result<Arc<dyn Jail>, SandboxError> {
        Ok(self.0.clone())
    }

    async fn check(&self) -> Result<(), SandboxError> {
        Ok(())
    }
}

#[async_trait]
impl Jail for FakeBox {
    async fn write(&self, path: &FilePath, text: &str) -> Result<(), SandboxError> {
        self.files.send_modify(|files| drop(files.insert(path.clone(), text.to_owned())));
        Ok(())
    }

    async fn remove(&self, path: &FilePath) -> Result<(), SandboxError> {
        self.files.send_modify(|files| drop(files.remove(path)));
        Ok(())
    }

    async fn read(&self, path: &FilePath) -> Result<String, SandboxError> {
        let text = self.files.borrow().get(path).cloned();
        self.reading.send_modify(|count| *count += 1);
        self.is_held.subscribe().wait_for(|held| !held).await.unwrap();
        text.ok_or_else(|| SandboxError::NoFile(path.clone()))
    }

    async fn list(&self) -> Result<Vec<FilePath>, SandboxError> {
        Ok(self.files.borrow().keys().cloned().collect())
    }

    async fn watch(&self) -> Result<mpsc::Receiver<Changed>, SandboxError> {
        let (sender, receiver) = mpsc::channel(16);
        *self.changes.lock().unwrap() = Some(sender);
        Ok(receiver)
    }

    async fn shell(&self, _: Size) -> Result<Shell, SandboxError> {
        let (input, keys) = mpsc::channel(16);
        let (printed, output) = mpsc::channel(16);
        self.shells.lock().unwrap().push((keys, printed));
        Ok(Shell { input, output })
    }

    async fn run(&self, _: Program) -> Result<Ran, SandboxError> {
        Err(SandboxError::Unavailable("this box runs nothing".to_owned()))
    }

    async fn stop(&self) {}
}

/// A machine without boxes that is asked for one in vain as long as the test holds it, and says so then.
#[derive(Debug, Default)]
pub struct HeldBoxes {
    is_held: watch::Sender<bool>,
}

impl HeldBoxes {
    /// From now on whoever asks for a box waits.
    pub fn hold(&self) {
        self.is_held.send_replace(true);
    }

    /// Whoever waits for a box is told that there is none.
    pub fn let_go(&self) {
        self.is_held.send_replace(false);
    }

    async fn wait(&self) {
        self.is_held.subscribe().wait_for(|held| !held).await.unwrap();
    }
}

#[async_trait]
impl Sandbox for HeldBoxes {
    async fn start(&self, _: Limits) -> Result<Arc<dyn Jail>, SandboxError> {
        self.wait().await;
        Err(SandboxError::Unavailable("a test has no boxes".to_owned()))
    }

    async fn check(&self) -> Result<(), SandboxError> {
        Ok(())
    }

    async fn outfit(&self) -> Result<Option<Outfit>, SandboxError> {
        self.wait().await;
        Ok(None)
    }
}
