//! Stories of the commands that the assistant runs, and of whose doing it is what they change.

use interview::fact::{ChatFact, EditorFact, Fact};
use interview::{Actor, Event};
use serde_json::{Value, json};

use crate::desk::{Desk, FILE, log, text_in};
use crate::fake_claude::{FakeClaude, text_reply, tool_reply};
use crate::house::House;

fn outputs(log: &[Event]) -> Vec<&str> {
    let output = |event| match event {
        &Event { fact: Fact::Chat(ChatFact::ToolReturned(ref returned)), .. } => Some(returned.output.as_str()),
        _ => None,
    };
    log.iter().filter_map(output).collect()
}

/// Who did what to a file, in order.
fn doings<'a>(log: &'a [Event], path: &str) -> Vec<(Actor, &'a str)> {
    let is_of_file = |fact: &EditorFact| match fact {
        EditorFact::Created(created) => created.path.as_str() == path,
        EditorFact::Edited(edited) => edited.path.as_str() == path,
        EditorFact::Deleted(deleted) => deleted.path.as_str() == path,
        EditorFact::Renamed(_) | EditorFact::Opened(_) | EditorFact::Selected(_) => false,
    };
    let doing = |event: &'a Event| match &event.fact {
        Fact::Editor(fact) if is_of_file(fact) => Some((event.actor, event.fact.kind())),
        _ => None,
    };
    log.iter().filter_map(doing).collect()
}

fn tool<'a>(request: &'a Value, name: &str) -> &'a Value {
    request["tools"].as_array().unwrap().iter().find(|tool| tool["name"] == name).unwrap()
}

#[tokio::test]
async fn an_assistant_that_proposes_runs_its_commands_on_a_copy() {
    let claude = FakeClaude::start().await;
    let house =
        House::open_with(&[("ANTHROPIC_API_KEY", "test-key"), ("ANTHROPIC_BASE_URL", &claude.base_url())]).await;
    let mut reviewer = house.reviewer().await;
    let (mut candidate, id) = house.candidate(&mut reviewer, json!({ "assistant": "propose" })).await;
    let before = text_in(&log(&house, &id).await, FILE);
    let command = "sed -i '1s/^/# by a command\\n/' solution.py; head -1 solution.py; echo > made.txt; ls made.txt";
    claude.reply(tool_reply("run_command", json!({ "command": command })));
    claude.reply(tool_reply("run_command", json!({ "command": "head -1 solution.py; ls made.txt" })));
    claude.reply(text_reply("I had a look."));
    let path = format!("/api/interview/{id}/chat");
    candidate.post(&path, &json!({ "message": "have a look" })).await.gives(200);
    candidate.post(&format!("/api/interview/{id}/submit"), &json!({})).await.gives(204);
    house.ended(&id).await;

    let log = log(&house, &id).await;
    let outputs = outputs(&log);
    assert!(outputs[0].contains("# by a command\nmade.txt"), "{}", outputs[0]);
    assert!(!outputs[1].contains("# by a command"), "each command has the files as they are: {}", outputs[1]);
    assert!(outputs[1].contains("No such file"), "{}", outputs[1]);
    assert!(!log.iter().any(|event| matches!(event.fact, Fact::Editor(_))));
    assert_eq!(text_in(&log, FILE), before);
    let request = claude.last_body();
    assert!(tool(&request, "run_command")["description"].as_str().unwrap().contains("on a copy"), "{request}");
}

#[tokio::test]
async fn what_a_command_of_the_assistant_changes_is_its_doing_and_nothing_else_is() {
    let claude = FakeClaude::start().await;
    let house =
        House::open_with(&[("ANTHROPIC_API_KEY", "test-key"), ("ANTHROPIC_BASE_URL", &claude.base_url())]).await;
    let mut desk = Desk::sit_down(&house).await;
    let chat = format!("/api/interview/{}/chat", desk.id);
    // What the candidate's own shell did is told before the command begins.
    desk.shell("echo mine > mine.txt").await;
    let command = "sed -i '1s/^/# by a command\\n/' solution.py; echo made > made.txt; echo more >> mine.txt";
    claude.reply(tool_reply("run_command", json!({ "command": command })));
    claude.reply(text_reply("Done."));
    desk.candidate.post(&chat, &json!({ "message": "do it" })).await.gives(200);
    desk.shell("echo mine >> made.txt").await;
    house.seen(&desk.id, "editor.edited", 3).await;

    let log = log(&house, &desk.id).await;
    let (edited, created) = ("editor.edited", "editor.created");
    assert_eq!(doings(&log, FILE), [(Actor::Assistant, edited)]);
    assert_eq!(doings(&log, "mine.txt"), [(Actor::System, created), (Actor::Assistant, edited)]);
    assert_eq!(doings(&log, "made.txt"), [(Actor::Assistant, created), (Actor::System, edited)]);
    let place = |kind: &str| log.iter().position(|event| event.fact.kind() == kind).unwrap();
    assert!(place("chat.called_tool") < place(edited) && place(edited) < place("chat.tool_returned"));

    let mut reviewer = house.reviewer().await;
    let session = reviewer.get(&format!("/api/sessions/{}", desk.id)).await.gives(200).json();
    let by_assistant = ["# by a command\n", "made\n", "more\n"].concat().len();
    assert_eq!(session["statistics"]["characters_by_assistant"], by_assistant);
    assert!(tool(&claude.last_body(), "run_command")["description"].as_str().unwrap().contains("changed for the"));
}
