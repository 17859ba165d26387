//! A whole recording in memory, folded once. Whoever holds it stands in any of its moments at the same small cost.

use crate::event::{Event, Offset, Seq};
use crate::keyframe::Pace;
use crate::stage::Stage;

use super::moments::MomentReader;
use super::stretches::StretchReader;
use super::{Activity, Lane, RecordingIndex, Segment, SegmentMark, Stretch};

/// All of a log, cut into segments. It may still grow.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    segments: Vec<Segment>,
    stage: Stage,
    pace: Pace,
    is_full: bool,
    moments: MomentReader,
    stretches: StretchReader,
    lanes: Vec<(Offset, Lane)>,
}

impl Recording {
    /// The recording that these events make.
    pub fn of(events: impl IntoIterator<Item = Event>) -> Self {
        Self::paced(Pace::default(), events)
    }

    /// The recording that these events make, with keyframes at another pace than the usual.
    pub fn paced(pace: Pace, events: impl IntoIterator<Item = Event>) -> Self {
        let mut recording = Self { pace, ..Self::default() };
        for event in events {
            recording.push(event);
        }
        recording
    }

    /// Takes the next event in.
    pub fn push(&mut self, event: Event) {
        if self.segments.is_empty() || self.is_full {
            self.segments.push(Segment::starting_from(&self.stage));
        }
        self.is_full = self.pace.is_due_after(&event);
        self.moments.read(&event, &self.stage);
        self.stage.apply(&event);
        self.stretches.read(&event, &self.stage);
        self.lanes.extend(Lane::of(&event.fact, event.actor).map(|lane| (event.at, lane)));
        self.segments.last_mut().expect("a segment was just opened").events.push(event);
    }

    /// The stage at its end.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// The stage as it stood at `at`, events at that very moment included.
    pub fn stage_at(&self, at: Offset) -> Stage {
        self.found(self.segments.partition_point(|segment| starts_until(segment, at)), |segment| segment.stage_at(at))
    }

    /// The stage as it stood after the event of that place.
    pub fn stage_after(&self, seq: Seq) -> Stage {
        let after = self.segments.partition_point(|segment| segment.keyframe.next() <= seq);
        self.found(after, |segment| segment.stage_after(seq))
    }

    fn found(&self, after: usize, stage: impl FnOnce(&Segment) -> Stage) -> Stage {
        after.checked_sub(1).map_or_else(Stage::default, |index| stage(&self.segments[index]))
    }

    /// A segment, by its place.
    pub fn segment(&self, index: usize) -> Option<&Segment> {
        self.segments.get(index)
    }

    /// All events, in order.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.segments.iter().flat_map(|segment| &segment.events)
    }

    /// The recording seen from afar.
    pub fn index(&self) -> RecordingIndex {
        let plain = |bounded: Vec<super::stretches::Bounded>| -> Vec<Stretch> {
            bounded.into_iter().map(|bounded| bounded.stretch).collect()
        };
        let blurred = plain(self.stretches.blurs());
        let duration = self.stage.at;
        RecordingIndex {
            duration,
            events: self.segments.iter().map(|segment| segment.events.len() as u64).sum(),
            segments: self.segments.iter().filter_map(mark).collect(),
            moments: self.moments.all(&self.stretches),
            activity: Activity::of(self.lanes.iter().copied(), &blurred, duration),
            outages: plain(self.stretches.outages()),
            blurred,
            idle: self.stretches.idle().to_vec(),
        }
    }
}

fn starts_until(segment: &Segment, at: Offset) -> bool {
    segment.events.first().is_some_and(|event| event.at <= at)
}

fn mark(segment: &Segment) -> Option<SegmentMark> {
    let (first, last) = (segment.events.first()?, segment.events.last()?);
    let events = u32::try_from(segment.events.len()).unwrap_or(u32::MAX);
    Some(SegmentMark { first: first.seq, events, from: first.at, to: last.at })
}
