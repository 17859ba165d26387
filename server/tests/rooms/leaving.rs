//! An answer that nobody reads: it goes on over a reload, and is not paid for much longer.

use futures::FutureExt as _;
use interview::fact::{ChatFact, Fact};
use interview::masking::Viewer;
use service::ports::Piece;

use crate::house::{House, assessment, origin, times, typed};
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
    drop(tap);
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
    drop(tap);
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
        room.watch(Viewer::Reviewer).await.unwrap();
    }
    room.ask_assistant("tell me everything".to_owned()).await.unwrap();
    let request = house.script.request().await;
    room.look().await.unwrap();
    house.clock.wind(UNREAD);
    room.look().await.unwrap();
    request.line.closed().await;
}

#[tokio::test]
async fn a_tab_whose_line_is_let_go_of_has_left_without_a_word() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    let (_, tap) = room.join(origin("tab"), None).await.unwrap();
    room.take(origin("tab"), Some(0), vec![typed(0, 0, 0, "a")]).await.unwrap();
    house.clock.wind(1_000);
    drop(tap);
    let (stage, _tap) = room.watch(Viewer::Reviewer).await.unwrap();
    assert!(stage.session.tabs.is_empty());
    assert_eq!(times(&house.log(&id).await, "session.left"), [1_000]);
}

#[tokio::test]
async fn whoever_leaves_while_the_room_has_much_to_do_has_left_when_it_is_done() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    let (_, tap) = room.join(origin("tab"), None).await.unwrap();
    let mut asking: Vec<_> = (0..1_000).map(|_| room.look().boxed()).collect();
    for look in &mut asking {
        assert!(look.now_or_never().is_none());
    }
    drop(tap);
    for look in asking {
        look.await.unwrap();
    }
    house.seen(&id, "session.left", 1).await;
}
