//! What a room and a browser say to each other over the socket, and how a client's fact looks.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::chat::MessageId;
use crate::event::{Event, Offset, Seq};
use crate::fact::Fact;
use crate::ids::{FILE_LIMIT_BYTES, Origin, ProblemSlug};
use crate::question::Language;
use crate::run::RunId;
use crate::stage::Stage;
use crate::terminal::Size;

/// Largest message of a client, in bytes: a file's whole text fits even if JSON has to spell out every letter of it.
pub const MESSAGE_LIMIT_BYTES: usize = 8 * FILE_LIMIT_BYTES;

/// A fact as a client sends it: its own count, its own clock in milliseconds, kind and body.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientFact {
    /// The client's count, from zero.
    pub n: u64,
    /// The client's own clock, in milliseconds.
    pub t: u64,
    /// What happened.
    pub fact: Fact,
}

#[derive(Serialize)]
struct WrittenFact<'a> {
    n: u64,
    t: u64,
    kind: &'static str,
    body: &'a RawValue,
}

#[derive(Deserialize)]
struct ReadFact {
    n: u64,
    t: f64,
    kind: String,
    body: Value,
}

impl Serialize for ClientFact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let body = self.fact.body();
        WrittenFact { n: self.n, t: self.t, kind: self.fact.kind(), body: &body }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ClientFact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = ReadFact::deserialize(deserializer)?;
        let fact = Fact::decode(&read.kind, 1, read.body).map_err(D::Error::custom)?;
        // A clock that is negative or beyond reason is cut to what fits; the server keeps time anyway.
        Ok(Self { n: read.n, t: read.t.clamp(0.0, 9e15) as u64, fact })
    }
}

/// An event on its way to a client, with the client's own count when the fact was its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// The event.
    pub event: Event,
    /// The receiver's own count for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u64>,
}

/// A case of the candidate's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnCase {
    /// What it is called.
    pub name: String,
    /// What goes in.
    pub input: String,
    /// What should come out.
    #[serde(rename = "expectedOutput", alias = "expected")]
    pub expected: String,
}

/// What a browser says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case")]
pub enum ClientMessage {
    /// The first message: who this is, and from where on it has not heard.
    Hello {
        /// The tab.
        origin: Origin,
        /// The next event it expects, when it was connected before.
        from: Option<Seq>,
    },
    /// Facts, in the order they happened; one batch at a time.
    Facts {
        /// The tab they come from: this one, or one that was reloaded and left them behind.
        origin: Origin,
        /// The client's clock now.
        now: u64,
        /// The facts.
        facts: Vec<ClientFact>,
    },
    /// Keys for the shell.
    Type {
        /// The bytes as text.
        data: String,
    },
    /// The terminal's window has this size; the first one starts the shell.
    Resize(Size),
    /// Throw the sandbox away and start a new one with the same files.
    RestartSandbox,
    /// A message to the assistant.
    Ask {
        /// What it says.
        text: String,
    },
    /// Stop the answer that is coming.
    StopAnswer,
    /// Accept or reject an edit that the assistant proposes.
    Decide {
        /// The tool call that proposes it.
        call: String,
        /// Whether to take it.
        accept: bool,
    },
    /// Take back an edit that the assistant made.
    Undo {
        /// The tool call that made it.
        call: String,
    },
    /// Run the tests; with cases, run those instead.
    Run {
        /// The candidate's own cases.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cases: Option<Vec<OwnCase>>,
    },
    /// Put the next question.
    NextQuestion,
    /// Hand in.
    Submit,
    /// Nothing; keeps the line open.
    Ping,
}

/// What a room says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case")]
pub enum ServerMessage {
    /// The answer to `Hello`.
    Welcome(Box<Welcome>),
    /// What happened.
    Events {
        /// In order, but that display events may run ahead.
        events: Vec<Delivery>,
    },
    /// Everything of that tab up to `through` is durable.
    Acknowledged {
        /// Whose.
        origin: Origin,
        /// Up to here.
        through: u64,
    },
    /// A fact was not taken, nor was the rest of its batch.
    Refused {
        /// Whose.
        origin: Origin,
        /// Which.
        n: u64,
        /// Why, in a sentence.
        reason: String,
    },
    /// Something asked for cannot be done now.
    Sorry {
        /// What.
        about: About,
        /// Why, in a sentence.
        reason: String,
    },
    /// Another tab took over; this one stops.
    TakenOver,
    /// The answer to `Ping`, with the time.
    Pong {
        /// The interview's clock.
        now: Offset,
    },
}

/// What a `Sorry` is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// The assistant.
    Assistant,
    /// The tests.
    Run,
    /// The shell.
    Terminal,
    /// Handing in, or the next question.
    Session,
    /// A message that could not be read.
    Message,
}

/// The room as it stands, for a tab that just came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Welcome {
    /// The interview's clock.
    pub now: Offset,
    /// What stands in the room, masked.
    pub stage: Stage,
    /// Up to where the tab's own facts are durable.
    pub through: Option<u64>,
    /// What happened to the files since the tab last heard.
    pub missed: Vec<Delivery>,
    /// What the room has besides the stage.
    pub room: RoomCard,
}

/// What a room is made of and does not change but with the question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomCard {
    /// The assessment's title.
    pub title: String,
    /// How many questions it has.
    pub questions: u32,
    /// The current problem.
    pub problem: ProblemCard,
    /// What the assistant may do.
    pub assistant: AssistantCard,
    /// What the sandbox has: the language's version, memory, time; in words.
    pub sandbox: String,
}

/// A problem as a candidate sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProblemCard {
    /// Which.
    pub slug: ProblemSlug,
    /// Its title.
    pub title: String,
    /// The task, as sanitised HTML.
    pub prompt_html: String,
    /// The language.
    pub language: Language,
    /// The cases that may be seen.
    pub examples: Vec<OwnCase>,
    /// How many cases are hidden.
    pub hidden: u32,
}

/// The assistant as a candidate sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssistantCard {
    /// `off`, `chat`, `propose` or `agent`.
    pub mode: String,
    /// Who answers.
    pub model: String,
    /// Whether that is a language model.
    pub is_language_model: bool,
    /// How many messages may be sent.
    pub budget_messages: u32,
    /// What it may cost, in millionths of a US dollar.
    pub budget_microusd: u64,
}

/// The answer to a batch over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// The client's own count up to which everything is durable.
    pub through: u64,
    /// The log's next place.
    pub seq: Seq,
}

/// What a command to the room brought forth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Begun {
    /// A question to the assistant.
    Message(MessageId),
    /// A run.
    Run(RunId),
}
