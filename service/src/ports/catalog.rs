//! The tables beside the log: accounts, assessments, invitations, interviews. It holds no rule about them.

use async_trait::async_trait;
use interview::InterviewId;
use interview::ids::ProblemSlug;
use interview::question::Language;
use interview::session::Capture;
use serde::{Deserialize, Serialize};

use super::PortError;

/// A reviewer's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// UUIDv7.
    pub id: String,
    /// Lower case, unique.
    pub email: String,
    /// Shown to colleagues.
    pub name: String,
    /// An argon2 hash in PHC form.
    pub password_hash: String,
    /// Unix milliseconds.
    pub created_at: u64,
}

/// A signed-in browser. Only a hash of its token is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// SHA-256 of the cookie's token, in hex.
    pub token_hash: String,
    /// Whose.
    pub account: String,
    /// Unix milliseconds.
    pub expires_at: u64,
}

/// What the assistant may do in an assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AssistantMode {
    /// There is none.
    Off,
    /// It reads and answers.
    Chat,
    /// It proposes edits; the candidate accepts or rejects.
    Propose,
    /// It edits by itself; the candidate can undo.
    Agent,
}

impl AssistantMode {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 4] = [Self::Off, Self::Chat, Self::Propose, Self::Agent];

    /// The name on the wire and in the tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Chat => "chat",
            Self::Propose => "propose",
            Self::Agent => "agent",
        }
    }

    /// The mode of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == name)
    }
}

/// What candidates are invited to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// UUIDv7.
    pub id: String,
    /// Shown to candidates.
    pub title: String,
    /// In the order they are put.
    pub problems: Vec<ProblemSlug>,
    /// What a candidate may choose from.
    pub languages: Vec<Language>,
    /// How long a candidate has.
    pub minutes: u32,
    /// What the assistant may do.
    pub assistant: AssistantMode,
    /// How many messages a candidate may send to the assistant.
    pub budget_messages: u32,
    /// What the assistant may cost in one interview, in millionths of a US dollar.
    pub budget_microusd: u64,
    /// What a candidate must agree to have recorded, to start.
    pub required_consents: Vec<Capture>,
    /// Unix milliseconds.
    pub created_at: u64,
}

/// A link that was handed out. Only a hash of its token is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// SHA-256 of the token, in hex.
    pub token_hash: String,
    /// To what.
    pub assessment: String,
    /// The candidate's name, as the reviewer wrote it.
    pub name: String,
    /// Where it was sent, when known.
    pub email: Option<String>,
    /// Unix milliseconds.
    pub created_at: u64,
    /// Unix milliseconds; later it does not open anything new.
    pub expires_at: u64,
    /// The interview it started, once it did.
    pub interview: Option<InterviewId>,
}

/// Where an interview stands, for lists; the log is the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InterviewState {
    /// The clock runs.
    Running,
    /// Handed in; the last run is under way.
    Submitted,
    /// Over.
    Ended,
}

impl InterviewState {
    /// The name on the wire and in the tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Submitted => "submitted",
            Self::Ended => "ended",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Running, Self::Submitted, Self::Ended].into_iter().find(|state| state.as_str() == name)
    }
}

/// An interview's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interview {
    /// UUIDv7.
    pub id: InterviewId,
    /// Of which assessment.
    pub assessment: String,
    /// The candidate's name.
    pub candidate: String,
    /// Their address, when known.
    pub email: Option<String>,
    /// SHA-256 of the candidate cookie's token, in hex.
    pub candidate_token_hash: String,
    /// Which language was chosen.
    pub language: Language,
    /// Unix milliseconds: zero of the interview's clock.
    pub started_at: u64,
    /// Unix milliseconds at which the time is up.
    pub deadline_at: u64,
    /// Where it stands.
    pub state: InterviewState,
    /// Unix milliseconds.
    pub ended_at: Option<u64>,
    /// Cases passed in the last counted runs, over all questions.
    pub tests_passed: u32,
    /// Cases in them.
    pub tests_total: u32,
}

/// Which interviews to list.
#[derive(Clone, Debug, Default)]
pub struct InterviewFilter {
    /// A part of the candidate's name or address, or the assessment's title; any case.
    pub search: Option<String>,
    /// Only these.
    pub state: Option<InterviewState>,
    /// Only of this assessment.
    pub assessment: Option<String>,
    /// In which order.
    pub sort: InterviewSort,
    /// Skip so many.
    pub offset: u32,
    /// At most so many.
    pub limit: u32,
}

/// In which order to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InterviewSort {
    /// Newest start first.
    #[default]
    Newest,
    /// Oldest start first.
    Oldest,
    /// By the candidate's name.
    Candidate,
    /// By the candidate's name, from the end of the alphabet.
    CandidateReversed,
    /// Most tests passed first (by share, then by count).
    Passed,
    /// Fewest tests passed first (by share, then by count).
    PassedLeast,
    /// Longest first; those that have not ended come last, newest first.
    Longest,
    /// Shortest first; those that have not ended come last, newest first.
    Shortest,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// How many there are in all.
    pub total: u32,
}

/// What came of taking up an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The interview was created by this call.
    Now,
    /// It had been taken up already, for this interview.
    Before(InterviewId),
}

/// What came of erasing an interview.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasure {
    /// There is no such interview.
    Unknown,
    /// It has not ended: a server may be writing its log. Nothing was erased.
    StillOpen,
    /// It is gone.
    Done {
        /// So many events.
        events: u64,
        /// So many invitations.
        invitations: u64,
    },
}

/// The tables.
#[async_trait]
pub trait Catalog: Send + Sync {
    /// The account with that address (lower case).
    async fn account_by_email(&self, email: &str) -> Result<Option<Account>, PortError>;
    /// The account with that id.
    async fn account(&self, id: &str) -> Result<Option<Account>, PortError>;
    /// Adds an account, or replaces the name and hash of the one with the same address.
    async fn put_account(&self, account: &Account) -> Result<(), PortError>;
    /// Gives an account another password and forgets all its signed-in browsers, in one transaction.
    async fn replace_password(&self, account: &str, password_hash: &str) -> Result<(), PortError>;

    /// Remembers a signed-in browser.
    async fn put_login(&self, login: &Login) -> Result<(), PortError>;
    /// The signed-in browser with that token's hash, when not expired at `now`.
    async fn login(&self, token_hash: &str, now: u64) -> Result<Option<Login>, PortError>;
    /// Forgets a signed-in browser, and all that have expired at `now`.
    async fn remove_login(&self, token_hash: &str, now: u64) -> Result<(), PortError>;

    /// Adds an assessment.
    async fn put_assessment(&self, assessment: &Assessment) -> Result<(), PortError>;
    /// All assessments, newest first.
    async fn assessments(&self) -> Result<Vec<Assessment>, PortError>;
    /// The assessment with that id.
    async fn assessment(&self, id: &str) -> Result<Option<Assessment>, PortError>;

    /// Adds an invitation.
    async fn put_invitation(&self, invitation: &Invitation) -> Result<(), PortError>;
    /// The invitation with that token's hash.
    async fn invitation(&self, token_hash: &str) -> Result<Option<Invitation>, PortError>;
    /// All invitations of an assessment, newest first.
    async fn invitations(&self, assessment: &str) -> Result<Vec<Invitation>, PortError>;
    /// Takes up an invitation: stores the interview and ties it to the link, in one transaction; only the first call does.
    async fn take_invitation(&self, token_hash: &str, interview: &Interview) -> Result<Taken, PortError>;

    /// The interview with that id.
    async fn interview(&self, id: &InterviewId) -> Result<Option<Interview>, PortError>;
    /// A page of interviews.
    async fn interviews(&self, filter: &InterviewFilter) -> Result<Page<Interview>, PortError>;
    /// Interviews that were handed in, or are running with a deadline at or before `deadline`; earliest deadline first.
    async fn due_to_end(&self, deadline: u64) -> Result<Vec<InterviewId>, PortError>;
    /// Writes how an interview stands.
    async fn note_progress(&self, id: &InterviewId, progress: &InterviewProgress) -> Result<(), PortError>;
    /// Erases an interview that has ended: its log, its row and the invitation that led to it, in one transaction. Nothing
    /// else ever takes something out of the log.
    async fn erase_interview(&self, id: &InterviewId) -> Result<Erasure, PortError>;

    /// A setting of the server's own (a generated password, a key), by name.
    async fn setting(&self, name: &str) -> Result<Option<String>, PortError>;
    /// Stores a setting unless there is one, and answers the one that holds.
    async fn put_setting(&self, name: &str, value: &str) -> Result<String, PortError>;
}

/// How an interview stands, for lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterviewProgress {
    /// Where it stands.
    pub state: InterviewState,
    /// Unix milliseconds.
    pub ended_at: Option<u64>,
    /// Cases passed.
    pub tests_passed: u32,
    /// Cases in all.
    pub tests_total: u32,
}
