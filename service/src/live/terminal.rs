//! The shell of a room: keys go in, bytes come out and are recorded as they leave the terminal. A program that prints
//! faster than anybody can read is recorded, and shown, as what stands on the screen a few times a second.

use std::time::Duration;

use interview::Actor;
use interview::fact::TerminalFact;
use interview::session::Capture;
use interview::terminal::{Bytes, Closed, Size, Terminal};
use interview::wire::About;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::disk::DiskTask;
use super::room::{Inner, RoomTask, Voice};
use super::{Reply, RoomError};
use crate::ports::{Draft, Shell, ShellInput, ShellOutput};

/// Most keys in one message: a large paste fits.
const TYPED_LIMIT_BYTES: usize = 256 * 1024;

/// Bytes are merged for so long once something was just printed.
const MERGE: Duration = Duration::from_millis(8);

/// Most bytes in one fact.
const PRINTED_LIMIT_BYTES: usize = 8 * 1024;

/// What may be printed at once, and how fast that allowance grows again.
const BURST_BYTES: usize = 1 << 20;
const BYTES_PER_SECOND: usize = 128 * 1024;

/// While a program floods the terminal, the screen is shown so often.
const REDRAW_EVERY: Duration = Duration::from_millis(100);

/// What the shell's own facts may come to in one interview; beyond it only the screen is recorded.
const TOTAL_BYTES: usize = 64 << 20;

impl RoomTask {
    pub(super) fn type_keys(&mut self, data: String, reply: Reply<()>) {
        let answer = match &self.shell {
            _ if data.len() > TYPED_LIMIT_BYTES => {
                Err(RoomError::NotNow("at most 256 KiB can be typed or pasted at once".to_owned()))
            }
            None => Err(RoomError::NotNow("there is no shell; open the terminal first".to_owned())),
            Some((_, input)) => match input.try_send(ShellInput::Typed(data.clone().into_bytes())) {
                Ok(()) => Ok(()),
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
                let (input, keys) = mpsc::channel(256);
                self.shells += 1;
                let generation = self.shells;
                self.shell = Some((generation, input));
                let voice = self.voice.clone();
                tokio::spawn(async move {
                    let reason = live(&voice, disk, size, keys, is_new_box).await.err();
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
    let code = pump(voice, shell, keys, size).await;
    voice.append(vec![Draft::by(Actor::System, TerminalFact::Closed(Closed { code }))]).await;
    Ok(())
}

fn printed(data: String) -> Draft {
    Draft::by(Actor::System, TerminalFact::Printed(Bytes { data }))
}

/// Carries keys in and bytes out until the shell ends or the room does.
async fn pump(voice: &Voice, mut shell: Shell, mut keys: mpsc::Receiver<ShellInput>, size: Size) -> Option<i32> {
    let mut screen = Screen::new(size);
    let mut due: Option<Instant> = None;
    let mut last = Instant::now() - MERGE;
    loop {
        let alarm = due.unwrap_or_else(|| Instant::now() + Duration::from_secs(3_600));
        tokio::select! {
            biased;
            key = keys.recv() => match key {
                Some(input) => {
                    if let ShellInput::Resized(size) = input {
                        screen.terminal.apply(&TerminalFact::Resized(size));
                    }
                    let _ = shell.input.send(input).await;
                }
                None => return None,
            },
            output = shell.output.recv() => match output {
                Some(ShellOutput::Printed(bytes)) => {
                    screen.print(&bytes);
                    let wait = if screen.is_flooded() { REDRAW_EVERY } else { MERGE };
                    let at = last + wait;
                    if at <= Instant::now() || (screen.unsaid.len() >= PRINTED_LIMIT_BYTES && !screen.is_flooded()) {
                        if !say(voice, &mut screen).await {
                            return None;
                        }
                        last = Instant::now();
                        due = None;
                    } else {
                        due = Some(at);
                    }
                }
                Some(ShellOutput::Exited(code)) => {
                    say(voice, &mut screen).await;
                    return code;
                }
                None => return None,
            },
            () = tokio::time::sleep_until(alarm), if due.is_some() => {
                if !say(voice, &mut screen).await {
                    return None;
                }
                last = Instant::now();
                due = None;
            }
        }
    }
}

async fn say(voice: &Voice, screen: &mut Screen) -> bool {
    let text = screen.take();
    text.is_empty() || voice.tell(Inner::Append { drafts: vec![printed(text)], reply: None }).await
}

/// What was printed and not yet recorded.
struct Screen {
    terminal: Terminal,
    decoder: Decoder,
    unsaid: String,
    /// Whether bytes were left out since the last redraw.
    skipped: bool,
    allowance: usize,
    total: usize,
    refilled: Instant,
}

impl Screen {
    fn new(size: Size) -> Self {
        Self {
            terminal: Terminal::new(size),
            decoder: Decoder::default(),
            unsaid: String::new(),
            skipped: false,
            allowance: BURST_BYTES,
            total: 0,
            refilled: Instant::now(),
        }
    }

    fn print(&mut self, bytes: &[u8]) {
        let text = self.decoder.decode(bytes);
        self.refill();
        let data = Bytes { data: text };
        let length = data.data.len();
        if self.skipped || self.allowance < length || self.total > TOTAL_BYTES {
            self.skipped = true;
            self.unsaid.clear();
        } else {
            self.allowance -= length;
            self.unsaid.push_str(&data.data);
        }
        self.terminal.apply(&TerminalFact::Printed(data));
    }

    fn refill(&mut self) {
        let elapsed = self.refilled.elapsed();
        let grown = usize::try_from(elapsed.as_millis()).unwrap_or(usize::MAX).saturating_mul(BYTES_PER_SECOND) / 1_000;
        if grown > 0 {
            self.allowance = self.allowance.saturating_add(grown).min(BURST_BYTES);
            self.refilled = Instant::now();
        }
    }

    fn is_flooded(&self) -> bool {
        self.skipped
    }

    /// What is to be recorded now: the bytes themselves, or what redraws the screen where some were left out.
    fn take(&mut self) -> String {
        let text = if self.skipped {
            self.skipped = false;
            // Until the allowance has grown again, the next bytes lead to the next redraw.
            self.allowance = self.allowance.min(BURST_BYTES / 4);
            format!("\x1bc{}", self.terminal.dump().text)
        } else {
            std::mem::take(&mut self.unsaid)
        };
        self.total += text.len();
        text
    }
}

/// Bytes to text, with a character that was cut between two reads kept for the next.
#[derive(Default)]
struct Decoder {
    rest: Vec<u8>,
}

impl Decoder {
    fn decode(&mut self, bytes: &[u8]) -> String {
        self.rest.extend_from_slice(bytes);
        let mut text = String::with_capacity(self.rest.len());
        let mut start = 0;
        loop {
            match std::str::from_utf8(&self.rest[start..]) {
                Ok(valid) => {
                    text.push_str(valid);
                    self.rest.clear();
                    return text;
                }
                Err(error) => {
                    let end = start + error.valid_up_to();
                    text.push_str(std::str::from_utf8(&self.rest[start..end]).unwrap_or_default());
                    match error.error_len() {
                        Some(length) => {
                            text.push(char::REPLACEMENT_CHARACTER);
                            start = end + length;
                        }
                        None => {
                            self.rest.drain(..end);
                            return text;
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_cut_between_reads_arrives_whole() {
        let mut decoder = Decoder::default();
        let text = "aß😀\u{0}z".as_bytes();
        let whole: String = text.iter().map(|byte| decoder.decode(&[*byte])).collect();
        assert_eq!(whole, "aß😀\u{0}z");
        assert_eq!(decoder.decode(b"\xffa\xf0\x9f"), "\u{fffd}a");
        assert_eq!(decoder.decode(b"\x98\x80"), "😀");
    }

    #[tokio::test]
    async fn a_flood_is_recorded_as_the_screen_it_leaves() {
        let mut screen = Screen::new(Size::USUAL);
        let line = "y\r\n".repeat(2_000);
        let mut recorded = Terminal::new(Size::USUAL);
        let mut length = 0;
        for _ in 0..1_000 {
            screen.print(line.as_bytes());
        }
        screen.print(b"done\r\n$ ");
        let text = screen.take();
        length += text.len();
        recorded.apply(&TerminalFact::Printed(Bytes { data: text }));
        assert_eq!(recorded.lines(), screen.terminal.lines());
        assert!(length < 100_000, "{length}");
    }
}
