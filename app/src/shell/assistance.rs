//! What the assistant may do in an interview, in the words of its two sides.

use serde::{Deserialize, Serialize};

/// What the assistant may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Assistance {
    /// There is none.
    Off,
    /// It reads and answers.
    Chat,
    /// It proposes edits; the candidate accepts or rejects.
    Propose,
    /// It edits by itself; the candidate can undo.
    Agent,
}

impl Assistance {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 4] = [Self::Off, Self::Chat, Self::Propose, Self::Agent];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Chat => "chat",
            Self::Propose => "propose",
            Self::Agent => "agent",
        }
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|assistance| assistance.as_str() == name)
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Off => "Off",
            Self::Chat => "Answers only",
            Self::Propose => "Proposes edits",
            Self::Agent => "Edits files",
        }
    }

    /// What a reviewer chooses with it.
    pub fn for_reviewer(self) -> &'static str {
        match self {
            Self::Off => "No assistant: the candidate works alone.",
            Self::Chat => "It reads the files and answers questions. It changes nothing.",
            Self::Propose => {
                "It runs the tests, and commands on a copy of the files. It suggests edits as a diff; the candidate \
                 accepts or rejects each one."
            }
            Self::Agent => "It edits files and runs commands by itself; the candidate can undo its edits.",
        }
    }

    /// What a candidate may expect of it.
    pub fn for_candidate(self) -> &'static str {
        match self {
            Self::Off => "There is no assistant in this interview, and you are expected to work without one.",
            Self::Chat => "You may ask an AI assistant. It reads your files and answers; it changes nothing.",
            Self::Propose => {
                "You may use an AI assistant. It reads your files and proposes edits; you accept or reject each one."
            }
            Self::Agent => {
                "You may use an AI assistant. It reads and edits your files and runs commands; you can undo its edits."
            }
        }
    }
}
