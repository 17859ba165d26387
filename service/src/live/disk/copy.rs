//! The copy of the stage's files on a box's disk: what is known to stand there, and what could not be written yet. It
//! never guesses: what a program changed is read before it is told.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use interview::FilePath;
use interview::wire::About;
use tokio::time::Instant;

use super::{DiskNews, DiskSync};
use crate::live::room::{Inner, Voice};
use crate::ports::{Changed, Jail, SandboxError};

/// How long after a file could not be written it is tried again.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// A text, and the revision at which the stage's file says it.
type Version = (String, u64);

/// What stands on the disk, as far as it is known.
pub(super) struct DiskCopy {
    jail: Arc<dyn Jail>,
    voice: Voice,
    known: HashMap<FilePath, Version>,
    /// What could not be written. What the disk says there is old, and nobody's news.
    behind: HashMap<FilePath, Version>,
    again_at: Option<Instant>,
}

impl DiskCopy {
    pub fn new(jail: Arc<dyn Jail>, voice: Voice) -> Self {
        Self { jail, voice, known: HashMap::new(), behind: HashMap::new(), again_at: None }
    }

    /// Writes what differs from what is known to be on disk.
    pub async fn write(&mut self, sync: DiskSync) {
        self.behind.retain(|path, _| sync.files.iter().any(|(kept, _, _)| kept == path));
        let gone: Vec<FilePath> =
            self.known.keys().filter(|path| !sync.files.iter().any(|(kept, _, _)| kept == *path)).cloned().collect();
        for path in gone {
            self.known.remove(&path);
            if let Err(error) = self.jail.remove(&path).await {
                tracing::warn!(%error, "a file could not be removed from a box");
            }
        }
        for (path, text, rev) in sync.files {
            let is_behind = self.behind.contains_key(&path);
            match self.known.get_mut(&path) {
                Some((on_disk, known_rev)) if *on_disk == text && !is_behind => *known_rev = rev,
                Some(_) | None => self.write_one(path, (text, rev)).await,
            }
        }
        if let Some(done) = sync.done {
            let _ = done.send(());
        }
    }

    async fn write_one(&mut self, path: FilePath, version: Version) {
        match self.jail.write(&path, &version.0).await {
            Ok(()) => {
                self.behind.remove(&path);
                self.known.insert(path, version);
            }
            Err(error) => {
                self.again_at = Some(Instant::now() + AGAIN_AFTER);
                if self.behind.insert(path.clone(), version).is_none() {
                    tracing::warn!(%error, "a file could not be written to a box");
                    self.apologise(&path, error).await;
                }
            }
        }
    }

    async fn apologise(&self, path: &FilePath, error: SandboxError) {
        let cause = match error {
            SandboxError::NotWritable(_, reason) => reason,
            SandboxError::NotText(_) | SandboxError::NoFile(_) => "it is not a text file".to_owned(),
            SandboxError::Unavailable(_) | SandboxError::Stopped => "the sandbox does not answer".to_owned(),
        };
        let reason = format!(
            "the sandbox's copy of {path} is behind: {cause}. Nothing that you typed is lost; it is written there as soon \
             as it can be"
        );
        self.voice.tell(Inner::Sorry { about: About::Terminal, reason }).await;
    }

    /// Waits until something is to be tried again.
    pub async fn due(&self) {
        match self.again_at {
            Some(moment) => tokio::time::sleep_until(moment).await,
            None => std::future::pending().await,
        }
    }

    /// Tries again what is due.
    pub async fn do_again(&mut self) {
        self.again_at = None;
        for (path, version) in self.behind.clone() {
            self.write_one(path, version).await;
        }
    }

    /// A program may have changed something: what is really different is told to the room.
    pub async fn look(&mut self, changed: Changed) {
        match changed {
            Changed::File(path) => self.look_at(path).await,
            Changed::Everything => {
                let Ok(mut paths) = self.jail.list().await else { return };
                paths.extend(self.known.keys().cloned());
                paths.sort();
                paths.dedup();
                for path in paths {
                    self.look_at(path).await;
                }
            }
        }
    }

    async fn look_at(&mut self, path: FilePath) {
        if self.behind.contains_key(&path) {
            return;
        }
        let after = match self.jail.read(&path).await {
            Ok(text) => Some(text),
            Err(SandboxError::NoFile(_)) => None,
            Err(_) => return,
        };
        let before = self.known.get(&path).cloned();
        if before.as_ref().map(|(text, _)| text) == after.as_ref() {
            return;
        }
        match &after {
            Some(text) => {
                let rev = before.as_ref().map_or(0, |(_, rev)| rev + 1);
                self.known.insert(path.clone(), (text.clone(), rev));
            }
            None => {
                self.known.remove(&path);
            }
        }
        self.voice.tell(Inner::Disk(DiskNews { path, before, after })).await;
    }
}
