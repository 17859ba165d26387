//! The shell of a room: keys go in, bytes come out and are recorded as they leave the terminal. A program that prints
//! faster than anybody can read is recorded, and shown, as what stands on the screen a few times a second.

mod decoder;
mod screen;

use std::time::Duration;

use interview::Actor;
use interview::fact::TerminalFact;
use interview::session::Capture;
use interview::terminal::{Bytes, Closed, Size};
use interview::wire::About;
use tokio::sync::mpsc;
use tokio::time::Instant;

use screen::{Screen, Since};

use super::disk::DiskTask;
use super::room::{Inner, RoomTask, Voice};
use super::{Reply, RoomError};
use crate::ports::{Draft, Shell, ShellInput, ShellOutput};

/// Most keys in one message: a large paste fits.
const TYPED_LIMIT_BYTES: usize = 256 * 1024;

/// Keys go to the shell in pieces of that size, so that counting pieces counts bytes.
const TYPED_PIECE_BYTES: usize = 4 * 1024;

/// How many pieces may wait for a program to read them, a mebibyte in all.
const WAITING_PIECES: usize = 256;

/// Before anything was printed, the last thing was printed so long ago.
const LONG_AGO: Duration = Duration::from_secs(1);

impl RoomTask {
    pub(super) fn type_keys(&mut self, data: String, reply: Reply<()>) {
        let pieces = data.as_bytes().chunks(TYPED_PIECE_BYTES);
        let answer = match &self.shell {
            _ if data.len() > TYPED_LIMIT_BYTES => {
                Err(RoomError::NotNow("at most 256 KiB can be typed or pasted at once".to_owned()))
            }
            None => Err(RoomError::NotNow("there is no shell; open the terminal first".to_owned())),
            Some((_, input)) => match input.try_reserve_many(pieces.len()) {
                Ok(places) => {
                    let typed = pieces.map(|piece| ShellInput::Typed(piece.to_vec()));
                    places.zip(typed).for_each(|(place, typed)| place.send(typed));
                    Ok(())
                }
                Err(_) => Err(RoomError::NotNow("the shell is not reading its input right now".to_owned())),
            },
        };
        if answer.is_ok() {
            self.append(Draft::by(Actor::Candidate, TerminalFact::Typed(Bytes { data })));
        }
        let _ = reply.send(answer);
    }

    pub(super) fn resize(&mut self, size: Size, reply: Reply<()>) {
        let size = size.clamped();
        let answer = if !self.may_still_write() {
            Err(RoomError::Ended)
        } else if !self.captures(Capture::Terminal) {
            Err(RoomError::NotNow("the terminal is off: it was not agreed to be recorded".to_owned()))
        } else {
            self.resize_or_start(size);
            Ok(())
        };
        let _ = reply.send(answer);
    }

    /// A new box with the same files; what ran in the old one ends with it.
    pub(super) fn restart_box(&mut self, reply: Reply<()>) {
        let answer = if !self.may_still_write() {
            Err(RoomError::Ended)
        } else if !self.captures(Capture::Terminal) {
            Err(RoomError::NotNow("the terminal is off: it was not agreed to be recorded".to_owned()))
        } else {
            let size = self.stage.terminal.size();
            self.disk = None;
            if self.shell.take().is_some() {
                self.next_shell = Some(size);
            } else {
                self.resize_or_start(size);
            }
            Ok(())
        };
        let _ = reply.send(answer);
    }

    fn resize_or_start(&mut self, size: Size) {
        if let Some(next) = &mut self.next_shell {
            *next = size;
            return;
        }
        match &self.shell {
            Some((_, input)) => {
                if self.stage.terminal.size() != size && input.try_send(ShellInput::Resized(size)).is_ok() {
                    self.append(Draft::by(Actor::Candidate, TerminalFact::Resized(size)));
                }
            }
            None => {
                let disk = self.disk();
                let is_new_box = self.boxes.0 != self.boxes.1 && (self.boxes.1 != 0 || self.has_had_a_shell());
                self.boxes.1 = self.boxes.0;
                let (input, keys) = mpsc::channel(WAITING_PIECES);
                self.shells += 1;
                let generation = self.shells;
                self.shell = Some((generation, input));
                let voice = self.voice.clone();
                let since = Since { instant: Instant::now(), offset: self.now() };
                let screen = Screen::new(size, self.spent.printing, since);
                tokio::spawn(async move {
                    let reason = live(&voice, disk, size, keys, screen, is_new_box).await.err();
                    voice.tell(Inner::ShellEnded { generation, reason }).await;
                });
            }
        }
    }

    fn has_had_a_shell(&self) -> bool {
        self.stage.terminal.lines().iter().any(|line| !line.is_empty())
    }

    pub(super) fn shell_ended(&mut self, generation: u64, reason: Option<String>) {
        if self.shell.as_ref().is_some_and(|(current, _)| *current == generation) {
            self.shell = None;
        }
        if let Some(reason) = reason {
            self.sorry(About::Terminal, reason);
        }
        if self.shell.is_none()
            && let Some(size) = self.next_shell.take()
            && self.may_still_write()
        {
            self.resize_or_start(size);
        }
    }
}

async fn live(
    voice: &Voice,
    disk: DiskTask,
    size: Size,
    keys: mpsc::Receiver<ShellInput>,
    screen: Screen,
    is_new_box: bool,
) -> Result<(), String> {
    let jail = disk.jail().await?;
    let shell = jail.shell(size).await.map_err(|error| {
        tracing::error!(%error, "a shell could not be started");
        "the shell could not be started; try again".to_owned()
    })?;
    let mut drafts = vec![Draft::by(Actor::System, TerminalFact::Opened(size))];
    if is_new_box {
        let data = "\x1b[2mThis is a new sandbox: your files are here, programs that were running are not.\x1b[0m\r\n";
        drafts.push(printed(data.to_owned()));
    }
    if voice.append(drafts).await.is_none() {
        return Ok(());
    }
    // From here on the room alone keeps the box: one that it lets go of goes, whatever its shell is doing.
    drop(jail);
    drop(disk);
    let (code, cause) = match pump(voice, shell, keys, screen).await {
        End::LetGo => (None, None),
        End::Exited(code) => (code, cause(code)),
    };
    let cause = cause.map(|cause| printed(format!("\r\n\x1b[2m{cause}\x1b[0m\r\n")));
    let closed = Draft::by(Actor::System, TerminalFact::Closed(Closed { code }));
    voice.append(cause.into_iter().chain([closed]).collect()).await;
    Ok(())
}

/// How a shell came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The room let go of it.
    LetGo,
    /// It ended, or its box did.
    Exited(Option<i32>),
}

impl End {
    /// A box that the room let go of ends its shell as well.
    fn of(code: Option<i32>, keys: &mpsc::Receiver<ShellInput>) -> Self {
        if code.is_none() && keys.is_closed() { Self::LetGo } else { Self::Exited(code) }
    }
}

/// What a shell says of a program that was killed.
const KILLED: i32 = 137;

/// What the terminal says of an end that nobody typed.
fn cause(code: Option<i32>) -> Option<&'static str> {
    match code {
        None => Some(
            "The sandbox has ended, and every program in it. Your files are kept; open the terminal again for a new one.",
        ),
        Some(KILLED) => Some("The shell was killed: programs in the sandbox may have used more memory than it has."),
        Some(_) => None,
    }
}

fn printed(data: String) -> Draft {
    Draft::by(Actor::System, TerminalFact::Printed(Bytes { data }))
}

/// Carries keys in and bytes out until the shell ends or the room does.
async fn pump(voice: &Voice, mut shell: Shell, mut keys: mpsc::Receiver<ShellInput>, mut screen: Screen) -> End {
    let input = shell.input.clone();
    let mut due: Option<Instant> = None;
    let mut last = Instant::now() - LONG_AGO;
    loop {
        let alarm = due.unwrap_or_else(|| Instant::now() + Duration::from_secs(3_600));
        tokio::select! {
            biased;
            key = next_key(&input, &mut keys) => match key {
                Some((room, key)) => {
                    if let ShellInput::Resized(size) = key {
                        screen.resize(size);
                    }
                    room.send(key);
                }
                None => return End::LetGo,
            },
            output = shell.output.recv() => match output {
                Some(ShellOutput::Printed(bytes)) => {
                    let now = Instant::now();
                    screen.print(&bytes, now);
                    due = Some(screen.due(last, now));
                    // A program that prints without a pause would keep this thread from other rooms.
                    tokio::task::yield_now().await;
                }
                Some(ShellOutput::Exited(code)) => {
                    say(voice, screen.take_last(Instant::now())).await;
                    return End::of(code, &keys);
                }
                None => return End::of(None, &keys),
            },
            () = tokio::time::sleep_until(alarm), if due.is_some() => {}
        }
        let now = Instant::now();
        if due.is_some_and(|due| due <= now) {
            if !say(voice, screen.take(now)).await {
                return End::LetGo;
            }
            last = now;
            due = None;
        }
    }
}

/// What was typed next, once the shell has room for it: while a program does not read, its output still comes out.
async fn next_key<'a>(
    input: &'a mpsc::Sender<ShellInput>,
    keys: &mut mpsc::Receiver<ShellInput>,
) -> Option<(mpsc::Permit<'a, ShellInput>, ShellInput)> {
    let Ok(room) = input.reserve().await else {
        // The shell is ending; its output says how.
        return std::future::pending().await;
    };
    keys.recv().await.map(|key| (room, key))
}

async fn say(voice: &Voice, text: String) -> bool {
    text.is_empty() || voice.tell(Inner::Append { drafts: vec![printed(text)], reply: None }).await
}
