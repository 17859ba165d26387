//! All that is needed to draw a recording's timeline, without the recording itself.

use serde::{Deserialize, Serialize};

use crate::event::{Offset, Seq};

use super::{Activity, Moment, Stretch};

/// Where a segment lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentMark {
    /// Its first event.
    pub first: Seq,
    /// How many events it has.
    pub events: u32,
    /// When its first event happened.
    pub from: Offset,
    /// When its last event happened.
    pub to: Offset,
}

/// A recording seen from afar: its segments, its moments, how busy it was and when it was not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingIndex {
    /// When the last event happened.
    pub duration: Offset,
    /// How many events there are.
    pub events: u64,
    /// The segments, in order; a segment goes by its place here.
    pub segments: Vec<SegmentMark>,
    /// Moments worth jumping to, in order.
    pub moments: Vec<Moment>,
    /// How much happened when.
    pub activity: Activity,
    /// No tab was connected.
    pub outages: Vec<Stretch>,
    /// The room's window was in the back.
    pub blurred: Vec<Stretch>,
    /// Nothing happened.
    pub idle: Vec<Stretch>,
}

impl RecordingIndex {
    /// The segment in which the stage at `at` is found; none when nothing had happened yet.
    pub fn segment_at(&self, at: Offset) -> Option<usize> {
        self.segments.partition_point(|segment| segment.from <= at).checked_sub(1)
    }

    /// The segment that holds the event of that place.
    pub fn segment_of(&self, seq: Seq) -> Option<usize> {
        let index = self.segments.partition_point(|segment| segment.first <= seq).checked_sub(1)?;
        let segment = self.segments[index];
        (seq.0 < segment.first.0 + u64::from(segment.events)).then_some(index)
    }

    /// The first moment after `at`.
    pub fn moment_after(&self, at: Offset) -> Option<&Moment> {
        self.moments.get(self.moments.partition_point(|moment| moment.at <= at))
    }

    /// The last moment before `at`.
    pub fn moment_before(&self, at: Offset) -> Option<&Moment> {
        self.moments.partition_point(|moment| moment.at < at).checked_sub(1).and_then(|index| self.moments.get(index))
    }

    /// The last moment at or before `at`.
    pub fn moment_until(&self, at: Offset) -> Option<&Moment> {
        self.moments.partition_point(|moment| moment.at <= at).checked_sub(1).and_then(|index| self.moments.get(index))
    }

    /// The moments whose words hold all words of the query, in any case.
    pub fn search(&self, query: &str) -> Vec<&Moment> {
        let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
        let matches = |moment: &&Moment| {
            let text = format!("{} {}", moment.label, moment.text).to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        if words.is_empty() { Vec::new() } else { self.moments.iter().filter(matches).collect() }
    }
}

/// A recording as it is opened: whose it is, and its index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingCard {
    /// The candidate's name.
    pub candidate: String,
    /// The assessment's title.
    pub assessment: String,
    /// When the interview started, in milliseconds since 1970.
    pub started_at_millis: u64,
    /// What is needed to draw its timeline.
    pub index: RecordingIndex,
}
