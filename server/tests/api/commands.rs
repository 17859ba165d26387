//! Stories of the commands that the assistant runs, and of whose doing it is what they change.

use interview::Event;
use interview::fact::{ChatFact, Fact};
use serde_json::{Value, json};

use crate::desk::{FILE, log, text_in};
use crate::fake_claude::{FakeClaude, text_reply, tool_reply};
use crate::house::House;

fn outputs(log: &[Event]) -> Vec<&str> {
    let output = |event| match event {
        &Event { fact: Fact::Chat(ChatFact::ToolReturned(ref returned)), .. } => Some(returned.output.as_str()),
        _ => None,
    };
    log.iter().filter_map(output).collect()
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
