//! What lies behind an invitation's link, as far as its candidate is told.

use interview::question::Language;
use interview::session::Capture;
use serde::{Deserialize, Serialize};

use crate::shell::assistance::Assistance;

/// What lies behind a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Door {
    /// An interview that can be started.
    Open(Box<Offer>),
    /// An interview that is under way.
    Started {
        /// What it is called.
        title: String,
    },
    /// An interview that is over.
    Finished {
        /// What it is called.
        title: String,
    },
    /// A link that is too old.
    Expired,
    /// Nothing.
    Unknown,
}

/// An interview as it is offered to its candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// What it is called.
    pub title: String,
    /// The candidate's name, as the reviewer wrote it.
    pub candidate: String,
    /// How long it takes.
    pub minutes: u32,
    /// How many questions there are.
    pub questions: usize,
    /// What the candidate may choose from.
    pub languages: Vec<Language>,
    /// What the assistant may do.
    pub assistance: Assistance,
    /// How many messages the candidate may send to it.
    pub messages: u32,
    /// What must be agreed to, to start.
    pub required: Vec<Capture>,
}

impl Offer {
    /// What the candidate is asked to agree to. Where there is no assistant, nothing of it can be recorded.
    pub fn asked(&self) -> Vec<Capture> {
        let is_asked = |capture: &Capture| match capture {
            Capture::Assistant => self.assistance != Assistance::Off || self.required.contains(capture),
            Capture::Editor | Capture::Terminal | Capture::Focus => true,
        };
        Capture::ALL.into_iter().filter(is_asked).collect()
    }
}
