//! The assistant's port: a conversation goes in, a stream of text, tool calls and usage comes out. It runs no tool itself.

use async_trait::async_trait;
use interview::chat::Stop;
use serde_json::Value;
use tokio::sync::mpsc;

/// What the assistant is asked, rebuilt from the stage for every request.
#[derive(Clone, Debug, Default)]
pub struct Prompt {
    /// Who it is and what it may do.
    pub system: String,
    /// The problem, the files and the last run, as text: what the assistant is shown of the room.
    pub context: String,
    /// Earlier exchanges and the current one, oldest first. The last turn is the candidate's or holds tool results.
    pub turns: Vec<Turn>,
    /// The tools it may use.
    pub tools: Vec<Tool>,
    /// The most tokens it may write in this request.
    pub max_output_tokens: u32,
    /// The problem's own hints, from nudge to nearly there. For the `practice` assistant only; never sent to a model.
    pub hints: Vec<String>,
    /// A name for the interview that says nothing about the person.
    pub user: String,
}

/// One turn of the conversation.
#[derive(Clone, Debug)]
pub enum Turn {
    /// The candidate said this.
    Candidate(String),
    /// The assistant answered this.
    Assistant(Vec<Block>),
    /// The tools the assistant just called gave these results.
    Results(Vec<ToolOutput>),
}

/// A block of an assistant's turn.
#[derive(Clone, Debug)]
pub enum Block {
    /// Text.
    Text(String),
    /// A tool call.
    Call(Call),
    /// Something of the service's own (a thinking block) that must go back unchanged within this exchange.
    Opaque(Value),
}

/// A tool call by the assistant.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Its id.
    pub id: String,
    /// The tool's name.
    pub name: String,
    /// What it is given.
    pub input: Value,
}

/// What a tool gave back.
#[derive(Clone, Debug)]
pub struct ToolOutput {
    /// Which call.
    pub call: String,
    /// The result as text.
    pub text: String,
    /// Whether it failed.
    pub failed: bool,
}

/// A tool the assistant may use.
#[derive(Clone, Debug)]
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// What it does, for the model.
    pub description: &'static str,
    /// The JSON schema of its input.
    pub schema: Value,
}

/// Tokens as the service counted them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Read at full price.
    pub input_tokens: u64,
    /// Written.
    pub output_tokens: u64,
    /// Read from the cache.
    pub cache_read_tokens: u64,
    /// Written to the cache.
    pub cache_write_tokens: u64,
}

impl std::ops::AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.input_tokens += other.input_tokens;
        self.output_tokens += other.output_tokens;
        self.cache_read_tokens += other.cache_read_tokens;
        self.cache_write_tokens += other.cache_write_tokens;
    }
}

/// A piece of a stream. It ends with exactly one `Done` or `Failed`.
#[derive(Clone, Debug)]
pub enum Piece {
    /// More of the answer's text.
    Text(String),
    /// A complete tool call.
    Call(Call),
    /// The request is complete. `blocks` is the whole assistant turn, to go back in the next request of this exchange.
    Done {
        /// Why it stopped.
        stop: Stop,
        /// The turn.
        blocks: Vec<Block>,
        /// What it used.
        usage: Usage,
    },
    /// The request broke off. What was streamed counts all the same.
    Failed {
        /// What happened and what to do, in a sentence for the candidate; never an internal detail.
        reason: String,
        /// What it used as far as known (at least an estimate of what was streamed).
        usage: Usage,
    },
}

/// Whoever answers the candidate.
#[async_trait]
pub trait Assistant: Send + Sync {
    /// What it is called in the log: a model's id, or `practice`.
    fn model(&self) -> &str;
    /// Whether it is a language model; the room says so when it is not.
    fn is_language_model(&self) -> bool;
    /// Starts a request. Dropping the receiver cancels it upstream.
    async fn answer(&self, prompt: Prompt) -> mpsc::Receiver<Piece>;
    /// What that usage costs, in millionths of a US dollar.
    fn cost_microusd(&self, usage: Usage) -> u64;
}
