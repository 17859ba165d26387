//! What has changed in a workspace and was not told yet.
//!
//! Whoever finds changes never waits for whoever is told of them: what nobody has taken is merged, and too many names become
//! [`Changed::Everything`].

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use interview::FilePath;
use service::ports::Changed;
use tokio::sync::{Notify, mpsc};

/// How many changes may wait for a slow listener; later ones are merged.
pub(crate) const WAITING: usize = 64;
/// How many changed files are told by their names.
const NAMES_LIMIT: usize = 2_000;

/// Files that have changed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Changes {
    Files(BTreeSet<FilePath>),
    Everything,
}

/// Changes between those who find them and one who is told.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    changes: Mutex<Changes>,
    came: Notify,
}

impl Changes {
    pub(crate) fn add(&mut self, path: FilePath) {
        match self {
            Self::Files(files) if files.len() < NAMES_LIMIT => {
                files.insert(path);
            }
            Self::Files(_) => self.everything(),
            Self::Everything => {}
        }
    }

    pub(crate) fn everything(&mut self) {
        *self = Self::Everything;
    }

    fn take(&mut self) -> Option<Changed> {
        match self {
            Self::Files(files) => files.pop_first().map(Changed::File),
            Self::Everything => {
                *self = Self::default();
                Some(Changed::Everything)
            }
        }
    }
}

impl Default for Changes {
    fn default() -> Self {
        Self::Files(BTreeSet::new())
    }
}

impl Pending {
    /// Adds what was found.
    pub(crate) fn note(&self, found: Changes) {
        let mut changes = self.lock();
        match found {
            Changes::Files(files) => files.into_iter().for_each(|path| changes.add(path)),
            Changes::Everything => changes.everything(),
        }
        drop(changes);
        self.came.notify_one();
    }

    /// Tells until nobody listens.
    pub(crate) async fn tell(&self, listener: mpsc::Sender<Changed>) {
        while let Ok(place) = listener.reserve().await {
            place.send(self.next().await);
        }
    }

    async fn next(&self) -> Changed {
        loop {
            let next = self.lock().take();
            match next {
                Some(changed) => return changed,
                None => self.came.notified().await,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn more_than_a_listener_takes_becomes_everything_and_later_changes_are_named_again() {
        let pending = Pending::default();
        let file = |number: usize| FilePath::parse(format!("file-{number}")).expect("a path");
        for number in 0..=NAMES_LIMIT {
            let mut found = Changes::default();
            found.add(file(number));
            pending.note(found);
        }
        let (sender, mut told) = mpsc::channel(1);
        let listening = async {
            assert_eq!(told.recv().await, Some(Changed::Everything));
            let mut found = Changes::default();
            found.add(file(7));
            pending.note(found);
            assert_eq!(told.recv().await, Some(Changed::File(file(7))));
        };
        tokio::select! {
            () = pending.tell(sender) => panic!("somebody listens"),
            () = listening => {}
        }
    }
}
