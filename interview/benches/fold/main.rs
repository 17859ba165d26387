//! How fast a log is folded, and how long it takes to stand in any moment of it, as the log grows.

#![expect(clippy::disallowed_types, clippy::print_stdout, reason = "a benchmark measures time and prints it")]

mod log;

use std::time::{Duration, Instant};

use interview::replay::{Recording, Replay, Segment};
use interview::{Event, Offset, Stage};

const LENGTHS: [usize; 3] = [10_000, 100_000, 1_000_000];
const SEEKS: usize = 2_000;

fn main() {
    println!(
        "{:>9}  {:>12}  {:>12}  {:>30}  {:>30}  {:>22}",
        "events", "fold", "record", "seek p50 / p99 / max", "open segment p50 / p99", "segment JSON p50 / max"
    );
    for length in LENGTHS {
        let events = log::of(length);
        let (folding, stage) = timed(|| Stage::fold(&events));
        let (building, recording) = timed(|| Recording::of(events.iter().cloned()));
        assert!(recording.stage().next == stage.next);
        let seeks = seeks(&events, &recording);
        let (opens, sizes) = opens(&recording);
        println!(
            "{length:>9}  {:>10}/s  {:>10}/s  {:>30}  {:>30}  {:>22}",
            rate(length, folding),
            rate(length, building),
            format!("{} / {} / {}", millis(at(&seeks, 0.5)), millis(at(&seeks, 0.99)), millis(at(&seeks, 1.0))),
            format!("{} / {}", millis(at(&opens, 0.5)), millis(at(&opens, 0.99))),
            format!("{} / {} KiB", at(&sizes, 0.5) / 1024, at(&sizes, 1.0) / 1024),
        );
    }
}

/// Standing in moments all over the recording, in no order.
fn seeks(events: &[Event], recording: &Recording) -> Vec<Duration> {
    let mut chance = log::Chance(7);
    let last = events.last().map_or(0, |event| event.at.0);
    let mut times: Vec<Duration> = (0..SEEKS)
        .map(|_| {
            let moment = Offset(chance.below(last as usize + 1) as u64);
            timed(|| recording.stage_at(moment)).0
        })
        .collect();
    times.sort();
    times
}

/// What a browser does with a segment that arrived: read it, and stand at its end.
fn opens(recording: &Recording) -> (Vec<Duration>, Vec<usize>) {
    let index = recording.index();
    let step = index.segments.len().div_ceil(200);
    let mut times = Vec::new();
    let mut sizes = Vec::new();
    for (place, mark) in index.segments.iter().enumerate().step_by(step) {
        let json = serde_json::to_string(recording.segment(place).expect("it is in the index")).expect("plain data");
        let (time, _) = timed(|| {
            let mut replay = Replay::new(Default::default());
            let segment: Segment = serde_json::from_str(&json).expect("it was just written");
            let stage = segment.stage_at(mark.to);
            replay.insert(place, segment);
            stage
        });
        times.push(time);
        sizes.push(json.len());
    }
    times.sort();
    sizes.sort_unstable();
    (times, sizes)
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let done = work();
    (start.elapsed(), done)
}

fn at<T: Copy>(sorted: &[T], share: f64) -> T {
    sorted[((sorted.len() - 1) as f64 * share) as usize]
}

fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

fn rate(count: usize, time: Duration) -> usize {
    (count as f64 / time.as_secs_f64()) as usize
}
