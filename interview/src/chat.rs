//! The conversation with the assistant, and the tools it used. It does not know which model answers, or what a tool does.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::event::Offset;
use crate::fact::ChatFact;

/// What a tool gives back when the candidate rejects the edit that it proposes. The replay knows a rejection by it.
pub const REJECTED: &str = "the candidate rejected this edit";

/// Why an answer failed that the candidate stopped. The pages know it by this.
pub const STOPPED: &str = "stopped";

/// Why an answer failed whose question the candidate left.
pub const ENDED_WITH_QUESTION: &str = "the answer ended with its question";

/// A question to the assistant and its answer: dense, from zero, within one interview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(pub u64);

/// The candidate's message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Which exchange it opens.
    pub message: MessageId,
    /// What was asked.
    pub text: String,
}

/// A piece of the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Streamed {
    /// Which exchange.
    pub message: MessageId,
    /// The piece.
    pub text: String,
}

/// The assistant used a tool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalledTool {
    /// Which exchange.
    pub message: MessageId,
    /// The call's id, unique in the interview.
    pub call: String,
    /// The tool's name.
    pub name: String,
    /// What it was given.
    pub input: Value,
}

/// What a tool gave back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolReturned {
    /// Which exchange.
    pub message: MessageId,
    /// Which call.
    pub call: String,
    /// What came out, as the assistant reads it.
    pub output: String,
    /// Whether the tool could not do it.
    pub failed: bool,
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// It was complete.
    EndTurn,
    /// It met the limit of its length.
    MaxTokens,
    /// It met a text that ends it.
    StopSequence,
    /// It wanted a tool.
    ToolUse,
    /// The service paused a long turn.
    PauseTurn,
    /// The model declined.
    Refusal,
    /// The conversation no longer fits.
    ModelContextWindowExceeded,
}

/// The answer is complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Which exchange.
    pub message: MessageId,
    /// Who answered.
    pub model: String,
    /// Why it ended.
    pub stop: Stop,
    /// Tokens read at full price.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// Tokens read from the cache.
    pub cache_read_tokens: u64,
    /// Tokens written to the cache.
    pub cache_write_tokens: u64,
    /// What it cost, in millionths of a US dollar.
    pub cost_microusd: u64,
    /// Milliseconds from the question to the first piece.
    pub first_token_ms: u64,
    /// Milliseconds from the question to the end.
    pub total_ms: u64,
}

/// The answer will not be completed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// Which exchange.
    pub message: MessageId,
    /// Why, in a sentence for the candidate.
    pub reason: String,
    /// What the part that was streamed cost, in millionths of a US dollar.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cost_microusd: u64,
}

impl Failed {
    /// Whether the candidate ended it.
    fn is_by_candidate(&self) -> bool {
        [STOPPED, ENDED_WITH_QUESTION].contains(&self.reason.as_str())
    }
}

/// An edit that a call made was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditUndone {
    /// Which exchange.
    pub message: MessageId,
    /// Which call.
    pub call: String,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// One stretch of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "part", rename_all = "snake_case")]
pub enum Part {
    /// Markdown.
    Text {
        /// What it says so far.
        text: String,
    },
    /// A tool and what it gave back.
    Tool(ToolCall),
}

/// A tool's use from call to result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    /// The call's id.
    pub call: String,
    /// The tool's name.
    pub name: String,
    /// What it was given.
    pub input: Value,
    /// When it was called.
    pub called_at: Offset,
    /// What came out, once it did.
    pub result: Option<ToolResult>,
    /// When the candidate took its edit back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_at: Option<Offset>,
}

/// What a tool gave back, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolResult {
    /// What came out.
    pub output: String,
    /// Whether the tool could not do it.
    pub failed: bool,
    /// When.
    pub returned_at: Offset,
}

/// How far an answer is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Progress {
    /// Still coming.
    Answering,
    /// Complete.
    Answered(Answered),
    /// Broken off.
    Failed(Failed),
}

/// One exchange: what was asked and what came back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// Its id.
    pub message: MessageId,
    /// When it was asked.
    pub asked_at: Offset,
    /// What was asked.
    pub question: String,
    /// The answer so far.
    pub parts: Vec<Part>,
    /// How far it is.
    pub progress: Progress,
}

/// How many messages of a budget these exchanges used up: one that failed before anything was shown gives its message back,
/// unless it was the candidate who ended it, or asking and stopping would be free.
pub fn messages_used(exchanges: &[Arc<Exchange>]) -> u32 {
    let is_lost = |exchange: &Exchange| match &exchange.progress {
        Progress::Failed(failed) => exchange.parts.is_empty() && !failed.is_by_candidate(),
        Progress::Answering | Progress::Answered(_) => false,
    };
    let used = exchanges.iter().filter(|exchange| !is_lost(exchange)).count();
    u32::try_from(used).unwrap_or(u32::MAX)
}

/// The whole conversation so far. Exchanges are shared between copies until they change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Chat {
    /// In the order they were asked.
    pub exchanges: Vec<Arc<Exchange>>,
}

impl Chat {
    /// Folds one fact in.
    pub fn apply(&mut self, at: Offset, fact: &ChatFact) {
        match fact {
            ChatFact::Asked(asked) => self.exchanges.push(Arc::new(Exchange {
                message: asked.message,
                asked_at: at,
                question: asked.text.clone(),
                parts: Vec::new(),
                progress: Progress::Answering,
            })),
            ChatFact::Streamed(streamed) => {
                let Some(exchange) = self.exchange(streamed.message) else { return };
                match exchange.parts.last_mut() {
                    Some(Part::Text { text }) => text.push_str(&streamed.text),
                    Some(Part::Tool(_)) | None => exchange.parts.push(Part::Text { text: streamed.text.clone() }),
                }
            }
            ChatFact::CalledTool(called) => {
                let Some(exchange) = self.exchange(called.message) else { return };
                exchange.parts.push(Part::Tool(ToolCall {
                    call: called.call.clone(),
                    name: called.name.clone(),
                    input: called.input.clone(),
                    called_at: at,
                    result: None,
                    undone_at: None,
                }));
            }
            ChatFact::ToolReturned(returned) => {
                if let Some(tool) = self.tool(returned.message, &returned.call) {
                    tool.result =
                        Some(ToolResult { output: returned.output.clone(), failed: returned.failed, returned_at: at });
                }
            }
            ChatFact::Answered(answered) => {
                if let Some(exchange) = self.exchange(answered.message) {
                    exchange.progress = Progress::Answered(answered.clone());
                }
            }
            ChatFact::Failed(failed) => {
                if let Some(exchange) = self.exchange(failed.message) {
                    exchange.progress = Progress::Failed(failed.clone());
                }
            }
            ChatFact::EditUndone(undone) => {
                if let Some(tool) = self.tool(undone.message, &undone.call) {
                    tool.undone_at = Some(at);
                }
            }
        }
    }

    fn exchange(&mut self, message: MessageId) -> Option<&mut Exchange> {
        self.exchanges.iter_mut().rev().find(|exchange| exchange.message == message).map(Arc::make_mut)
    }

    fn tool(&mut self, message: MessageId, call: &str) -> Option<&mut ToolCall> {
        self.exchange(message)?.parts.iter_mut().rev().find_map(|part| match part {
            Part::Tool(tool) if tool.call == call => Some(tool),
            Part::Tool(_) | Part::Text { .. } => None,
        })
    }

    /// Whether the edit of that call was taken back.
    pub fn is_undone(&self, call: &str) -> bool {
        let mut parts = self.exchanges.iter().flat_map(|exchange| &exchange.parts);
        parts.any(|part| matches!(part, Part::Tool(tool) if tool.call == call && tool.undone_at.is_some()))
    }

    /// The exchange that is still being answered.
    pub fn answering(&self) -> Option<&Exchange> {
        self.exchanges.last().map(Arc::as_ref).filter(|exchange| exchange.progress == Progress::Answering)
    }

    /// What the conversation has cost so far, in millionths of a US dollar.
    pub fn cost_microusd(&self) -> u64 {
        self.exchanges
            .iter()
            .map(|exchange| match &exchange.progress {
                Progress::Answering => 0,
                Progress::Answered(answered) => answered.cost_microusd,
                Progress::Failed(failed) => failed.cost_microusd,
            })
            .sum()
    }

    /// How many messages of a budget are used up.
    pub fn messages_used(&self) -> u32 {
        messages_used(&self.exchanges)
    }

    /// The id of the next exchange.
    pub fn next_message(&self) -> MessageId {
        MessageId(self.exchanges.last().map_or(0, |exchange| exchange.message.0 + 1))
    }
}
