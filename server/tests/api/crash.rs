//! kill -9 while somebody types: what was acknowledged is there once, in order, and the room goes on.

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Child;

use crate::house::{EMAIL, PASSWORD, start_process};
use crate::visitor::Visitor;

/// How often the server is killed.
const KILLS: u64 = 10;

/// Types on until the server is gone; answers how far it was acknowledged, and what was never answered.
async fn type_until_killed(candidate: &mut Visitor, path: &str, mut n: u64, acknowledged: &mut u64) -> (u64, Value) {
    loop {
        let batch = json!({ "origin": "tab", "events": [{ "n": n, "t": n * 30, "kind": "editor.edited", "body": {
            "path": "solution.py", "rev": n, "changes": [[0, 0, format!("<{n}>")]], "via": "typing" } }] });
        match candidate.request(reqwest::Method::POST, path).json(&batch).send().await {
            Ok(response) => {
                let stored: Value = response.json().await.unwrap_or_default();
                match stored["through"].as_u64() {
                    Some(through) => *acknowledged = through + 1,
                    None => return (n, batch),
                }
            }
            Err(_) => return (n, batch),
        }
        n += 1;
    }
}

#[tokio::test]
async fn ten_kills_lose_nothing_that_was_acknowledged() {
    let data = TempDir::new().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let url = format!("http://{address}");
    let mut server = start_process(&url, data.path()).await;
    let mut reviewer = Visitor::new(&url);
    reviewer.post("/api/auth/login", &json!({ "email": EMAIL, "password": PASSWORD })).await.gives(204);
    let assessment =
        reviewer.get("/api/assessments").await.gives(200).json()["assessments"][0]["id"].as_str().unwrap().to_owned();
    let invited = reviewer
        .post(&format!("/api/assessments/{assessment}/invitations"), &json!({ "name": "Ada" }))
        .await
        .gives(201)
        .json();
    let mut candidate = Visitor::new(&url);
    let start_path = format!("/api/interview/start/{}", invited["token"].as_str().unwrap());
    let agreed = json!({ "consent": ["editor", "terminal", "assistant"], "language": "python" });
    let id = candidate.post(&start_path, &agreed).await.gives(200).json()["id"].as_str().unwrap().to_owned();
    // The first problem's file is renamed away, so that the text is known from its first character on.
    let path = format!("/api/interview/{id}/events");
    let log = candidate.log(&id).await;
    let files = log.iter().find(|event| event["kind"] == "question.opened").unwrap()["body"]["files"]
        .as_array()
        .unwrap()
        .clone();
    let events: Vec<Value> = files.iter().enumerate().map(|(n, file)| {
        json!({ "n": n, "t": 0, "kind": "editor.deleted", "body": { "path": file["path"] } })
    }).chain([json!({ "n": files.len(), "t": 0, "kind": "editor.created", "body": { "path": "solution.py", "text": "" } })]).collect();
    candidate.post(&path, &json!({ "origin": "setup", "events": events })).await.gives(200);

    let mut n = 0;
    let mut acknowledged = 0;
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..KILLS {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let (typed, lost) = tokio::join!(
            type_until_killed(&mut candidate, &path, n, &mut acknowledged),
            kill_after(&mut server, std::time::Duration::from_millis(5 + random % 120)),
        );
        let ((next, unanswered), ()) = (typed, lost);
        server = start_process(&url, data.path()).await;
        // What was never answered is sent again; whether it had arrived or not, it is there once.
        let stored = candidate.post(&path, &unanswered).await.gives(200).json();
        assert_eq!(stored["through"], next);
        n = next + 1;
        acknowledged = n;
        let standing = candidate.get(&format!("/api/interview/{id}")).await.gives(200).json();
        assert_eq!(standing["phase"], "running");
    }
    let log = candidate.log(&id).await;
    let edits: Vec<&Value> = log.iter().filter(|event| event["kind"] == "editor.edited").collect();
    assert_eq!(edits.len() as u64, acknowledged);
    for (index, edit) in edits.iter().enumerate() {
        assert_eq!(edit["body"]["changes"][0][2], format!("<{index}>"));
        assert_eq!(edit["body"]["rev"].as_u64().unwrap(), index as u64 + 1);
    }
    for (index, event) in log.iter().enumerate() {
        assert_eq!(event["seq"].as_u64().unwrap(), index as u64);
    }
}

async fn kill_after(server: &mut Child, delay: std::time::Duration) {
    // The moment is the point of this test; nothing waits for it to be long enough.
    tokio::time::timeout(delay, std::future::pending::<()>()).await.unwrap_err();
    server.kill().await.unwrap();
}
