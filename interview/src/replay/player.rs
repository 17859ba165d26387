//! The browser's side of a recording: its index, and those segments that were fetched. It fetches nothing itself.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::event::{Event, Offset, Seq};
use crate::stage::Stage;

use super::{RecordingIndex, Segment};

/// How many segments are kept before the one that was used longest ago is dropped.
pub const SEGMENTS_KEPT: usize = 24;

/// A segment that has to be fetched first, by its place in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("segment {0} is not here yet")]
pub struct Missing(pub usize);

/// How far apart the segments of two moments may be for events to be folded on from one to the other; further, the stage
/// is built anew.
const SEGMENTS_FOLDED_ON: usize = 1;
const _: () = assert!(SEGMENTS_FOLDED_ON + 1 < SEGMENTS_KEPT, "what is folded on must fit beside what is kept");

/// How a stage came to another moment.
#[derive(Clone, Debug, PartialEq)]
pub enum Moved {
    /// These events happened on the way.
    On(Vec<Event>),
    /// It was built anew.
    Anew,
}

/// A recording of which some segments are at hand.
#[derive(Clone, Debug)]
pub struct Replay {
    index: RecordingIndex,
    segments: BTreeMap<usize, Arc<Segment>>,
    /// Oldest use first.
    used: VecDeque<usize>,
}

impl Replay {
    /// A recording of which no segment is at hand yet.
    pub fn new(index: RecordingIndex) -> Self {
        Self { index, segments: BTreeMap::new(), used: VecDeque::new() }
    }

    /// The recording seen from afar.
    pub fn index(&self) -> &RecordingIndex {
        &self.index
    }

    /// Takes a segment in; drops the one used longest ago when there are too many.
    pub fn insert(&mut self, index: usize, segment: Segment) {
        self.segments.insert(index, Arc::new(segment));
        self.touch(index);
        while self.used.len() > SEGMENTS_KEPT {
            if let Some(oldest) = self.used.pop_front() {
                self.segments.remove(&oldest);
            }
        }
    }

    /// Whether a segment is at hand.
    pub fn has(&self, index: usize) -> bool {
        self.segments.contains_key(&index)
    }

    /// The segments at and beside `at` that are not at hand, the most needed first.
    pub fn wanted_at(&self, at: Offset) -> Vec<usize> {
        let here = self.index.segment_at(at).unwrap_or(0);
        [Some(here), Some(here + 1), here.checked_sub(1)]
            .into_iter()
            .flatten()
            .filter(|index| *index < self.index.segments.len() && !self.has(*index))
            .collect()
    }

    /// The stage as it stood at `at`, events at that very moment included.
    pub fn stage_at(&mut self, at: Offset) -> Result<Stage, Missing> {
        match self.index.segment_at(at) {
            Some(index) => Ok(self.segment(index)?.stage_at(at)),
            None => Ok(Stage::default()),
        }
    }

    /// The stage as it stood after the event of that place.
    pub fn stage_after(&mut self, seq: Seq) -> Result<Stage, Missing> {
        match self.index.segment_of(seq) {
            Some(index) => Ok(self.segment(index)?.stage_after(seq)),
            None => self.stage_at(self.index.duration),
        }
    }

    /// Folds everything up to `to` into a stage of this recording, and gives what was folded. All segments on the way
    /// are needed at once, so they must be fewer than are kept.
    fn forward(&mut self, stage: &mut Stage, to: Offset) -> Result<Vec<Event>, Missing> {
        let mut events = Vec::new();
        let Some(last) = self.index.segment_at(to) else { return Ok(events) };
        let Some(first) = self.index.segment_of(stage.next) else { return Ok(events) };
        for index in first..=last {
            let next = stage.next;
            let segment = self.segment(index)?;
            let due = segment.events.iter().skip_while(|event| event.seq < next).take_while(|event| event.at <= to);
            events.extend(due.cloned());
        }
        for event in &events {
            stage.apply(event);
        }
        Ok(events)
    }

    /// Brings a stage of this recording to `at`, in whichever way is less work. Where a segment is missing, the stage stays
    /// as it is.
    pub fn bring(&mut self, stage: &mut Stage, at: Offset) -> Result<Moved, Missing> {
        let here = self.index.segment_of(stage.next).unwrap_or(self.index.segments.len());
        let there = self.index.segment_at(at).unwrap_or_default();
        if stage.at <= at && there <= here + SEGMENTS_FOLDED_ON {
            return self.forward(stage, at).map(Moved::On);
        }
        *stage = self.stage_at(at)?;
        Ok(Moved::Anew)
    }

    /// When the first event after `at` happened.
    pub fn next_event(&mut self, at: Offset) -> Result<Option<Offset>, Missing> {
        let Some(here) = self.index.segment_at(at) else {
            return Ok(self.index.segments.first().map(|segment| segment.from));
        };
        let later = self.segment(here)?.events.iter().map(|event| event.at).find(|event_at| *event_at > at);
        Ok(later.or_else(|| self.index.segments.get(here + 1).map(|segment| segment.from)))
    }

    /// When the last event before `at` happened.
    pub fn previous_event(&mut self, at: Offset) -> Result<Option<Offset>, Missing> {
        let earlier = self.index.segments.partition_point(|segment| segment.from < at);
        let Some(here) = earlier.checked_sub(1) else { return Ok(None) };
        let events = &self.segment(here)?.events;
        Ok(events.iter().rev().map(|event| event.at).find(|event_at| *event_at < at))
    }

    fn segment(&mut self, index: usize) -> Result<Arc<Segment>, Missing> {
        let segment = self.segments.get(&index).cloned().ok_or(Missing(index))?;
        self.touch(index);
        Ok(segment)
    }

    fn touch(&mut self, index: usize) {
        self.used.retain(|used| *used != index);
        self.used.push_back(index);
    }
}
