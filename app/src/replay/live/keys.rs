//! The replay's keys, wherever the focus is, and the dialog that shows them.

use interview::playhead::Command;
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;

use super::moments::SEARCH_ID;
use super::player::Player;
use crate::js::page::Listener;
use crate::ui::dialog::Dialog;

/// All keys, in the words of the dialog.
const KEYS: [(&str, &[&str]); 9] = [
    ("Play or pause", &["Space"]),
    ("Back or on by 5 seconds", &["←", "→"]),
    ("Previous or next moment", &["Shift+←", "Shift+→"]),
    ("Back or on by one event", &[",", "."]),
    ("To a tenth of the recording", &["0", "…", "9"]),
    ("Slower or faster", &["<", ">"]),
    ("Start or end, on the timeline", &["Home", "End"]),
    ("Search moments", &["/"]),
    ("All keys", &["?"]),
];

/// How far the arrow keys go, in milliseconds.
const NUDGE: i64 = 5_000;

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Move(Command),
    Step { forward: bool },
    Search,
    ShowKeys,
}

/// Listens for as long as the replay is there.
pub fn listen(player: Player, keys_shown: RwSignal<bool>) {
    let listener = Listener::on_window("keydown", move |event| {
        if let Some(event) = event.dyn_ref::<ev::KeyboardEvent>() {
            press(player, keys_shown, event);
        }
    });
    let listener = StoredValue::new_local(Some(listener));
    on_cleanup(move || drop(listener.try_update_value(Option::take)));
}

fn press(player: Player, keys_shown: RwSignal<bool>, event: &ev::KeyboardEvent) {
    let is_meant_otherwise = event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key();
    if is_meant_otherwise || belongs_elsewhere(event) {
        return;
    }
    let Some(wish) = wish(&event.key(), event.shift_key()) else { return };
    event.prevent_default();
    match wish {
        Wish::Move(command) => player.command(command),
        Wish::Step { forward } => player.step(forward),
        Wish::ShowKeys => keys_shown.set(true),
        Wish::Search => focus_search(),
    }
}

fn wish(key: &str, shift: bool) -> Option<Wish> {
    Some(match (key, shift) {
        (" ", _) => Wish::Move(Command::Toggle),
        ("ArrowLeft", true) => Wish::Move(Command::PreviousMoment),
        ("ArrowRight", true) => Wish::Move(Command::NextMoment),
        ("ArrowLeft", false) => Wish::Move(Command::Nudge(-NUDGE)),
        ("ArrowRight", false) => Wish::Move(Command::Nudge(NUDGE)),
        (",", _) => Wish::Step { forward: false },
        (".", _) => Wish::Step { forward: true },
        ("<", _) => Wish::Move(Command::Slower),
        (">", _) => Wish::Move(Command::Faster),
        ("/", _) => Wish::Search,
        ("?", _) => Wish::ShowKeys,
        (digit, false) => {
            let tenth = digit.parse::<u8>().ok().filter(|tenth| digit.len() == 1 && *tenth < 10)?;
            Wish::Move(Command::Tenth(tenth))
        }
        (_, true) => return None,
    })
}

/// Whether whatever has the focus wants the key for itself.
fn belongs_elsewhere(event: &ev::KeyboardEvent) -> bool {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
        return false;
    };
    let is_in = |selector: &str| target.closest(selector).ok().flatten().is_some();
    // The terminal and the editor's text can only be read, so that their keys are free; the editor's find box is written in.
    let reads = is_in(".terminal-host, .native-edit-context, .inputarea");
    let writes = !reads && is_in("input:not([type=checkbox]), textarea, select, [contenteditable]");
    let presses = event.key() == " " && is_in("button, summary, a, input");
    writes || presses || is_in("dialog, [role=separator]")
}

fn focus_search() {
    let field = document().get_element_by_id(SEARCH_ID);
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok()) {
        let _ = field.focus();
        field.select();
    }
}

/// All keys.
#[component]
pub fn KeysDialog(
    /// Whether it shows.
    shown: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <Dialog id="keys" title="Keyboard shortcuts" open=shown on_close=Callback::new(move |()| shown.set(false))>
            <div class="dialog-body">
                <dl class="shortcuts">
                    {KEYS
                        .map(|(what, keys)| view! {
                            <div><dt>{what}</dt><dd>{keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view()}</dd></div>
                        })}
                </dl>
            </div>
        </Dialog>
    }
}
