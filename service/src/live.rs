//! Live interviews: one task owns an interview's stage and the next `seq`, and everything reaches it as a command.
//! It knows no socket and no page; those hold a [`Room`] handle and a [`Tap`].

mod allowance;
mod answer;
mod closing;
mod commit;
mod disk;
mod edits;
mod facts;
mod load;
mod onlooker;
mod presence;
mod prompt;
mod room;
mod runs;
mod terminal;
mod tools;
mod workspace;

pub(crate) use closing::opened;
pub use onlooker::Tap;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use interview::masking::Viewer;
use interview::terminal::Size;
use interview::wire::{Begun, ClientFact, OwnCase, Stored, Welcome};
use interview::{InterviewId, Offset, Origin, Seq, Stage};
use tokio::sync::{OnceCell, mpsc, oneshot};

use crate::ports::{Assistant, Catalog, Clock, Events, Limits, PortError, Sandbox};
use crate::problems::Bank;
use crate::runs::Runner;

/// A connected tab is asked for a sign of life so often.
pub const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

/// What every room needs from outside.
pub struct Outside {
    /// The log.
    pub events: Arc<dyn Events>,
    /// The tables.
    pub catalog: Arc<dyn Catalog>,
    /// The boxes.
    pub sandbox: Arc<dyn Sandbox>,
    /// Who answers the candidate.
    pub assistant: Arc<dyn Assistant>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The questions.
    pub bank: Arc<Bank>,
    /// Who runs code.
    pub runner: Arc<Runner>,
    /// What a box may use.
    pub limits: Limits,
}

/// Why a room could not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoomError {
    /// No such interview.
    #[error("there is no such interview")]
    Unknown,
    /// It is over.
    #[error("this interview has ended; nothing more is recorded")]
    Ended,
    /// A fact was not taken; those before it in its batch were.
    #[error("event {n} was not taken: {reason}")]
    Refused {
        /// The client's own count.
        n: u64,
        /// Why, in a sentence.
        reason: String,
        /// Up to here the client's facts are taken.
        through: Option<u64>,
    },
    /// Nothing of the batch was taken: it holds what a candidate may not send.
    #[error("event {n} was not taken: {reason}")]
    Forbidden {
        /// The client's own count.
        n: u64,
        /// Why, in a sentence.
        reason: String,
    },
    /// Not now, for a reason the candidate can act on.
    #[error("{0}")]
    NotNow(String),
    /// The room went down; asking again opens it anew.
    #[error("the room is restarting; try again in a moment")]
    Gone,
    /// The log or the tables cannot be reached.
    #[error("the interview cannot be stored right now; try again in a moment")]
    Unavailable,
}

impl From<PortError> for RoomError {
    fn from(error: PortError) -> Self {
        tracing::error!(%error, "a port failed under a room");
        Self::Unavailable
    }
}

type Reply<T> = oneshot::Sender<Result<T, RoomError>>;

enum Command {
    Join { origin: Origin, from: Option<Seq>, reply: Reply<(Welcome, Tap)> },
    Leave { tap: u64 },
    Shut { done: oneshot::Sender<()> },
    Watch { viewer: Viewer, reply: Reply<(Stage, Tap)> },
    Look { reply: Reply<(Stage, Offset)> },
    Facts { origin: Origin, now: Option<u64>, facts: Vec<ClientFact>, reply: Reply<Stored> },
    Type { data: String, reply: Reply<()> },
    Resize { size: Size, reply: Reply<()> },
    RestartBox { reply: Reply<()> },
    Ask { text: String, reply: Reply<Begun> },
    StopAnswer,
    Decide { call: String, accept: bool, reply: Reply<()> },
    Undo { call: String, reply: Reply<()> },
    Run { cases: Option<Vec<OwnCase>>, reply: Reply<Begun> },
    NextQuestion { reply: Reply<()> },
    Submit { reply: Reply<()> },
    Inner(room::Inner),
}

/// A handle to one live interview. Cloning is cheap; the room outlives its handles.
#[derive(Clone)]
pub struct Room {
    commands: mpsc::Sender<Command>,
}

impl Room {
    async fn ask<T>(&self, command: impl FnOnce(Reply<T>) -> Command) -> Result<T, RoomError> {
        let (reply, answer) = oneshot::channel();
        self.commands.send(command(reply)).await.map_err(|_| RoomError::Gone)?;
        answer.await.map_err(|_| RoomError::Gone)?
    }

    /// A candidate's tab comes in, and takes over from any other.
    pub async fn join(&self, origin: Origin, from: Option<Seq>) -> Result<(Welcome, Tap), RoomError> {
        self.ask(|reply| Command::Join { origin, from, reply }).await
    }

    /// Watches without being a tab: the stage as it is, unmasked for a reviewer, and all that follows.
    pub async fn watch(&self, viewer: Viewer) -> Result<(Stage, Tap), RoomError> {
        self.ask(|reply| Command::Watch { viewer, reply }).await
    }

    /// The stage as it is, unmasked, and the interview's clock.
    pub async fn look(&self) -> Result<(Stage, Offset), RoomError> {
        self.ask(|reply| Command::Look { reply }).await
    }

    /// Takes facts by the candidate; answers once they are durable.
    pub async fn take(&self, origin: Origin, now: Option<u64>, facts: Vec<ClientFact>) -> Result<Stored, RoomError> {
        self.ask(|reply| Command::Facts { origin, now, facts, reply }).await
    }

    /// Types into the shell.
    pub async fn type_keys(&self, data: String) -> Result<(), RoomError> {
        self.ask(|reply| Command::Type { data, reply }).await
    }

    /// Gives the terminal a size; the first time, starts the shell.
    pub async fn resize(&self, size: Size) -> Result<(), RoomError> {
        self.ask(|reply| Command::Resize { size, reply }).await
    }

    /// Throws the box away and starts a shell in a new one, with the same files.
    pub async fn restart_box(&self) -> Result<(), RoomError> {
        self.ask(|reply| Command::RestartBox { reply }).await
    }

    /// Asks the assistant; answers once the question is durable.
    pub async fn ask_assistant(&self, text: String) -> Result<Begun, RoomError> {
        self.ask(|reply| Command::Ask { text, reply }).await
    }

    /// Stops the answer that is coming.
    pub async fn stop_answer(&self) {
        let _ = self.commands.send(Command::StopAnswer).await;
    }

    /// Accepts or rejects a proposed edit.
    pub async fn decide(&self, call: String, accept: bool) -> Result<(), RoomError> {
        self.ask(|reply| Command::Decide { call, accept, reply }).await
    }

    /// Takes back an edit of the assistant's.
    pub async fn undo(&self, call: String) -> Result<(), RoomError> {
        self.ask(|reply| Command::Undo { call, reply }).await
    }

    /// Starts a run; answers once the request is durable.
    pub async fn run(&self, cases: Option<Vec<OwnCase>>) -> Result<Begun, RoomError> {
        self.ask(|reply| Command::Run { cases, reply }).await
    }

    /// Leaves the question for the next one.
    pub async fn next_question(&self) -> Result<(), RoomError> {
        self.ask(|reply| Command::NextQuestion { reply }).await
    }

    /// Hands in. Twice is fine.
    pub async fn submit(&self) -> Result<(), RoomError> {
        self.ask(|reply| Command::Submit { reply }).await
    }

    fn is_closed(&self) -> bool {
        self.commands.is_closed()
    }
}

/// All live rooms of this server.
pub struct Rooms {
    outside: Arc<Outside>,
    open: Mutex<HashMap<InterviewId, Arc<OnceCell<Room>>>>,
}

impl Rooms {
    /// No room yet.
    pub fn new(outside: Arc<Outside>) -> Self {
        Self { outside, open: Mutex::default() }
    }

    /// The room of that interview, rebuilt from the log where it is not live. Whoever asks for one that is being rebuilt
    /// waits for it, and nobody else does.
    pub async fn room(&self, interview: &InterviewId) -> Result<Room, RoomError> {
        let cell = self.cell(interview);
        cell.get_or_try_init(|| load::load(self.outside.clone(), interview)).await.cloned()
    }

    fn cell(&self, interview: &InterviewId) -> Arc<OnceCell<Room>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, cell| cell.get().map_or(Arc::strong_count(cell) > 1, |room| !room.is_closed()));
        open.entry(interview.clone()).or_default().clone()
    }

    /// Writes down what every room still has, and ends the rooms: nothing that happens to their boxes from here on is
    /// theirs to tell. What was under way is taken up when they are opened again.
    pub async fn close(&self) {
        let open = std::mem::take(&mut *self.open.lock().unwrap_or_else(PoisonError::into_inner));
        let rooms = open.values().filter_map(|cell| cell.get().cloned());
        let shutting = rooms.map(|room| async move {
            let (done, is_done) = oneshot::channel();
            if room.commands.send(Command::Shut { done }).await.is_ok() {
                let _ = is_done.await;
            }
        });
        futures::future::join_all(shutting).await;
    }

    /// Opens every interview that was handed in or whose time is up, which ends it.
    pub async fn end_overdue(&self) -> Result<(), RoomError> {
        let now = self.outside.clock.unix_millis();
        for interview in self.outside.catalog.due_to_end(now).await? {
            if let Err(error) = self.room(&interview).await {
                tracing::error!(%error, %interview, "an overdue interview could not be opened");
            }
        }
        Ok(())
    }
}
