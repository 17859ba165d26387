//! The room's keys, wherever the focus is.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;

use crate::js::editor::EditorKey;
use crate::js::page::Listener;

use super::room::Room;
use super::seen::{Asked, Tab};

/// All keys, for the dialog that shows them.
pub const KEYS: [(&str, &[&str]); 10] = [
    ("Run the tests", &["Ctrl", "Enter"]),
    ("Submit", &["Ctrl", "Shift", "Enter"]),
    ("Save now", &["Ctrl", "S"]),
    ("Terminal", &["Ctrl", "J"]),
    ("Find, in the editor or the terminal", &["Ctrl", "F"]),
    ("Assistant", &["Ctrl", "L"]),
    ("Show or hide the files", &["Ctrl", "B"]),
    ("Rename a file, in the tree", &["F2"]),
    ("Leave the editor with Tab", &["Ctrl", "M"]),
    ("All keys", &["F1"]),
];

/// Where letters are written. What takes the editor's is a plain element to look at, so the editor is named by its place.
const WRITES: &str = "input, textarea, select, [contenteditable], .editor-host";

/// Listens for as long as the room is there.
pub fn listen(room: Room) {
    let listener = Listener::on_window("keydown", move |event| {
        if let Some(event) = event.dyn_ref::<ev::KeyboardEvent>() {
            press(room, event);
        }
    });
    let listener = StoredValue::new_local(Some(listener));
    on_cleanup(move || drop(listener.try_update_value(Option::take)));
}

fn press(room: Room, event: &ev::KeyboardEvent) {
    if event.default_prevented() || event.alt_key() || room.seen.asked.with_untracked(Option::is_some) {
        return;
    }
    let Some(key) = named(event) else { return };
    event.prevent_default();
    obey(room, key);
}

fn named(event: &ev::KeyboardEvent) -> Option<EditorKey> {
    let is_command = event.ctrl_key() || event.meta_key();
    match (event.key().to_lowercase().as_str(), is_command, event.shift_key()) {
        ("enter", true, false) => Some(EditorKey::Run),
        ("enter", true, true) => Some(EditorKey::Submit),
        ("s", true, false) => Some(EditorKey::Save),
        ("j", true, false) => Some(EditorKey::Terminal),
        ("l", true, false) if !is_in_terminal(event) => Some(EditorKey::Assistant),
        ("b", true, false) if !is_in_terminal(event) => Some(EditorKey::Files),
        ("f1", false, false) => Some(EditorKey::Keys),
        ("?", false, _) if !is_in_text(event) => Some(EditorKey::Keys),
        _ => None,
    }
}

fn target(event: &ev::KeyboardEvent) -> Option<web_sys::Element> {
    event.target()?.dyn_into().ok()
}

fn is_in_terminal(event: &ev::KeyboardEvent) -> bool {
    target(event).and_then(|target| target.closest(".terminal-host").ok().flatten()).is_some()
}

fn is_in_text(event: &ev::KeyboardEvent) -> bool {
    target(event).is_some_and(|target| target.closest(WRITES).ok().flatten().is_some())
}

/// Does what a key asks for.
pub fn obey(room: Room, key: EditorKey) {
    match key {
        EditorKey::Run => room.run_tests(),
        EditorKey::Save => room.save_now(),
        EditorKey::Terminal => to_terminal(room),
        EditorKey::Assistant => {
            room.seen.tab.set(Tab::Assistant);
            focus(".composer-input");
        }
        EditorKey::Files => room.seen.files_shown.update(|shown| *shown = !*shown),
        EditorKey::Submit => room.put(Asked::Submit),
        EditorKey::Keys => room.put(Asked::Keys),
    }
}

/// To the terminal; from there, back to the editor and the terminal away.
fn to_terminal(room: Room) {
    let is_there =
        document().active_element().and_then(|active| active.closest(".terminal-host").ok().flatten()).is_some();
    if is_there && room.seen.terminal_shown.get_untracked() {
        room.seen.terminal_shown.set(false);
        if let Some(editor) = room.editor() {
            editor.focus();
        }
    } else {
        let focus = move || {
            if let Some(terminal) = room.terminal() {
                terminal.focus();
            }
        };
        focus();
        if !room.seen.terminal_shown.get_untracked() {
            room.seen.terminal_shown.set(true);
            request_animation_frame(focus);
        }
    }
}

/// Gives the focus to the first element of that kind: now, and if it was not in sight, once it is drawn.
pub fn focus(selector: &'static str) {
    if !focus_now(selector) {
        request_animation_frame(move || {
            focus_now(selector);
        });
    }
}

fn focus_now(selector: &str) -> bool {
    let element = document().query_selector(selector).ok().flatten();
    let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) else {
        return false;
    };
    let _ = element.focus();
    document().active_element().is_some_and(|active| active == *element)
}
