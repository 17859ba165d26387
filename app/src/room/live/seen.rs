//! What the panels see: small signals taken from the stage, so that a keystroke draws nothing again.

use std::sync::Arc;

use interview::chat::Exchange;
use interview::question::Question;
use interview::run::Run;
use interview::session::{Capture, Phase, Session};
use interview::wire::RoomCard;
use interview::{FilePath, Offset, Stage};
use leptos::prelude::*;

use crate::js::page;

/// How the line to the server stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// It is being opened for the first time.
    Opening,
    /// It stands.
    Connected,
    /// It broke and is being tried again.
    Reconnecting,
    /// There is no network; everything is kept here.
    Offline,
    /// Another tab has the room.
    Elsewhere,
}

/// How the shell stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// Nobody has started one.
    NotYet,
    /// It runs.
    Open,
    /// It ended.
    Ended,
}

/// The tabs of the panel on the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// The task.
    Problem,
    /// The conversation.
    Assistant,
    /// The runs.
    Tests,
}

/// A dialog that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Submit the interview?
    Submit,
    /// Leave this question?
    NextQuestion,
    /// Delete these files?
    Delete(Vec<FilePath>, String),
    /// Throw the sandbox away?
    Restart,
    /// All keys.
    Keys,
}

/// The interview's clock, and this page's clock when it showed that.
#[derive(Clone, Copy, Debug)]
struct Reading {
    interview: Offset,
    page: f64,
}

/// The signals.
#[derive(Clone, Copy)]
pub struct Seen {
    /// The line.
    pub connection: RwSignal<Connection>,
    /// How many changes wait to be acknowledged, as far as it is worth a word.
    pub waiting: RwSignal<usize>,
    /// What the room has besides the stage.
    pub card: RwSignal<Option<Arc<RoomCard>>>,
    /// The interview as a whole.
    pub session: RwSignal<Session>,
    /// The question on the table.
    pub question: RwSignal<Option<Question>>,
    /// The files.
    pub files: RwSignal<Vec<FilePath>>,
    /// The conversation.
    pub exchanges: RwSignal<Vec<Arc<Exchange>>>,
    /// The runs of this question.
    pub runs: RwSignal<Vec<Arc<Run>>>,
    /// The shell.
    pub shell: RwSignal<Shell>,
    /// The files that are open in tabs.
    pub tabs: RwSignal<Vec<FilePath>>,
    /// The file that shows.
    pub shown: RwSignal<Option<FilePath>>,
    /// The panel's tab that shows.
    pub tab: RwSignal<Tab>,
    /// Whether the files show.
    pub files_shown: RwSignal<bool>,
    /// Whether the terminal shows.
    pub terminal_shown: RwSignal<bool>,
    /// The dialog that is open.
    pub asked: RwSignal<Option<Asked>>,
    /// The message to the assistant that is being written.
    pub draft: RwSignal<String>,
    /// Whether a message to the assistant is on its way into the conversation.
    pub is_asking: RwSignal<bool>,
    /// The proposal that was answered last, until its answer is known to be lost.
    pub decided: RwSignal<Option<String>>,
    /// Why the assistant, the tests or the shell could not do the last thing that was asked of them.
    pub assistant_sorry: RwSignal<Option<String>>,
    /// See above.
    pub run_sorry: RwSignal<Option<String>>,
    /// See above.
    pub terminal_sorry: RwSignal<Option<String>>,
    /// Whether the interview is being handed in, or left for the next question, right now.
    pub is_closing: RwSignal<bool>,
    clock: RwSignal<Option<Reading>>,
}

impl Seen {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self {
            connection: RwSignal::new(Connection::Opening),
            waiting: RwSignal::new(0),
            card: RwSignal::new(None),
            session: RwSignal::new(Session::default()),
            question: RwSignal::new(None),
            files: RwSignal::new(Vec::new()),
            exchanges: RwSignal::new(Vec::new()),
            runs: RwSignal::new(Vec::new()),
            shell: RwSignal::new(Shell::NotYet),
            tabs: RwSignal::new(Vec::new()),
            shown: RwSignal::new(None),
            tab: RwSignal::new(Tab::Problem),
            files_shown: RwSignal::new(true),
            terminal_shown: RwSignal::new(true),
            asked: RwSignal::new(None),
            draft: RwSignal::new(String::new()),
            is_asking: RwSignal::new(false),
            decided: RwSignal::new(None),
            assistant_sorry: RwSignal::new(None),
            run_sorry: RwSignal::new(None),
            terminal_sorry: RwSignal::new(None),
            is_closing: RwSignal::new(false),
            clock: RwSignal::new(None),
        }
    }

    /// Takes everything from a stage.
    pub fn take_all(self, stage: &Stage) {
        self.session.set(stage.session.clone());
        self.take_questions(stage);
        self.take_files(stage);
        self.take_chat(stage);
        self.take_runs(stage);
        self.take_shell(stage);
    }

    /// Takes the question from it.
    pub fn take_questions(self, stage: &Stage) {
        self.question.set(stage.questions.current().cloned());
    }

    /// Takes the files' paths from it.
    pub fn take_files(self, stage: &Stage) {
        self.files.set(stage.editor.files.keys().cloned().collect());
    }

    /// Takes the conversation from it.
    pub fn take_chat(self, stage: &Stage) {
        self.exchanges.set(stage.chat.exchanges.clone());
    }

    /// Takes the runs of the question from it.
    pub fn take_runs(self, stage: &Stage) {
        self.runs.set(stage.current_runs().cloned().collect());
    }

    /// Takes the shell's state from it.
    pub fn take_shell(self, stage: &Stage) {
        let has_printed = || stage.terminal.lines().iter().any(|line| !line.is_empty());
        self.shell.set(match stage.terminal.open {
            true => Shell::Open,
            false if has_printed() => Shell::Ended,
            false => Shell::NotYet,
        });
    }

    /// The interview's clock shows this now.
    pub fn set_clock(self, interview: Offset) {
        self.clock.set(Some(Reading { interview, page: page::now() }));
    }

    /// Milliseconds until the time is up, as of now; none while nothing runs.
    pub fn remaining_millis(self) -> Option<u64> {
        let reading = self.clock.get()?;
        let now = reading.interview.0 + (page::now() - reading.page).max(0.0) as u64;
        let deadline = self.session.with(Session::deadline)?;
        Some(deadline.0.saturating_sub(now))
    }

    /// Whether the clock has run out, be the interview closed already or about to be.
    pub fn is_time_up(self) -> bool {
        untrack(|| self.remaining_millis()) == Some(0)
    }

    /// Whether that may be recorded.
    pub fn captures(self, capture: Capture) -> bool {
        self.session.with(|session| session.captures.contains(&capture))
    }

    /// Whether the room stands and was shown at least once.
    pub fn is_known(self) -> bool {
        self.card.with(Option::is_some)
    }

    /// Whether something can be asked of the server.
    pub fn is_connected(self) -> bool {
        self.connection.get() == Connection::Connected
    }

    /// Whether another tab has the room.
    pub fn is_elsewhere(self) -> bool {
        self.connection.get() == Connection::Elsewhere
    }

    /// Whether the interview is over, or about to be.
    pub fn is_over(self) -> bool {
        self.session.with(|session| match session.phase {
            Phase::Waiting | Phase::Running { .. } => false,
            Phase::Submitted { .. } | Phase::Ended { .. } => true,
        })
    }
}
