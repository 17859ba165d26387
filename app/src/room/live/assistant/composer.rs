//! Where messages to the assistant are written, and what is left of the budget.

use interview::chat::{Progress, messages_used};
use interview::wire::AssistantCard;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use crate::room::live::room::Room;

/// The form.
#[component]
pub fn Composer(card: AssistantCard) -> impl IntoView {
    let room = expect_context::<Room>();
    let seen = room.seen;
    let draft = seen.draft;
    let field = NodeRef::<html::Textarea>::new();
    let sent = Memo::new(move |_| seen.exchanges.with(|exchanges| messages_used(exchanges)));
    let is_answering = Memo::new(move |_| {
        seen.exchanges.with(|exchanges| exchanges.last().is_some_and(|last| last.progress == Progress::Answering))
    });
    let budget = card.budget_messages;
    let is_used_up = Memo::new(move |_| sent.get() >= budget);
    let is_busy = move || is_answering.get() || seen.is_asking.get() || is_used_up.get();
    let may_send = move || !is_busy() && !draft.with(|draft| draft.trim().is_empty());
    let send = move || {
        if may_send() {
            let text = draft.get_untracked();
            draft.set(String::new());
            room.ask(text);
        }
    };
    let press = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter"
            && !event.shift_key()
            && !event.is_composing()
            && !event.ctrl_key()
            && !event.meta_key()
        {
            event.prevent_default();
            send();
        }
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        send();
        if let Some(field) = field.get_untracked() {
            let _ = field.focus();
        }
    };
    view! {
        <form class="composer" on:submit=submit>
            <Show when=move || seen.assistant_sorry.with(Option::is_some)>
                <p class="field-error" role="alert">{move || seen.assistant_sorry.get()}</p>
            </Show>
            <div class="composer-box">
                <textarea
                    class="composer-input"
                    node_ref=field
                    aria-label="Message the assistant"
                    placeholder=move || if is_used_up.get() { "All messages are used up" } else { "Ask about the problem or your code" }
                    rows="2"
                    maxlength="16000"
                    prop:value=move || draft.get()
                    disabled=move || is_used_up.get()
                    on:input=move |event| draft.set(event_target_value(&event))
                    on:keydown=press
                ></textarea>
                <div class="composer-actions">
                    <span class="composer-note"><Budget card sent/></span>
                    <Show
                        when=move || is_answering.get()
                        fallback=move || view! {
                            <button class="button button-primary button-small" type="submit" disabled=move || !may_send()>"Send"</button>
                        }
                    >
                        <button class="button button-small" type="button" on:click=move |_| room.stop_answer()>"Stop"</button>
                    </Show>
                </div>
            </div>
        </form>
    }
}

/// What is left.
#[component]
fn Budget(card: AssistantCard, sent: Memo<u32>) -> impl IntoView {
    let seen = expect_context::<Room>().seen;
    let cost = Memo::new(move |_| {
        seen.exchanges.with(|exchanges| {
            exchanges
                .iter()
                .map(|exchange| match &exchange.progress {
                    Progress::Answering => 0,
                    Progress::Answered(answered) => answered.cost_microusd,
                    Progress::Failed(failed) => failed.cost_microusd,
                })
                .sum::<u64>()
        })
    });
    let words = move || {
        let left = card.budget_messages.saturating_sub(sent.get());
        let left = if left == 1 { "1 message left".to_owned() } else { format!("{left} messages left") };
        match card.is_language_model {
            true => format!("{left} · {} of {} used", dollars(cost.get()), dollars(card.budget_microusd)),
            false => left,
        }
    };
    view! { <span>{words}</span> }
}

fn dollars(microusd: u64) -> String {
    format!("${:.2}", microusd as f64 / 1_000_000.0)
}
