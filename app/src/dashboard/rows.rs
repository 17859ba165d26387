//! What the dashboard shows, row by row, and what it sends back.

use interview::question::Language;
use interview::session::Capture;
use serde::{Deserialize, Serialize};

use crate::shell::assistance::Assistance;
use crate::shell::visitor::Visitor;

/// What the dashboard knows before any session is listed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// Who is signed in.
    pub visitor: Visitor,
    /// All assessments, newest first.
    pub assessments: Vec<AssessmentRow>,
    /// All problems, the easy ones first.
    pub problems: Vec<ProblemChoice>,
    /// The languages that can be run.
    pub languages: Vec<Language>,
}

/// An assessment, for the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssessmentRow {
    /// Its id.
    pub id: String,
    /// Shown to candidates.
    pub title: String,
    /// The problems' titles, in the order they are put.
    pub problems: Vec<String>,
    /// What a candidate may choose from.
    pub languages: Vec<Language>,
    /// How long a candidate has.
    pub minutes: u32,
    /// What the assistant may do.
    pub assistance: Assistance,
    /// How many links were handed out.
    pub invited: usize,
    /// How many of them were taken up.
    pub started: usize,
}

/// A problem that an assessment may hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProblemChoice {
    /// Its name in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// How hard it is, in a word.
    pub difficulty: String,
    /// How long it takes.
    pub minutes: u32,
}

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SessionState {
    /// The clock runs.
    Running,
    /// Handed in; the last run is under way.
    Submitted,
    /// Over.
    Ended,
}

impl SessionState {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 3] = [Self::Running, Self::Submitted, Self::Ended];

    /// The name in addresses and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Submitted => "submitted",
            Self::Ended => "ended",
        }
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Running => "Running",
            Self::Submitted => "Submitted",
            Self::Ended => "Ended",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// A session, for the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionRow {
    /// The interview's id.
    pub id: String,
    /// The candidate's name.
    pub candidate: String,
    /// Their address, when known.
    pub email: Option<String>,
    /// The assessment's title.
    pub assessment: String,
    /// Where it stands.
    pub state: SessionState,
    /// Unix milliseconds.
    pub started_at: u64,
    /// How long it took, or has taken so far.
    pub duration_millis: u64,
    /// Cases passed.
    pub tests_passed: u32,
    /// Cases in all.
    pub tests_total: u32,
}

/// A page of sessions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionPage {
    /// Its rows.
    pub rows: Vec<SessionRow>,
    /// How many there are in all.
    pub total: u32,
}

/// An assessment as a reviewer asks for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssessmentDraft {
    /// Shown to candidates.
    pub title: String,
    /// The problems' names, in the order they are put.
    pub problems: Vec<String>,
    /// What a candidate may choose from.
    pub languages: Vec<Language>,
    /// How long a candidate has.
    pub minutes: u32,
    /// What the assistant may do.
    pub assistance: Assistance,
    /// How many messages a candidate may send to it.
    pub budget_messages: u32,
    /// What it may cost in one interview, in millionths of a US dollar.
    pub budget_microusd: u64,
    /// What a candidate must agree to have recorded.
    pub required_consents: Vec<Capture>,
}

/// An invitation that was just made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewInvitation {
    /// For whom.
    pub name: String,
    /// The link. It is shown only now.
    pub url: String,
    /// Unix milliseconds; later it does not open anything new.
    pub expires_at: u64,
}
