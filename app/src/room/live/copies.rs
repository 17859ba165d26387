//! What was copied inside the room, so that a paste can say where its text came from. It never reads the clipboard.

use std::collections::VecDeque;

use interview::editor::PastedFrom;

/// How many copies of each place are remembered: a clipboard's history reaches back further than one.
const REMEMBERED: usize = 8;

/// The last texts that were copied in the room.
#[derive(Debug, Default)]
pub struct Copies(VecDeque<(PastedFrom, String)>);

impl Copies {
    /// A text was copied there.
    pub fn remember(&mut self, from: PastedFrom, text: &str) {
        self.0.push_front((from, essence(text)));
        self.0.truncate(REMEMBERED);
    }

    /// Where a pasted text comes from.
    pub fn source_of(&self, text: &str) -> PastedFrom {
        let text = essence(text);
        self.0.iter().find(|(_, copied)| *copied == text).map_or(PastedFrom::Outside, |(from, _)| *from)
    }
}

/// A text without its blanks: terminals pad lines, and pages fold them.
fn essence(text: &str) -> String {
    text.split_whitespace().collect()
}
