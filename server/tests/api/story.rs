//! The whole story over the HTTP API alone, against a fake Claude.

use serde_json::{Value, json};

use crate::fake_claude::{FakeClaude, Reply, text_reply, tool_reply};
use crate::house::House;

const REFERENCE: &str = include_str!("../../../problems/rate-limiter/reference/python/solution.py");

fn edit(n: u64, rev: u64, offset: usize, text: &str) -> Value {
    json!({ "n": n, "t": n * 40, "kind": "editor.edited", "body": {
        "path": "solution.py", "rev": rev, "changes": [[offset, 0, text]], "via": "typing",
    }})
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["kind"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_interview_goes_from_invitation_to_replay_over_http() {
    let claude = FakeClaude::start().await;
    let house =
        House::open_with(&[("ANTHROPIC_API_KEY", "test-key"), ("ANTHROPIC_BASE_URL", &claude.base_url())]).await;
    let mut reviewer = house.reviewer().await;
    let (mut candidate, id) = house.candidate(&mut reviewer, json!({})).await;
    let at = |path: &str| format!("/api/interview/{id}{path}");

    let standing = candidate.get(&at("")).await.gives(200).json();
    assert_eq!(standing["phase"], "running");
    let question = candidate.get(&at("/questions")).await.gives(200).json();
    assert!(question["hidden"].as_u64().unwrap() > 0);

    // Typing, keystroke by keystroke, in two batches; the second is sent twice.
    let first = json!({ "origin": "tab-1", "events": [edit(0, 0, 0, "#"), edit(1, 0, 1, " "), edit(2, 0, 2, "x\n")] });
    let stored = candidate.post(&at("/events"), &first).await.gives(200).json();
    assert_eq!(stored["through"], 2);
    let second = json!({ "origin": "tab-1", "events": [edit(3, 3, 0, "# y\n")] });
    let once = candidate.post(&at("/events"), &second).await.gives(200).json();
    let twice = candidate.post(&at("/events"), &second).await.gives(200).json();
    assert_eq!(once, twice);

    let failed = candidate.post(&at("/run-tests"), &json!({})).await.gives(200).json();
    assert!(failed["failed"].as_u64().unwrap() > 0, "{failed}");
    let hidden = failed["cases"].as_array().unwrap().iter().find(|case| case["hidden"] == true).unwrap();
    assert!(hidden.get("input").is_none() && hidden.get("expected").is_none(), "{hidden}");

    // A tool loop: read, write the solution, run the tests, sum up.
    claude.reply(tool_reply("read_file", json!({ "path": "solution.py" })));
    claude.reply(tool_reply("edit_file", json!({ "path": "solution.py", "content": REFERENCE })));
    claude.reply(tool_reply("run_tests", json!({})));
    claude.reply(text_reply("All cases pass now."));
    let answer = candidate.post(&at("/chat"), &json!({ "message": "please solve it" })).await.gives(200).stream();
    let shape = kinds(&answer);
    assert_eq!(shape.first(), Some(&"chat.asked"));
    assert_eq!(shape.last(), Some(&"chat.answered"));
    assert_eq!(shape.iter().filter(|kind| **kind == "chat.called_tool").count(), 3);
    let told: Vec<&Value> = answer.iter().filter(|event| event["kind"] == "chat.tool_returned").collect();
    assert!(told[0]["body"]["output"].as_str().unwrap().starts_with("# y\n# x\n"), "{}", told[0]);
    assert!(told[2]["body"]["output"].as_str().unwrap().contains("0 failed"), "{}", told[2]);

    // Taking the stream up again after its third event gives the rest of it.
    let third = answer[2]["seq"].as_u64().unwrap();
    let request = candidate.request(reqwest::Method::POST, &at("/chat")).header("last-event-id", third.to_string());
    let rest = candidate.clone().send("resume", request.json(&json!({ "message": "" }))).await.gives(200).stream();
    assert_eq!(rest, answer[3..]);

    // An overloaded service is tried again; a stream that is cut keeps what was shown and says what happened.
    claude.reply(Reply::refusal(529, "overloaded_error", "Overloaded"));
    claude.reply(text_reply("Here I am again."));
    let answer = candidate.post(&at("/chat"), &json!({ "message": "still there?" })).await.gives(200).stream();
    assert_eq!(kinds(&answer).last(), Some(&"chat.answered"));
    claude.reply(Reply::message().text("The first half").lose_connection());
    let answer = candidate.post(&at("/chat"), &json!({ "message": "and now?" })).await.gives(200).stream();
    let streamed: String = answer
        .iter()
        .filter(|event| event["kind"] == "chat.streamed")
        .map(|event| event["body"]["text"].as_str().unwrap())
        .collect();
    assert_eq!(streamed, "The first half");
    let last = answer.last().unwrap();
    assert_eq!(last["kind"], "chat.failed");
    assert!(last["body"]["cost_microusd"].as_u64().unwrap_or(0) > 0, "what was streamed is counted: {last}");

    let passed = candidate.post(&at("/run-tests"), &json!({})).await.gives(200).json();
    assert_eq!(passed["failed"], 0, "{passed}");
    let own = json!({ "cases": [{ "name": "mine", "input": "[1, 2]", "expectedOutput": "3" }] });
    candidate.post(&at("/run-tests"), &own).await.gives(200);

    candidate.post(&at("/submit"), &json!({})).await.gives(204);
    candidate.post(&at("/submit"), &json!({})).await.gives(204);
    let late = json!({ "origin": "tab-1", "events": [edit(4, 4, 0, "late")] });
    candidate.post(&at("/events"), &late).await.refuses(409);
    house.ended(&id).await;

    let seen = candidate.log(&id).await;
    let whole = reviewer.log(&id).await;
    assert_eq!(seen.len(), whole.len());
    for (index, pair) in whole.windows(2).enumerate() {
        assert_eq!(pair[0]["seq"].as_u64().unwrap(), index as u64);
        assert!(pair[0]["at"].as_u64() <= pair[1]["at"].as_u64());
    }
    for case in seen.iter().filter(|event| event["body"]["hidden"] == true) {
        assert_eq!(case["body"]["case"], "hidden");
        for part in ["input", "expected", "got", "stdout", "stderr"] {
            assert!(case["body"].get(part).is_none(), "{case}");
        }
    }
    assert!(whole.iter().any(|event| event["body"]["hidden"] == true && event["body"]["expected"].is_string()));
    assert_eq!(whole.last().unwrap()["kind"], "session.ended");

    let session = reviewer.get(&format!("/api/sessions/{id}")).await.gives(200).json();
    assert_eq!(session["state"], "ended");
    assert_eq!(session["tests_passed"], session["tests_total"]);
    assert_eq!(session["statistics"]["messages"], 3);
    let recording = reviewer.get(&format!("/api/sessions/{id}/recording")).await.gives(200).json();
    assert_eq!(recording["index"]["events"].as_u64().unwrap(), whole.len() as u64);
    reviewer.get(&format!("/api/sessions/{id}/recording/segments/0")).await.gives(200);
    reviewer.get(&format!("/api/sessions/{id}/recording/segments/999")).await.refuses(404);
}

#[tokio::test]
async fn a_budget_of_messages_is_kept_by_the_server() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (mut candidate, id) = house.candidate(&mut reviewer, json!({ "budget_messages": 1 })).await;
    let path = format!("/api/interview/{id}/chat");
    candidate.post(&path, &json!({ "message": "give me a hint" })).await.gives(200);
    candidate.post(&path, &json!({ "message": "another one" })).await.refuses(409);
}

#[tokio::test]
async fn an_assistant_that_may_only_read_changes_nothing() {
    let claude = FakeClaude::start().await;
    let house =
        House::open_with(&[("ANTHROPIC_API_KEY", "test-key"), ("ANTHROPIC_BASE_URL", &claude.base_url())]).await;
    let mut reviewer = house.reviewer().await;
    let (mut candidate, id) = house.candidate(&mut reviewer, json!({ "assistant": "chat" })).await;
    claude.reply(tool_reply("edit_file", json!({ "path": "solution.py", "content": "gone" })));
    claude.reply(text_reply("I may not do that here."));
    let path = format!("/api/interview/{id}/chat");
    let answer = candidate.post(&path, &json!({ "message": "write it for me" })).await.gives(200).stream();
    let returned = answer.iter().find(|event| event["kind"] == "chat.tool_returned").unwrap();
    assert_eq!(returned["body"]["failed"], true);
    assert!(candidate.log(&id).await.iter().all(|event| event["kind"] != "editor.edited"));
    let (mut candidate, id) = house.candidate(&mut reviewer, json!({ "assistant": "off" })).await;
    let path = format!("/api/interview/{id}/chat");
    candidate.post(&path, &json!({ "message": "hello" })).await.refuses(409);
}

#[tokio::test]
async fn an_edit_for_which_there_is_no_room_is_refused_to_the_assistant() {
    let claude = FakeClaude::start().await;
    let house =
        House::open_with(&[("ANTHROPIC_API_KEY", "test-key"), ("ANTHROPIC_BASE_URL", &claude.base_url())]).await;
    let mut reviewer = house.reviewer().await;
    let (mut candidate, id) = house.candidate(&mut reviewer, json!({})).await;
    claude.reply(tool_reply("edit_file", json!({ "path": "solution.py/inner.py", "content": "x" })));
    claude.reply(text_reply("That does not go."));
    let path = format!("/api/interview/{id}/chat");
    let answer = candidate.post(&path, &json!({ "message": "split it up" })).await.gives(200).stream();
    let returned = answer.iter().find(|event| event["kind"] == "chat.tool_returned").unwrap();
    assert_eq!(returned["body"]["failed"], true);
    assert!(returned["body"]["output"].as_str().unwrap().contains("cannot both be there"), "{returned}");
    assert!(candidate.log(&id).await.iter().all(|event| event["kind"] != "editor.created"));
}

#[tokio::test]
async fn the_next_question_brings_its_own_files() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (mut candidate, id) =
        house.candidate(&mut reviewer, json!({ "problems": ["rate-limiter", "meeting-slots"] })).await;
    let path = format!("/api/interview/{id}/questions");
    candidate.post(&path, &json!({})).await.gives(202);
    house.seen(&id, "question.opened", 2).await;
    let question = candidate.get(&path).await.gives(200).json();
    assert_eq!(question["question"], "meeting-slots");
    candidate.post(&path, &json!({})).await.refuses(409);
}
