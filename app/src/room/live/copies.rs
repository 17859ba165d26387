//! What was copied inside the room, so that a paste can say where its text came from. It never reads the clipboard.

use std::collections::VecDeque;

use interview::editor::PastedFrom;
use leptos::wasm_bindgen::JsCast as _;

use crate::js::clipboard::selected_text;

use super::room::Room;

/// How many copies are remembered: a clipboard's history reaches back further than one.
const REMEMBERED: usize = 8;

/// The places that tell of their copies themselves.
const TELL: &str = ".editor-host, .terminal-host, .conversation";

/// The last texts that were copied in the room, and where, as far as the log has a name for the place.
#[derive(Debug, Default)]
pub struct Copies(VecDeque<(Option<PastedFrom>, String)>);

impl Copies {
    /// A text was copied there.
    pub fn remember(&mut self, from: Option<PastedFrom>, text: &str) {
        let text = essence(text);
        if !text.is_empty() {
            self.0.push_front((from, text));
            self.0.truncate(REMEMBERED);
        }
    }

    /// Where a pasted text comes from. None is the rest of the room: the problem and the tests are not outside.
    pub fn source_of(&self, text: &str) -> Option<PastedFrom> {
        let text = essence(text);
        self.0.iter().find(|(_, copied)| *copied == text).map_or(Some(PastedFrom::Outside), |(from, _)| *from)
    }
}

impl Room {
    /// A text was copied in one of the log's own places.
    pub fn note_copy(self, from: PastedFrom, text: &str) {
        self.held().copies.borrow_mut().remember(Some(from), text);
    }

    /// Something was copied on the page.
    pub fn note_copy_elsewhere(self, event: &web_sys::Event) {
        let place = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let element = place.and_then(|node| match node.dyn_into::<web_sys::Element>() {
            Ok(element) => Some(element),
            Err(node) => node.parent_element(),
        });
        let tells = element.is_some_and(|element| element.closest(TELL).ok().flatten().is_some());
        if !tells {
            self.held().copies.borrow_mut().remember(None, &selected_text());
        }
    }
}

/// A text without its blanks: terminals pad lines, and pages fold them.
fn essence(text: &str) -> String {
    text.split_whitespace().collect()
}
