//! The Claude client against a server that speaks Claude's protocol, faults included.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test's name is its documentation, and it may panic")]

#[path = "claude/answers.rs"]
mod answers;
#[path = "support/fake_claude.rs"]
mod fake_claude;
#[path = "claude/faults.rs"]
mod faults;
#[path = "claude/requests.rs"]
mod requests;

use std::time::Duration;

use fake_claude::FakeClaude;
use interview::chat::Stop;
use server::claude::prices::Prices;
use server::claude::{ApiKey, Claude, Settings};
use service::ports::Assistant as _;
use service::ports::assistant::{Block, Call, Piece, Prompt, Tool, Turn, Usage};
use tokio::sync::mpsc;
use tokio::time::timeout;

const KEY: &str = "sk-ant-test-0123";

/// Settings for the fake service that waits for nothing longer than it must.
fn settings(fake: &FakeClaude) -> Settings {
    let mut settings = Settings::new(ApiKey::new(KEY).unwrap(), "claude-sonnet-5-5", Prices::built_in());
    settings.base_url = fake.base_url();
    settings.patience.backoff = Duration::from_millis(1);
    settings
}

fn claude(fake: &FakeClaude) -> Claude {
    Claude::new(settings(fake)).unwrap()
}

fn asking(question: &str) -> Prompt {
    Prompt {
        system: "You help a candidate.".into(),
        context: "main.py is empty.".into(),
        turns: vec![Turn::Candidate(question.into())],
        tools: vec![Tool {
            name: "read_file",
            description: "Reads a file.",
            schema: serde_json::json!({ "type": "object", "properties": { "path": { "type": "string" } } }),
        }],
        max_output_tokens: 1000,
        hints: vec!["never sent".into()],
        user: "interview-7".into(),
    }
}

/// Everything an answer gave.
#[derive(Debug, Default)]
struct Heard {
    text: String,
    calls: Vec<Call>,
    done: Option<(Stop, Vec<Block>, Usage)>,
    failed: Option<(String, Usage)>,
}

impl Heard {
    fn blocks(&self) -> Vec<Block> {
        self.done.as_ref().expect("a complete answer").1.clone()
    }

    fn reason(&self) -> &str {
        &self.failed.as_ref().expect("a failure").0
    }
}

async fn ask(claude: &Claude, prompt: Prompt) -> Heard {
    hear(claude.answer(prompt).await).await
}

/// Listens to the end, which comes exactly once and last.
async fn hear(mut pieces: mpsc::Receiver<Piece>) -> Heard {
    let mut heard = Heard::default();
    while let Some(piece) = timeout(Duration::from_secs(20), pieces.recv()).await.expect("the answer has an end") {
        assert!(heard.done.is_none() && heard.failed.is_none(), "{piece:?} came after the end");
        match piece {
            Piece::Text(text) => heard.text.push_str(&text),
            Piece::Call(call) => heard.calls.push(call),
            Piece::Done { stop, blocks, usage } => heard.done = Some((stop, blocks, usage)),
            Piece::Failed { reason, usage } => heard.failed = Some((reason, usage)),
        }
    }
    assert!(heard.done.is_some() || heard.failed.is_some(), "the stream has no end");
    heard
}

async fn next_text(pieces: &mut mpsc::Receiver<Piece>) -> String {
    match pieces.recv().await {
        Some(Piece::Text(text)) => text,
        other => panic!("expected text, got {other:?}"),
    }
}
