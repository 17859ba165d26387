//! How much programs may add to the log of one interview. It is folded from the log, so that neither a new shell nor a
//! restart gives any of it back. It only counts; what follows is decided where things are recorded.

use std::time::Duration;

use interview::editor::Via;
use interview::fact::{EditorFact, Fact, TerminalFact};
use interview::terminal::RESET;
use interview::{Actor, Event, FilePath, Offset};

/// What a fact takes besides its text and its path.
const FACT_BYTES: u64 = 200;

/// What a fact takes besides that resets the screen first: little to record, and much work for whoever replays it.
const RESET_BYTES: u64 = 4 << 10;

/// How much of what programs do to files is taken into one log: some ten thousand small files, or each of them anew.
const DISK_BYTES: u64 = 32 << 20;

const PRINTING_RAN_OUT: &str =
    "So much was printed in this interview that from here on the terminal is shown and recorded less often.";
const DISK_RAN_OUT: &str = "Programs have changed so much in files that from here on the editor does not show what they \
                            do to files. What you type still goes to the sandbox.";

/// How fast a shell's output may be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pace {
    /// At once.
    pub burst_bytes: i64,
    /// And for how long on.
    pub bytes_per_second: i64,
    /// While a program floods the terminal, the screen is recorded at most so often.
    pub redraw_every: Duration,
}

/// The paces, each with what may have been printed in the interview for it to hold. The first is all that a person meets.
const PACES: [(u64, Pace); 3] = [
    (64 << 20, Pace { burst_bytes: 1 << 20, bytes_per_second: 128 << 10, redraw_every: Duration::from_millis(100) }),
    (80 << 20, Pace { burst_bytes: 64 << 10, bytes_per_second: 8 << 10, redraw_every: Duration::from_secs(1) }),
    (u64::MAX, Pace { burst_bytes: 16 << 10, bytes_per_second: 1 << 10, redraw_every: Duration::from_secs(10) }),
];

/// What may be printed now: it shrinks with every byte that is recorded, and grows again with time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Printing {
    total_bytes: u64,
    /// Below zero after a redraw that was larger than the allowance.
    allowed_bytes: i64,
    at: Offset,
}

impl Default for Printing {
    fn default() -> Self {
        Self { total_bytes: 0, allowed_bytes: PACES[0].1.burst_bytes, at: Offset(0) }
    }
}

impl Printing {
    /// The pace that holds now.
    pub fn pace(&self) -> Pace {
        let [usual, slow, slowest] = PACES;
        match self.total_bytes {
            total if total <= usual.0 => usual.1,
            total if total <= slow.0 => slow.1,
            _ => slowest.1,
        }
    }

    /// Lets the allowance grow up to this moment.
    pub fn grow(&mut self, at: Offset) {
        let pace = self.pace();
        let millis = i64::try_from(at.millis_since(self.at)).unwrap_or(i64::MAX);
        let grown = millis.saturating_mul(pace.bytes_per_second) / 1_000;
        if grown > 0 {
            self.allowed_bytes = self.allowed_bytes.saturating_add(grown).min(pace.burst_bytes);
            self.at = at;
        }
    }

    /// Charges what is recorded.
    pub fn charge(&mut self, text: &str) {
        let bytes = logged_bytes(text) + if text.starts_with(RESET) { RESET_BYTES } else { 0 };
        self.total_bytes += bytes;
        self.allowed_bytes -= i64::try_from(bytes).unwrap_or(i64::MAX);
    }

    /// Whether so much may be recorded as it is.
    pub fn allows(&self, bytes: u64) -> bool {
        i64::try_from(bytes).is_ok_and(|bytes| bytes <= self.allowed_bytes)
    }

    /// Whether there is so much again that the next bytes are not the end of it.
    pub fn has_recovered(&self) -> bool {
        self.allowed_bytes >= self.pace().burst_bytes / 4
    }

    /// How long it takes to pay for what was recorded in advance.
    pub fn debt(&self) -> Duration {
        let owed = u64::try_from(-self.allowed_bytes).unwrap_or(0);
        Duration::from_millis(owed.saturating_mul(1_000) / self.pace().bytes_per_second.unsigned_abs())
    }

    /// Whether one more redraw may be recorded in advance.
    pub fn has_credit(&self) -> bool {
        self.allowed_bytes > -self.pace().burst_bytes
    }
}

/// What programs have added to the log so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spent {
    /// By printing.
    pub printing: Printing,
    disk_bytes: u64,
}

impl Spent {
    /// Folds one event in.
    pub fn apply(&mut self, event: &Event) {
        match &event.fact {
            Fact::Terminal(TerminalFact::Printed(bytes)) => {
                self.printing.grow(event.at);
                self.printing.charge(&bytes.data);
            }
            Fact::Editor(fact) => self.disk_bytes += disk_bytes(event.actor, fact),
            Fact::Terminal(_) | Fact::Session(_) | Fact::Question(_) | Fact::Chat(_) | Fact::Run(_) => {}
        }
    }

    /// What a person is to be told because something ran out since then.
    pub fn ran_out_since(&self, before: &Self) -> Option<&'static str> {
        if self.follows_disk() != before.follows_disk() {
            Some(DISK_RAN_OUT)
        } else if self.printing.pace() != before.printing.pace() {
            Some(PRINTING_RAN_OUT)
        } else {
            None
        }
    }

    /// Whether files that programs change are still taken over.
    pub fn follows_disk(&self) -> bool {
        self.disk_bytes < DISK_BYTES
    }
}

/// What a fact costs that came from a box's disk; nothing for others.
pub(super) fn disk_bytes(actor: Actor, fact: &EditorFact) -> u64 {
    let named = |path: &FilePath| FACT_BYTES + logged_bytes(path.as_str());
    match (actor, fact) {
        (Actor::Candidate | Actor::Reviewer, _) => 0,
        (_, EditorFact::Created(created)) => named(&created.path) + logged_bytes(&created.text),
        (_, EditorFact::Edited(edited)) if edited.via == Via::Disk => {
            let changed: u64 = edited.changes.iter().map(|change| FACT_BYTES + logged_bytes(&change.inserted)).sum();
            named(&edited.path) + changed
        }
        (_, EditorFact::Deleted(deleted)) => named(&deleted.path),
        (_, EditorFact::Edited(_) | EditorFact::Renamed(_) | EditorFact::Opened(_) | EditorFact::Selected(_)) => 0,
    }
}

/// How long a text is in the log, where control characters are spelled out.
pub(super) fn logged_bytes(text: &str) -> u64 {
    let length = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 2,
        0..0x20 => 6,
        _ => 1,
    };
    text.bytes().map(length).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_counts_as_long_as_it_is_in_the_log() {
        let text = "a\"\\\n\r\t\u{8}\u{c}\u{0}\u{1b}ü😀\u{7f}";
        let logged = serde_json::to_string(text).expect("text becomes JSON");
        assert_eq!(logged_bytes(text), logged.len() as u64 - 2);
    }

    #[test]
    fn an_afternoon_of_flooding_stays_within_a_hundred_mebibytes() {
        let mut printing = Printing::default();
        let redraw = "x".repeat(32 << 10);
        for millis in 0..4 * 3_600_000 {
            printing.grow(Offset(millis));
            if printing.debt().is_zero() {
                printing.charge(&redraw);
            }
        }
        assert!(printing.total_bytes > 80 << 20, "every pace was met");
        assert!(printing.total_bytes < 100 << 20, "{}", printing.total_bytes);
    }
}
