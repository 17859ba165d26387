//! Every recording ever made still replays: the golden ones stand for them.

mod golden;

use std::collections::BTreeSet;

use interview::replay::{MomentKind, Recording};
use interview::{Event, Fact, Offset};
use serde_json::Value;

#[test]
fn every_golden_recording_replays_to_its_saved_stages() {
    golden::ALL.iter().for_each(golden::Golden::check_stages);
}

#[test]
fn every_golden_event_read_and_written_is_the_same_event() {
    for line in golden::ALL.iter().flat_map(|golden| golden.log.lines()) {
        let event: Event = serde_json::from_str(line).unwrap();
        let written = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&written).unwrap(), event);
        let (saved, now): (Value, Value) =
            (serde_json::from_str(line).unwrap(), serde_json::from_str(&written).unwrap());
        // A kind that came to be written differently is read in both ways, and only then looks different.
        assert!(saved["v"] != now["v"] || saved == now, "{line}\n{written}");
    }
}

#[test]
fn every_kind_of_event_has_a_golden_recording() {
    let events = golden::ALL.iter().flat_map(golden::Golden::events);
    let recorded: BTreeSet<&str> = events.map(|event| event.fact.kind()).collect();
    let missing: Vec<&str> = Fact::kinds().filter(|kind| !recorded.contains(kind)).collect();
    assert!(missing.is_empty(), "record these in a new golden file: {missing:?}");
}

#[test]
fn a_whole_interview_is_indexed_by_what_happened_in_it() {
    let whole = golden::ALL.iter().find(|golden| golden.name == "whole-interview").unwrap();
    let index = Recording::of(whole.events()).index();
    let labels: Vec<&str> = index.moments.iter().map(|moment| moment.label.as_str()).collect();
    assert_eq!(
        labels,
        [
            "Question 1: First unique word",
            "$ ls -l",
            "Tests: 0 of 3 passed",
            "Asked: Why does it time out?",
            "Rejected the assistant's edit",
            "Assistant edited solution.py",
            "Left the window for 21 seconds",
            "Pasted 3 lines from outside into solution.py",
            "Offline for 12 seconds",
            "Back after 12 seconds offline",
            "Created tests/größe_test.py",
            "Renamed tests/größe_test.py to tests/test_solution.py",
            "Pasted 61 characters from the assistant into tests/test_solution.py",
            "Created scratch.txt",
            "Deleted scratch.txt",
            "Run not completed: no box was free",
            "Assistant's run: 0 of 4 passed",
            "Asked: Und jetzt? 日本語でも",
            "No answer: the answer was stopped",
            "$ exit",
            "Left First unique word",
            "Question 2: Rate limiter",
            "Handed in",
            "Final run: 2 of 2 passed",
            "Left Rate limiter",
            "Interview ended",
        ]
    );
    assert_eq!((index.outages.len(), index.blurred.len()), (1, 1));
    assert_eq!(index.outages[0].millis(), 12_000);
    assert_eq!(index.duration, Offset(whole.events().last().unwrap().at.0));
    let found: Vec<MomentKind> = index.search("TIME twice").iter().map(|moment| moment.kind).collect();
    assert_eq!(found, [MomentKind::Asked]);
}
