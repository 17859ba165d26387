//! Outages in the log: what was typed while the line was down keeps its rhythm, and stands inside the outage.

use interview::masking::Viewer;
use interview::replay::Recording;
use service::live::Room;

use crate::house::{House, assessment, kinds, origin, times, typed};

#[tokio::test]
async fn what_was_typed_in_an_outage_keeps_its_rhythm_and_stands_inside_it() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    let (welcome, tap) = room.join(origin("tab"), None).await.unwrap();
    house.clock.wind(1_000);
    room.take(origin("tab"), Some(500), vec![typed(0, 500, 0, "a")]).await.unwrap();
    drop(tap);
    room.look().await.unwrap();
    house.clock.wind(20_000);
    let (_, _tap) = room.join(origin("tab"), Some(welcome.stage.next)).await.unwrap();
    let kept = [(1, 3_000), (2, 3_120), (3, 9_000), (4, 20_400)];
    let kept: Vec<_> = kept.into_iter().map(|(n, t)| typed(n, t, n, "x")).collect();
    // The line is slow, and the browser sends what it kept in two batches.
    house.clock.wind(40);
    room.take(origin("tab"), Some(20_540), kept[..2].to_vec()).await.unwrap();
    house.clock.wind(30);
    room.take(origin("tab"), Some(20_570), kept[2..].to_vec()).await.unwrap();
    house.clock.wind(500);
    room.take(origin("tab"), Some(21_070), vec![typed(5, 21_050, 5, "y")]).await.unwrap();

    let log = house.log(&id).await;
    let edited = times(&log, "editor.edited");
    assert_eq!(edited, [1_000, 3_500, 3_620, 9_500, 20_900, 21_550]);
    assert_eq!(times(&log, "session.left"), [1_000]);
    assert_eq!(times(&log, "session.joined"), [0, 21_000]);
    assert_eq!(outages(&log), [(1_000, 21_000)]);
}

/// What the recording says of the time in which nobody was there.
fn outages(log: &[interview::Event]) -> Vec<(u64, u64)> {
    let outages = Recording::of(log.iter().cloned()).index().outages;
    outages.into_iter().map(|outage| (outage.from.0, outage.to.0)).collect()
}

#[tokio::test]
async fn a_line_that_died_unnoticed_was_lost_after_its_last_sign_of_life() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    let (welcome, tap) = room.join(origin("tab"), None).await.unwrap();
    house.clock.wind(1_000);
    tap.note_sign_of_life();
    house.clock.wind(20_000);
    // The same tab comes back, and its old line still stands.
    let (_, _tap) = room.join(origin("tab"), Some(welcome.stage.next)).await.unwrap();
    room.take(origin("tab"), Some(50_000), vec![typed(0, 40_000, 0, "a"), typed(1, 40_300, 1, "b")]).await.unwrap();
    room.take(origin("tab"), Some(50_000), vec![typed(2, 50_000, 2, "c")]).await.unwrap();
    let log = house.log(&id).await;
    assert_eq!(outages(&log), [(1_000, 21_000)]);
    assert_eq!(times(&log, "editor.edited"), [11_000, 11_300, 21_000]);
    // Its old line goes at last, and nobody is lost with it.
    drop(tap);
    room.look().await.unwrap();
    assert_eq!(times(&house.log(&id).await, "session.left"), [1_000]);
}

#[tokio::test]
async fn a_tab_that_falls_silent_left_at_its_last_sign_of_life() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    let (_, tap) = room.join(origin("tab"), None).await.unwrap();
    house.clock.wind(2_000);
    tap.note_sign_of_life();
    house.clock.wind(30_000);
    // What ends its line comes late.
    drop(tap);
    // Another tab was opened meanwhile, and brings what the first one kept.
    let (_, _tap) = room.join(origin("other"), None).await.unwrap();
    room.take(origin("tab"), Some(40_000), vec![typed(0, 30_000, 0, "a")]).await.unwrap();
    let log = house.log(&id).await;
    assert_eq!(times(&log, "session.left"), [2_000]);
    assert_eq!(times(&log, "editor.edited"), [22_000]);
}

#[tokio::test]
async fn a_tab_that_was_silent_when_another_took_over_left_at_its_last_sign_of_life() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    let (_, _lost) = room.join(origin("first"), None).await.unwrap();
    room.take(origin("first"), Some(0), vec![typed(0, 0, 0, "a")]).await.unwrap();
    house.clock.wind(20_000);
    let (_, _tap) = room.join(origin("second"), None).await.unwrap();
    room.take(origin("first"), Some(20_000), vec![typed(1, 15_000, 1, "b")]).await.unwrap();
    house.clock.wind(100);
    room.take(origin("second"), Some(0), vec![typed(0, 0, 2, "c")]).await.unwrap();
    let log = house.log(&id).await;
    assert_eq!(outages(&log), [(0, 20_000)]);
    assert_eq!(times(&log, "editor.edited"), [0, 15_000, 20_100]);
}

#[tokio::test]
async fn a_living_tab_that_is_taken_over_from_was_never_lost() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    let (_, first) = room.join(origin("first"), None).await.unwrap();
    room.take(origin("first"), Some(0), vec![typed(0, 0, 0, "a")]).await.unwrap();
    house.clock.wind(60_000);
    first.note_sign_of_life();
    house.clock.wind(4_000);
    let (welcome, _tap) = room.join(origin("second"), None).await.unwrap();
    assert_eq!(welcome.stage.session.tabs.len(), 1);
    assert_eq!(outages(&house.log(&id).await), []);
}

#[tokio::test]
async fn a_living_tab_was_never_lost_however_the_clock_ticks() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    let (_, first) = room.join(origin("first"), None).await.unwrap();
    house.clock.wind(60_000);
    first.note_sign_of_life();
    house.clock.wind(4_000);
    house.clock.let_tick();
    let (welcome, _second) = room.join(origin("second"), None).await.unwrap();
    assert_eq!(welcome.stage.session.tabs.len(), 1, "who takes over is here at once");
    room.next_question().await.unwrap();
    let opened = house.seen(&id, "question.opened", 2).await;
    let (_, _tap) = room.join(origin("second"), Some(opened.seq.next())).await.unwrap();
    let log = house.log(&id).await;
    assert_eq!(times(&log, "session.left").len(), 1, "who comes in again never left");
    assert_eq!(outages(&log), []);
}

#[tokio::test]
async fn a_tab_that_comes_in_again_for_a_new_question_was_never_lost() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    let (_, _old_line) = room.join(origin("tab"), None).await.unwrap();
    house.clock.wind(9_000);
    room.next_question().await.unwrap();
    let opened = house.seen(&id, "question.opened", 2).await;
    let (_, new_line) = room.join(origin("tab"), Some(opened.seq.next())).await.unwrap();
    assert_eq!(kinds(&house.log(&id).await).iter().filter(|kind| **kind == "session.left").count(), 0);
    // Only once.
    house.clock.wind(9_000);
    let (_, _tap) = room.join(origin("tab"), Some(opened.seq.next())).await.unwrap();
    new_line.note_sign_of_life();
    assert_eq!(times(&house.log(&id).await, "session.left"), [9_000]);
}

#[tokio::test]
async fn what_a_crashed_tab_kept_may_come_as_late_as_its_browser_is_sure_of_the_crash() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    let (_, crashed) = room.join(origin("crashed"), None).await.unwrap();
    drop(crashed);
    room.look().await.unwrap();
    house.clock.wind(9_000);
    let (_, _tap) = room.join(origin("new"), None).await.unwrap();
    // It counts as alive for three seconds after it wrote, and every two seconds somebody looks.
    house.clock.wind(5_000);
    room.look().await.unwrap();
    room.take(origin("crashed"), Some(14_000), vec![typed(0, 8_000, 0, "a")]).await.unwrap();
    house.clock.wind(6_000);
    room.look().await.unwrap();
    house.seen(&id, "session.joined", 2).await;
    let log = house.log(&id).await;
    assert_eq!(times(&log, "editor.edited"), [8_000]);
    assert_eq!(times(&log, "session.joined"), [0, 9_000]);
}

#[tokio::test]
async fn a_tab_that_kept_nothing_is_back_after_a_moment() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    let (welcome, tap) = room.join(origin("tab"), None).await.unwrap();
    drop(tap);
    room.look().await.unwrap();
    house.clock.wind(5_000);
    let (_, _tap) = room.join(origin("tab"), Some(welcome.stage.next)).await.unwrap();
    assert_eq!(times(&house.log(&id).await, "session.joined"), [0]);
    house.clock.wind(6_000);
    room.look().await.unwrap();
    assert_eq!(house.seen(&id, "session.joined", 2).await.at.0, 5_000);
}

async fn comes_and_goes(room: &Room, house: &House) {
    let (_, tap) = room.join(origin("tab"), None).await.unwrap();
    room.take(origin("tab"), Some(0), vec![typed(0, 0, 0, "a")]).await.unwrap();
    drop(tap);
    room.look().await.unwrap();
    house.clock.wind(5_000);
}

#[tokio::test]
async fn what_others_did_meanwhile_limits_what_can_be_told_of_the_rhythm() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    comes_and_goes(&room, &house).await;
    // A client of the API works on; time never goes back behind what it did.
    room.take(origin("api"), Some(0), vec![typed(0, 0, 1, "b")]).await.unwrap();
    house.clock.wind(5_000);
    let (_, _tap) = room.join(origin("tab"), None).await.unwrap();
    room.take(origin("tab"), Some(10_000), vec![typed(1, 2_000, 2, "c"), typed(2, 7_000, 3, "d")]).await.unwrap();
    let log = house.log(&id).await;
    assert_eq!(times(&log, "editor.edited"), [0, 5_000, 5_000, 7_000]);
}

#[tokio::test]
async fn a_return_is_written_before_whatever_else_happens_after_it() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    comes_and_goes(&room, &house).await;
    let (_, back) = room.join(origin("tab"), None).await.unwrap();
    house.clock.wind(10);
    drop(back);
    room.look().await.unwrap();
    let (_, watching) = room.watch(Viewer::Reviewer).await.unwrap();
    let (_, _tap) = room.join(origin("tab"), None).await.unwrap();
    room.ask_assistant("hello".to_owned()).await.unwrap();
    let log = house.log(&id).await;
    let kinds: Vec<_> = kinds(&log).into_iter().filter(|kind| !kind.starts_with("editor.")).skip(3).collect();
    assert_eq!(
        kinds,
        ["session.joined", "session.left", "session.joined", "session.left", "session.joined", "chat.asked"]
    );
    drop(watching);
}

#[tokio::test]
async fn a_room_that_shuts_has_written_who_is_back() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    comes_and_goes(&room, &house).await;
    let (_, _tap) = room.join(origin("tab"), None).await.unwrap();
    house.service.rooms.close().await;
    assert_eq!(times(&house.log(&id).await, "session.joined"), [0, 5_000]);
}
