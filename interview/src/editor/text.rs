//! A text that is edited at UTF-16 offsets, cheap to copy and to change in the middle.

use std::fmt;

use ropey::Rope;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Change;

/// A file's text.
#[derive(Clone, Default)]
pub struct Text(Rope);

impl Text {
    /// Its length in UTF-16 code units.
    pub fn len(&self) -> usize {
        self.0.len_utf16_cu()
    }

    /// Its length in bytes of UTF-8.
    pub fn len_bytes(&self) -> usize {
        self.0.len_bytes()
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.0.len_bytes() == 0
    }

    /// Applies changes in the order given. One that reaches past the end is cut; one inside a character starts before it.
    pub fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            let start = self.char_at(change.offset);
            let end = self.char_at(change.offset.saturating_add(change.removed));
            if end > start {
                self.0.remove(start..end);
            }
            if !change.inserted.is_empty() {
                self.0.insert(start, &change.inserted);
            }
        }
    }

    /// Whether `offset` lies in the text and not inside a character.
    pub fn is_boundary(&self, offset: usize) -> bool {
        offset <= self.len() && self.0.char_to_utf16_cu(self.0.utf16_cu_to_char(offset)) == offset
    }

    /// The stretch from `start` to `end`, in UTF-16 code units; cut to the text.
    pub fn slice(&self, start: usize, end: usize) -> String {
        let (start, end) = (self.char_at(start), self.char_at(end));
        self.0.slice(start..end.max(start)).to_string()
    }

    fn char_at(&self, offset: usize) -> usize {
        self.0.utf16_cu_to_char(offset.min(self.len()))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(Rope::from_str(text))
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chunks().try_for_each(|chunk| f.write_str(chunk))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), f)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::from(text.as_str()))
    }
}
