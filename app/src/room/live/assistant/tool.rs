//! A tool that the assistant used: what it was given, what came of it, and what the candidate may say to it.

mod diff;

use interview::chat::ToolCall;
use leptos::prelude::*;
use serde_json::Value;

use crate::js::editor::Layout;
use crate::room::live::room::Room;
use crate::ui::tool_card::{ToolCard, ToolState, brief};

use diff::{EditDiff, edited, passage};

/// What is seen of a call.
#[derive(Clone, PartialEq)]
enum Shape {
    Nothing,
    Proposal(ToolCall),
    Card(ToolCall, ToolState),
}

/// A card for the call, or the proposal that waits for an answer.
#[component]
pub fn ToolView(call: Memo<Option<ToolCall>>, mode: StoredValue<String>, is_coming: Memo<bool>) -> impl IntoView {
    let shape = Memo::new(move |_| {
        let Some(call) = call.get() else { return Shape::Nothing };
        let state = ToolState::of(call.result.as_ref().map(|result| result.failed), is_coming.get());
        let may_be_proposal = call.name == "edit_file" && mode.with_value(|mode| mode == "propose");
        match state {
            ToolState::Running if may_be_proposal => Shape::Proposal(call),
            ToolState::Running | ToolState::Done | ToolState::Failed | ToolState::Stopped => Shape::Card(call, state),
        }
    });
    move || match shape.get() {
        Shape::Nothing => ().into_any(),
        Shape::Proposal(call) => view! { <Proposal call/> }.into_any(),
        Shape::Card(call, state) => view! { <Card call state mode/> }.into_any(),
    }
}

#[component]
fn Card(call: ToolCall, state: ToolState, mode: StoredValue<String>) -> impl IntoView {
    let seen = expect_context::<Room>().seen;
    let passage = if call.name == "edit_file" { passage(&call.input) } else { None };
    let is_done = state == ToolState::Done;
    let is_own_edit = is_done && call.name == "edit_file" && mode.with_value(|mode| mode == "agent");
    // A comparison is an editor of its own: only the newest edits show theirs unasked.
    let is_newest = seen
        .exchanges
        .with_untracked(|exchanges| exchanges.last().is_some_and(|exchange| exchange.asked_at <= call.called_at));
    let opened = RwSignal::new(passage.is_some() && is_done && is_newest && call.undone_at.is_none());
    let time = match (&call.result, state) {
        (Some(result), _) => format!("{:.1} s", result.returned_at.millis_since(call.called_at) as f64 / 1_000.0),
        (None, ToolState::Stopped) => state.word().to_owned(),
        (None, ToolState::Running | ToolState::Done | ToolState::Failed) => String::new(),
    };
    let input = if passage.is_some() { String::new() } else { written_out(&call.input) };
    let result = call.result.as_ref().map(|result| result.output.clone());
    let about = brief(&call.input);
    let (path, passage) = (StoredValue::new(about.clone()), StoredValue::new(passage));
    let diff = move || {
        let (before, after) = passage.get_value().filter(|_| opened.get())?;
        Some(view! { <EditDiff path=path.get_value() before after layout=Layout::Passage/> })
    };
    view! {
        <ToolCard name=call.name.clone() about state time opened>
            {diff}
            <div class="tool-body">
                {(!input.is_empty()).then(|| view! { <p class="tool-label">"Input"</p> <pre tabindex="0">{input}</pre> })}
                {result.map(|result| view! { <p class="tool-label">"Result"</p> <pre tabindex="0">{result}</pre> })}
            </div>
        </ToolCard>
        {is_own_edit.then(|| view! { <Undo call/> })}
    }
}

/// Takes an edit back, while its question is on the table. That it is taken back only the log says.
#[component]
fn Undo(call: ToolCall) -> impl IntoView {
    let room = expect_context::<Room>();
    let called_at = call.called_at;
    let is_current = Memo::new(move |_| {
        room.seen.question.with(|question| question.as_ref().is_some_and(|question| question.opened_at <= called_at))
    });
    let is_undone = call.undone_at.is_some();
    let id = StoredValue::new(call.call);
    view! {
        <Show when=move || is_undone || is_current.get()>
            <div class="button-row">
                <button class="button button-small" disabled=is_undone on:click=move |_| room.undo(id.get_value())>
                    {if is_undone { "Taken back" } else { "Undo" }}
                </button>
            </div>
        </Show>
    }
}

/// An edit that waits for the candidate.
#[component]
fn Proposal(call: ToolCall) -> impl IntoView {
    let room = expect_context::<Room>();
    let path = brief(&call.input);
    let label = format!("Change to {path}");
    let id = StoredValue::new(call.call.clone());
    let is_decided = move || room.seen.decided.with(|decided| id.with_value(|id| decided.as_ref() == Some(id)));
    let decide = move |accept: bool| move |_| room.decide(id.get_value(), accept);
    let before = room.editor().map(|editor| editor.text_of(&path)).unwrap_or_default();
    let change = match edited(&before, &call.input) {
        Some(after) => view! { <EditDiff path=path.clone() before after layout=Layout::Inline/> }.into_any(),
        None => view! { <div class="edit-diff"><pre tabindex="0">{written_out(&call.input)}</pre></div> }.into_any(),
    };
    view! {
        <section class="proposal" aria-label=label>
            <header class="proposal-header">{path} <span class="badge badge-info">"proposed"</span></header>
            {change}
            <footer class="proposal-actions">
                <button class="button button-small" disabled=is_decided on:click=decide(false)>"Reject"</button>
                <button class="button button-primary button-small" disabled=is_decided on:click=decide(true)>"Accept"</button>
            </footer>
        </section>
    }
}

/// An input as it reads best.
fn written_out(input: &Value) -> String {
    let Some(fields) = input.as_object() else { return input.to_string() };
    let line = |(name, value): (&String, &Value)| match value.as_str() {
        Some(text) if text.contains('\n') => format!("{name}:\n{text}"),
        Some(text) => format!("{name}: {text}"),
        None => format!("{name}: {value}"),
    };
    fields.iter().map(line).collect::<Vec<_>>().join("\n")
}
