//! What the use cases need from outside: a log, tables, boxes, an assistant, a clock. It says what, never how.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use interview::terminal::Size;
use interview::{Actor, Event, Fact, FilePath, InterviewId, Offset, Origin, Seq};
use tokio::sync::mpsc;

pub mod assistant;
pub mod catalog;

pub use assistant::{Assistant, Piece, Prompt};
pub use catalog::Catalog;

/// Something outside did not do its part.
#[derive(Debug, thiserror::Error)]
pub enum PortError {
    /// It cannot be reached or is broken; the text is for the server's log alone.
    #[error("{0}")]
    Unavailable(String),
    /// Somebody else has written at this place of the log.
    #[error("the log has grown behind our back")]
    Conflict,
}

/// Where a fact came from, so that a second copy is known as such.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The tab.
    pub origin: Origin,
    /// The tab's own count, from zero.
    pub n: u64,
}

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The event.
    pub event: Event,
    /// The client's name for it, when a client sent it.
    pub source: Option<Source>,
}

/// The event log.
#[async_trait]
pub trait Events: Send + Sync {
    /// Appends entries whose `seq` follow the log's end, durably and all or none.
    async fn append(&self, interview: &InterviewId, entries: &[Entry]) -> Result<(), PortError>;
    /// Reads up to `limit` entries from `from` on, in order.
    async fn read(&self, interview: &InterviewId, from: Seq, limit: usize) -> Result<Vec<Entry>, PortError>;
    /// How many events the log holds: the next `seq`.
    async fn len(&self, interview: &InterviewId) -> Result<Seq, PortError>;
    /// Proves that something can be written and synced.
    async fn check(&self) -> Result<(), PortError>;
}

/// The time.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970 in UTC; may jump.
    fn unix_millis(&self) -> u64;
    /// Milliseconds since some moment; never jumps.
    fn monotonic_millis(&self) -> u64;
}

/// What a box may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Memory of all its processes together, and of its files where they are kept in memory.
    pub memory_bytes: u64,
    /// All its files together; never more than half of its memory.
    pub disk_bytes: u64,
    /// Files and folders at once.
    pub files: u32,
    /// Processes and threads at once.
    pub processes: u32,
    /// How much processor time one program may take.
    pub cpu_millis: u64,
    /// How long one program may take.
    pub wall_millis: u64,
    /// How long one program may neither work nor print.
    pub idle_millis: u64,
    /// How much one program may print.
    pub output_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 512 << 20,
            disk_bytes: 256 << 20,
            files: 32_768,
            processes: 128,
            cpu_millis: 60_000,
            wall_millis: 30_000,
            idle_millis: 15_000,
            output_bytes: 1 << 20,
        }
    }
}

/// Makes boxes.
#[async_trait]
pub trait Sandbox: Send + Sync {
    /// A new box with an empty workspace.
    async fn start(&self, limits: Limits) -> Result<Arc<dyn Jail>, SandboxError>;
    /// Whether this machine can isolate at all; asked once, at the start.
    async fn check(&self) -> Result<(), SandboxError>;
    /// What the boxes bring along themselves; none where they borrow this machine's tools.
    async fn outfit(&self) -> Result<Option<Outfit>, SandboxError> {
        Ok(None)
    }
    /// Ends and removes every box that is left; asked once, when the server ends.
    async fn close(&self) {}
}

/// What an image of boxes brings along, at the places that an image has for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outfit {
    /// Its tools by the names that languages have for them, with their versions.
    pub tools: BTreeMap<String, String>,
}

/// Why a box could not do something.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The box itself failed; nothing the program did.
    #[error("the sandbox is unavailable: {0}")]
    Unavailable(String),
    /// The box was stopped.
    #[error("the sandbox was stopped")]
    Stopped,
    /// No file there.
    #[error("there is no file {0}")]
    NoFile(FilePath),
    /// Not a regular file of text within the limits.
    #[error("{0} is not a text file of at most 1 MiB")]
    NotText(FilePath),
    /// The path cannot be written: a folder in its place, a link on the way, a full disk.
    #[error("{0} cannot be written: {1}")]
    NotWritable(FilePath, String),
}

/// One box: a workspace, and programs that live and die in it. Dropping the last handle stops it.
#[async_trait]
pub trait Jail: Send + Sync + fmt::Debug {
    /// Writes a file, making its folders. Where there is no room for the whole text, the file keeps the one that it had.
    async fn write(&self, path: &FilePath, text: &str) -> Result<(), SandboxError>;
    /// Removes a file; that it is gone already is fine.
    async fn remove(&self, path: &FilePath) -> Result<(), SandboxError>;
    /// Reads a text file.
    async fn read(&self, path: &FilePath) -> Result<String, SandboxError>;
    /// All text files of the workspace (without `.git`, `node_modules`, caches, binaries), sorted.
    async fn list(&self) -> Result<Vec<FilePath>, SandboxError>;
    /// Tells of paths whose file may have changed, from now on, until the receiver is dropped. Bursts are merged;
    /// a lost event becomes [`Changed::Everything`].
    async fn watch(&self) -> Result<mpsc::Receiver<Changed>, SandboxError>;
    /// Starts the interactive shell on a terminal of its own.
    async fn shell(&self, size: Size) -> Result<Shell, SandboxError>;
    /// Runs one program to its end.
    async fn run(&self, program: Program) -> Result<Ran, SandboxError>;
    /// Ends every process and removes every trace. Twice is fine.
    async fn stop(&self);
}

/// What a watcher saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// This file was written, made or removed: read it to know.
    File(FilePath),
    /// Something was missed: list and read all.
    Everything,
}

/// A shell on a terminal. Dropping it hangs up.
#[derive(Debug)]
pub struct Shell {
    /// What goes in.
    pub input: mpsc::Sender<ShellInput>,
    /// What comes out: at most a few pieces of at most 8 KiB wait here, then the shell waits. It ends with one `Exited`.
    pub output: mpsc::Receiver<ShellOutput>,
}

/// What goes into a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShellInput {
    /// Bytes from the keyboard.
    Typed(Vec<u8>),
    /// The window's new size.
    Resized(Size),
}

/// What comes out of a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShellOutput {
    /// Bytes, cut anywhere.
    Printed(Vec<u8>),
    /// The end, with the exit status where there is one.
    Exited(Option<i32>),
}

/// A program to run, and what it may use.
#[derive(Clone, Debug)]
pub struct Program {
    /// The command and its arguments; looked up on the box's own path.
    pub argv: Vec<String>,
    /// More environment, besides the box's own.
    pub env: Vec<(String, String)>,
    /// What it reads.
    pub stdin: Vec<u8>,
    /// How long it may take.
    pub wall_millis: u64,
    /// How much it may print on stdout and stderr each.
    pub output_bytes: u64,
    /// Read-only folders of the platform (absolute host path, absolute path in the box) that this program sees.
    pub mounts: Vec<(std::path::PathBuf, String)>,
}

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exit {
    /// By itself, with this status.
    Status(i32),
    /// By a signal of its own making.
    Signal(i32),
    /// It was killed, and not by us.
    Killed,
    /// It took longer than it may.
    TimedOut,
    /// It took more processor time than it may.
    CpuLimit,
    /// It neither worked nor printed for longer than it may.
    Idle,
    /// It used more memory than it may.
    OutOfMemory,
    /// It wrote more than the disk may hold, and failed.
    DiskLimit,
    /// It printed more than it may.
    OutputLimit,
    /// It wanted more processes than it may have, and failed.
    TooManyProcesses,
}

/// What a program did.
#[derive(Clone, Debug)]
pub struct Ran {
    /// How it ended.
    pub exit: Exit,
    /// What it printed, up to the limit.
    pub stdout: Vec<u8>,
    /// Its complaints, up to the limit.
    pub stderr: Vec<u8>,
    /// What it wrote to file descriptor 3: a channel of its own for results, up to 8 MiB.
    pub report: Vec<u8>,
    /// How long it took on the wall, in milliseconds.
    pub wall_millis: u64,
    /// How much processor time it took, in milliseconds.
    pub cpu_millis: u64,
    /// The most memory that its box used, in bytes.
    pub peak_bytes: u64,
}

/// A fact that is to be written, with its author.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Who.
    pub actor: Actor,
    /// What.
    pub fact: Fact,
}

impl Draft {
    /// A fact by that author.
    pub fn by(actor: Actor, fact: impl Into<Fact>) -> Self {
        Self { actor, fact: fact.into() }
    }

    /// The event it becomes.
    pub fn at(self, seq: Seq, at: Offset) -> Event {
        Event { seq, at, actor: self.actor, fact: self.fact }
    }
}
