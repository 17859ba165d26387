//! Folding, keeping and reading back.

use std::collections::BTreeSet;

use interview::fact::{RunFact, TerminalFact};
use interview::keyframe::Keyframe;
use interview::masking::{Viewer, mask_event, mask_stage};
use interview::terminal::{Bytes, Size, Terminal};
use interview::{Event, Fact, Stage};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::log::{SECRET_NUMBER, any_log};
use crate::screen::any_print;

fn read_back<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn an_event_read_back_is_the_event_written(log in any_log(60)) {
        for event in log {
            prop_assert_eq!(read_back(&event), event);
        }
    }

    #[test]
    fn a_stage_restored_from_its_keyframe_goes_on_as_if_nothing_had_happened(log in any_log(80), cut in any::<Index>()) {
        let (before, after) = log.split_at(cut.index(log.len() + 1));
        let mut stage = Stage::fold(before);
        let keyframe = Keyframe::of(&stage);
        let stored: Keyframe = read_back(&keyframe);
        prop_assert_eq!(&stored, &keyframe);
        let mut restored = stored.restore();
        prop_assert_eq!(&restored, &stage);
        for event in after {
            stage.apply(event);
            restored.apply(event);
            prop_assert_eq!(&restored, &stage);
        }
    }

    #[test]
    fn a_screen_redrawn_from_its_dump_goes_on_the_same(
        before in proptest::collection::vec(any_print(), 0..12),
        after in proptest::collection::vec((any_print(), proptest::option::of((1u16..40, 1u16..20))), 0..6),
    ) {
        let mut screen = Terminal::new(Size { cols: 20, rows: 6 });
        for data in before {
            screen.apply(&TerminalFact::Printed(Bytes { data }));
        }
        let mut redrawn = Terminal::restore(&screen.dump());
        prop_assert_eq!(redrawn.lines(), screen.lines());
        prop_assert_eq!(redrawn.dump(), screen.dump());
        for (data, size) in after {
            let resized = size.map(|(cols, rows)| TerminalFact::Resized(Size { cols, rows }));
            for fact in [Some(TerminalFact::Printed(Bytes { data })), resized].into_iter().flatten() {
                screen.apply(&fact);
                redrawn.apply(&fact);
            }
            prop_assert_eq!(redrawn.lines(), screen.lines());
            prop_assert_eq!(redrawn.cursor_line(), screen.cursor_line());
        }
    }

    #[test]
    fn output_cut_anywhere_draws_the_same_screen(data in any_print(), cut in any::<Index>()) {
        let cut = (0..=cut.index(data.len() + 1)).rev().find(|cut| data.is_char_boundary(*cut)).unwrap();
        let mut whole = Terminal::new(Size { cols: 20, rows: 6 });
        let mut parts = Terminal::new(Size { cols: 20, rows: 6 });
        for part in [&data[..cut], &data[cut..]] {
            parts.apply(&TerminalFact::Printed(Bytes { data: part.to_owned() }));
        }
        whole.apply(&TerminalFact::Printed(Bytes { data }));
        // What it cost may differ: only at the start of a fact is a redraw free.
        prop_assert_eq!(parts.dump().text, whole.dump().text);
    }

    #[test]
    fn nothing_of_a_hidden_case_reaches_a_candidate(log in any_log(60)) {
        let shown: Vec<Event> = log.iter().cloned().map(|event| mask_event(event, Viewer::Candidate)).collect();
        for event in &shown {
            if let Fact::Run(RunFact::CaseFinished(case)) = &event.fact {
                let told = serde_json::to_string(event).unwrap();
                let measured = [SECRET_NUMBER.to_string(), "status".into(), "signal".into()];
                let is_secret = told.contains("secret") || measured.iter().any(|figure| told.contains(figure));
                prop_assert!(!case.hidden || !is_secret, "{told}");
            }
        }
        // Masking what is folded and folding what is masked is the same.
        let mut masked = Stage::fold(&log);
        mask_stage(&mut masked);
        prop_assert_eq!(masked, Stage::fold(&shown));
    }

    #[test]
    fn a_reviewer_sees_every_event_as_it_was_written(log in any_log(30)) {
        for event in log {
            prop_assert_eq!(mask_event(event.clone(), Viewer::Reviewer), event);
        }
    }
}

#[test]
fn the_logs_that_the_laws_are_tried_on_hold_every_kind_of_fact() {
    let mut runner = TestRunner::deterministic();
    let mut missing: BTreeSet<&str> = Fact::kinds().collect();
    for _ in 0..200 {
        let log = any_log(60).new_tree(&mut runner).unwrap().current();
        log.iter().for_each(|event| missing.retain(|kind| *kind != event.fact.kind()));
    }
    assert!(missing.is_empty(), "{missing:?}");
}
