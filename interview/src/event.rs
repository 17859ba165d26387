//! One entry of the log: a fact with its place, its time and its author. It says nothing of what a fact means.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::fact::Fact;

/// An event's place in its interview: dense, from zero, given once, by the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// The place after this one.
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// A moment of an interview: milliseconds since it started, on the server's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Offset(pub u64);

impl Offset {
    /// Milliseconds from `earlier` to here; zero when `earlier` is later.
    pub fn millis_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// So many milliseconds later.
    pub fn plus(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// The same moment, or that of the event before it in the log: time never goes back there.
    pub fn after(self, previous: Self) -> Self {
        self.max(previous)
    }
}

/// What is known of a client's clock when a batch of its facts arrives. It only spaces them: however wrong it is, nothing
/// happens after it was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// When the batch was received, on the server's clock.
    pub received: Offset,
    /// What the client's clock said when it was sent.
    pub sent: u64,
}

impl Clocks {
    /// When a fact happened that has that time on the client's clock.
    pub fn moment(self, t: u64) -> Offset {
        Offset(self.received.0.saturating_sub(self.sent.saturating_sub(t)))
    }
}

/// Who made a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Actor {
    /// The person being interviewed.
    Candidate,
    /// The model, or the built-in `practice` assistant.
    Assistant,
    /// Whoever conducts or reads the interview.
    Reviewer,
    /// The platform itself.
    System,
}

impl Actor {
    /// The name on the wire and on disk.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Candidate => "candidate",
            Self::Assistant => "assistant",
            Self::Reviewer => "reviewer",
            Self::System => "system",
        }
    }

    /// The actor of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Candidate, Self::Assistant, Self::Reviewer, Self::System]
            .into_iter()
            .find(|actor| actor.as_str() == name)
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One entry of an interview's log.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its place.
    pub seq: Seq,
    /// When the server has it that it happened.
    pub at: Offset,
    /// Who did it.
    pub actor: Actor,
    /// What happened.
    pub fact: Fact,
}

#[derive(Serialize)]
struct Written<'a> {
    seq: Seq,
    at: Offset,
    actor: Actor,
    kind: &'static str,
    v: u8,
    body: &'a RawValue,
}

#[derive(Deserialize)]
struct Read {
    seq: Seq,
    at: Offset,
    actor: Actor,
    kind: String,
    v: u8,
    body: Value,
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let body = self.fact.body();
        Written {
            seq: self.seq,
            at: self.at,
            actor: self.actor,
            kind: self.fact.kind(),
            v: self.fact.version(),
            body: &body,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Read::deserialize(deserializer)?;
        let fact = Fact::decode(&read.kind, read.v, read.body).map_err(D::Error::custom)?;
        Ok(Self { seq: read.seq, at: read.at, actor: read.actor, fact })
    }
}
