//! Standing in any moment of a recording.

use interview::keyframe::Pace;
use interview::playhead::{Command, Playhead, Speed};
use interview::replay::{Missing, Moved, Recording, Replay, SEGMENTS_KEPT, Segment, changes_between};
use interview::{Event, Offset, Seq, Stage};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::log::any_log;

/// A recording with keyframes so close together that every log has some.
fn any_recording() -> impl Strategy<Value = (Vec<Event>, Recording)> {
    (any_log(120), 1usize..30, 1usize..2_000).prop_map(|(log, events, printed)| {
        let recording = Recording::paced(Pace::every(events, printed), log.clone());
        (log, recording)
    })
}

fn fold_until(log: &[Event], at: Offset) -> Stage {
    Stage::fold(log.iter().filter(|event| event.at <= at))
}

/// A moment of the log, or one shortly beside.
fn moment(log: &[Event], which: &Index, beside: i64) -> Offset {
    let at = if log.is_empty() { 0 } else { log[which.index(log.len())].at.0 };
    Offset(at.saturating_add_signed(beside))
}

/// Does as a page does: fetches what is missing, as it would come over the wire, and tries again; but not for ever.
fn fetching<T>(replay: &mut Replay, recording: &Recording, mut go: impl FnMut(&mut Replay) -> Result<T, Missing>) -> T {
    for _ in 0..SEGMENTS_KEPT {
        match go(replay) {
            Ok(done) => return done,
            Err(Missing(index)) => {
                let json = serde_json::to_string(recording.segment(index).unwrap()).unwrap();
                replay.insert(index, serde_json::from_str::<Segment>(&json).unwrap());
            }
        }
    }
    panic!("what was fetched was dropped before it could be used")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn seeking_equals_folding_the_prefix((log, recording) in any_recording(), which in any::<Index>(), beside in -3i64..3) {
        let at = moment(&log, &which, beside);
        let expected = fold_until(&log, at);
        prop_assert_eq!(&recording.stage_at(at), &expected);
        let mut replay = Replay::new(recording.index());
        prop_assert_eq!(&fetching(&mut replay, &recording, |replay| replay.stage_at(at)), &expected);
    }

    #[test]
    fn the_stage_after_an_event_is_the_fold_up_to_it((log, recording) in any_recording(), seq in 0u64..140) {
        let seq = Seq(seq);
        let expected = Stage::fold(log.iter().filter(|event| event.seq <= seq));
        prop_assert_eq!(&recording.stage_after(seq), &expected);
        let mut replay = Replay::new(recording.index());
        prop_assert_eq!(&fetching(&mut replay, &recording, |replay| replay.stage_after(seq)), &expected);
    }

    #[test]
    fn playing_on_equals_jumping(
        (log, recording) in any_recording(),
        from in any::<Index>(),
        steps in proptest::collection::vec(prop_oneof![4 => 0u64..200, 1 => 0u64..3_000], 0..20),
    ) {
        let mut replay = Replay::new(recording.index());
        let mut at = moment(&log, &from, 0);
        let mut stage = fetching(&mut replay, &recording, |replay| replay.stage_at(at));
        for step in steps {
            let played = log.iter().filter(|event| event.at <= at).count();
            at = Offset(at.0 + step);
            let due = log.iter().filter(|event| event.at <= at).count();
            if let Moved::On(events) = fetching(&mut replay, &recording, |replay| replay.bring(&mut stage, at)) {
                prop_assert_eq!(&events, &log[played..due]);
            }
            prop_assert_eq!(&stage, &fold_until(&log, at));
        }
    }

    #[test]
    fn a_stage_brought_to_any_moments_in_turn_is_the_fold_up_to_the_last(
        (log, recording) in any_recording(),
        stops in proptest::collection::vec((any::<Index>(), -3i64..3), 0..8),
    ) {
        let mut replay = Replay::new(recording.index());
        let mut stage = Stage::default();
        for (which, beside) in stops {
            let at = moment(&log, &which, beside);
            let before = stage.clone();
            match fetching(&mut replay, &recording, |replay| replay.bring(&mut stage, at)) {
                Moved::Anew => {}
                Moved::On(events) => {
                    let mut on = before;
                    events.iter().for_each(|event| on.apply(event));
                    prop_assert_eq!(&on, &stage);
                }
            }
            prop_assert_eq!(&stage, &fold_until(&log, at));
        }
    }

    #[test]
    fn stepping_by_events_visits_every_moment_of_the_log_both_ways((log, recording) in any_recording()) {
        let mut moments: Vec<Offset> = log.iter().map(|event| event.at).collect();
        moments.dedup();
        let mut replay = Replay::new(recording.index());
        let mut visited = Vec::new();
        let mut at = Offset(0);
        if moments.first() == Some(&at) {
            visited.push(at);
        }
        while let Some(next) = fetching(&mut replay, &recording, |replay| replay.next_event(at)) {
            visited.push(next);
            at = next;
        }
        prop_assert_eq!(&visited, &moments);
        let mut back = vec![at];
        while let Some(previous) = fetching(&mut replay, &recording, |replay| replay.previous_event(at)) {
            back.push(previous);
            at = previous;
        }
        back.reverse();
        prop_assert!(moments.is_empty() || back == moments);
    }

    #[test]
    fn an_index_tells_the_truth((log, recording) in any_recording()) {
        let index = recording.index();
        prop_assert_eq!(index.events, log.len() as u64);
        prop_assert_eq!(index.duration, log.last().map_or(Offset(0), |event| event.at));
        prop_assert!(index.moments.is_sorted_by_key(|moment| (moment.at, moment.seq)));
        for stretches in [&index.outages, &index.blurred, &index.idle] {
            prop_assert!(stretches.iter().all(|stretch| stretch.from < stretch.to && stretch.to <= index.duration));
            prop_assert!(stretches.is_sorted_by(|one, next| one.to <= next.from));
        }
        for stretch in &index.outages {
            prop_assert!(fold_until(&log, stretch.from).session.tabs.is_empty());
        }
        for stretch in &index.idle {
            prop_assert!(log.iter().all(|event| event.at <= stretch.from || stretch.to <= event.at));
        }
        let json = serde_json::to_string(&index).unwrap();
        prop_assert_eq!(serde_json::from_str::<interview::replay::RecordingIndex>(&json).unwrap(), index);
    }

    #[test]
    fn a_playhead_obeys_any_commands_and_stays_inside(
        (_, recording) in any_recording(),
        commands in proptest::collection::vec(any_command(), 0..40),
    ) {
        let index = recording.index();
        let mut playhead = Playhead::default();
        for command in commands {
            playhead.apply(command, &index);
            prop_assert!(playhead.at <= index.duration);
        }
    }

    #[test]
    fn differences_lie_within_the_later_text((log, recording) in any_recording(), which in any::<Index>()) {
        let (earlier, later) = (recording.stage_at(moment(&log, &which, 0)), recording.stage());
        for difference in changes_between(&earlier.editor, &later.editor) {
            let Some(file) = later.editor.file(&difference.path) else { continue };
            let length = file.text.len();
            prop_assert!(difference.added.iter().all(|(start, end)| start < end && *end <= length));
            prop_assert!(difference.added.is_sorted_by(|one, next| one.1 <= next.0));
            let whole = |(start, end): &(usize, usize)| file.text.is_boundary(*start) && file.text.is_boundary(*end);
            prop_assert!(difference.added.iter().all(whole));
            prop_assert!(difference.removed.is_sorted() && difference.removed.iter().all(|offset| *offset <= length));
        }
    }
}

fn any_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        any::<u64>().prop_map(|at| Command::Seek(Offset(at))),
        (0u64..100_000).prop_map(|at| Command::Seek(Offset(at))),
        any::<i64>().prop_map(Command::Nudge),
        any::<u8>().prop_map(Command::Tenth),
        (0u64..2_000).prop_map(|elapsed_millis| Command::Tick { elapsed_millis }),
        any::<bool>().prop_map(Command::SetSkipIdle),
        select(&Speed::ALL[..]).prop_map(Command::SetSpeed),
        select(
            &[
                Command::NextMoment,
                Command::PreviousMoment,
                Command::Play,
                Command::Pause,
                Command::Toggle,
                Command::Faster,
                Command::Slower,
                Command::Tick { elapsed_millis: u64::MAX },
            ][..]
        ),
    ]
}
