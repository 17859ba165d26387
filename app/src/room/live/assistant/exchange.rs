//! One question and its answer.

use std::sync::Arc;

use interview::chat::{Exchange, MessageId, Part, Progress, STOPPED, Stop, messages_used};
use interview::editor::PastedFrom;
use leptos::prelude::*;

use crate::room::live::room::Room;
use crate::shell::error::sentence;
use crate::ui::markdown::Markdown;

use super::tool::ToolView;

/// An exchange, for as long as it is in the conversation.
#[component]
pub fn ExchangeView(id: MessageId, mode: StoredValue<String>) -> impl IntoView {
    let seen = expect_context::<Room>().seen;
    let exchange = Memo::new(move |_| {
        seen.exchanges.with(|exchanges| exchanges.iter().find(|exchange| exchange.message == id).cloned())
    });
    let question =
        exchange.with_untracked(|exchange| exchange.as_ref().map(|it| it.question.clone())).unwrap_or_default();
    let parts =
        Memo::new(move |_| exchange.with(|exchange| exchange.as_ref().map_or(0, |exchange| exchange.parts.len())));
    let is_coming = Memo::new(move |_| {
        exchange.with(|exchange| exchange.as_ref().is_some_and(|exchange| exchange.progress == Progress::Answering))
    });
    view! {
        <article class="message" data-from="candidate">
            <header class="message-author">"You"</header>
            <div class="message-body markdown markdown-small"><Markdown text=Signal::stored(question)/></div>
        </article>
        <article class=move || if is_coming.get() { "message message-streaming" } else { "message" } data-from="assistant" aria-busy=move || is_coming.get().to_string()>
            <header class="message-author">"Assistant"</header>
            <Show when=move || is_coming.get() && parts.get() == 0>
                <div class="message-body"><p class="message-meta">"Thinking…"</p></div>
            </Show>
            <For each=move || 0..parts.get() key=|index| *index let(index)>
                <PartView exchange index mode is_coming/>
            </For>
            <Ending exchange/>
        </article>
    }
}

#[component]
fn PartView(
    exchange: Memo<Option<Arc<Exchange>>>,
    index: usize,
    mode: StoredValue<String>,
    is_coming: Memo<bool>,
) -> impl IntoView {
    let room = expect_context::<Room>();
    let part =
        Memo::new(move |_| exchange.with(|exchange| exchange.as_ref().and_then(|it| it.parts.get(index).cloned())));
    let is_last = move || exchange.with(|exchange| exchange.as_ref().is_some_and(|it| it.parts.len() == index + 1));
    let complete = Signal::derive(move || !(is_coming.get() && is_last()));
    let text = Memo::new(move |_| match part.get() {
        Some(Part::Text { text }) => text,
        Some(Part::Tool(_)) | None => String::new(),
    });
    let call = Memo::new(move |_| match part.get() {
        Some(Part::Tool(call)) => Some(call),
        Some(Part::Text { .. }) | None => None,
    });
    let on_copy = Callback::new(move |text: String| room.note_copy(PastedFrom::Assistant, &text));
    if call.with_untracked(Option::is_some) {
        view! { <ToolView call mode is_coming/> }.into_any()
    } else {
        view! { <div class="message-body markdown markdown-small"><Markdown text complete on_copy=Some(on_copy)/></div> }.into_any()
    }
}

/// How an answer ended, and what it took.
#[component]
fn Ending(exchange: Memo<Option<Arc<Exchange>>>) -> impl IntoView {
    let progress =
        Memo::new(move |_| exchange.with(|exchange| exchange.as_ref().map(|exchange| exchange.progress.clone())));
    move || match progress.get() {
        None | Some(Progress::Answering) => ().into_any(),
        Some(Progress::Failed(failed)) if failed.reason == STOPPED => {
            view! { <footer class="message-meta">"You stopped this answer."</footer> }.into_any()
        }
        Some(Progress::Failed(failed)) => view! {
            <div class="callout callout-warning" role="status">
                <p>{sentence(&failed.reason)}</p>
                <TryAgain exchange/>
            </div>
        }
        .into_any(),
        Some(Progress::Answered(answered)) => {
            let tokens = answered.input_tokens
                + answered.cache_read_tokens
                + answered.cache_write_tokens
                + answered.output_tokens;
            let seconds = answered.total_ms as f64 / 1_000.0;
            let words = match (tokens, answered.total_ms) {
                (0, 0..100) => String::new(),
                (0, _) => format!("{seconds:.1} s"),
                (_, _) => format!("{tokens} tokens · {seconds:.1} s"),
            };
            let cut = match answered.stop {
                Stop::MaxTokens | Stop::ModelContextWindowExceeded => " · cut off at its longest",
                Stop::Refusal => " · declined",
                Stop::EndTurn | Stop::StopSequence | Stop::ToolUse | Stop::PauseTurn => "",
            };
            view! { <footer class="message-meta">{words}{cut}</footer> }.into_any()
        }
    }
}

/// Asks the question once more, while it is the last one and another message may be sent.
#[component]
fn TryAgain(exchange: Memo<Option<Arc<Exchange>>>) -> impl IntoView {
    let room = expect_context::<Room>();
    let seen = room.seen;
    let is_last = Memo::new(move |_| {
        let id = exchange.with(|exchange| exchange.as_ref().map(|exchange| exchange.message));
        seen.exchanges.with(|exchanges| exchanges.last().map(|last| last.message) == id)
    });
    let is_left = Memo::new(move |_| {
        let budget = seen.card.with(|card| card.as_ref().map_or(0, |card| card.assistant.budget_messages));
        seen.exchanges.with(|exchanges| messages_used(exchanges)) < budget
    });
    let ask = move |_| {
        if let Some(exchange) = exchange.get_untracked() {
            room.ask(exchange.question.clone());
        }
    };
    view! {
        <Show when=move || is_last.get() && is_left.get()>
            <div class="button-row">
                <button class="button button-small" disabled=move || seen.is_asking.get() || !seen.is_connected() on:click=ask>
                    "Try again"
                </button>
            </div>
        </Show>
    }
}
