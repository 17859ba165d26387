//! The interactive shell of a container, on a terminal that the engine makes.
//!
//! Output that nobody takes is not read, so the shell waits; input goes its own way. Whoever drops an end hangs up.

use std::sync::Arc;
use std::time::Duration;

use interview::terminal::Size;
use service::ports::{SandboxError, Shell, ShellInput, ShellOutput};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::Ground;
use super::container::Container;
use super::hijack::Line;
use super::session::{Kind, NotEnded, Session};
use crate::ground::SHELL_START;
use crate::keyboard::Keyboard;

/// The largest piece of output.
const PIECE_BYTES: usize = 8 << 10;
/// How many pieces may wait.
const WAITING_OUTPUT: usize = 4;
/// How many pieces of input may wait.
const WAITING_INPUT: usize = 64;
/// How long the last words of a shell may be on their way.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// The server's side of a shell.
struct Terminal {
    ground: Arc<Ground>,
    session: Session,
    line: Line,
}

/// How it came to an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Exited,
    HungUp,
}

/// Opens a shell in a box.
pub(super) async fn open(container: &Container, size: Size) -> Result<Shell, SandboxError> {
    let start_file = format!("/etc/{SHELL_START}");
    let argv = ["/bin/bash", "--noprofile", "--rcfile", &start_file, "-i"].map(String::from);
    let session = Session::prepare(container, Kind::Shell, &argv, &[]).await?;
    let line = container.engine().execute_on_terminal(&session.program).await?;
    session.begun().await?;
    container.engine().resize(&session.program, size).await?;
    let (input, typed) = mpsc::channel(WAITING_INPUT);
    let (printed, output) = mpsc::channel(WAITING_OUTPUT);
    let terminal = Terminal { ground: container.shared_ground(), session, line };
    tokio::spawn(terminal.serve(typed, printed, container.end(), container.removal()));
    Ok(Shell { input, output })
}

impl Terminal {
    /// Carries bytes both ways until the shell ends, an end is dropped, or the box ends.
    async fn serve(
        self,
        typed: mpsc::Receiver<ShellInput>,
        printed: mpsc::Sender<ShellOutput>,
        end: impl Future<Output = ()> + Send,
        removal: impl Future<Output = ()> + Send,
    ) {
        let Self { ground, mut session, line } = self;
        let Line { mut reader, writer } = line;
        let listener = printed.clone();
        let over = session.over();
        let ending = tokio::select! {
            () = print(&mut reader, &printed) => Ending::Exited,
            _ = over => Ending::Exited,
            () = type_in(&ground, &session.program, writer, typed) => Ending::HungUp,
            () = listener.closed() => Ending::HungUp,
            () = end => Ending::HungUp,
        };
        if session.end().await == Err(NotEnded::Alive) {
            removal.await;
        }
        let code = match ending {
            Ending::Exited => {
                let _ = timeout(LAST_WORDS, print(&mut reader, &printed)).await;
                ground.engine.exit_code(&session.program).await.ok()
            }
            Ending::HungUp => None,
        };
        // It fails if nobody listens.
        let _ = printed.send(ShellOutput::Exited(code)).await;
    }
}

/// Passes on what the shell prints until its terminal is closed. While nobody takes it, nothing is read.
async fn print(reader: &mut (impl AsyncRead + Unpin), printed: &mpsc::Sender<ShellOutput>) {
    let mut buffer = vec![0; PIECE_BYTES];
    while let Ok(length @ 1..) = reader.read(&mut buffer).await {
        if printed.send(ShellOutput::Printed(buffer[..length].to_vec())).await.is_err() {
            return;
        }
    }
}

/// Passes on what comes from the keyboard until nobody can type any more.
async fn type_in(
    ground: &Ground,
    program: &str,
    mut writer: impl AsyncWrite + Unpin,
    typed: mpsc::Receiver<ShellInput>,
) {
    let mut keyboard = Keyboard::new(typed);
    while let Some(input) = keyboard.next().await {
        let done = match input {
            ShellInput::Typed(bytes) => writer.write_all(&bytes).await.map_err(|error| error.to_string()),
            ShellInput::Resized(size) => ground.engine.resize(program, size).await.map_err(|error| error.to_string()),
        };
        if let Err(error) = done {
            // The shell has ended; the other direction notices, once everything was read.
            tracing::trace!(error, "nothing takes what was typed");
        }
    }
}
