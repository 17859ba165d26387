//! What the assistant may cost: it is looked at before a request, and what gave nothing takes no message.

use interview::fact::{ChatFact, Fact};
use service::assessments::NewAssessment;
use service::live::{Room, RoomError};
use service::ports::Piece;

use crate::house::{House, assessment};
use crate::script::{calls, fails, says, used};

async fn refused(room: &Room) -> String {
    match room.ask_assistant("once more".to_owned()).await {
        Err(RoomError::NotNow(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_budget_that_is_used_up_refuses_before_anything_is_requested() {
    let house = House::open();
    let (id, room) = house.room(NewAssessment { budget_microusd: 100, ..assessment() }).await;
    for (count, cost) in [(1, 99), (2, 1)] {
        house.script.answer(says("here you are", cost));
        room.ask_assistant("help".to_owned()).await.unwrap();
        house.seen(&id, "chat.answered", count).await;
    }
    assert_eq!(refused(&room).await, "the assistant's budget for this interview is used up");
    assert_eq!(house.script.requests(), 2);
}

#[tokio::test]
async fn an_answer_that_uses_the_budget_up_makes_no_other_request() {
    let house = House::open();
    let (id, room) = house.room(NewAssessment { budget_microusd: 1, ..assessment() }).await;
    house.script.answer(calls("list_files", serde_json::json!({})));
    room.ask_assistant("help".to_owned()).await.unwrap();
    house.seen(&id, "chat.failed", 1).await;
    assert_eq!(house.script.requests(), 1);
}

#[tokio::test]
async fn a_message_that_was_answered_with_nothing_is_not_used_up() {
    let house = House::open();
    let (id, room) = house.room(NewAssessment { budget_messages: 2, ..assessment() }).await;
    for count in 1..=3 {
        house.script.answer(fails("the service is overloaded"));
        room.ask_assistant("help".to_owned()).await.unwrap();
        house.seen(&id, "chat.failed", count).await;
    }
    let cut = vec![Piece::Text("The first".to_owned()), Piece::Failed { reason: "cut".to_owned(), usage: used(1) }];
    house.script.answer(cut);
    room.ask_assistant("help".to_owned()).await.unwrap();
    house.seen(&id, "chat.failed", 4).await;
    house.script.answer(says("here you are", 1));
    room.ask_assistant("help".to_owned()).await.unwrap();
    house.seen(&id, "chat.answered", 1).await;
    assert_eq!(refused(&room).await, "all 2 messages of this interview are used up");
}

#[tokio::test]
async fn a_message_that_the_candidate_stopped_is_used_up_and_paid_for() {
    let house = House::open();
    let (id, room) = house.room(NewAssessment { budget_messages: 2, ..assessment() }).await;
    for count in 1..=2 {
        room.ask_assistant("help".to_owned()).await.unwrap();
        let _request = house.script.request().await;
        // The next question ends an answer as well.
        if count == 1 {
            room.stop_answer().await;
        } else {
            room.next_question().await.unwrap();
        }
        let failed = house.seen(&id, "chat.failed", count).await;
        let Fact::Chat(ChatFact::Failed(failed)) = failed.fact else { panic!("{failed:?}") };
        assert!(failed.cost_microusd > 0, "what was read for it is counted: {failed:?}");
    }
    house.seen(&id, "question.opened", 2).await;
    assert_eq!(refused(&room).await, "all 2 messages of this interview are used up");
    assert_eq!(house.script.requests(), 2);
}

#[tokio::test]
async fn asking_and_stopping_ends_with_the_budget() {
    let house = House::open();
    let (id, room) = house.room(NewAssessment { budget_microusd: 1, ..assessment() }).await;
    room.ask_assistant("help".to_owned()).await.unwrap();
    let _request = house.script.request().await;
    room.stop_answer().await;
    house.seen(&id, "chat.failed", 1).await;
    assert_eq!(refused(&room).await, "the assistant's budget for this interview is used up");
}
