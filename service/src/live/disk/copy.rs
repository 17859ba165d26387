//! The copy of the stage's files on a box's disk: what is known to stand there, and what could not be written yet. It
//! never guesses: what a program changed is read before it is told.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use interview::wire::About;
use interview::{Actor, FilePath, Seq};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::rests::Rests;
use super::{DiskNews, DiskSync, Taken};
use crate::live::room::{Inner, Voice};
use crate::ports::{Changed, Jail, SandboxError};

/// How long after a file could not be written it is tried again.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// How much longer than it takes to look at everything that rests.
const REST: u32 = 20;

/// When everything is looked at.
#[derive(Debug, Default)]
struct All {
    rests_until: Option<Instant>,
    /// Set while something is missed that is to be seen after the rest.
    due_at: Option<Instant>,
}

/// A text, and the revision at which the stage's file says it.
type Version = (String, u64);

/// What stands on the disk, as far as it is known.
pub(super) struct DiskCopy {
    jail: Arc<dyn Jail>,
    voice: Voice,
    /// Of which question the files are.
    question: usize,
    known: HashMap<FilePath, Version>,
    /// What could not be written. What the disk says there is old, and nobody's news.
    behind: HashMap<FilePath, Version>,
    again_at: Option<Instant>,
    rests: Rests,
    all: All,
    /// Whose doing it is what programs change.
    by: Actor,
    /// The last news that the room took.
    told: Option<Seq>,
    /// Who waits until the files here are those of the stage.
    waiting: Vec<oneshot::Sender<()>>,
}

impl DiskCopy {
    pub fn new(jail: Arc<dyn Jail>, voice: Voice) -> Self {
        Self {
            jail,
            voice,
            question: 0,
            known: HashMap::new(),
            behind: HashMap::new(),
            again_at: None,
            rests: Rests::default(),
            all: All::default(),
            by: Actor::System,
            told: None,
            waiting: Vec::new(),
        }
    }

    /// Writes what differs from what is known to be on disk.
    pub async fn write(&mut self, sync: DiskSync) {
        self.waiting.extend(sync.done);
        if self.told.is_some_and(|told| told >= sync.next) {
            // These files are older than the news that the room took since; it writes again with them.
            return;
        }
        let is_another = std::mem::replace(&mut self.question, sync.question) != sync.question;
        if is_another {
            // What programs did to the files of the question before is nobody's news any more.
            self.rests = Rests::default();
            self.behind.clear();
        }
        let told = self.told;
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
                Some((on_disk, known_rev)) if *on_disk == text && !is_behind && !is_another => *known_rev = rev,
                Some(_) | None => self.write_one(path, (text, rev)).await,
            }
        }
        if self.told == told {
            for done in self.waiting.drain(..) {
                let _ = done.send(());
            }
        }
    }

    async fn write_one(&mut self, path: FilePath, version: Version) {
        if self.rests.end(&path) {
            let told = self.told;
            self.look_now(path.clone()).await;
            if self.told != told {
                // A program wrote there meanwhile: the room has it now, and writes again with it.
                return;
            }
        }
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

    /// Waits until something is to be written or looked at again.
    pub async fn due(&self) {
        match self.again_at.into_iter().chain(self.rests.next()).chain(self.all.due_at).min() {
            Some(moment) => tokio::time::sleep_until(moment).await,
            None => std::future::pending().await,
        }
    }

    /// Writes and looks at what is due again.
    pub async fn do_what_is_due(&mut self) {
        if self.again_at.is_some_and(|at| at <= Instant::now()) {
            self.again_at = None;
            for (path, version) in self.behind.clone() {
                self.write_one(path, version).await;
            }
        }
        for path in self.rests.over(Instant::now()) {
            self.look_now(path).await;
        }
        if self.all.due_at.is_some_and(|at| at <= Instant::now()) {
            self.look_at_all().await;
        }
    }

    /// A program may have changed something: what is really different is told to the room.
    pub async fn look(&mut self, changed: Changed) {
        match changed {
            Changed::File(path) => self.look_soon(path).await,
            Changed::Everything => match self.all.rests_until.filter(|until| *until > Instant::now()) {
                Some(until) => self.all.due_at = Some(until),
                None => self.look_at_all().await,
            },
        }
    }

    /// Reading every file takes its time, and a program can ask for it as often as it likes.
    async fn look_at_all(&mut self) {
        self.all.due_at = None;
        let begun = Instant::now();
        for path in self.all_paths().await {
            self.look_soon(path).await;
        }
        self.all.rests_until = Some(Instant::now() + begun.elapsed() * REST);
    }

    /// Tells all that happened until now; what happens from now on is this one's doing.
    pub async fn settle(&mut self, by: Actor) {
        for path in self.all_paths().await {
            self.look_now(path).await;
        }
        self.by = by;
    }

    async fn all_paths(&self) -> Vec<FilePath> {
        // Where they cannot be listed, those that are known can still be looked at.
        let mut paths = self.jail.list().await.unwrap_or_default();
        paths.extend(self.known.keys().cloned());
        paths.sort();
        paths.dedup();
        paths
    }

    async fn look_soon(&mut self, path: FilePath) {
        if !self.rests.postpone(&path, Instant::now()) {
            self.look_now(path).await;
        }
    }

    async fn look_now(&mut self, path: FilePath) {
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
        let news = DiskNews {
            by: self.by,
            question: self.question,
            path: path.clone(),
            before: before.clone(),
            after: after.clone(),
        };
        let taken = self.voice.ask(|reply| Inner::Disk { news, reply }).await;
        let bytes = match taken {
            Some(Taken::Yes { seq, bytes }) => {
                self.told = Some(seq);
                bytes
            }
            Some(Taken::Known | Taken::Past) => 0,
            Some(Taken::No) | None => {
                let bytes = after.map_or(0, |text| text.len() as u64);
                return self.rests.begin(path, bytes, Instant::now());
            }
        };
        self.rests.begin(path.clone(), bytes, Instant::now());
        match after {
            Some(text) => self.known.insert(path, (text, before.map_or(0, |(_, rev)| rev + 1))),
            None => self.known.remove(&path),
        };
    }
}
