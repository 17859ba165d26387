//! The story of an operator who erases an interview, as the command line does it, while the server runs.

use interview::InterviewId;
use serde_json::json;
use server::configuration::Configuration;
use server::wiring;
use service::ports::catalog::InterviewState;
use tokio::process::Command;

use crate::house::{House, settings};

/// Runs `server erase`: whether it did, and what it said.
async fn erase(house: &House, words: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
    command.env_clear().envs(settings(&house.url, house.data.path())).current_dir(house.data.path());
    let output = command.arg("erase").args(words).output().await.unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

/// Waits until the tables know that an interview has ended.
async fn ended(house: &House, id: &str) {
    house.ended(id).await;
    let id = InterviewId::parse(id).unwrap();
    let listed = async {
        while house.service.interviews.find(&id).await.unwrap().unwrap().state != InterviewState::Ended {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), listed).await.unwrap();
}

#[tokio::test]
async fn an_interview_is_erased_once_it_has_ended_and_nobody_finds_it_again() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (mut ada, id) = house.candidate(&mut reviewer, json!({})).await;
    let (_, other) = house.candidate(&mut reviewer, json!({})).await;
    let (is_done, said) = erase(&house, &[&id]).await;
    assert!(!is_done && said.contains("has not ended"), "{said}");
    ada.post(&format!("/api/interview/{id}/submit"), &json!({})).await.gives(204);
    ended(&house, &id).await;
    let events = reviewer.log(&id).await.len();
    reviewer.get(&format!("/api/sessions/{id}/recording")).await.gives(200);

    let (is_done, said) = erase(&house, &[&id]).await;
    assert!(is_done, "{said}");
    assert!(said.contains(&id) && said.contains(&format!("{events} events")), "{said}");
    for path in ["", "/recording", "/recording/segments/0"] {
        reviewer.get(&format!("/api/sessions/{id}{path}")).await.refuses(404);
    }
    ada.get(&format!("/api/interview/{id}")).await.refuses(403);
    let listed = reviewer.get("/api/sessions").await.gives(200).text;
    assert!(listed.contains(&other) && !listed.contains(&id), "{listed}");
    for unknown in [&[id.as_str()][..], &["no id!"], &[]] {
        let (is_done, said) = erase(&house, unknown).await;
        assert!(!is_done && said.len() > 8, "{said}");
    }
}

#[tokio::test]
async fn the_server_starts_again_after_the_first_invitations_interview_was_erased() {
    let house = House::open().await;
    let token = house.service.outside.catalog.setting("first_invitation").await.unwrap().unwrap();
    let mut first = house.visitor();
    let agreed = json!({ "consent": ["editor", "terminal", "assistant"], "language": "python" });
    let path = format!("/api/interview/start/{token}");
    let id = first.post(&path, &agreed).await.gives(200).json()["id"].as_str().unwrap().to_owned();
    first.post(&format!("/api/interview/{id}/submit"), &json!({})).await.gives(204);
    ended(&house, &id).await;
    let (is_done, said) = erase(&house, &[&id]).await;
    assert!(is_done, "{said}");
    let configuration = Configuration::from_pairs(settings(&house.url, house.data.path())).unwrap();
    let first_steps = wiring::prepare(&configuration, &house.service).await.unwrap();
    assert_eq!(first_steps.invitation, None);
    first.post(&path, &agreed).await.refuses(404);
}
