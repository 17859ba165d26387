//! The same two ports without a database, for tests of everything above them. Nothing survives it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use interview::{InterviewId, Origin};
use service::ports::Entry;
use service::ports::catalog::{Account, Assessment, Interview, Invitation, Login};

mod catalog;
mod events;

/// The log and the tables in memory, refusing whatever [`Store`](crate::Store) refuses. Copies share them.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    kept: Arc<Mutex<Kept>>,
}

impl Memory {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is kept. Every change is made whole under this lock, or not at all.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Default)]
struct Kept {
    logs: HashMap<InterviewId, Log>,
    accounts: BTreeMap<String, Account>,
    logins: BTreeMap<String, Login>,
    assessments: BTreeMap<String, Assessment>,
    invitations: BTreeMap<String, Invitation>,
    interviews: BTreeMap<InterviewId, Interview>,
    settings: BTreeMap<String, String>,
}

#[derive(Debug, Default)]
struct Log {
    entries: Vec<Entry>,
    sources: HashSet<(Origin, u64)>,
}
