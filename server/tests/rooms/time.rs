//! The clock of an interview: when the time is up it ends by itself, and what was typed in time is not lost.

use std::sync::Arc;

use interview::fact::{Fact, RunFact, SessionFact};
use interview::run::Purpose;
use interview::session::{EndReason, Phase};
use interview::wire::ClientFact;
use interview::{Event, Seq};
use service::live::{Room, RoomError};

use crate::boxes::HeldBoxes;
use crate::house::{House, TIME_LIMIT, assessment, kinds, origin, times, typed};

/// How long after the end something may come in that was on its way.
const LATE: u64 = 3_000;

async fn phase(room: &Room) -> Phase {
    room.look().await.unwrap().0.session.phase
}

fn reason(event: &Event) -> EndReason {
    match &event.fact {
        Fact::Session(SessionFact::Ended(ended)) => ended.reason,
        other => panic!("{other:?}"),
    }
}

/// What each last run was of.
fn last_runs(log: &[Event]) -> Vec<Seq> {
    let requested = log.iter().filter_map(|event| match &event.fact {
        Fact::Run(RunFact::Requested(requested)) if requested.purpose == Purpose::Final => Some(requested.as_of),
        _ => None,
    });
    requested.collect()
}

fn last_typed(log: &[Event]) -> Seq {
    log.iter().rfind(|event| event.fact.kind() == "editor.edited").unwrap().seq
}

#[tokio::test]
async fn when_the_time_is_up_the_interview_ends_by_itself() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    house.clock.wind(TIME_LIMIT - 1);
    assert!(matches!(phase(&room).await, Phase::Running { .. }));
    room.run(None).await.unwrap();
    house.seen(&id, "run.abandoned", 1).await;
    house.clock.wind(1);
    assert_eq!(room.run(None).await, Err(RoomError::Ended));
    assert_eq!(room.ask_assistant("more time?".to_owned()).await.err(), Some(RoomError::Ended));
    assert_eq!(room.next_question().await, Err(RoomError::Ended));
    assert!(times(&house.log(&id).await, "session.ended").is_empty());
    house.clock.wind(LATE);
    room.look().await.unwrap();
    let ended = house.seen(&id, "session.ended", 1).await;
    assert_eq!(reason(&ended), EndReason::TimedOut);
    assert_eq!(ended.at.0, TIME_LIMIT + LATE);
    assert_eq!(
        kinds(&house.log(&id).await)[5..],
        ["run.requested", "run.abandoned", "question.closed", "session.ended"]
    );
}

#[tokio::test]
async fn when_the_time_is_up_and_nobody_is_there_the_interview_ends_all_the_same() {
    let house = House::open();
    let id = house.interview(assessment()).await;
    house.clock.wind(TIME_LIMIT + LATE);
    house.service.rooms.end_overdue().await.unwrap();
    assert_eq!(reason(&house.seen(&id, "session.ended", 1).await), EndReason::TimedOut);
}

/// Sends a fact that is so old, by the clock of who sends it.
async fn send(room: &Room, n: u64, age: u64) -> Result<(), RoomError> {
    let fact: ClientFact = typed(n, 1_000_000 - age, 0, "x");
    room.take(origin("tab"), Some(1_000_000), vec![fact]).await.map(drop)
}

#[tokio::test]
async fn what_was_typed_in_time_comes_in_a_little_late_and_is_in_the_last_run() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    house.clock.wind(TIME_LIMIT - 1);
    send(&room, 0, 0).await.unwrap();
    house.clock.wind(1_001);
    send(&room, 1, 1_000).await.unwrap();
    assert_eq!(send(&room, 2, 999).await, Err(RoomError::Ended), "it was typed after the end");
    house.clock.wind(LATE - 1_000);
    // Whoever turns their clock back cannot work any longer by it.
    assert_eq!(send(&room, 2, 60_000).await, Err(RoomError::Ended));
    house.seen(&id, "session.ended", 1).await;
    let log = house.log(&id).await;
    assert_eq!(times(&log, "editor.edited"), [TIME_LIMIT - 1, TIME_LIMIT]);
    assert_eq!(times(&log, "run.requested").len(), 1);
    assert_eq!(last_runs(&log), [last_typed(&log)]);
}

#[tokio::test]
async fn handing_in_after_the_time_was_up_changes_nothing() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    house.clock.wind(TIME_LIMIT);
    room.submit().await.unwrap();
    house.clock.wind(LATE);
    room.submit().await.unwrap();
    assert_eq!(reason(&house.seen(&id, "session.ended", 1).await), EndReason::TimedOut);
    assert!(times(&house.log(&id).await, "session.submitted").is_empty());
}

#[tokio::test]
async fn a_question_that_is_being_left_when_the_time_is_up_is_the_last_one() {
    for run_ends_late in [false, true] {
        let boxes = Arc::new(HeldBoxes::default());
        let house = House::open_with(boxes.clone());
        let (id, room) = house.room(assessment()).await;
        house.clock.wind(TIME_LIMIT - 1);
        boxes.hold();
        room.next_question().await.unwrap();
        house.clock.wind(1_001);
        send(&room, 0, 1_000).await.unwrap();
        if run_ends_late {
            house.clock.wind(LATE);
            room.look().await.unwrap();
        }
        boxes.let_go();
        house.seen(&id, "run.abandoned", 1).await;
        house.clock.wind(LATE);
        room.look().await.unwrap();
        assert_eq!(reason(&house.seen(&id, "session.ended", 1).await), EndReason::TimedOut);
        let log = house.log(&id).await;
        assert_eq!(times(&log, "question.opened").len(), 1);
        assert_eq!(times(&log, "question.closed").len(), 1);
        let (runs, last_typed) = (last_runs(&log), last_typed(&log));
        assert_eq!(runs.len(), 2, "the one under way was not of what was typed meanwhile");
        assert!(runs[1] >= last_typed, "{runs:?} {last_typed:?}");
    }
}

#[tokio::test]
async fn a_last_run_that_a_restart_broke_off_is_made_again() {
    let boxes = Arc::new(HeldBoxes::default());
    let house = House::open_with(boxes.clone());
    let (id, room) = house.room(assessment()).await;
    boxes.hold();
    house.clock.wind(TIME_LIMIT + LATE);
    room.look().await.unwrap();
    house.seen(&id, "run.requested", 1).await;
    house.service.rooms.close().await;
    boxes.let_go();
    house.service.rooms.end_overdue().await.unwrap();
    house.seen(&id, "session.ended", 1).await;
    // It cannot be made this time either, and that holds nothing up.
    assert_eq!(
        kinds(&house.log(&id).await)[3..],
        ["run.requested", "run.abandoned", "run.requested", "run.abandoned", "question.closed", "session.ended"]
    );
}

#[tokio::test]
async fn a_last_run_of_a_question_that_was_not_left_after_all_is_not_that_of_the_interview() {
    let boxes = Arc::new(HeldBoxes::default());
    let house = House::open_with(boxes.clone());
    let (id, room) = house.room(assessment()).await;
    boxes.hold();
    room.next_question().await.unwrap();
    house.service.rooms.close().await;
    boxes.let_go();
    let room = house.service.rooms.room(&id).await.unwrap();
    house.clock.wind(20 * 60_000);
    send(&room, 0, 0).await.unwrap();
    house.clock.wind(TIME_LIMIT);
    room.look().await.unwrap();
    house.seen(&id, "session.ended", 1).await;
    let log = house.log(&id).await;
    assert_eq!(last_runs(&log)[1..], [last_typed(&log)]);
}

#[tokio::test]
async fn what_is_handed_in_while_a_question_is_being_left_has_a_last_run() {
    let boxes = Arc::new(HeldBoxes::default());
    let house = House::open_with(boxes.clone());
    let (id, room) = house.room(assessment()).await;
    boxes.hold();
    room.next_question().await.unwrap();
    send(&room, 0, 0).await.unwrap();
    room.submit().await.unwrap();
    boxes.let_go();
    assert_eq!(reason(&house.seen(&id, "session.ended", 1).await), EndReason::Submitted);
    let log = house.log(&id).await;
    let submitted = log.iter().find(|event| event.fact.kind() == "session.submitted").unwrap().seq;
    let runs = last_runs(&log);
    assert!(runs.len() == 2 && runs[1] >= submitted, "{runs:?}");
    assert_eq!(times(&log, "question.opened").len(), 1);
}
