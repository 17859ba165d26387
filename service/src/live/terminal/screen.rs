//! What a shell printed and what of it is recorded: the bytes as they are, or, where a program prints faster than
//! anybody can read, what redraws the screen. It does not say when; it says from when on.

use std::time::Duration;

use interview::Offset;
use interview::fact::TerminalFact;
use interview::terminal::{Bytes, RESET, Size, Terminal};
use tokio::time::Instant;

use super::decoder::Decoder;
use crate::live::allowance::{Printing, logged_bytes};

/// Bytes are merged for so long once something was just printed.
const MERGE: Duration = Duration::from_millis(8);

/// Most bytes in one fact.
const PRINTED_LIMIT_BYTES: usize = 8 * 1024;

/// The interview's clock, for who cannot ask the room.
#[derive(Clone, Copy, Debug)]
pub(super) struct Since {
    /// A moment,
    pub instant: Instant,
    /// and what the interview's clock said then.
    pub offset: Offset,
}

impl Since {
    fn offset_at(self, now: Instant) -> Offset {
        let passed = now.saturating_duration_since(self.instant).as_millis();
        Offset(self.offset.0 + u64::try_from(passed).unwrap_or(u64::MAX))
    }
}

/// What was printed and not yet recorded.
pub(super) struct Screen {
    terminal: Terminal,
    decoder: Decoder,
    unsaid: String,
    /// Whether bytes were left out since the last redraw.
    skipped: bool,
    /// Whether a program floods the terminal; over once the allowance has recovered.
    is_flooded: bool,
    printing: Printing,
    since: Since,
}

impl Screen {
    /// An empty one, in an interview in which so much was printed.
    pub fn new(size: Size, printing: Printing, since: Since) -> Self {
        let terminal = Terminal::new(size);
        Self {
            terminal,
            decoder: Decoder::default(),
            unsaid: String::new(),
            skipped: false,
            is_flooded: false,
            printing,
            since,
        }
    }

    pub fn resize(&mut self, size: Size) {
        self.terminal.apply(&TerminalFact::Resized(size));
    }

    pub fn print(&mut self, bytes: &[u8], now: Instant) {
        let text = self.decoder.decode(bytes);
        self.printing.grow(self.since.offset_at(now));
        self.is_flooded = if self.is_flooded {
            !self.printing.has_recovered()
        } else {
            !self.printing.allows(logged_bytes(&self.unsaid) + logged_bytes(&text))
        };
        self.skipped |= self.is_flooded;
        self.unsaid.push_str(&text);
        if self.skipped {
            self.terminal.print(&std::mem::take(&mut self.unsaid));
        }
    }

    /// From when on what was printed is recorded.
    pub fn due(&self, last: Instant, now: Instant) -> Instant {
        if self.skipped {
            (last + self.printing.pace().redraw_every).max(now + self.printing.debt())
        } else if self.unsaid.len() >= PRINTED_LIMIT_BYTES {
            now
        } else {
            last + MERGE
        }
    }

    /// What is to be recorded now: the bytes themselves, or what redraws the screen where some were left out.
    pub fn take(&mut self, now: Instant) -> String {
        self.printing.grow(self.since.offset_at(now));
        let text = if std::mem::take(&mut self.skipped) {
            format!("{RESET}{}", self.terminal.dump().text)
        } else {
            self.say()
        };
        if !text.is_empty() {
            self.printing.charge(&text);
        }
        text
    }

    /// The bytes themselves, which the screen takes in as the fact that they become.
    fn say(&mut self) -> String {
        let data = std::mem::take(&mut self.unsaid);
        self.terminal.apply(&TerminalFact::Printed(Bytes { data: data.clone() }));
        data
    }

    /// The same when the shell has ended, and this is the last of it: early, unless too much is owed already.
    pub fn take_last(&mut self, now: Instant) -> String {
        self.printing.grow(self.since.offset_at(now));
        if self.skipped && !self.printing.has_credit() { String::new() } else { self.take(now) }
    }
}

#[cfg(test)]
mod tests {
    use interview::Seq;
    use interview::{Actor, Event, Fact};

    use super::*;
    use crate::live::allowance::Spent;

    /// A shell that prints without end, and the log of it.
    struct Flood {
        screen: Screen,
        now: Instant,
        last: Instant,
        since: Since,
        recorded: Terminal,
        spent: Spent,
        facts: usize,
        bytes: usize,
    }

    impl Flood {
        fn begin(spent: Spent, at: Offset) -> Self {
            let now = Instant::now();
            let since = Since { instant: now, offset: at };
            let screen = Screen::new(Size::USUAL, spent.printing, since);
            let recorded = Terminal::new(Size::USUAL);
            Self { screen, now, last: now, since, recorded, spent, facts: 0, bytes: 0 }
        }

        fn go_on(&mut self, duration: Duration, line: &str) {
            let end = self.now + duration;
            while self.now < end {
                self.now += Duration::from_millis(5);
                self.screen.print(line.as_bytes(), self.now);
                if self.screen.due(self.last, self.now) <= self.now {
                    let text = self.screen.take(self.now);
                    self.record(text);
                    self.last = self.now;
                }
            }
        }

        fn record(&mut self, text: String) {
            self.facts += 1;
            self.bytes += text.len();
            let fact = TerminalFact::Printed(Bytes { data: text });
            self.recorded.apply(&fact);
            let at = self.since.offset_at(self.now);
            self.spent.apply(&Event { seq: Seq(0), at, actor: Actor::System, fact: Fact::Terminal(fact) });
        }
    }

    #[test]
    fn a_flood_is_recorded_as_the_screen_it_leaves() {
        let mut flood = Flood::begin(Spent::default(), Offset(0));
        flood.go_on(Duration::from_secs(30), &"y\r\n".repeat(400));
        flood.screen.print(b"done\r\n$ ", flood.now);
        let text = flood.screen.take_last(flood.now);
        flood.record(text);
        assert_eq!(flood.recorded.lines(), flood.screen.terminal.lines());
        assert!(flood.bytes < (1 << 20) + 30 * (128 << 10), "{} bytes", flood.bytes);
        assert!(flood.facts > 30 * 5, "only {} facts", flood.facts);
    }

    #[test]
    fn redraws_of_a_large_screen_are_paid_for_as_well() {
        let mut flood = Flood::begin(Spent::default(), Offset(0));
        flood.screen.resize(Size { cols: 500, rows: 500 });
        let coloured: String = (0..600).map(|cell| format!("\x1b[3{}mx", cell % 8)).collect();
        flood.go_on(Duration::from_secs(60), &coloured);
        assert!(flood.bytes < (1 << 20) + 60 * (128 << 10) + (2 << 20), "{} bytes", flood.bytes);
    }

    #[test]
    fn after_much_output_less_is_recorded_whatever_the_shell() {
        let megabyte = TerminalFact::Printed(Bytes { data: "x".repeat(1 << 20) });
        let printed = Event { seq: Seq(0), at: Offset(0), actor: Actor::System, fact: Fact::Terminal(megabyte) };
        for (megabytes, kibibytes_at_once, kibibytes_a_second) in [(65, 64, 8), (81, 16, 1)] {
            let mut spent = Spent::default();
            (0..megabytes).for_each(|_| spent.apply(&printed));
            // Long after: the allowance is as large as it gets.
            let mut flood = Flood::begin(spent, Offset(10_000_000_000));
            flood.go_on(Duration::from_secs(100), &"0123456789\r\n".repeat(20));
            let most = (kibibytes_at_once + kibibytes_a_second * 100) << 10;
            assert!(flood.bytes < most, "{} bytes", flood.bytes);
            flood.go_on(Duration::from_secs(20), "");
            assert_eq!(flood.recorded.lines(), flood.screen.terminal.lines());
        }
    }
}
