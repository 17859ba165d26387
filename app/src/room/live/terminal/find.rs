//! The terminal's find strip: it looks through what the terminal still holds, and gives the focus back when it goes.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use crate::js::terminal::Way;
use crate::room::live::room::Room;

/// Whether the strip shows, and its field.
#[derive(Clone, Copy)]
pub struct Find {
    shown: RwSignal<bool>,
    field: NodeRef<html::Input>,
}

impl Find {
    /// It does not show.
    pub fn new() -> Self {
        Self { shown: RwSignal::new(false), field: NodeRef::new() }
    }

    /// Shows it when that is what a key asks for.
    pub fn press(self, event: &ev::KeyboardEvent) {
        let is_command = (event.ctrl_key() || event.meta_key()) && !event.shift_key() && !event.alt_key();
        if is_command && event.key().eq_ignore_ascii_case("f") {
            event.prevent_default();
            self.shown.set(true);
            self.take_focus();
        }
    }

    fn take_focus(self) {
        if let Some(field) = self.field.get_untracked() {
            let _ = field.focus();
            field.select();
        }
    }

    fn close(self, room: Room) {
        self.shown.set(false);
        if let Some(terminal) = room.terminal() {
            terminal.end_search();
            terminal.focus();
        }
    }
}

/// The strip, while it shows.
#[component]
pub fn FindStrip(find: Find) -> impl IntoView {
    view! { <Show when=move || find.shown.get()><Strip find/></Show> }
}

#[component]
fn Strip(find: Find) -> impl IntoView {
    let room = expect_context::<Room>();
    let query = RwSignal::new(String::new());
    let is_found = RwSignal::new(true);
    Effect::new(move || {
        find.field.track();
        find.take_focus();
    });
    let look = move |way: Way| {
        let found = room.terminal().is_some_and(|terminal| query.with_untracked(|query| terminal.search(query, way)));
        is_found.set(found || query.with_untracked(String::is_empty));
    };
    let press = move |event: ev::KeyboardEvent| {
        let is_plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key() && !event.is_composing();
        match (event.key().as_str(), event.shift_key()) {
            ("Enter", false) if is_plain => look(Way::Next),
            ("Enter", true) if is_plain => look(Way::Previous),
            _ => return,
        }
        event.prevent_default();
    };
    let leave = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            find.close(room);
        }
    };
    let words = move || if is_found.get() { "" } else { "No match" };
    view! {
        <div class="terminal-find" role="search" aria-label="Find in the terminal" on:keydown=leave>
            <input
                class="input input-small"
                node_ref=find.field
                aria-label="Find in the terminal"
                placeholder="Find"
                autocomplete="off"
                spellcheck="false"
                prop:value=move || query.get()
                on:input=move |event| {
                    query.set(event_target_value(&event));
                    look(Way::Growing);
                }
                on:keydown=press
            />
            <span class="field-hint" role="status">{words}</span>
            <FindButton name="Previous match" title="Previous match (Shift+Enter)" sign="↑" act=move || look(Way::Previous)/>
            <FindButton name="Next match" title="Next match (Enter)" sign="↓" act=move || look(Way::Next)/>
            <FindButton name="Close the search" title="Close the search (Escape)" sign="×" act=move || find.close(room)/>
        </div>
    }
}

#[component]
fn FindButton(name: &'static str, title: &'static str, sign: &'static str, act: impl Fn() + 'static) -> impl IntoView {
    view! {
        <button class="button button-quiet button-icon button-small" type="button" aria-label=name title=title on:click=move |_| act()>
            {sign}
        </button>
    }
}
