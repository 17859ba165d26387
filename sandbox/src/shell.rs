//! The interactive shell, on a terminal of its own.
//!
//! Output that nobody takes is not read, so the shell waits; input goes its own way and never waits for output, so that
//! Ctrl-C stops even what has filled everything. Whoever drops an end hangs up.

use std::io;
use std::os::fd::{AsFd as _, OwnedFd};
use std::time::Duration;

use interview::terminal::Size;
use pty_process::{OwnedReadPty, OwnedWritePty, Pts};
use rustix::fs::Uid;
use rustix::termios::{InputModes, OptionalActions, tcgetattr, tcsetattr};
use service::ports::{SandboxError, Shell, ShellInput, ShellOutput};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::unix::pipe::Receiver;
use tokio::process::Child;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::cage::{Cage, blocking};
use crate::cgroup::Group;
use crate::child::{Account, Session};
use crate::ground::SHELL_START;
use crate::keyboard::Keyboard;
use crate::launch::{Launch, exit_code};

/// The largest piece of output.
const PIECE_BYTES: usize = 8 << 10;
/// How many pieces may wait.
const WAITING_OUTPUT: usize = 4;
/// How many pieces of input may wait.
const WAITING_INPUT: usize = 64;
/// How long a shell whose terminal is closed may take to tell its exit status.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// How much bubblewrap may say about a start.
const STATUS_LIMIT_BYTES: u64 = 64 << 10;

/// The host's side of a shell.
struct Terminal {
    child: Child,
    reader: OwnedReadPty,
    writer: OwnedWritePty,
    status: Receiver,
    group: Group,
}

/// How it came to an end.
enum Ending {
    Exited,
    HungUp,
}

/// Opens a shell in a box.
pub(crate) async fn open(cage: &Cage, size: Size) -> Result<Shell, SandboxError> {
    let group = cage.program_group()?;
    let terminal = start(cage, group, size).await.map_err(|error| cage.failed(error))?;
    let (input, typed) = mpsc::channel(WAITING_INPUT);
    let (printed, output) = mpsc::channel(WAITING_OUTPUT);
    tokio::spawn(terminal.serve(typed, printed, cage.end()));
    Ok(Shell { input, output })
}

async fn start(cage: &Cage, group: Group, size: Size) -> io::Result<Terminal> {
    let (pty, pts) = pty_process::open().map_err(io::Error::other)?;
    pty.resize(cells(size)).map_err(io::Error::other)?;
    prepare(&pts, cage.lodging.account)?;
    let start_file = format!("/etc/{SHELL_START}");
    let argv = ["/bin/bash", "--noprofile", "--rcfile", &start_file, "-i"].map(String::from);
    let launch =
        Launch { argv: &argv, env: &[], mounts: &[], session: Session::Terminal, limits: cage.limits, report: None };
    let (mut command, status) = launch.command(&cage.ground, &cage.lodging, &group)?;
    command.stdin(end(&pts)?).stdout(end(&pts)?).stderr(end(&pts)?);
    let child = cage.ground.launcher.spawn(command).await?;
    let (reader, writer) = pty.into_split();
    Ok(Terminal { child, reader, writer, status, group })
}

impl Terminal {
    /// Carries bytes both ways until the shell ends, an end is dropped, or the box ends.
    async fn serve(
        self,
        typed: mpsc::Receiver<ShellInput>,
        printed: mpsc::Sender<ShellOutput>,
        end: impl Future<Output = ()> + Send,
    ) {
        let Self { mut child, reader, writer, mut status, group } = self;
        let listener = printed.clone();
        let ending = tokio::select! {
            () = print(reader, &printed) => Ending::Exited,
            () = type_in(writer, typed) => Ending::HungUp,
            () = listener.closed() => Ending::HungUp,
            () = end => Ending::HungUp,
        };
        // The terminal is closed by now. A shell that has ended tells how; everything else is killed.
        let code = match ending {
            Ending::Exited => timeout(LAST_WORDS, told(&mut child, &mut status)).await.unwrap_or_default(),
            Ending::HungUp => None,
        };
        let removed = blocking(move || group.remove()).await;
        if !matches!(removed, Ok(Ok(()))) {
            tracing::warn!("a shell's group is left to its box");
        }
        // It fails if nobody listens.
        let _ = printed.send(ShellOutput::Exited(code)).await;
    }
}

/// Passes on what the shell prints until its terminal is closed. While nobody takes it, nothing is read.
async fn print(mut reader: OwnedReadPty, printed: &mpsc::Sender<ShellOutput>) {
    let mut buffer = vec![0; PIECE_BYTES];
    // Linux ends a terminal with an error.
    while let Ok(length @ 1..) = reader.read(&mut buffer).await {
        if printed.send(ShellOutput::Printed(buffer[..length].to_vec())).await.is_err() {
            return;
        }
    }
}

/// Passes on what comes from the keyboard until nobody can type any more.
async fn type_in(mut writer: OwnedWritePty, typed: mpsc::Receiver<ShellInput>) {
    let mut keyboard = Keyboard::new(typed);
    while let Some(input) = keyboard.next().await {
        let done = match input {
            ShellInput::Typed(bytes) => writer.write_all(&bytes).await,
            ShellInput::Resized(size) => writer.resize(cells(size)).map_err(io::Error::other),
        };
        if let Err(error) = done {
            // The shell has ended; the other direction notices, once everything was read.
            tracing::trace!(%error, "nothing takes what was typed");
        }
    }
}

/// The exit status, once the shell has ended.
async fn told(child: &mut Child, status: &mut Receiver) -> Option<i32> {
    child.wait().await.ok()?;
    let mut told = Vec::new();
    status.take(STATUS_LIMIT_BYTES).read_to_end(&mut told).await.ok()?;
    exit_code(&told)
}

/// Makes the terminal's other side ready: the box's account may open it, and erasing knows UTF-8.
fn prepare(pts: &Pts, account: Option<Account>) -> io::Result<()> {
    if let Some(Account(id)) = account {
        rustix::fs::fchown(pts, Some(Uid::from_raw(id)), None)?;
    }
    let mut attributes = tcgetattr(pts)?;
    attributes.input_modes |= InputModes::IUTF8;
    tcsetattr(pts, OptionalActions::Now, &attributes)?;
    Ok(())
}

fn end(pts: &Pts) -> io::Result<OwnedFd> {
    pts.as_fd().try_clone_to_owned()
}

fn cells(size: Size) -> pty_process::Size {
    let size = size.clamped();
    pty_process::Size::new(size.rows, size.cols)
}
