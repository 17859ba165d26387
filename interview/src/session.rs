//! The interview as a whole: consent, presence, focus, and its phase. It knows nothing of files or conversations.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::event::Offset;
use crate::fact::SessionFact;
use crate::ids::{Origin, ProblemSlug};
use crate::question::Language;

pub use crate::question::StartingFile;

/// A fact without particulars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Empty {}

/// The clock started, on this question with these files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Started {
    /// How long the candidate has, in milliseconds.
    pub time_limit_ms: u64,
    /// The language chosen.
    pub language: Language,
    /// The first question.
    pub question: ProblemSlug,
    /// The files it starts from.
    pub files: Vec<StartingFile>,
}

/// What may be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Capture {
    /// Every change to the files.
    Editor,
    /// Everything typed and printed in the shell.
    Terminal,
    /// The conversation with the assistant.
    Assistant,
    /// Whether the room's window is in front.
    Focus,
}

impl Capture {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 4] = [Self::Editor, Self::Terminal, Self::Assistant, Self::Focus];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Editor => "editor",
            Self::Terminal => "terminal",
            Self::Assistant => "assistant",
            Self::Focus => "focus",
        }
    }
}

/// The candidate agreed to these terms and captures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consented {
    /// Which wording was agreed to.
    pub terms: String,
    /// What may be recorded.
    pub captures: Vec<Capture>,
}

/// A tab whose connection came or went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tab {
    /// The tab's id.
    pub tab: Origin,
}

/// Why an interview is over. All four names are of the format for good, so that a log that holds one can be read. The platform
/// writes the first two: nobody can end an interview but its candidate and its clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The candidate handed in.
    Submitted,
    /// The time was up.
    TimedOut,
    /// The candidate left and did not come back. Reserved: who does not come back is ended by the clock, as time is up.
    Abandoned,
    /// The reviewer's side closed it. Reserved until reviewers can.
    Closed,
}

/// Nothing by the candidate counts from here on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Why.
    pub reason: EndReason,
}

/// Where the interview stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum Phase {
    /// Nobody has started.
    #[default]
    Waiting,
    /// The clock runs.
    Running {
        /// From when on.
        since: Offset,
    },
    /// The candidate handed in and the last run is under way.
    Submitted {
        /// When.
        at: Offset,
    },
    /// Over.
    Ended {
        /// When.
        at: Offset,
        /// Why.
        reason: EndReason,
    },
}

/// The interview as a whole, as it stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Where it stands.
    pub phase: Phase,
    /// How long the candidate has; zero before the start.
    pub time_limit_ms: u64,
    /// What may be recorded.
    pub captures: Vec<Capture>,
    /// The tabs that are connected now.
    pub tabs: BTreeSet<Origin>,
    /// Whether the room's window is in front.
    pub focused: bool,
}

impl Session {
    /// Folds one fact in.
    pub fn apply(&mut self, at: Offset, fact: &SessionFact) {
        match fact {
            SessionFact::Started(started) => {
                self.time_limit_ms = started.time_limit_ms;
                self.phase = Phase::Running { since: at };
                self.focused = true;
            }
            SessionFact::Consented(consented) => self.captures.clone_from(&consented.captures),
            SessionFact::Joined(tab) => {
                self.tabs.insert(tab.tab.clone());
            }
            SessionFact::Left(tab) => {
                self.tabs.remove(&tab.tab);
            }
            SessionFact::Focused(_) => self.focused = true,
            SessionFact::Blurred(_) => self.focused = false,
            SessionFact::Submitted(_) => self.phase = Phase::Submitted { at },
            SessionFact::Ended(ended) => self.phase = Phase::Ended { at, reason: ended.reason },
        }
    }

    /// Whether the candidate may still work.
    pub fn is_running(&self) -> bool {
        matches!(self.phase, Phase::Running { .. })
    }

    /// The moment at which the time is up, while the clock runs.
    pub fn deadline(&self) -> Option<Offset> {
        match self.phase {
            Phase::Running { since } => Some(Offset(since.0 + self.time_limit_ms)),
            Phase::Waiting | Phase::Submitted { .. } | Phase::Ended { .. } => None,
        }
    }
}
