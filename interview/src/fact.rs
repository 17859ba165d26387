//! Every kind of thing that can happen in an interview, and its name in the log. It does not say what follows from it.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::event::Actor;
use crate::{chat, editor, question, run, session, terminal};

/// Why a stored or sent fact cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// No kind of that name.
    #[error("there is no kind of event called {0:?}")]
    UnknownKind(String),
    /// A version from the future.
    #[error("version {1} of {0} is newer than this program")]
    UnknownVersion(String, u8),
    /// A body that does not fit its kind.
    #[error("the body does not fit {0}: {1}")]
    Body(String, String),
}

/// A body that is still JSON: as text from the log, or as a value from a message.
pub trait Body {
    /// Reads it as what it must be.
    fn read<T: DeserializeOwned>(self) -> Result<T, serde_json::Error>;
}

impl Body for &str {
    fn read<T: DeserializeOwned>(self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self)
    }
}

impl Body for Value {
    fn read<T: DeserializeOwned>(self) -> Result<T, serde_json::Error> {
        serde_json::from_value(self)
    }
}

macro_rules! stream {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident($body:ty) = $kind:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $name { $($(#[$item])* $variant($body),)* }

        impl $name {
            /// The kind's name in the log.
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$variant(_) => $kind,)* }
            }

            const KINDS: &[&str] = &[$($kind,)*];

            fn decode(kind: &str, body: impl Body) -> Option<Result<Self, serde_json::Error>> {
                match kind {
                    $($kind => Some(body.read::<$body>().map(Self::$variant)),)*
                    _ => None,
                }
            }

            fn body(&self) -> Box<RawValue> {
                match self {
                    $(Self::$variant(body) => serde_json::value::to_raw_value(body),)*
                }
                .expect("a fact is plain data")
            }
        }
    };
}

stream! {
    /// The interview as a whole: consent, presence, its end.
    SessionFact {
        /// The clock started.
        Started(session::Started) = "session.started",
        /// The candidate agreed to be recorded.
        Consented(session::Consented) = "session.consented",
        /// A tab connected.
        Joined(session::Tab) = "session.joined",
        /// A tab's connection was lost or closed.
        Left(session::Tab) = "session.left",
        /// The room's window came to the front.
        Focused(session::Empty) = "session.focused",
        /// The room's window went to the back.
        Blurred(session::Empty) = "session.blurred",
        /// The candidate handed in.
        Submitted(session::Empty) = "session.submitted",
        /// Nothing by the candidate counts from here on.
        Ended(session::Ended) = "session.ended",
    }
}

stream! {
    /// Which question is on the table.
    QuestionFact {
        /// A question was put, with the files it starts from.
        Opened(question::Opened) = "question.opened",
        /// The question was left behind.
        Closed(question::Closed) = "question.closed",
    }
}

stream! {
    /// What happened to the files.
    EditorFact {
        /// A file came to be.
        Created(editor::Created) = "editor.created",
        /// A file was removed.
        Deleted(editor::PathOnly) = "editor.deleted",
        /// A file got another path.
        Renamed(editor::Renamed) = "editor.renamed",
        /// The candidate turned to a file.
        Opened(editor::PathOnly) = "editor.opened",
        /// A file's text changed.
        Edited(editor::Edited) = "editor.edited",
        /// The cursor moved or a stretch was selected.
        Selected(editor::Selected) = "editor.selected",
    }
}

stream! {
    /// What happened in the shell.
    TerminalFact {
        /// A new shell on a cleared screen.
        Opened(terminal::Size) = "terminal.opened",
        /// The window's size in cells changed.
        Resized(terminal::Size) = "terminal.resized",
        /// The shell ended.
        Closed(terminal::Closed) = "terminal.closed",
        /// Bytes from the keyboard, as text.
        Typed(terminal::Bytes) = "terminal.typed",
        /// Bytes from the shell, as text.
        Printed(terminal::Bytes) = "terminal.printed",
    }
}

stream! {
    /// The conversation with the assistant.
    ChatFact {
        /// The candidate's message.
        Asked(chat::Asked) = "chat.asked",
        /// A piece of the answer.
        Streamed(chat::Streamed) = "chat.streamed",
        /// The assistant used a tool.
        CalledTool(chat::CalledTool) = "chat.called_tool",
        /// What the tool gave back.
        ToolReturned(chat::ToolReturned) = "chat.tool_returned",
        /// The answer is complete, with its usage.
        Answered(chat::Answered) = "chat.answered",
        /// The answer will not be completed.
        Failed(chat::Failed) = "chat.failed",
        /// The candidate took back an edit that the assistant had made.
        EditUndone(chat::EditUndone) = "chat.edit_undone",
    }
}

stream! {
    /// Running the code against cases.
    RunFact {
        /// Somebody asked for a run of the files as of a moment.
        Requested(run::Requested) = "run.requested",
        /// One case is done.
        CaseFinished(run::CaseFinished) = "run.case_finished",
        /// All cases are done.
        Finished(run::Finished) = "run.finished",
        /// The run could not be completed, through no fault of the code.
        Abandoned(run::Abandoned) = "run.abandoned",
    }
}

/// Something that happened: past tense, and final.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// Of the interview as a whole.
    Session(SessionFact),
    /// Of the questions.
    Question(QuestionFact),
    /// Of the files.
    Editor(EditorFact),
    /// Of the shell.
    Terminal(TerminalFact),
    /// Of the conversation.
    Chat(ChatFact),
    /// Of the runs.
    Run(RunFact),
}

/// The newest version that is written for every kind so far.
const VERSION: u8 = 1;

impl Fact {
    /// The names of all kinds.
    pub fn kinds() -> impl Iterator<Item = &'static str> {
        let streams = [
            SessionFact::KINDS,
            QuestionFact::KINDS,
            EditorFact::KINDS,
            TerminalFact::KINDS,
            ChatFact::KINDS,
            RunFact::KINDS,
        ];
        streams.into_iter().flatten().copied()
    }

    /// The kind's name in the log, `stream.verb`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Session(fact) => fact.kind(),
            Self::Question(fact) => fact.kind(),
            Self::Editor(fact) => fact.kind(),
            Self::Terminal(fact) => fact.kind(),
            Self::Chat(fact) => fact.kind(),
            Self::Run(fact) => fact.kind(),
        }
    }

    /// The version in which [`Self::body`] is written.
    pub fn version(&self) -> u8 {
        VERSION
    }

    /// The body as JSON.
    pub fn body(&self) -> Box<RawValue> {
        match self {
            Self::Session(fact) => fact.body(),
            Self::Question(fact) => fact.body(),
            Self::Editor(fact) => fact.body(),
            Self::Terminal(fact) => fact.body(),
            Self::Chat(fact) => fact.body(),
            Self::Run(fact) => fact.body(),
        }
    }

    /// Reads a body back; old versions are brought up to date here.
    pub fn decode(kind: &str, version: u8, body: impl Body) -> Result<Self, DecodeError> {
        if version > VERSION || version == 0 {
            return Err(DecodeError::UnknownVersion(kind.into(), version));
        }
        let read = match kind.split('.').next() {
            Some("session") => SessionFact::decode(kind, body).map(|read| read.map(Self::Session)),
            Some("question") => QuestionFact::decode(kind, body).map(|read| read.map(Self::Question)),
            Some("editor") => EditorFact::decode(kind, body).map(|read| read.map(Self::Editor)),
            Some("terminal") => TerminalFact::decode(kind, body).map(|read| read.map(Self::Terminal)),
            Some("chat") => ChatFact::decode(kind, body).map(|read| read.map(Self::Chat)),
            Some("run") => RunFact::decode(kind, body).map(|read| read.map(Self::Run)),
            _ => None,
        };
        read.ok_or_else(|| DecodeError::UnknownKind(kind.into()))?
            .map_err(|error| DecodeError::Body(kind.into(), error.to_string()))
    }

    /// Whether `actor` may send this fact from outside. All else is written by the server itself.
    pub fn may_be_sent_by(&self, actor: Actor) -> bool {
        let Actor::Candidate = actor else { return false };
        match self {
            Self::Session(SessionFact::Focused(_) | SessionFact::Blurred(_)) => true,
            Self::Session(_) | Self::Question(_) | Self::Terminal(_) | Self::Chat(_) | Self::Run(_) => false,
            Self::Editor(EditorFact::Edited(edited)) => edited.via.is_by_hand(),
            Self::Editor(EditorFact::Created(_) | EditorFact::Deleted(_) | EditorFact::Renamed(_)) => true,
            Self::Editor(EditorFact::Opened(_) | EditorFact::Selected(_)) => true,
        }
    }

    /// Whether the fact only shows something sooner: it may be passed on before it is durable,
    /// because nobody builds on it and losing it loses no one's work.
    pub fn is_display(&self) -> bool {
        matches!(self, Self::Terminal(TerminalFact::Printed(_)) | Self::Chat(ChatFact::Streamed(_)))
    }
}

macro_rules! into_fact {
    ($($stream:ident => $variant:ident),*) => {
        $(impl From<$stream> for Fact {
            fn from(fact: $stream) -> Self {
                Self::$variant(fact)
            }
        })*
    };
}

into_fact!(SessionFact => Session, QuestionFact => Question, EditorFact => Editor, TerminalFact => Terminal, ChatFact => Chat, RunFact => Run);
