//! A stretch of the log with the keyframe from which it is folded.

use serde::{Deserialize, Serialize};

use crate::event::{Event, Offset, Seq};
use crate::keyframe::Keyframe;
use crate::stage::Stage;

/// Events that follow one another, and the stage before the first of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// The stage before the first event.
    pub keyframe: Keyframe,
    /// The events, in order.
    pub events: Vec<Event>,
}

impl Segment {
    /// An empty segment that starts from that stage.
    pub fn starting_from(stage: &Stage) -> Self {
        Self { keyframe: Keyframe::of(stage), events: Vec::new() }
    }

    /// The stage at `at`, events at that very moment included, as far as this segment goes.
    pub fn stage_at(&self, at: Offset) -> Stage {
        self.fold(self.events.partition_point(|event| event.at <= at))
    }

    /// The stage after the event of that place, as far as this segment goes.
    pub fn stage_after(&self, seq: Seq) -> Stage {
        self.fold(self.events.partition_point(|event| event.seq <= seq))
    }

    fn fold(&self, count: usize) -> Stage {
        let mut stage = self.keyframe.restore();
        for event in &self.events[..count] {
            stage.apply(event);
        }
        stage
    }
}
