//! The terminal's screen, folded from the bytes that the shell printed. It does not speak to a shell.

mod cost;

use std::fmt;

use avt::Parser;
use avt::parser::State;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::fact::TerminalFact;

use cost::Purse;

/// What a redraw of the whole screen begins with: everything is reset. At the start of a fact it costs the screen nothing,
/// so that whoever records such a fact has to ration it.
pub const RESET: &str = "\u{1b}c";

/// What begins a sequence; so do the controls of the eighth bit, all of which begin with this byte.
const ESCAPE: char = '\u{1b}';
const FIRST_OF_LATE_CONTROLS: u8 = 0xc2;

/// What ends a sequence of control characters without doing anything.
const CANCEL: char = '\u{18}';

/// Largest number of columns or rows that a terminal may have.
pub const SIZE_LIMIT: u16 = 500;

/// A window's size in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Cells in a line.
    pub cols: u16,
    /// Lines.
    pub rows: u16,
}

impl Size {
    /// What a terminal has before anybody said otherwise.
    pub const USUAL: Self = Self { cols: 80, rows: 24 };

    /// The nearest size that a terminal can have.
    pub fn clamped(self) -> Self {
        Self { cols: self.cols.clamp(2, SIZE_LIMIT), rows: self.rows.clamp(1, SIZE_LIMIT) }
    }
}

/// The shell ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Its exit status; none when the box went away.
    pub code: Option<i32>,
}

/// Bytes from or to the shell, as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bytes {
    /// The text.
    pub data: String,
}

/// The screen as it stands.
pub struct Terminal {
    screen: avt::Terminal,
    /// Reads the same as the screen, one character ahead of it, so that what is too dear can be left out.
    parser: Parser,
    purse: Purse,
    /// Whether a shell is alive behind it.
    pub open: bool,
}

impl Terminal {
    /// An empty screen of that size.
    pub fn new(size: Size) -> Self {
        let size = size.clamped();
        let screen = avt::Terminal::new(size.cols.into(), size.rows.into()).expect("a clamped size is positive");
        Self { screen, parser: Parser::new(), purse: Purse::default(), open: false }
    }

    /// The screen that a dump redraws.
    pub fn restore(dump: &Dump) -> Self {
        let mut terminal = Self::new(dump.size);
        for letter in dump.text.chars() {
            if let Some(function) = terminal.parser.feed(letter) {
                terminal.purse.follow(&function);
            }
        }
        terminal.screen.feed(dump.text.as_str());
        terminal.purse.spent_cells = dump.spent_cells;
        terminal.open = dump.open;
        terminal
    }

    /// Folds one fact in.
    pub fn apply(&mut self, fact: &TerminalFact) {
        match fact {
            TerminalFact::Opened(size) => {
                *self = Self::new(*size);
                self.open = true;
            }
            TerminalFact::Resized(size) => {
                let size = size.clamped();
                self.screen.resize(size.cols.into(), size.rows.into());
            }
            TerminalFact::Closed(_) => self.open = false,
            TerminalFact::Typed(_) => {}
            TerminalFact::Printed(bytes) => {
                let rest = bytes.data.strip_prefix(RESET).unwrap_or(&bytes.data);
                if rest.len() < bytes.data.len() {
                    self.reset();
                }
                self.print(rest);
            }
        }
    }

    /// A redraw is always done, and what it restores after that as well: whoever records one has it paid in another way.
    fn reset(&mut self) {
        for letter in RESET.chars() {
            if let Some(function) = self.parser.feed(letter) {
                self.purse.follow(&function);
            }
            self.screen.feed(letter);
        }
        self.purse.forgive(self.size());
    }

    /// Prints what is no fact of its own.
    pub fn print(&mut self, text: &str) {
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            let plain = if self.parser.state == State::Ground { plain_start(rest) } else { "" };
            if plain.is_empty() {
                self.print_one(letter);
                rest = &rest[letter.len_utf8()..];
            } else {
                self.purse.earn(plain.chars().count() as u64);
                self.screen.feed(plain);
                rest = &rest[plain.len()..];
            }
        }
    }

    fn print_one(&mut self, letter: char) {
        self.purse.earn(1);
        let size = self.size();
        match self.parser.feed(letter) {
            Some(function) if !self.purse.pay(&function, size) => self.screen.feed(CANCEL),
            Some(_) | None => self.screen.feed(letter),
        }
    }

    /// Its size in cells.
    pub fn size(&self) -> Size {
        let (cols, rows) = self.screen.size();
        Size { cols: cols as u16, rows: rows as u16 }
    }

    /// What redraws this screen on an empty one of the same size.
    pub fn dump(&self) -> Dump {
        let (text, spent_cells) = (self.screen.dump(), self.purse.spent_cells);
        Dump { size: self.size(), text, open: self.open, spent_cells }
    }

    /// Whether a program has taken the whole screen, as editors and pagers do.
    pub fn is_full_screen(&self) -> bool {
        self.screen.active_screen_kind() == avt::ScreenKind::Alternate
    }

    /// The line that the cursor is in, without trailing blanks.
    pub fn cursor_line(&self) -> String {
        let row = self.screen.cursor().row;
        self.screen.screen().line(row).map(|line| line.text().trim_end().to_owned()).unwrap_or_default()
    }

    /// The lines that are visible, without trailing blanks.
    pub fn lines(&self) -> Vec<String> {
        self.screen.screen().visible_lines().map(|line| line.text().trim_end().to_owned()).collect()
    }
}

/// What a text has before anything that may begin a sequence: letters and single controls, none of which costs more than is
/// free. Most of what shells print is so, and there is a lot of it.
fn plain_start(text: &str) -> &str {
    let plain = &text[..text.find(ESCAPE).unwrap_or(text.len())];
    if !plain.as_bytes().contains(&FIRST_OF_LATE_CONTROLS) {
        return plain;
    }
    &plain[..plain.find(|letter| ('\u{80}'..'\u{a0}').contains(&letter)).unwrap_or(plain.len())]
}

/// A screen as text: fed to an empty terminal of that size, it redraws it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dump {
    /// The screen's size.
    #[serde(flatten)]
    pub size: Size,
    /// What redraws it.
    pub text: String,
    /// Whether a shell is alive behind it.
    pub open: bool,
    /// What was spent of the work that a screen may cost, in cells.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub spent_cells: u64,
}

fn is_nothing(cells: &u64) -> bool {
    *cells == 0
}

impl Default for Terminal {
    fn default() -> Self {
        Self::new(Size::USUAL)
    }
}

impl Clone for Terminal {
    fn clone(&self) -> Self {
        Self::restore(&self.dump())
    }
}

impl PartialEq for Terminal {
    fn eq(&self, other: &Self) -> bool {
        self.dump() == other.dump()
    }
}

impl fmt::Debug for Terminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.dump().fmt(f)
    }
}

impl Serialize for Terminal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.dump().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Terminal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Dump::deserialize(deserializer).map(|dump| Self::restore(&dump))
    }
}
