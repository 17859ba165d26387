//! Recordings for the replay: an interview's log, folded once and kept for as long as somebody looks at it.

use std::sync::Arc;

use interview::replay::{Recording, RecordingIndex, Segment};
use interview::{InterviewId, Seq};
use tokio::sync::Mutex;

use crate::ports::{Catalog, Events, PortError};

/// How many recordings are kept at once.
const KEPT: usize = 8;

struct Kept {
    interview: InterviewId,
    length: Seq,
    recording: Arc<Recording>,
}

/// The use cases of recordings.
pub struct Recordings {
    catalog: Arc<dyn Catalog>,
    events: Arc<dyn Events>,
    kept: Mutex<Vec<Kept>>,
}

impl Recordings {
    /// Recordings of that log.
    pub fn new(catalog: Arc<dyn Catalog>, events: Arc<dyn Events>) -> Self {
        Self { catalog, events, kept: Mutex::new(Vec::new()) }
    }

    /// What a replay needs to know before it shows anything; none when there is no such interview.
    pub async fn index(&self, interview: &InterviewId) -> Result<Option<RecordingIndex>, PortError> {
        Ok(self.open(interview).await?.map(|recording| recording.index()))
    }

    /// One segment of a recording.
    pub async fn segment(&self, interview: &InterviewId, index: usize) -> Result<Option<Segment>, PortError> {
        Ok(self.open(interview).await?.and_then(|recording| recording.segment(index).cloned()))
    }

    async fn open(&self, interview: &InterviewId) -> Result<Option<Arc<Recording>>, PortError> {
        if self.catalog.interview(interview).await?.is_none() {
            return Ok(None);
        }
        let length = self.events.len(interview).await?;
        let mut kept = self.kept.lock().await;
        if let Some(index) = kept.iter().position(|kept| kept.interview == *interview && kept.length == length) {
            let found = kept.remove(index);
            let recording = found.recording.clone();
            kept.push(found);
            return Ok(Some(recording));
        }
        kept.retain(|kept| kept.interview != *interview);
        let recording = Arc::new(self.fold(interview).await?);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push(Kept { interview: interview.clone(), length, recording: recording.clone() });
        Ok(Some(recording))
    }

    async fn fold(&self, interview: &InterviewId) -> Result<Recording, PortError> {
        let mut recording = Recording::default();
        let mut next = Seq(0);
        loop {
            let entries = self.events.read(interview, next, 2_000).await?;
            let Some(last) = entries.last() else { return Ok(recording) };
            next = last.event.seq.next();
            for entry in entries {
                recording.push(entry.event);
            }
        }
    }
}
