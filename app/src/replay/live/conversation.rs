//! The conversation up to the playhead, as it stood: an answer under way is under way here too.

use std::sync::Arc;

use interview::Offset;
use interview::chat::{Answered, Exchange, MessageId, Part, Progress, STOPPED, ToolCall};
use leptos::html;
use leptos::prelude::*;

use super::seen::Seen;
use crate::replay::words::clock;
use crate::ui::markdown::Markdown;
use crate::ui::time::duration;
use crate::ui::tool_card::{ToolCard, ToolState, brief};

/// The panel.
#[component]
pub fn ConversationPanel(
    /// What it shows.
    seen: Seen,
) -> impl IntoView {
    let log = NodeRef::<html::Div>::new();
    let messages = Memo::new(move |_| {
        seen.exchanges.with(|exchanges| exchanges.iter().map(|exchange| exchange.message).collect::<Vec<_>>())
    });
    // The newest is what happened last, and that is what one looks for.
    Effect::new(move || {
        seen.exchanges.track();
        if let Some(log) = log.get() {
            request_animation_frame(move || log.set_scroll_top(log.scroll_height()));
        }
    });
    view! {
        <section class="panel" aria-label="Conversation">
            <header class="panel-header"><h2 class="panel-title">"Conversation"</h2></header>
            <Show
                when=move || !messages.with(Vec::is_empty)
                fallback=|| view! { <p class="empty">"Nothing has been asked so far."</p> }
            >
                <div class="conversation" tabindex="0" role="log" aria-live="off" aria-label="Conversation so far" node_ref=log>
                    <For each=move || messages.get() key=|message| *message let(message)>
                        <ExchangeView seen message/>
                    </For>
                </div>
            </Show>
        </section>
    }
}

fn find(exchanges: &[Arc<Exchange>], message: MessageId) -> Option<Arc<Exchange>> {
    exchanges.iter().find(|exchange| exchange.message == message).cloned()
}

#[component]
fn ExchangeView(
    /// What is shown.
    seen: Seen,
    /// Which exchange.
    message: MessageId,
) -> impl IntoView {
    let exchange = Memo::new(move |_| seen.exchanges.with(|exchanges| find(exchanges, message)));
    let question = Memo::new(move |_| exchange.with(|exchange| exchange.as_ref().map_or_else(Default::default, asked)));
    let parts =
        Memo::new(move |_| exchange.with(|exchange| exchange.as_ref().map_or(0, |exchange| exchange.parts.len())));
    let progress =
        Memo::new(move |_| exchange.with(|exchange| exchange.as_ref().map(|exchange| exchange.progress.clone())));
    let is_answering = Memo::new(move |_| progress.with(|progress| *progress == Some(Progress::Answering)));
    let part = move |index: usize| {
        exchange.with(|exchange| exchange.as_ref().and_then(|exchange| exchange.parts.get(index).cloned()))
    };
    view! {
        <article class="message" data-from="candidate">
            <header class="message-author">"Candidate" <time>{move || question.with(|(at, _)| clock(*at))}</time></header>
            <div class="message-body markdown markdown-small">
                <Markdown text=Signal::derive(move || question.with(|(_, text)| text.clone()))/>
            </div>
        </article>
        <article class="message" data-from="assistant" class:message-streaming=move || is_answering.get()>
            <header class="message-author">"Assistant"</header>
            <For each=move || 0..parts.get() key=|index| *index let(index)>
                <PartView
                    part=Memo::new(move |_| part(index))
                    is_answering
                    is_last=Signal::derive(move || index + 1 == parts.get())
                />
            </For>
            {move || progress.get().map(ending)}
        </article>
    }
}

fn asked(exchange: &Arc<Exchange>) -> (Offset, String) {
    (exchange.asked_at, exchange.question.clone())
}

fn ending(progress: Progress) -> AnyView {
    match progress {
        Progress::Answering => ().into_any(),
        Progress::Answered(answered) => view! { <footer class="message-meta">{usage(&answered)}</footer> }.into_any(),
        Progress::Failed(failed) => {
            let words = match failed.reason.as_str() {
                STOPPED => "The candidate stopped this answer.".to_owned(),
                reason => format!("Broken off: {reason}"),
            };
            view! { <footer class="message-meta">{words}</footer> }.into_any()
        }
    }
}

fn usage(answered: &Answered) -> String {
    let tokens =
        answered.input_tokens + answered.output_tokens + answered.cache_read_tokens + answered.cache_write_tokens;
    let dollars = answered.cost_microusd as f64 / 1_000_000.0;
    let seconds = answered.total_ms as f64 / 1_000.0;
    format!("{} · {tokens} tokens · ${dollars:.4} · {seconds:.1} s", answered.model)
}

#[component]
fn PartView(
    /// The part, while there is one.
    part: Memo<Option<Part>>,
    /// Whether the answer is under way.
    is_answering: Memo<bool>,
    /// Whether it is the answer's last part so far.
    is_last: Signal<bool>,
) -> impl IntoView {
    let text = Memo::new(move |_| {
        part.with(|part| if let Some(Part::Text { text }) = part { Some(text.clone()) } else { None })
    });
    let tool =
        Memo::new(move |_| part.with(|part| if let Some(Part::Tool(tool)) = part { Some(tool.clone()) } else { None }));
    view! {
        <Show when=move || text.with(Option::is_some)>
            <div class="message-body markdown markdown-small">
                <Markdown
                    text=Signal::derive(move || text.get().unwrap_or_default())
                    complete=Signal::derive(move || !(is_answering.get() && is_last.get()))
                />
            </div>
        </Show>
        {move || tool.get().map(|tool| tool_card(tool, is_answering.get()))}
    }
}

fn tool_card(tool: ToolCall, is_answering: bool) -> impl IntoView {
    let state = ToolState::of(tool.result.as_ref().map(|result| result.failed), is_answering);
    let took = tool.result.as_ref().map(|result| duration_of(result.returned_at.millis_since(tool.called_at)));
    let took = took.unwrap_or_else(|| state.word().to_owned());
    let time = if tool.undone_at.is_some() { format!("{took} · taken back") } else { took };
    let input = serde_json::to_string_pretty(&tool.input).unwrap_or_default();
    view! {
        <ToolCard name=tool.name about=brief(&tool.input) state time>
            <div class="tool-body">
                <p class="tool-label">"Input"</p>
                <pre tabindex="0">{input}</pre>
                {tool.result.map(|result| view! {
                    <p class="tool-label">{if result.failed { "Failed" } else { "Result" }}</p>
                    <pre tabindex="0">{result.output}</pre>
                })}
            </div>
        </ToolCard>
    }
}

fn duration_of(millis: u64) -> String {
    if millis < 60_000 { format!("{:.1} s", millis as f64 / 1_000.0) } else { duration(millis) }
}
