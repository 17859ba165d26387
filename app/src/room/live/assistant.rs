//! The assistant's panel: who it is, the conversation, and where to write.

mod composer;
mod exchange;
mod tool;

use std::sync::Arc;

use interview::editor::PastedFrom;
use interview::session::Capture;
use interview::wire::{AssistantCard, RoomCard};
use leptos::html;
use leptos::prelude::*;

use crate::js::clipboard::selected_text;
use crate::room::frame::Lines;

use super::room::Room;
use composer::Composer;
use exchange::ExchangeView;

/// So close to its end, a conversation follows what is added.
const NEAR_PIXELS: i32 = 48;

/// Whether there is an assistant to talk to.
#[derive(Clone, PartialEq)]
enum Presence {
    Unknown,
    Off,
    NotAgreed,
    There(Arc<RoomCard>),
}

/// The panel.
#[component]
pub fn AssistantPanel() -> impl IntoView {
    let seen = expect_context::<Room>().seen;
    let presence = Memo::new(move |_| match seen.card.get() {
        None => Presence::Unknown,
        Some(card) if card.assistant.mode == "off" => Presence::Off,
        Some(_) if !seen.captures(Capture::Assistant) => Presence::NotAgreed,
        Some(card) => Presence::There(card),
    });
    move || match presence.get() {
        Presence::Unknown => Lines().into_any(),
        Presence::Off => view! {
            <div class="empty">
                <h3>"No assistant in this interview"</h3>
                <p>"Your interviewer wants to see how you work on your own. Nothing is wrong with your browser."</p>
            </div>
        }
        .into_any(),
        Presence::NotAgreed => view! {
            <div class="empty">
                <h3>"The assistant is off"</h3>
                <p>"You did not agree to have the conversation recorded, so this interview goes without."</p>
            </div>
        }
        .into_any(),
        Presence::There(card) => view! { <Talk card=card.assistant.clone()/> }.into_any(),
    }
}

#[component]
fn Talk(card: AssistantCard) -> impl IntoView {
    let mode = StoredValue::new(card.mode.clone());
    view! {
        <Who card=card.clone()/>
        <Conversation mode/>
        <Composer card/>
    }
}

/// Who answers, what they are shown, and what they may do.
#[component]
fn Who(card: AssistantCard) -> impl IntoView {
    let name = if card.is_language_model {
        card.model.clone()
    } else {
        "practice: a small built-in helper, not a language model".to_owned()
    };
    let may = match card.mode.as_str() {
        "agent" => {
            "It can edit your files, run commands in the sandbox and run the tests. You can take its edits back."
        }
        "propose" => {
            "It proposes edits that you accept or reject. It can run the tests, and commands on a copy of your files."
        }
        _ => "It can read your files and answer, but changes nothing.",
    };
    view! {
        <details class="assistant-note">
            <summary><span>{name}</span> <span>"What it sees"</span></summary>
            <div class="tool-body">
                <p>"With every message it is shown: the problem, your files as they are, your last test run, and this conversation. Hidden cases it never sees."</p>
                <p>{may}</p>
                <p>"Your interviewer sees this conversation in the replay. Using the assistant well is part of the work."</p>
            </div>
        </details>
    }
}

/// The conversation; it follows its end while its reader is there.
#[component]
fn Conversation(mode: StoredValue<String>) -> impl IntoView {
    let room = expect_context::<Room>();
    let seen = room.seen;
    let log = NodeRef::<html::Div>::new();
    let is_at_end = StoredValue::new(true);
    let note_place = move |_| {
        if let Some(log) = log.get_untracked() {
            is_at_end.set_value(log.scroll_height() - log.scroll_top() - log.client_height() < NEAR_PIXELS);
        }
    };
    let follow = move || {
        if let Some(log) = log.get_untracked().filter(|_| is_at_end.get_value()) {
            request_animation_frame(move || log.set_scroll_top(log.scroll_height()));
        }
    };
    Effect::new(move || {
        seen.exchanges.track();
        seen.tab.track();
        follow();
    });
    let ids = Memo::new(move |_| {
        seen.exchanges.with(|exchanges| exchanges.iter().map(|exchange| exchange.message).collect::<Vec<_>>())
    });
    view! {
        <div
            class="conversation"
            role="log"
            aria-label="Conversation"
            tabindex="0"
            node_ref=log
            on:scroll=note_place
            on:copy=move |_| room.note_copy(PastedFrom::Assistant, &selected_text())
        >
            <Show when=move || ids.with(Vec::is_empty)>
                <div class="empty">
                    <h3>"Ask, and it helps"</h3>
                    <p>"It knows the problem and your files. Ask for an explanation, a hint, or why a test fails."</p>
                </div>
            </Show>
            <For each=move || ids.get() key=|id| *id let(id)>
                <ExchangeView id mode/>
            </For>
        </div>
    }
}
