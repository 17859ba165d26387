//! The body of a request, from a prompt. What stays the same comes first, so that the service's cache can hold it, and
//! nothing already said is ever said differently within an exchange, because thinking is sealed to what stands before it.

use serde_json::{Value, json};
use service::ports::assistant::{Block, Prompt, Tool, ToolOutput, Turn};

use super::failure::Failure;
use super::message::Thinking;

/// How much the model should put into an answer. There is no more than `High`: the room's models do not allow it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effort {
    /// Quick and cheap.
    Low,
    /// For conversation.
    #[default]
    Medium,
    /// For harder work.
    High,
}

/// Whether earlier thinking goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opaque {
    /// As it came.
    Kept,
    /// Not at all: the service did not recognise it.
    Dropped,
}

/// What thinking means with a model.
pub fn thinking_of(model: &str) -> Thinking {
    if is_sonnet(model) { Thinking::IsNarration } else { Thinking::IsPrivate }
}

/// The request's body.
pub fn body(prompt: &Prompt, model: &str, effort: Effort, opaque: Opaque) -> Result<Vec<u8>, Failure> {
    let mut body = json!({
        "model": model,
        "max_tokens": prompt.max_output_tokens.max(1),
        "messages": messages(prompt, opaque)?,
        "thinking": thinking_setting(model),
        "output_config": { "effort": effort.name() },
        "stream": true,
    });
    if !prompt.system.trim().is_empty() {
        body["system"] = json!([cached(text(&prompt.system))]);
    }
    if !prompt.tools.is_empty() {
        let mut tools: Vec<_> = prompt.tools.iter().map(tool).collect();
        if prompt.system.trim().is_empty() {
            mark_last(&mut tools);
        }
        body["tools"] = Value::Array(tools);
    }
    if !prompt.user.is_empty() {
        body["metadata"] = json!({ "user_id": prompt.user });
    }
    Ok(serde_json::to_vec(&body)?)
}

impl Effort {
    fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

fn is_sonnet(model: &str) -> bool {
    model.starts_with("claude-sonnet-5-5")
}

/// Sonnet can leave the thinking before its first word out; with the others it must at least arrive, or the stream would
/// look dead.
fn thinking_setting(model: &str) -> Value {
    if is_sonnet(model) {
        json!({ "type": "between_tools" })
    } else {
        json!({ "type": "adaptive", "display": "summarized" })
    }
}

/// The conversation. The room as it is now stands before the current question: that is where it changes least of what
/// follows. Each place up to which the next request will be the same is marked for the cache.
fn messages(prompt: &Prompt, opaque: Opaque) -> Result<Vec<Value>, Failure> {
    let first = prompt.turns.iter().position(is_candidate).ok_or(Failure::NoQuestion)?;
    let current = prompt.turns.iter().rposition(is_candidate).ok_or(Failure::NoQuestion)?;
    let mut messages = Messages::default();
    for (index, turn) in prompt.turns.iter().enumerate().skip(first) {
        match turn {
            Turn::Candidate(question) => {
                messages.answer_calls(&[]);
                let mut content = Vec::new();
                if index == current {
                    messages.mark();
                    content.extend(room(&prompt.context));
                }
                content.extend(said(question));
                messages.push("user", content);
            }
            Turn::Assistant(blocks) => {
                messages.answer_calls(&[]);
                messages.push("assistant", blocks.iter().filter_map(|value| block(value, opaque)).collect());
                messages.open_calls = blocks.iter().filter_map(call_id).collect();
            }
            Turn::Results(outputs) => messages.answer_calls(outputs),
        }
    }
    messages.answer_calls(&[]);
    messages.mark();
    messages.ending_with_the_candidate()
}

/// Messages in the making: roles alternate, and every call has its result.
#[derive(Default)]
struct Messages<'a> {
    done: Vec<(&'static str, Vec<Value>)>,
    open_calls: Vec<&'a str>,
}

impl Messages<'_> {
    fn push(&mut self, role: &'static str, content: Vec<Value>) {
        match self.done.last_mut() {
            _ if content.is_empty() => {}
            Some((last, before)) if *last == role => before.extend(content),
            Some(_) | None => self.done.push((role, content)),
        }
    }

    /// Answers the open calls with these outputs. A call that has none was never run, and the model is told so.
    fn answer_calls(&mut self, outputs: &[ToolOutput]) {
        let results = std::mem::take(&mut self.open_calls).into_iter().map(|call| {
            let output = outputs.iter().find(|output| output.call == call);
            let (text, failed) =
                output.map_or(("This was not run.", true), |output| (output.text.as_str(), output.failed));
            json!({ "type": "tool_result", "tool_use_id": call, "content": text, "is_error": failed })
        });
        let results = results.collect();
        self.push("user", results);
    }

    /// Lets the cache hold everything up to here.
    fn mark(&mut self) {
        if let Some((_, content)) = self.done.last_mut() {
            mark_last(content);
        }
    }

    fn ending_with_the_candidate(self) -> Result<Vec<Value>, Failure> {
        match self.done.last() {
            Some(("user", _)) => {
                Ok(self.done.into_iter().map(|(role, content)| json!({ "role": role, "content": content })).collect())
            }
            Some(_) | None => Err(Failure::NoQuestion),
        }
    }
}

fn is_candidate(turn: &Turn) -> bool {
    matches!(turn, Turn::Candidate(_))
}

fn call_id(block: &Block) -> Option<&str> {
    match block {
        Block::Call(call) => Some(&call.id),
        Block::Text(_) | Block::Opaque(_) => None,
    }
}

fn block(block: &Block, opaque: Opaque) -> Option<Value> {
    match block {
        Block::Text(words) => said(words),
        Block::Call(call) => Some(json!({ "type": "tool_use", "id": call.id, "name": call.name, "input": call.input })),
        Block::Opaque(value) => (opaque == Opaque::Kept).then(|| value.clone()),
    }
}

fn tool(tool: &Tool) -> Value {
    json!({ "name": tool.name, "description": tool.description, "input_schema": tool.schema })
}

fn room(context: &str) -> Option<Value> {
    said(context).map(|_| text(&format!("<room>\n{context}\n</room>")))
}

/// A block of text; the service refuses one without words.
fn said(words: &str) -> Option<Value> {
    (!words.trim().is_empty()).then(|| text(words))
}

fn text(words: &str) -> Value {
    json!({ "type": "text", "text": words })
}

fn mark_last(blocks: &mut [Value]) {
    if let Some(last) = blocks.last_mut()
        && !matches!(last["type"].as_str(), Some("thinking" | "redacted_thinking"))
    {
        *last = cached(last.take());
    }
}

fn cached(mut block: Value) -> Value {
    block["cache_control"] = json!({ "type": "ephemeral" });
    block
}
