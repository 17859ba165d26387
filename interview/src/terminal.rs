//! The terminal's screen, folded from the bytes that the shell printed. It does not speak to a shell.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::fact::TerminalFact;

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
    /// Whether a shell is alive behind it.
    pub open: bool,
}

impl Terminal {
    /// An empty screen of that size.
    pub fn new(size: Size) -> Self {
        let size = size.clamped();
        let screen = avt::Terminal::new(size.cols.into(), size.rows.into()).expect("a clamped size is positive");
        Self { screen, open: false }
    }

    /// The screen that a dump redraws.
    pub fn restore(dump: &Dump) -> Self {
        let mut terminal = Self::new(dump.size);
        terminal.screen.feed(dump.text.as_str());
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
            TerminalFact::Printed(bytes) => self.screen.feed(bytes.data.as_str()),
        }
    }

    /// Its size in cells.
    pub fn size(&self) -> Size {
        let (cols, rows) = self.screen.size();
        Size { cols: cols as u16, rows: rows as u16 }
    }

    /// What redraws this screen on an empty one of the same size.
    pub fn dump(&self) -> Dump {
        Dump { size: self.size(), text: self.screen.dump(), open: self.open }
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
