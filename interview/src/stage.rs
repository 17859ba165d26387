//! Everything that can be seen at one moment, folded from the log. Folding cannot fail, wait, or reach outside.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::chat::Chat;
use crate::editor::Editor;
use crate::event::{Event, Offset, Seq};
use crate::fact::{Fact, SessionFact};
use crate::question::Questions;
use crate::run::{Run, Runs};
use crate::session::Session;
use crate::terminal::Terminal;

/// What stands in the room at one moment. The live room, the replay and the score all read it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// The seq of the next event.
    pub next: Seq,
    /// The time of the last event.
    pub at: Offset,
    /// The interview as a whole.
    pub session: Session,
    /// Its questions.
    pub questions: Questions,
    /// The files.
    pub editor: Editor,
    /// The screen of the shell.
    pub terminal: Terminal,
    /// The conversation.
    pub chat: Chat,
    /// The runs.
    pub runs: Runs,
}

impl Stage {
    /// Folds one event in.
    pub fn apply(&mut self, event: &Event) {
        self.next = event.seq.next();
        self.at = event.at;
        match &event.fact {
            Fact::Session(fact) => {
                self.session.apply(event.at, fact);
                if let SessionFact::Started(started) = fact {
                    self.editor.replace(&started.files);
                }
            }
            Fact::Question(fact) => {
                self.questions.apply(event.at, fact);
                self.editor.apply_question(fact);
            }
            Fact::Editor(fact) => self.editor.apply(event.at, fact),
            Fact::Terminal(fact) => self.terminal.apply(fact),
            Fact::Chat(fact) => self.chat.apply(event.at, fact),
            Fact::Run(fact) => self.runs.apply(event.at, fact),
        }
    }

    /// The runs that belong to the question on the table.
    pub fn current_runs(&self) -> impl DoubleEndedIterator<Item = &Arc<Run>> {
        let since = self.questions.current().map_or(Offset(0), |question| question.opened_at);
        self.runs.runs.iter().filter(move |run| run.requested_at >= since)
    }

    /// Over all questions: how many cases passed in each one's last counted run, and how many cases those runs had.
    pub fn tests(&self) -> (u32, u32) {
        let questions = &self.questions.0;
        let mut sums = (0, 0);
        for (index, question) in questions.iter().enumerate() {
            let until = questions.get(index + 1).map_or(Offset(u64::MAX), |next| next.opened_at);
            let theirs = self
                .runs
                .runs
                .iter()
                .rev()
                .filter(|run| run.requested_at >= question.opened_at && run.requested_at < until);
            if let Some((passed, failed)) = theirs.into_iter().find_map(|run| run.counted()) {
                sums.0 += passed;
                sums.1 += passed + failed;
            }
        }
        sums
    }

    /// The stage that these events make.
    pub fn fold<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut stage = Self::default();
        for event in events {
            stage.apply(event);
        }
        stage
    }
}
