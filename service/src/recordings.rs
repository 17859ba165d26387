//! Recordings for the replay: an interview's log, folded once and then only on. Those looked at last are kept.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use interview::InterviewId;
use interview::replay::{Recording, RecordingIndex, Segment};

use crate::ports::{Catalog, Events, PortError};

/// How many recordings are kept; of more, the one that was not looked at for longest goes.
const KEPT: usize = 8;

/// How many entries are read at once.
const READ_LIMIT: usize = 2_000;

/// A recording as far as its log was read. Whoever reads on adds what is still missing.
type Growing = Arc<Mutex<Recording>>;

/// The use cases of recordings.
pub struct Recordings {
    catalog: Arc<dyn Catalog>,
    events: Arc<dyn Events>,
    /// The one looked at last comes last.
    kept: Mutex<Vec<(InterviewId, Growing)>>,
}

impl Recordings {
    /// Recordings of that log.
    pub fn new(catalog: Arc<dyn Catalog>, events: Arc<dyn Events>) -> Self {
        Self { catalog, events, kept: Mutex::default() }
    }

    /// What a replay needs to know before it shows anything; none when there is no such interview.
    pub async fn index(&self, interview: &InterviewId) -> Result<Option<RecordingIndex>, PortError> {
        self.look(interview, Recording::index).await
    }

    /// One segment of a recording.
    pub async fn segment(&self, interview: &InterviewId, index: usize) -> Result<Option<Segment>, PortError> {
        Ok(self.look(interview, |recording| recording.segment(index).cloned()).await?.flatten())
    }

    /// Looks at a recording after everything that its log holds; none when there is no such interview.
    async fn look<T>(
        &self,
        interview: &InterviewId,
        look: impl FnOnce(&Recording) -> T,
    ) -> Result<Option<T>, PortError> {
        if self.catalog.interview(interview).await?.is_none() {
            self.kept().retain(|(kept, _)| kept != interview);
            return Ok(None);
        }
        let recording = self.kept_or_new(interview);
        self.catch_up(interview, &recording).await?;
        let recording = recording.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Some(look(&recording)))
    }

    fn kept_or_new(&self, interview: &InterviewId) -> Growing {
        let mut kept = self.kept();
        let found = kept.iter().position(|(kept, _)| kept == interview).map(|index| kept.remove(index).1);
        let recording = found.unwrap_or_default();
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((interview.clone(), recording.clone()));
        recording
    }

    /// Reads what is new. Two who do so at once read some of it twice, and add it once.
    async fn catch_up(&self, interview: &InterviewId, recording: &Mutex<Recording>) -> Result<(), PortError> {
        let next = || recording.lock().unwrap_or_else(PoisonError::into_inner).stage().next;
        loop {
            let entries = self.events.read(interview, next(), READ_LIMIT).await?;
            if entries.is_empty() {
                return Ok(());
            }
            let mut recording = recording.lock().unwrap_or_else(PoisonError::into_inner);
            for entry in entries {
                if entry.event.seq == recording.stage().next {
                    recording.push(entry.event);
                }
            }
        }
    }

    fn kept(&self) -> MutexGuard<'_, Vec<(InterviewId, Growing)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
