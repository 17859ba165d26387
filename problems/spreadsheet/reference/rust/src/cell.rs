//! The name of a cell, such as `B12`.

use std::fmt;
use std::str::FromStr;

/// A cell. Cells are in order row by row, and from left to right in each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell {
    pub row: u8,
    pub column: char,
}

/// A text is not the name of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACell;

impl FromStr for Cell {
    type Err = NotACell;

    fn from_str(text: &str) -> Result<Self, NotACell> {
        let mut chars = text.chars();
        let column = chars.next().filter(char::is_ascii_uppercase).ok_or(NotACell)?;
        let row = chars.as_str();
        let is_plain = row.starts_with(|digit| ('1'..='9').contains(&digit)) && row.len() <= 2;
        let row = row.parse().ok().filter(|_| is_plain).ok_or(NotACell)?;
        Ok(Self { row, column })
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.column, self.row)
    }
}
