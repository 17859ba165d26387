//! A stage set aside, from which folding can go on: a cache, never the truth.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::chat::Chat;
use crate::editor::Editor;
use crate::event::{Event, Offset, Seq};
use crate::fact::{Fact, TerminalFact};
use crate::question::Questions;
use crate::run::Runs;
use crate::session::Session;
use crate::stage::Stage;
use crate::terminal::{Dump, Terminal};

/// Most events between two keyframes.
pub const EVENTS_BETWEEN: usize = 500;

/// Most bytes of terminal output between two keyframes: a screen is costlier to fold than anything else.
pub const PRINTED_BETWEEN: usize = 64 * 1024;

/// A stage as data. Texts, exchanges and runs are shared with the stage it was taken from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Keyframe {
    next: Seq,
    at: Offset,
    session: Session,
    questions: Questions,
    editor: Editor,
    terminal: Arc<Dump>,
    chat: Chat,
    runs: Runs,
}

impl Keyframe {
    /// Sets a stage aside.
    pub fn of(stage: &Stage) -> Self {
        Self {
            next: stage.next,
            at: stage.at,
            session: stage.session.clone(),
            questions: stage.questions.clone(),
            editor: stage.editor.clone(),
            terminal: Arc::new(stage.terminal.dump()),
            chat: stage.chat.clone(),
            runs: stage.runs.clone(),
        }
    }

    /// The stage again.
    pub fn restore(&self) -> Stage {
        Stage {
            next: self.next,
            at: self.at,
            session: self.session.clone(),
            questions: self.questions.clone(),
            editor: self.editor.clone(),
            terminal: Terminal::restore(&self.terminal),
            chat: self.chat.clone(),
            runs: self.runs.clone(),
        }
    }

    /// The seq from which folding goes on.
    pub fn next(&self) -> Seq {
        self.next
    }

    /// The time of the last event in it.
    pub fn at(&self) -> Offset {
        self.at
    }
}

/// Decides where keyframes are due.
#[derive(Clone, Debug)]
pub struct Pace {
    events_between: usize,
    printed_between: usize,
    events: usize,
    printed: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self::every(EVENTS_BETWEEN, PRINTED_BETWEEN)
    }
}

impl Pace {
    /// A keyframe after so many events, or so many bytes of terminal output, whichever comes first.
    pub fn every(events: usize, printed: usize) -> Self {
        Self { events_between: events, printed_between: printed, events: 0, printed: 0 }
    }

    /// Counts an event; says whether a keyframe is due after it.
    pub fn is_due_after(&mut self, event: &Event) -> bool {
        self.events += 1;
        if let Fact::Terminal(TerminalFact::Printed(bytes)) = &event.fact {
            self.printed += bytes.data.len();
        }
        let due = self.events >= self.events_between || self.printed >= self.printed_between;
        if due {
            (self.events, self.printed) = (0, 0);
        }
        due
    }
}
