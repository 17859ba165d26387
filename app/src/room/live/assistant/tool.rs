//! A tool that the assistant used: what it was given, what came of it, and what the candidate may say to it.

use interview::chat::ToolCall;
use leptos::html;
use leptos::prelude::*;
use serde_json::Value;

use crate::js::editor::{Diff, Layout};
use crate::room::live::room::Room;

/// A card for the call, or the proposal that waits for an answer.
#[component]
pub fn ToolView(call: Memo<Option<ToolCall>>, mode: StoredValue<String>, is_coming: Memo<bool>) -> impl IntoView {
    let shape = Memo::new(move |_| {
        let call = call.get()?;
        let is_edit = call.name == "edit_file" && call.result.is_none();
        let is_open_proposal = is_edit && is_coming.get() && mode.with_value(|mode| mode == "propose");
        Some((is_open_proposal, call))
    });
    move || match shape.get() {
        None => ().into_any(),
        Some((true, call)) => view! { <Proposal call/> }.into_any(),
        Some((false, call)) => view! { <Card call mode/> }.into_any(),
    }
}

#[component]
fn Card(call: ToolCall, mode: StoredValue<String>) -> impl IntoView {
    let state = match &call.result {
        None => "running",
        Some(result) if result.failed => "failed",
        Some(_) => "done",
    };
    let time = call.result.as_ref().map(|result| result.returned_at.millis_since(call.called_at));
    let time = time.map(|millis| format!("{:.1} s", millis as f64 / 1_000.0));
    let is_own_edit = state == "done" && call.name == "edit_file" && mode.with_value(|mode| mode == "agent");
    let input = Some(written_out(&call.input)).filter(|input| !input.is_empty());
    let result = call.result.as_ref().map(|result| result.output.clone());
    view! {
        <details class="tool-card" data-state=state>
            <summary class="tool-summary">
                <span class="tool-name">{call.name.clone()}</span>
                <span class="tool-input">{brief(&call.input)}</span>
                <span class="tool-time">{time}</span>
            </summary>
            <div class="tool-body">
                {input.map(|input| view! { <p class="tool-label">"Input"</p> <pre tabindex="0">{input}</pre> })}
                {result.map(|result| view! { <p class="tool-label">"Result"</p> <pre tabindex="0">{result}</pre> })}
            </div>
        </details>
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
    let path = text_of(&call.input, "path").unwrap_or_default();
    let label = format!("Change to {path}");
    let id = StoredValue::new(call.call.clone());
    let is_decided = move || room.seen.decided.with(|decided| id.with_value(|id| decided.as_ref() == Some(id)));
    let decide = move |accept: bool| move |_| room.decide(id.get_value(), accept);
    view! {
        <section class="proposal" aria-label=label>
            <header class="proposal-header">{path.clone()} <span class="badge badge-info">"proposed"</span></header>
            <ProposedDiff path input=call.input/>
            <footer class="proposal-actions">
                <button class="button button-small" disabled=is_decided on:click=decide(false)>"Reject"</button>
                <button class="button button-primary button-small" disabled=is_decided on:click=decide(true)>"Accept"</button>
            </footer>
        </section>
    }
}

#[component]
fn ProposedDiff(path: String, input: Value) -> impl IntoView {
    let room = expect_context::<Room>();
    let host = NodeRef::<html::Div>::new();
    let before = room.editor().map(|editor| editor.text_of(&path)).unwrap_or_default();
    let after = edited(&before, &input);
    let Some(after) = after else {
        return view! { <div class="proposal-diff"><pre tabindex="0">{written_out(&input)}</pre></div> }.into_any();
    };
    let shown = StoredValue::new_local(None::<Diff>);
    Effect::new(move || {
        let Some(host) = host.get() else { return };
        let (path, before, after) = (path.clone(), before.clone(), after.clone());
        leptos::task::spawn_local(async move {
            if let Ok(diff) = Diff::create(&host, &format!("Change to {path}"), Layout::Inline).await {
                diff.show(&path, &before, &after, "");
                shown.try_set_value(Some(diff));
            }
        });
    });
    on_cleanup(move || {
        if let Some(Some(diff)) = shown.try_update_value(Option::take) {
            diff.dispose();
        }
    });
    view! { <div class="proposal-diff" node_ref=host></div> }.into_any()
}

fn text_of(input: &Value, name: &str) -> Option<String> {
    input.get(name)?.as_str().map(str::to_owned)
}

/// What a file says after an edit, when the edit fits it.
fn edited(before: &str, input: &Value) -> Option<String> {
    if let Some(content) = text_of(input, "content") {
        return Some(content);
    }
    let (old, new) = (text_of(input, "old")?, text_of(input, "new")?);
    let fits = !old.is_empty() && before.matches(&old).count() == 1;
    fits.then(|| before.replacen(&old, &new, 1))
}

/// An input in a few words.
fn brief(input: &Value) -> String {
    ["path", "command"].iter().find_map(|name| text_of(input, name)).unwrap_or_default()
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
