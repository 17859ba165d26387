//! The answer as its events build it: text to show now, and at the end the whole turn. It gives out no tool call before
//! the message is complete, because a call that was cut off must never run.

use interview::chat::Stop;
use serde_json::{Map, Value};
use service::ports::assistant::{Block, Call, Usage};

use super::event::{Counts, Delta, Event};
use super::failure::Failure;

/// Whether thinking is written for the candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thinking {
    /// It is what the assistant says between two tools, and is shown.
    IsNarration,
    /// It is reasoning, and is not shown.
    IsPrivate,
}

/// An answer in the making.
#[derive(Debug)]
pub struct Message {
    thinking: Thinking,
    blocks: Vec<(usize, Draft)>,
    counts: Counts,
    counted: bool,
    written_characters: u64,
    shown: Option<Voice>,
    stop: Option<Stop>,
    complete: bool,
}

/// A complete answer.
#[derive(Debug)]
pub struct Answer {
    /// Why it stopped.
    pub stop: Stop,
    /// The turn, to be sent back as it is.
    pub blocks: Vec<Block>,
    /// The tools to run; none unless it stopped for them.
    pub calls: Vec<Call>,
}

#[derive(Debug)]
enum Draft {
    Text(String),
    Call { id: String, name: String, input: Value, json: String },
    Opaque(Value),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Voice {
    Answer,
    Narration,
}

impl Message {
    /// An empty answer.
    pub fn new(thinking: Thinking) -> Self {
        Self {
            thinking,
            blocks: Vec::new(),
            counts: Counts::default(),
            counted: false,
            written_characters: 0,
            shown: None,
            stop: None,
            complete: false,
        }
    }

    /// Takes the next event and gives the text it adds for the candidate.
    pub fn apply(&mut self, event: Event) -> Result<Option<String>, Failure> {
        match event {
            Event::MessageStart { message } => self.count(message.usage),
            Event::ContentBlockStart { index, content_block } => return Ok(self.start(index, content_block)),
            Event::ContentBlockDelta { index, delta } => return Ok(self.extend(index, delta)),
            Event::MessageDelta { delta, usage } => {
                self.count(usage);
                self.counted = usage.output_tokens.is_some();
                self.stop = delta.stop_reason.as_deref().map(stop);
            }
            Event::MessageStop => self.complete = true,
            Event::Error { error } => return Err(Failure::GaveUp(error)),
            Event::ContentBlockStop {} | Event::Unknown => {}
        }
        Ok(None)
    }

    /// Whether the message has ended as it should.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Whether the candidate has been shown any of it.
    pub fn is_shown(&self) -> bool {
        self.shown.is_some()
    }

    /// What it has used. Until the service has counted, what was written is estimated at four characters a token.
    pub fn usage(&self) -> Usage {
        let written = self.counts.output_tokens.unwrap_or(0);
        Usage {
            input_tokens: self.counts.input_tokens.unwrap_or(0),
            output_tokens: if self.counted { written } else { written.max(self.written_characters.div_ceil(4)) },
            cache_read_tokens: self.counts.cache_read_input_tokens.unwrap_or(0),
            cache_write_tokens: self.counts.cache_creation_input_tokens.unwrap_or(0),
        }
    }

    /// The whole answer.
    pub fn finish(self) -> Result<Answer, Failure> {
        let stop = self.stop.unwrap_or(Stop::EndTurn);
        let mut blocks = Vec::new();
        let mut calls = Vec::new();
        for (_, draft) in self.blocks {
            match draft {
                Draft::Text(text) => blocks.push(Block::Text(text)),
                Draft::Opaque(value) => blocks.push(Block::Opaque(value)),
                Draft::Call { id, name, input, json } if stop == Stop::ToolUse => {
                    let call = Call { id, name, input: tool_input(input, &json)? };
                    calls.push(call.clone());
                    blocks.push(Block::Call(call));
                }
                // The answer was too long for its own tool call: there is nothing whole to run.
                Draft::Call { .. } if stop == Stop::MaxTokens => return Err(Failure::HalfCall),
                Draft::Call { .. } => {}
            }
        }
        Ok(Answer { stop, blocks, calls })
    }

    fn count(&mut self, counts: Counts) {
        let known = &mut self.counts;
        known.input_tokens = counts.input_tokens.or(known.input_tokens);
        known.output_tokens = counts.output_tokens.or(known.output_tokens);
        known.cache_read_input_tokens = counts.cache_read_input_tokens.or(known.cache_read_input_tokens);
        known.cache_creation_input_tokens = counts.cache_creation_input_tokens.or(known.cache_creation_input_tokens);
    }

    fn start(&mut self, index: usize, block: Value) -> Option<String> {
        let text = |name: &str| block[name].as_str().unwrap_or_default().to_owned();
        match block["type"].as_str() {
            Some("text") => {
                self.blocks.push((index, Draft::Text(String::new())));
                let first = text("text");
                self.extend(index, Delta::Text { text: first })
            }
            Some("tool_use") => {
                let (id, name, input) = (text("id"), text("name"), block["input"].clone());
                self.blocks.push((index, Draft::Call { id, name, input, json: String::new() }));
                None
            }
            Some(_) | None => {
                self.blocks.push((index, Draft::Opaque(block)));
                None
            }
        }
    }

    fn extend(&mut self, index: usize, delta: Delta) -> Option<String> {
        let draft = self.blocks.iter_mut().rev().find(|(at, _)| *at == index).map(|(_, draft)| draft)?;
        match (draft, delta) {
            (Draft::Text(whole), Delta::Text { text }) => {
                whole.push_str(&text);
                self.show(Voice::Answer, text)
            }
            (Draft::Call { json, .. }, Delta::InputJson { partial_json }) => {
                json.push_str(&partial_json);
                self.written_characters += characters(&partial_json);
                None
            }
            (Draft::Opaque(block), Delta::Thinking { thinking }) => {
                append(block, "thinking", &thinking);
                match self.thinking {
                    Thinking::IsNarration => self.show(Voice::Narration, thinking),
                    Thinking::IsPrivate => {
                        self.written_characters += characters(&thinking);
                        None
                    }
                }
            }
            (Draft::Opaque(block), Delta::Signature { signature }) => {
                append(block, "signature", &signature);
                None
            }
            (Draft::Text(_) | Draft::Call { .. } | Draft::Opaque(_), _) => None,
        }
    }

    /// Text for the candidate. What is said between two tools and the answer itself are paragraphs of their own.
    fn show(&mut self, voice: Voice, text: String) -> Option<String> {
        if text.is_empty() {
            return None;
        }
        self.written_characters += characters(&text);
        let before = self.shown.replace(voice);
        if before.is_some_and(|before| before != voice) { Some(format!("\n\n{text}")) } else { Some(text) }
    }
}

fn append(block: &mut Value, field: &str, text: &str) {
    if let Some(block) = block.as_object_mut() {
        match block.get_mut(field) {
            Some(Value::String(whole)) => whole.push_str(text),
            Some(_) | None => {
                block.insert(field.to_owned(), Value::String(text.to_owned()));
            }
        }
    }
}

fn tool_input(at_start: Value, json: &str) -> Result<Value, Failure> {
    let input = if json.trim().is_empty() { at_start } else { serde_json::from_str(json).unwrap_or(Value::Null) };
    match input {
        Value::Object(_) => Ok(input),
        Value::Null if json.trim().is_empty() => Ok(Value::Object(Map::new())),
        _ => Err(Failure::HalfCall),
    }
}

fn stop(reason: &str) -> Stop {
    match reason {
        "max_tokens" => Stop::MaxTokens,
        "stop_sequence" => Stop::StopSequence,
        "tool_use" => Stop::ToolUse,
        "pause_turn" => Stop::PauseTurn,
        "refusal" => Stop::Refusal,
        "model_context_window_exceeded" => Stop::ModelContextWindowExceeded,
        _ => Stop::EndTurn,
    }
}

fn characters(text: &str) -> u64 {
    text.chars().count() as u64
}
