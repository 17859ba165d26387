//! Stories of taking the assistant's edits back: what happens to the files, and what the log says about it.

use interview::fact::{ChatFact, Fact};
use interview::wire::{About, ClientMessage, ServerMessage};
use interview::{FilePath, InterviewId, Stage};
use serde_json::{Value, json};
use service::live::{RoomError, Rooms};

use crate::house::House;
use crate::socket::{Socket, room};
use crate::visitor::Visitor;

/// Lets the practice assistant write a file, and answers the call that did.
async fn written(candidate: &mut Visitor, id: &str, path: &str, text: &str) -> String {
    let message = json!({ "message": format!("write {path}\n```\n{text}\n```") });
    let answer = candidate.post(&format!("/api/interview/{id}/chat"), &message).await.gives(200).stream();
    let is_edit = |event: &&Value| event["kind"] == "chat.called_tool" && event["body"]["name"] == "edit_file";
    answer.iter().find(is_edit).unwrap()["body"]["call"].as_str().unwrap().to_owned()
}

/// Asks to take an edit back; answers why not, if it was not.
async fn undo(tab: &mut Socket, call: &str) -> Result<(), String> {
    tab.say(&ClientMessage::Undo { call: call.to_owned() }).await;
    tab.until(|message| match message {
        ServerMessage::Sorry { about: About::Assistant, reason } => Some(Err(reason.clone())),
        ServerMessage::Events { events } => events.iter().find_map(|delivery| match &delivery.event.fact {
            Fact::Chat(ChatFact::EditUndone(undone)) if undone.call == call => Some(Ok(())),
            _ => None,
        }),
        _ => None,
    })
    .await
}

async fn stage(house: &House, id: &str) -> Stage {
    let room = house.service.rooms.room(&InterviewId::parse(id).unwrap()).await.unwrap();
    room.look().await.unwrap().0
}

fn text(stage: &Stage, path: &str) -> Option<String> {
    stage.editor.file(&FilePath::parse(path).unwrap()).map(|file| file.text.to_string())
}

#[tokio::test]
async fn an_edit_and_a_new_file_are_taken_back_once_and_the_log_says_so() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (mut candidate, id) = house.candidate(&mut reviewer, json!({})).await;
    let before = text(&stage(&house, &id).await, "solution.py").unwrap();
    let edit = written(&mut candidate, &id, "solution.py", "# by the assistant").await;
    let creation = written(&mut candidate, &id, "notes.txt", "made up").await;
    let mut tab = room(&house, &candidate, &id).await;
    tab.hello("tab", None).await;
    for call in [&edit, &creation] {
        assert!(!stage(&house, &id).await.chat.is_undone(call));
        assert_eq!(undo(&mut tab, call).await, Ok(()));
        assert!(stage(&house, &id).await.chat.is_undone(call));
    }
    let after = stage(&house, &id).await;
    assert_eq!(text(&after, "solution.py"), Some(before.clone()));
    assert_eq!(text(&after, "notes.txt"), None);

    // A room that is loaded again knows it from the log: asking once more changes nothing.
    drop(tab);
    house.seen(&id, "session.left", 1).await;
    let loaded = Rooms::new(house.service.outside.clone());
    let loaded = loaded.room(&InterviewId::parse(id.as_str()).unwrap()).await.unwrap();
    let events = candidate.log(&id).await.len();
    loaded.undo(edit).await.unwrap();
    loaded.undo(creation).await.unwrap();
    assert_eq!(text(&loaded.look().await.unwrap().0, "solution.py"), Some(before));
    assert_eq!(candidate.log(&id).await.len(), events);
}

#[tokio::test]
async fn a_new_file_that_was_worked_on_stays_and_the_candidate_is_told() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (mut candidate, id) = house.candidate(&mut reviewer, json!({})).await;
    let creation = written(&mut candidate, &id, "notes.txt", "made up").await;
    let typed = json!({ "origin": "api", "events": [{ "n": 0, "t": 0, "kind": "editor.edited", "body": {
        "path": "notes.txt", "rev": 0, "changes": [[0, 0, "mine: "]], "via": "typing" } }] });
    candidate.post(&format!("/api/interview/{id}/events"), &typed).await.gives(200);
    let mut tab = room(&house, &candidate, &id).await;
    tab.hello("tab", None).await;
    let reason = undo(&mut tab, &creation).await.unwrap_err();
    assert!(reason.contains("has changed"), "{reason}");
    let after = stage(&house, &id).await;
    assert!(text(&after, "notes.txt").unwrap().starts_with("mine: made up"));
    assert!(!after.chat.is_undone(&creation));
}

#[tokio::test]
async fn an_edit_of_the_last_question_does_not_touch_the_files_of_the_next_one() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let problems = json!({ "problems": ["rate-limiter", "meeting-slots"] });
    let (mut candidate, id) = house.candidate(&mut reviewer, problems).await;
    let earlier = written(&mut candidate, &id, "solution.py", "# by the assistant").await;
    candidate.post(&format!("/api/interview/{id}/questions"), &json!({})).await.gives(202);
    house.seen(&id, "question.opened", 2).await;
    let starter = text(&stage(&house, &id).await, "solution.py");
    // Now there is a first revision of this question's file, too.
    let later = written(&mut candidate, &id, "solution.py", "# of the second question").await;
    let room = house.service.rooms.room(&InterviewId::parse(id.as_str()).unwrap()).await.unwrap();
    assert!(matches!(room.undo(earlier.clone()).await, Err(RoomError::NotNow(_))));
    let after = stage(&house, &id).await;
    assert!(text(&after, "solution.py").unwrap().starts_with("# of the second question"));
    assert!(!after.chat.is_undone(&earlier));
    room.undo(later).await.unwrap();
    assert_eq!(text(&stage(&house, &id).await, "solution.py"), starter);
}
