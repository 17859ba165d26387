//! The bar at the top: which question, how the line stands, what is saved, how much time is left, and the two great buttons.

use std::time::Duration;

use leptos::prelude::*;

use crate::js::page::Timer;

use super::room::Room;
use super::seen::{Asked, Connection};

/// How often the clock is read.
const TICK: Duration = Duration::from_millis(500);

/// The bar.
#[component]
pub fn Header() -> impl IntoView {
    let room = expect_context::<Room>();
    let seen = room.seen;
    let title =
        Memo::new(move |_| seen.card.with(|card| card.as_ref().map(|card| card.title.clone())).unwrap_or_default());
    let question = Memo::new(move |_| {
        let count = seen.card.with(|card| card.as_ref().map(|card| card.questions))?;
        let order = seen.question.with(|question| question.as_ref().map(|question| question.order))?;
        Some((order + 1, count))
    });
    let is_last = move || question.get().is_none_or(|(number, count)| number >= count);
    let is_running =
        move || seen.runs.with(|runs| runs.last().is_some_and(|run| run.progress == interview::run::Progress::Running));
    let is_unable = move || !seen.is_known() || seen.is_over();
    view! {
        <header class="room-header">
            <h1 class="room-title">{move || title.get()}</h1>
            <Show when=move || question.get().is_some()>
                <span class="room-question">
                    {move || question.get().map(|(number, count)| format!("question {number} of {count}"))}
                </span>
            </Show>
            <div class="room-status">
                <ConnectionStatus/>
                <SavedStatus/>
                <TimeRemaining/>
            </div>
            <div class="button-row">
                <button
                    class="button"
                    aria-keyshortcuts="Control+Enter"
                    aria-busy=move || is_running().to_string()
                    disabled=is_unable
                    on:click=move |_| room.run_tests()
                >
                    {move || if is_running() { "Running…" } else { "Run tests" }}
                </button>
                <Show when=move || !is_last()>
                    <button class="button" disabled=is_unable on:click=move |_| room.put(Asked::NextQuestion)>
                        "Next question"
                    </button>
                </Show>
                <button class="button button-primary" disabled=is_unable on:click=move |_| room.put(Asked::Submit)>
                    "Submit"
                </button>
            </div>
        </header>
    }
}

#[component]
fn ConnectionStatus() -> impl IntoView {
    let seen = expect_context::<Room>().seen;
    let state = move || match seen.connection.get() {
        Connection::Opening => ("busy", "connecting"),
        Connection::Connected => ("good", "connected"),
        Connection::Reconnecting => ("busy", "reconnecting"),
        Connection::Offline => ("warning", "offline: still recording"),
        Connection::Elsewhere => ("muted", "open in another tab"),
    };
    view! {
        <span class="status" role="status" aria-label="Connection" data-state=move || state().0>{move || state().1}</span>
    }
}

#[component]
fn SavedStatus() -> impl IntoView {
    let seen = expect_context::<Room>().seen;
    let words = move || match seen.waiting.get() {
        0 => "saved".to_owned(),
        1 => "1 change waiting".to_owned(),
        count => format!("{count} changes waiting"),
    };
    let state = move || if seen.waiting.get() == 0 { "muted" } else { "busy" };
    view! { <span class="status" role="status" aria-label="Saved" data-state=state>{words}</span> }
}

/// `42:10`, or `1:02:10`.
fn clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes:02}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[component]
fn TimeRemaining() -> impl IntoView {
    let room = expect_context::<Room>();
    let seen = room.seen;
    let tick = RwSignal::new(0_u32);
    let timer = StoredValue::new_local(Some(Timer::every(TICK, move || {
        tick.try_update(|tick| *tick = tick.wrapping_add(1));
    })));
    on_cleanup(move || drop(timer.try_update_value(Option::take)));
    let seconds = Memo::new(move |_| {
        tick.track();
        seen.remaining_millis().map(|millis| millis.div_ceil(1_000))
    });
    let is_up = Memo::new(move |_| seconds.get() == Some(0));
    Effect::new(move || {
        is_up.track();
        room.settle_access();
    });
    let urgency = move || match seconds.get() {
        Some(0..=60) => Some("last"),
        Some(61..=300) => Some("soon"),
        Some(_) | None => None,
    };
    let announced = Memo::new(move |former: Option<&Option<u64>>| {
        let minutes = seconds.get().map(|seconds| seconds.div_ceil(60));
        minutes.filter(|minutes| matches!(minutes, 1 | 5 | 10)).or_else(|| former.copied().flatten())
    });
    let announcement = move || match announced.get() {
        Some(1) => "One minute remaining".to_owned(),
        Some(minutes) => format!("{minutes} minutes remaining"),
        None => String::new(),
    };
    view! {
        <time class="timer" role="timer" aria-label="Time remaining" data-urgency=urgency>
            {move || seconds.get().map_or_else(|| "--:--".to_owned(), clock)}
        </time>
        <span class="visually-hidden" aria-live="polite">{announcement}</span>
    }
}
