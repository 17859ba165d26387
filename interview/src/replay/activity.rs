//! How much happened when, in few enough numbers to draw at once.

use serde::{Deserialize, Serialize};

use crate::event::{Actor, Offset};
use crate::fact::{EditorFact, Fact, SessionFact};

use super::Stretch;

/// Into how many parts a recording is cut for drawing.
pub const BUCKETS: usize = 240;

/// A row of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lane {
    /// Edits by hand.
    Code,
    /// Keys and output of the shell.
    Terminal,
    /// The conversation, and what the assistant edits.
    Assistant,
    /// Runs.
    Tests,
    /// Time with the room's window in the back.
    Focus,
}

impl Lane {
    /// All of them, from the top.
    pub const ALL: [Self; 5] = [Self::Code, Self::Terminal, Self::Assistant, Self::Tests, Self::Focus];

    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Code => "Code",
            Self::Terminal => "Terminal",
            Self::Assistant => "Assistant",
            Self::Tests => "Tests",
            Self::Focus => "Focus",
        }
    }

    /// The row in which a fact by that actor counts.
    pub fn of(fact: &Fact, actor: Actor) -> Option<Self> {
        match (fact, actor) {
            (Fact::Editor(EditorFact::Selected(_) | EditorFact::Opened(_)), _) => None,
            (Fact::Editor(_), Actor::Assistant) => Some(Self::Assistant),
            (Fact::Editor(_), Actor::Candidate | Actor::Reviewer | Actor::System) => Some(Self::Code),
            (Fact::Terminal(_), _) => Some(Self::Terminal),
            (Fact::Chat(_), _) => Some(Self::Assistant),
            (Fact::Run(_), _) => Some(Self::Tests),
            (Fact::Session(SessionFact::Focused(_) | SessionFact::Blurred(_)), _) => Some(Self::Focus),
            (Fact::Session(_) | Fact::Question(_), _) => None,
        }
    }
}

/// Per row, how much happened in each part of the recording: events, and for `focus` thousandths of the part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    code: Vec<u16>,
    terminal: Vec<u16>,
    assistant: Vec<u16>,
    tests: Vec<u16>,
    focus: Vec<u16>,
}

impl Activity {
    pub(super) fn of(marks: impl Iterator<Item = (Offset, Lane)>, blurred: &[Stretch], duration: Offset) -> Self {
        let mut activity = Self::default();
        for lane in Lane::ALL {
            activity.lane_mut(lane).resize(BUCKETS, 0);
        }
        for (at, lane) in marks {
            if lane != Lane::Focus {
                let count = &mut activity.lane_mut(lane)[bucket(at, duration)];
                *count = count.saturating_add(1);
            }
        }
        let part = duration.0 as f64 / BUCKETS as f64;
        for stretch in blurred {
            for (index, share) in activity.focus.iter_mut().enumerate() {
                let (start, end) = (index as f64 * part, (index + 1) as f64 * part);
                let overlap = (stretch.to.0 as f64).min(end) - (stretch.from.0 as f64).max(start);
                if overlap > 0.0 {
                    *share = share.saturating_add((overlap / part * 1000.0).round() as u16).min(1000);
                }
            }
        }
        activity
    }

    /// How much happened in one row, part by part.
    pub fn lane(&self, lane: Lane) -> &[u16] {
        match lane {
            Lane::Code => &self.code,
            Lane::Terminal => &self.terminal,
            Lane::Assistant => &self.assistant,
            Lane::Tests => &self.tests,
            Lane::Focus => &self.focus,
        }
    }

    fn lane_mut(&mut self, lane: Lane) -> &mut Vec<u16> {
        match lane {
            Lane::Code => &mut self.code,
            Lane::Terminal => &mut self.terminal,
            Lane::Assistant => &mut self.assistant,
            Lane::Tests => &mut self.tests,
            Lane::Focus => &mut self.focus,
        }
    }
}

fn bucket(at: Offset, duration: Offset) -> usize {
    let whole = u128::from(duration.0.max(1));
    let index = u128::from(at.0) * BUCKETS as u128 / whole;
    usize::try_from(index).unwrap_or(BUCKETS).min(BUCKETS - 1)
}
