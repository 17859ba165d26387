//! The events of Claude's stream, as they are on the wire. What this client does not know is `Unknown` and passed over.

use serde::Deserialize;
use serde_json::Value;

/// One event of the stream.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The answer begins; the prompt has been counted.
    MessageStart {
        /// The message so far: nothing but its usage matters.
        message: Opening,
    },
    /// A block begins.
    ContentBlockStart {
        /// Its place in the message.
        index: usize,
        /// The empty block, with everything the service says of it.
        content_block: Value,
    },
    /// More of a block.
    ContentBlockDelta {
        /// Which block.
        index: usize,
        /// What comes next in it.
        delta: Delta,
    },
    /// A block is complete.
    ContentBlockStop {},
    /// The message is about to end.
    MessageDelta {
        /// Why it ends.
        delta: Ending,
        /// What has been used up to now.
        #[serde(default)]
        usage: Counts,
    },
    /// The message is complete.
    MessageStop,
    /// The service gave up.
    Error {
        /// Why.
        error: Fault,
    },
    /// A ping, or something newer than this client.
    #[serde(other)]
    Unknown,
}

/// The message as it begins.
#[derive(Debug, Deserialize)]
pub struct Opening {
    /// What has been used up to now.
    #[serde(default)]
    pub usage: Counts,
}

/// More of a block.
#[derive(Debug, Deserialize)]
#[serde(tag = "type")]
pub enum Delta {
    /// More text.
    #[serde(rename = "text_delta")]
    Text {
        /// It.
        text: String,
    },
    /// More of a tool's input: a piece of JSON text.
    #[serde(rename = "input_json_delta")]
    InputJson {
        /// It.
        partial_json: String,
    },
    /// More thinking.
    #[serde(rename = "thinking_delta")]
    Thinking {
        /// It.
        thinking: String,
    },
    /// The seal of a thinking block.
    #[serde(rename = "signature_delta")]
    Signature {
        /// It.
        signature: String,
    },
    /// A citation, or something newer than this client.
    #[serde(other)]
    Unknown,
}

/// How the message ends.
#[derive(Debug, Deserialize)]
pub struct Ending {
    /// Why.
    pub stop_reason: Option<String>,
}

/// Tokens as the service counts them. Each is the total of this message so far, and may be left out.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Counts {
    /// Read at full price.
    pub input_tokens: Option<u64>,
    /// Written.
    pub output_tokens: Option<u64>,
    /// Written to the cache.
    pub cache_creation_input_tokens: Option<u64>,
    /// Read from the cache.
    pub cache_read_input_tokens: Option<u64>,
}

/// What the service says of a failure, in a stream or as an answer's body. It is for the operator, not the candidate.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
pub struct Fault {
    /// Its kind, such as `overloaded_error`.
    #[serde(default, rename = "type")]
    pub kind: String,
    /// What happened, in the service's words.
    #[serde(default)]
    pub message: String,
}

/// The body of an answer that is not a stream.
#[derive(Debug, Deserialize)]
pub struct Refused {
    /// Why.
    pub error: Fault,
}
