//! An answer that nobody reads: it goes on over a reload, and is not paid for much longer.

use interview::fact::{ChatFact, Fact};
use service::ports::Piece;

use crate::house::{House, assessment, origin};
use crate::script::says;

/// So long an answer goes on that nobody reads.
const UNREAD: u64 = 60_000;

#[tokio::test]
async fn an_answer_that_nobody_reads_is_stopped_upstream_after_a_while() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    let (_, tap) = room.join(origin("tab"), None).await.unwrap();
    room.ask_assistant("tell me everything".to_owned()).await.unwrap();
    let request = house.script.request().await;
    request.line.send(Piece::Text("Once upon a time".to_owned())).await.unwrap();
    house.clock.wind(2 * UNREAD);
    room.leave(tap.id).await;
    room.look().await.unwrap();
    house.clock.wind(UNREAD - 1);
    room.look().await.unwrap();
    assert!(!request.line.is_closed());
    house.clock.wind(1);
    room.look().await.unwrap();
    request.line.closed().await;
    let failed = house.seen(&id, "chat.failed", 1).await;
    let Fact::Chat(ChatFact::Failed(failed)) = failed.fact else { panic!("{failed:?}") };
    assert!(failed.reason.contains("nobody was there"), "{}", failed.reason);
    assert!(failed.cost_microusd > 0, "what was streamed is counted");
}

#[tokio::test]
async fn an_answer_goes_on_for_whoever_comes_back_in_time() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    let (_, tap) = room.join(origin("tab"), None).await.unwrap();
    room.ask_assistant("tell me everything".to_owned()).await.unwrap();
    let request = house.script.request().await;
    room.leave(tap.id).await;
    room.look().await.unwrap();
    house.clock.wind(UNREAD / 2);
    let (_, _tap) = room.join(origin("tab"), None).await.unwrap();
    house.clock.wind(UNREAD);
    room.look().await.unwrap();
    for piece in says("The end.", 1) {
        request.line.send(piece).await.unwrap();
    }
    house.seen(&id, "chat.answered", 1).await;
}

#[tokio::test]
async fn an_onlooker_that_went_without_a_word_is_nobody() {
    let house = House::open();
    let (_, room) = house.room(assessment()).await;
    for _ in 0..100 {
        room.watch(interview::masking::Viewer::Reviewer).await.unwrap();
    }
    room.ask_assistant("tell me everything".to_owned()).await.unwrap();
    let request = house.script.request().await;
    room.look().await.unwrap();
    house.clock.wind(UNREAD);
    room.look().await.unwrap();
    request.line.closed().await;
}
