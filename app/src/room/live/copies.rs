//! What was copied inside the room, so that a paste can say where its text came from. It never reads the clipboard.

use std::collections::VecDeque;

use interview::editor::PastedFrom;
use leptos::wasm_bindgen::JsCast as _;

use crate::js::clipboard::{pasted_text, selected_text};

use super::room::Room;

/// How many copies are remembered: a clipboard's history reaches back further than one.
const REMEMBERED: usize = 8;

/// The places that tell of their copies themselves.
const TELL: &str = ".editor-host, .terminal-host, .conversation";

/// Where the candidate writes what is no part of the log.
const BOXES: &str = "input, textarea";

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

    /// A text was copied where it may be anybody's: what is known of it stays known.
    fn remember_if_new(&mut self, text: &str) {
        let copied = essence(text);
        if !self.0.iter().any(|(_, known)| *known == copied) {
            self.remember(None, text);
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
        let held = self.held();
        let mut copies = held.copies.borrow_mut();
        match place_of(event) {
            Some(place) if is_in(&place, TELL) => {}
            Some(place) if is_in(&place, BOXES) => copies.remember_if_new(&selected_text()),
            Some(_) | None => copies.remember(None, &selected_text()),
        }
    }

    /// Something was pasted on the page: a text does not lose where it comes from on a detour through one of the room's
    /// boxes.
    pub fn note_paste_elsewhere(self, event: &web_sys::Event) {
        if place_of(event).is_some_and(|place| !is_in(&place, TELL) && is_in(&place, BOXES)) {
            let held = self.held();
            let mut copies = held.copies.borrow_mut();
            let text = pasted_text(event);
            let from = copies.source_of(&text);
            copies.remember(from, &text);
        }
    }
}

/// The element that an event is about.
fn place_of(event: &web_sys::Event) -> Option<web_sys::Element> {
    match event.target()?.dyn_into::<web_sys::Element>() {
        Ok(element) => Some(element),
        Err(target) => target.dyn_into::<web_sys::Node>().ok()?.parent_element(),
    }
}

fn is_in(element: &web_sys::Element, selector: &str) -> bool {
    element.closest(selector).ok().flatten().is_some()
}

/// A text without its blanks: terminals pad lines, and pages fold them.
fn essence(text: &str) -> String {
    text.split_whitespace().collect()
}
