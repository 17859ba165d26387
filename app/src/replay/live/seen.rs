//! What the panels show of the stage, as signals that change only when their part of the stage does.

use std::collections::BTreeSet;
use std::sync::Arc;

use interview::Fact;
use interview::chat::Exchange;
use interview::replay::{Moved, RecordingIndex};
use interview::run::Run;
use leptos::prelude::*;

use super::player::Drawn;

/// The state of the candidate's side at the playhead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// No tab was connected.
    pub offline: bool,
    /// The room's window was in the back.
    pub away: bool,
    /// A shell was alive.
    pub shell: bool,
}

/// What the panels show. Copies are the same.
#[derive(Clone, Copy, Default)]
pub struct Seen {
    /// The files' paths.
    pub files: RwSignal<Vec<String>>,
    /// The file the candidate looks at.
    pub looked_at: RwSignal<Option<String>>,
    /// The file the reviewer wants to see, wherever the candidate looks.
    pub pinned: RwSignal<Option<String>>,
    /// The files that changed since the moment before.
    pub changed: RwSignal<BTreeSet<String>>,
    /// The conversation.
    pub exchanges: RwSignal<Vec<Arc<Exchange>>>,
    /// The runs.
    pub runs: RwSignal<Vec<Arc<Run>>>,
    /// The question on the table.
    pub question: RwSignal<Option<String>>,
    /// The candidate's side.
    pub presence: RwSignal<Presence>,
}

impl Seen {
    /// The file that is shown: the one the reviewer wants, else the one the candidate looks at, else one to begin with.
    pub fn shown(self) -> Option<String> {
        let files = self.files.get();
        let is_there = |path: &String| files.contains(path);
        let wanted = self.pinned.get().filter(is_there).or_else(|| self.looked_at.get().filter(is_there));
        wanted.or_else(|| first_of(&files))
    }

    /// Follows the stage of a recording.
    pub fn follow(self, drawn: &Drawn<'_>, index: &RecordingIndex) {
        let touched = Touched::by(drawn.moved);
        let stage = drawn.stage;
        if touched.files {
            change(self.files, stage.editor.files.keys().map(|path| path.as_str().to_owned()).collect());
            change(self.looked_at, stage.editor.open.as_ref().map(|path| path.as_str().to_owned()));
            change(self.question, stage.questions.current().map(|question| question.title.clone()));
        }
        if touched.chat {
            self.exchanges.set(stage.chat.exchanges.clone());
        }
        if touched.runs {
            self.runs.set(stage.runs.runs.clone());
        }
        if touched.presence {
            change(self.presence, presence(drawn, index));
        }
    }
}

fn presence(drawn: &Drawn<'_>, index: &RecordingIndex) -> Presence {
    let session = &drawn.stage.session;
    Presence {
        offline: index.outages.iter().any(|outage| outage.holds(drawn.at)),
        away: session.is_running() && !session.focused,
        shell: drawn.stage.terminal.open,
    }
}

/// The file to begin with: code before prose, and what lies on top before what lies in folders.
fn first_of(files: &[String]) -> Option<String> {
    files.iter().min_by_key(|path| (path.ends_with(".md"), path.contains('/'))).cloned()
}

fn change<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}

/// Which parts of the stage a move may have touched.
#[derive(Default)]
struct Touched {
    files: bool,
    chat: bool,
    runs: bool,
    presence: bool,
}

impl Touched {
    fn by(moved: &Moved) -> Self {
        let mut touched = Self::default();
        let Moved::On(events) = moved else { return Self { files: true, chat: true, runs: true, presence: true } };
        for event in events {
            match &event.fact {
                Fact::Editor(_) | Fact::Question(_) => touched.files = true,
                Fact::Session(_) => (touched.files, touched.presence) = (true, true),
                Fact::Terminal(_) => touched.presence = true,
                Fact::Chat(_) => touched.chat = true,
                Fact::Run(_) => touched.runs = true,
            }
        }
        touched
    }
}
