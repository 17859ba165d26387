//! From one question to the next: whatever was meant for the files of the one left does not reach those of the other.

use interview::Stage;
use interview::fact::{ChatFact, Fact};
use interview::terminal::Size;
use serde_json::json;
use service::assessments::NewAssessment;
use service::live::{Room, RoomError};
use service::ports::catalog::AssistantMode;

use crate::boxes::{FakeBox, OneBox};
use crate::house::{FILE, House, assessment, edits, path};
use crate::script::{calls, says};

fn whole(text: &str) -> serde_json::Value {
    json!({ "path": FILE, "content": text })
}

fn text(stage: &Stage) -> String {
    stage.editor.file(&path(FILE)).unwrap().text.to_string()
}

async fn files(room: &Room) -> String {
    text(&room.look().await.unwrap().0)
}

fn why(fact: &Fact) -> &str {
    match fact {
        Fact::Chat(ChatFact::Failed(failed)) => &failed.reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_answer_ends_with_its_question_and_edits_no_other_files() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    room.ask_assistant("solve it".to_owned()).await.unwrap();
    let request = house.script.request().await;
    room.next_question().await.unwrap();
    for piece in calls("edit_file", whole("# of the first question")) {
        let _ = request.line.send(piece).await;
    }
    let failed = house.seen(&id, "chat.failed", 1).await;
    assert_eq!(why(&failed.fact), "the answer ended with its question");
    house.seen(&id, "question.opened", 2).await;
    assert!(edits(&house.log(&id).await).is_empty());
}

#[tokio::test]
async fn a_proposal_of_the_last_question_can_no_longer_be_accepted() {
    let house = House::open();
    let propose = NewAssessment { assistant: AssistantMode::Propose, ..assessment() };
    let (id, room) = house.room(propose).await;
    house.script.answer(calls("edit_file", whole("# of the first question")));
    room.ask_assistant("solve it".to_owned()).await.unwrap();
    house.seen(&id, "chat.called_tool", 1).await;
    room.next_question().await.unwrap();
    let accepted = room.decide("call-1".to_owned(), true).await;
    assert!(matches!(accepted, Err(RoomError::NotNow(_))), "{accepted:?}");
    house.seen(&id, "question.opened", 2).await;
    house.seen(&id, "chat.failed", 1).await;
    assert!(edits(&house.log(&id).await).is_empty());
}

#[tokio::test]
async fn nothing_is_asked_while_a_question_is_being_closed() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    room.next_question().await.unwrap();
    let mut refused = 0;
    while let Err(error) = room.ask_assistant("hello".to_owned()).await {
        assert!(matches!(error, RoomError::NotNow(_)));
        refused += 1;
    }
    let log = house.log(&id).await;
    let asked = log.iter().position(|event| event.fact.kind() == "chat.asked").unwrap();
    let opened = log.iter().rposition(|event| event.fact.kind() == "question.opened").unwrap();
    assert!(asked > opened, "refused {refused} times before");
}

#[tokio::test]
async fn the_assistant_is_told_of_the_test_runs_of_this_question_alone() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    room.run(None).await.unwrap();
    house.seen(&id, "run.abandoned", 1).await;
    let heading = "# The last test run";
    for (question, is_told) in [(1, true), (2, false)] {
        house.script.answer(says("yes", 1));
        room.ask_assistant("does it work?".to_owned()).await.unwrap();
        let request = house.script.request().await;
        assert_eq!(request.prompt.context.contains(heading), is_told, "question {question}");
        house.seen(&id, "chat.answered", question).await;
        if question == 1 {
            house.clock.wind(1_000);
            room.next_question().await.unwrap();
            house.seen(&id, "question.opened", 2).await;
        }
    }
}

#[tokio::test]
async fn what_a_program_wrote_for_the_last_question_does_not_reach_the_files_of_the_next_one() {
    let jail = FakeBox::new();
    let house = House::open_with(std::sync::Arc::new(OneBox(jail.clone())));
    let (id, room) = house.room(assessment()).await;
    room.resize(Size::USUAL).await.unwrap();
    house.seen(&id, "terminal.opened", 1).await;
    let first = files(&room).await;
    jail.says(FILE, &first).await;
    // The program writes, and before that is read, the next question is on the table.
    jail.program_writes(FILE, "# of the first question").await;
    room.next_question().await.unwrap();
    house.seen(&id, "question.opened", 2).await;
    jail.let_read();
    let second = files(&room).await;
    assert_ne!(first, second);
    jail.says(FILE, &second).await;
    assert_eq!(files(&room).await, second);
    assert!(edits(&house.log(&id).await).is_empty());
    // What a program writes from now on is of this question.
    jail.program_writes(FILE, "# of the second question").await;
    jail.let_read();
    house.seen(&id, "editor.edited", 1).await;
    assert_eq!(files(&room).await, "# of the second question");
}
