//! The event log in memory.

use std::collections::HashSet;

use async_trait::async_trait;
use interview::{InterviewId, Seq};
use service::ports::{Entry, Events, PortError};

use super::{Log, Memory};
use crate::events::continues;

#[async_trait]
impl Events for Memory {
    async fn append(&self, interview: &InterviewId, entries: &[Entry]) -> Result<(), PortError> {
        if entries.is_empty() {
            return Ok(());
        }
        self.kept().logs.entry(interview.clone()).or_default().append(entries)
    }

    async fn read(&self, interview: &InterviewId, from: Seq, limit: usize) -> Result<Vec<Entry>, PortError> {
        let kept = self.kept();
        let Some(log) = kept.logs.get(interview) else { return Ok(Vec::new()) };
        let from = usize::try_from(from.0).unwrap_or(usize::MAX);
        Ok(log.entries.iter().skip(from).take(limit).cloned().collect())
    }

    async fn len(&self, interview: &InterviewId) -> Result<Seq, PortError> {
        Ok(self.kept().logs.get(interview).map_or(Seq(0), Log::length))
    }

    async fn check(&self) -> Result<(), PortError> {
        Ok(())
    }
}

impl Log {
    fn length(&self) -> Seq {
        Seq(self.entries.len() as u64)
    }

    fn append(&mut self, entries: &[Entry]) -> Result<(), PortError> {
        if !continues(self.length(), entries) {
            return Err(PortError::Conflict);
        }
        let mut sent = HashSet::new();
        for source in entries.iter().filter_map(|entry| entry.source.as_ref()) {
            let source = (source.origin.clone(), source.n);
            if self.sources.contains(&source) || !sent.insert(source) {
                return Err(PortError::Conflict);
            }
        }
        self.sources.extend(sent);
        self.entries.extend_from_slice(entries);
        Ok(())
    }
}
