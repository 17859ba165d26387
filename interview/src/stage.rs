//! Everything that can be seen at one moment, folded from the log. Folding cannot fail, wait, or reach outside.

use serde::{Deserialize, Serialize};

use crate::chat::Chat;
use crate::editor::Editor;
use crate::event::{Event, Offset, Seq};
use crate::fact::{Fact, SessionFact};
use crate::question::Questions;
use crate::run::Runs;
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

    /// The stage that these events make.
    pub fn fold<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut stage = Self::default();
        for event in events {
            stage.apply(event);
        }
        stage
    }
}
