//! What the fake service answers: a message as events, and what goes wrong on the way.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::watch;

use super::error_body;

/// Something the script waits for until the test opens it.
#[derive(Clone, Debug)]
pub struct Gate(Arc<watch::Sender<bool>>);

impl Gate {
    /// A closed gate.
    pub fn new() -> Self {
        Self(Arc::new(watch::channel(false).0))
    }

    /// Lets the script go on.
    pub fn open(&self) {
        self.0.send_replace(true);
    }

    pub(super) async fn opened(&self) {
        self.0.subscribe().wait_for(|open| *open).await.unwrap();
    }
}

/// One answer of the service.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    pub(super) steps: Vec<Step>,
    pub(super) ending: Ending,
    style: Style,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Event(Value),
    Bytes(Vec<u8>),
    Wait(Gate),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Ending {
    Complete,
    Closed,
    Reset,
}

#[derive(Clone, Copy, Debug)]
struct Style {
    newline: &'static str,
    comments: bool,
    chunk_bytes: usize,
    final_newline: bool,
}

/// A message that says this, word by word.
pub fn text_reply(text: &str) -> Reply {
    Reply::message().text(text).stop("end_turn")
}

/// A message that calls a tool.
pub fn tool_reply(name: &str, input: Value) -> Reply {
    Reply::message().tool("toolu_1", name, &input.to_string()).stop("tool_use")
}

impl Reply {
    /// The beginning of a message, without blocks.
    pub fn message() -> Self {
        let usage = json!({
            "input_tokens": 100, "output_tokens": 1, "cache_creation_input_tokens": 20, "cache_read_input_tokens": 30,
            "service_tier": "standard"
        });
        let message = json!({
            "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-5-5", "content": [],
            "stop_reason": null, "stop_sequence": null, "usage": usage
        });
        Self::stream().event(json!({ "type": "message_start", "message": message })).event(json!({ "type": "ping" }))
    }

    /// A stream without events.
    pub fn stream() -> Self {
        let style = Style { newline: "\n", comments: false, chunk_bytes: usize::MAX, final_newline: true };
        let headers = vec![("content-type", "text/event-stream; charset=utf-8".into())];
        Self { status: 200, headers, steps: Vec::new(), ending: Ending::Complete, style }
    }

    /// An error, with the body the service would send.
    pub fn status(status: u16) -> Self {
        let kind = match status {
            400 => "invalid_request_error",
            401 => "authentication_error",
            403 => "permission_error",
            404 => "not_found_error",
            413 => "request_too_large",
            429 => "rate_limit_error",
            529 => "overloaded_error",
            _ => "api_error",
        };
        Self::refusal(status, kind, "secret internals of org-1234")
    }

    /// An error that says this.
    pub fn refusal(status: u16, kind: &str, message: &str) -> Self {
        let body = error_body(kind, message).to_string().into_bytes();
        let mut reply = Self { status, ..Self::stream() };
        reply.headers = vec![("content-type", "application/json".into())];
        reply.steps.push(Step::Bytes(body));
        reply
    }

    /// A connection that is reset before anything is answered.
    pub fn reset() -> Self {
        Self { ending: Ending::Reset, ..Self::stream() }
    }

    /// Adds an event as it is.
    pub fn event(mut self, event: Value) -> Self {
        self.steps.push(Step::Event(event));
        self
    }

    /// Adds bytes that may or may not be events.
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.steps.push(Step::Bytes(bytes.to_vec()));
        self
    }

    /// Adds a text block, a delta for each word.
    pub fn text(self, text: &str) -> Self {
        let words = text.split_inclusive(' ').map(|word| json!({ "type": "text_delta", "text": word }));
        self.block(json!({ "type": "text", "text": "" }), words.collect())
    }

    /// Adds a thinking block.
    pub fn thinking(self, text: &str, signature: &str) -> Self {
        let deltas = vec![
            json!({ "type": "thinking_delta", "thinking": text }),
            json!({ "type": "signature_delta", "signature": signature }),
        ];
        self.block(json!({ "type": "thinking", "thinking": "", "signature": "" }), deltas)
    }

    /// Adds a tool call whose input is this JSON text, in pieces of three characters.
    pub fn tool(self, id: &str, name: &str, input: &str) -> Self {
        let characters: Vec<char> = input.chars().collect();
        let deltas = std::iter::once(String::new())
            .chain(characters.chunks(3).map(|piece| piece.iter().collect()))
            .map(|piece| json!({ "type": "input_json_delta", "partial_json": piece }));
        self.block(json!({ "type": "tool_use", "id": id, "name": name, "input": {} }), deltas.collect())
    }

    /// Adds a block with these deltas.
    pub fn block(mut self, start: Value, deltas: Vec<Value>) -> Self {
        let index = self.events().filter(|event| event["type"] == "content_block_start").count();
        self = self.event(json!({ "type": "content_block_start", "index": index, "content_block": start }));
        for delta in deltas {
            self = self.event(json!({ "type": "content_block_delta", "index": index, "delta": delta }));
        }
        self.event(json!({ "type": "content_block_stop", "index": index }))
    }

    /// Ends the message for this reason, having written forty tokens.
    pub fn stop(self, reason: &str) -> Self {
        self.event(json!({
            "type": "message_delta", "delta": { "stop_reason": reason, "stop_sequence": null },
            "usage": { "output_tokens": 40 }
        }))
        .event(json!({ "type": "message_stop" }))
    }

    /// Says when to come back.
    pub fn retry_after(self, seconds: &str) -> Self {
        self.header("retry-after", seconds)
    }

    /// Adds a header.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Waits here until the gate is open. At the beginning this is before the headers.
    pub fn wait(mut self, gate: &Gate) -> Self {
        self.steps.push(Step::Wait(gate.clone()));
        self
    }

    /// Sends nothing more, and does not end.
    pub fn stall(self) -> Self {
        self.wait(&Gate::new())
    }

    /// Loses the connection here, in the middle of the stream.
    pub fn lose_connection(mut self) -> Self {
        self.ending = Ending::Closed;
        self
    }

    /// Resets the connection here, in the middle of the stream. What the client has not read by then may be lost with it.
    pub fn reset_connection(mut self) -> Self {
        self.ending = Ending::Reset;
        self
    }

    /// Only the first steps: pings and starts count.
    pub fn first(mut self, steps: usize) -> Self {
        self.steps.truncate(steps);
        self
    }

    /// Ends its lines with CRLF.
    pub fn crlf(mut self) -> Self {
        self.style.newline = "\r\n";
        self
    }

    /// Puts a comment line before each event.
    pub fn comments(mut self) -> Self {
        self.style.comments = true;
        self
    }

    /// Cuts the stream into chunks of this many bytes, characters or not.
    pub fn chunks_of(mut self, bytes: usize) -> Self {
        self.style.chunk_bytes = bytes;
        self
    }

    /// Leaves out the newlines after the last event.
    pub fn no_final_newline(mut self) -> Self {
        self.style.final_newline = false;
        self
    }

    pub(super) fn events(&self) -> impl Iterator<Item = &Value> {
        self.steps.iter().filter_map(|step| match step {
            Step::Event(event) => Some(event),
            Step::Bytes(_) | Step::Wait(_) => None,
        })
    }

    pub(super) fn head(&self) -> String {
        let headers: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!("HTTP/1.1 {} Fake\r\ntransfer-encoding: chunked\r\n{headers}\r\n", self.status)
    }

    /// The steps as they go over the wire: bytes, a chunk each, and waits.
    pub(super) fn wire_steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        for (index, step) in self.steps.iter().enumerate() {
            let bytes = match step {
                Step::Wait(gate) => {
                    steps.push(Step::Wait(gate.clone()));
                    continue;
                }
                Step::Bytes(bytes) => bytes.clone(),
                Step::Event(event) => self.encode(event, index + 1 == self.steps.len()),
            };
            let pieces = bytes.chunks(self.style.chunk_bytes.min(bytes.len()).max(1));
            steps.extend(pieces.map(|piece| Step::Bytes(piece.to_vec())));
        }
        steps
    }

    fn encode(&self, event: &Value, is_last: bool) -> Vec<u8> {
        let newline = self.style.newline;
        let comment = if self.style.comments { format!(": still here{newline}") } else { String::new() };
        let kind = event["type"].as_str().unwrap_or_default();
        let end = if is_last && !self.style.final_newline { String::new() } else { newline.repeat(2) };
        format!("{comment}event: {kind}{newline}data: {event}{end}").into_bytes()
    }
}
