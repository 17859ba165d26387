//! The assistant over HTTP alone: deciding on what it proposes, stopping it, leaving it.

use std::sync::Arc;

use interview::fact::{ChatFact, Fact};
use interview::wire::{ClientMessage, ServerMessage};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::clock::HandClock;
use crate::fake_claude::{FakeClaude, Gate, Reply};
use crate::house::House;
use crate::socket::room;
use crate::visitor::Visitor;

/// Asks beside the test; answers the whole stream once it has ended.
fn ask(candidate: &Visitor, id: &str, message: &str) -> JoinHandle<Vec<Value>> {
    let (mut candidate, path) = (candidate.clone(), format!("/api/interview/{id}/chat"));
    let message = json!({ "message": message });
    tokio::spawn(async move { candidate.post(&path, &message).await.gives(200).stream() })
}

async fn stop(candidate: &mut Visitor, id: &str) {
    let request = candidate.request(Method::DELETE, &format!("/api/interview/{id}/chat"));
    candidate.send("stop", request).await.gives(204);
}

/// An interview of the assessment that a fresh server has.
async fn first_interview(house: &House) -> (Visitor, String) {
    let mut reviewer = house.reviewer().await;
    let assessment = reviewer.get("/api/assessments").await.gives(200).json()["assessments"][0].clone();
    assert_eq!(assessment["assistant"], "propose");
    let path = format!("/api/assessments/{}/invitations", assessment["id"].as_str().unwrap());
    let token = reviewer.post(&path, &json!({ "name": "Ada" })).await.gives(201).json()["token"].clone();
    let mut candidate = house.visitor();
    let agreed = json!({ "consent": ["editor", "terminal", "assistant"], "language": "python" });
    let path = format!("/api/interview/start/{}", token.as_str().unwrap());
    let id = candidate.post(&path, &agreed).await.gives(200).json()["id"].as_str().unwrap().to_owned();
    (candidate, id)
}

#[tokio::test]
async fn a_proposal_is_decided_over_http_in_the_assessment_that_a_fresh_server_has() {
    let house = House::open().await;
    let (mut candidate, id) = first_interview(&house).await;
    for (visit, accept) in [(1, false), (2, true)] {
        let answer = ask(&candidate, &id, "write notes.txt\n```\nproposed\n```");
        house.seen(&id, "chat.called_tool", visit).await;
        let log = candidate.log(&id).await;
        let called = log.iter().rfind(|event| event["kind"] == "chat.called_tool").unwrap();
        let path = format!("/api/interview/{id}/chat/{}/decision", called["body"]["call"].as_str().unwrap());
        candidate.post(&path, &json!({ "accept": "yes" })).await.refuses(422);
        house.visitor().post(&path, &json!({ "accept": accept })).await.refuses(401);
        candidate.post(&path, &json!({ "accept": accept })).await.gives(204);
        assert_eq!(answer.await.unwrap().last().unwrap()["kind"], "chat.answered");
        candidate.post(&path, &json!({ "accept": accept })).await.refuses(409);
        let made = candidate.log(&id).await.iter().filter(|event| event["kind"] == "editor.created").count();
        assert_eq!(made, usize::from(accept));
    }
}

#[tokio::test]
async fn stopping_over_http_ends_the_answer_and_the_request_upstream() {
    let claude = FakeClaude::start().await;
    let house =
        House::open_with(&[("ANTHROPIC_API_KEY", "test-key"), ("ANTHROPIC_BASE_URL", &claude.base_url())]).await;
    let mut reviewer = house.reviewer().await;
    let (mut candidate, id) = house.candidate(&mut reviewer, json!({})).await;
    stop(&mut candidate, &id).await;
    claude.reply(Reply::message().text("Once upon a time").wait(&Gate::new()));
    let answer = ask(&candidate, &id, "tell me everything");
    house.seen(&id, "chat.streamed", 1).await;
    stop(&mut candidate, &id).await;
    claude.left(1).await;
    let answer = answer.await.unwrap();
    let last = answer.last().unwrap();
    assert_eq!((&last["kind"], &last["body"]["reason"]), (&json!("chat.failed"), &json!("stopped")));
}

#[tokio::test]
async fn a_candidate_who_stops_or_leaves_aborts_the_request_upstream() {
    let claude = FakeClaude::start().await;
    let clock = Arc::new(HandClock::default());
    let settings = [("ANTHROPIC_API_KEY", "test-key"), ("ANTHROPIC_BASE_URL", &claude.base_url())];
    let house = House::open_by(Some(clock.clone()), &settings).await;
    let mut reviewer = house.reviewer().await;
    let (candidate, id) = house.candidate(&mut reviewer, json!({})).await;
    let mut tab = room(&house, &candidate, &id).await;
    tab.hello("tab", None).await;
    for departures in [1, 2] {
        claude.reply(Reply::message().text("Once upon a time").wait(&Gate::new()));
        tab.say(&ClientMessage::Ask { text: "tell me everything".to_owned() }).await;
        tab.until(|message| is_told(message, |fact| matches!(fact, ChatFact::Streamed(_)))).await;
        assert_eq!(claude.requests().len(), departures);
        if departures == 1 {
            tab.say(&ClientMessage::StopAnswer).await;
            claude.left(1).await;
            tab.until(|message| is_told(message, |fact| matches!(fact, ChatFact::Failed(_)))).await;
        }
    }
    drop(tab);
    house.seen(&id, "session.left", 1).await;
    let room = house.service.rooms.room(&interview::InterviewId::parse(id.as_str()).unwrap()).await.unwrap();
    room.look().await.unwrap();
    clock.wind(60_000);
    room.look().await.unwrap();
    claude.left(2).await;
    house.seen(&id, "chat.failed", 2).await;
}

fn is_told(message: &ServerMessage, is_wanted: impl Fn(&ChatFact) -> bool) -> Option<()> {
    let ServerMessage::Events { events } = message else { return None };
    let mut facts = events.iter().map(|delivery| &delivery.event.fact);
    facts.any(|fact| matches!(fact, Fact::Chat(fact) if is_wanted(fact))).then_some(())
}

#[tokio::test]
async fn an_answer_that_is_over_can_be_read_again_any_number_of_times() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (mut candidate, id) = house.candidate(&mut reviewer, json!({})).await;
    let answer = ask(&candidate, &id, "give me a hint").await.unwrap();
    let first = answer[0]["seq"].as_u64().unwrap().to_string();
    for _ in 0..40 {
        let request = candidate.request(Method::POST, &format!("/api/interview/{id}/chat"));
        let request = request.header("last-event-id", &first).json(&json!({ "message": "" }));
        let again = candidate.send("resume", request).await.gives(200).stream();
        assert_eq!(again, answer[1..]);
    }
}
