//! An assistant that says what the test gives it, costs what it says, and shows whether anybody still listens.

use std::collections::VecDeque;
use std::sync::Mutex;

use async_trait::async_trait;
use interview::chat::Stop;
use serde_json::Value;
use service::ports::assistant::{Assistant, Block, Call, Piece, Prompt, Usage};
use tokio::sync::{mpsc, watch};

/// One request as the room made it, and the line on which it is answered.
pub struct Request {
    pub prompt: Prompt,
    pub line: mpsc::Sender<Piece>,
}

/// What is answered at once, or kept for the test to answer.
pub struct Script {
    ready: Mutex<VecDeque<Vec<Piece>>>,
    asked: Mutex<VecDeque<Request>>,
    count: watch::Sender<usize>,
}

impl Default for Script {
    fn default() -> Self {
        Self { ready: Mutex::default(), asked: Mutex::default(), count: watch::channel(0).0 }
    }
}

/// So many tokens cost so many millionths of a dollar.
pub fn used(tokens: u64) -> Usage {
    Usage { output_tokens: tokens, ..Usage::default() }
}

pub fn says(text: &str, tokens: u64) -> Vec<Piece> {
    let done = Piece::Done { stop: Stop::EndTurn, blocks: vec![Block::Text(text.to_owned())], usage: used(tokens) };
    vec![Piece::Text(text.to_owned()), done]
}

pub fn calls(name: &str, input: Value) -> Vec<Piece> {
    let call = Call { id: "call-1".to_owned(), name: name.to_owned(), input };
    let done = Piece::Done { stop: Stop::ToolUse, blocks: vec![Block::Call(call.clone())], usage: used(1) };
    vec![Piece::Call(call), done]
}

pub fn fails(reason: &str) -> Vec<Piece> {
    vec![Piece::Failed { reason: reason.to_owned(), usage: Usage::default() }]
}

impl Script {
    /// The next request is answered with this.
    pub fn answer(&self, pieces: Vec<Piece>) {
        self.ready.lock().unwrap().push_back(pieces);
    }

    /// How many requests there were.
    pub fn requests(&self) -> usize {
        *self.count.borrow()
    }

    /// Waits for the next request that has not been looked at.
    pub async fn request(&self) -> Request {
        let mut count = self.count.subscribe();
        loop {
            if let Some(request) = self.asked.lock().unwrap().pop_front() {
                return request;
            }
            count.changed().await.unwrap();
        }
    }
}

#[async_trait]
impl Assistant for Script {
    fn model(&self) -> &str {
        "script"
    }

    fn is_language_model(&self) -> bool {
        true
    }

    async fn answer(&self, prompt: Prompt) -> mpsc::Receiver<Piece> {
        let (line, pieces) = mpsc::channel(16);
        let ready = self.ready.lock().unwrap().pop_front();
        for piece in ready.into_iter().flatten() {
            line.send(piece).await.unwrap();
        }
        self.asked.lock().unwrap().push_back(Request { prompt, line });
        self.count.send_modify(|count| *count += 1);
        pieces
    }

    fn cost_microusd(&self, usage: Usage) -> u64 {
        usage.input_tokens + usage.output_tokens
    }
}
