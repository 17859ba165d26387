//! A recording, so that any of its moments can be stood in at once: cut into segments, each of which starts from a
//! keyframe. It reads the log and never adds to it.

mod activity;
mod commands;
mod difference;
mod index;
mod moments;
mod player;
mod recording;
mod segment;
mod stretches;

pub use activity::{Activity, BUCKETS, Lane};
pub use difference::{FileDifference, Kind as DifferenceKind, changes_between};
pub use index::{RecordingCard, RecordingIndex, SegmentMark};
pub use moments::{Moment, MomentKind};
pub use player::{Missing, Moved, Replay, SEGMENTS_KEPT};
pub use recording::Recording;
pub use segment::Segment;
pub use stretches::{Stretch, StretchReader};
