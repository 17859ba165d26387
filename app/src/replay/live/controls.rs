//! The row of controls above the lanes.

use interview::playhead::{Command, Speed};
use leptos::prelude::*;

use super::player::Player;
use crate::js::http::FetchError;
use crate::replay::words::clock;

/// The row.
#[component]
pub fn Controls(
    /// The replay.
    player: Player,
) -> impl IntoView {
    let playhead = player.playhead;
    let is_playing = Memo::new(move |_| playhead.with(|playhead| playhead.playing));
    let speed = Memo::new(move |_| playhead.with(|playhead| playhead.speed));
    let skips = Memo::new(move |_| playhead.with(|playhead| playhead.skip_idle));
    let second = Memo::new(move |_| playhead.with(|playhead| interview::Offset(playhead.at.0 / 1_000 * 1_000)));
    let whole = player.duration();
    let choose = move |event| {
        if let Some(speed) = Speed::parse(&event_target_value(&event)) {
            player.command(Command::SetSpeed(speed));
        }
    };
    view! {
        <div class="timeline-controls">
            <button
                class="button button-quiet button-icon"
                aria-label=move || if is_playing.get() { "Pause" } else { "Play" }
                title="Play or pause (Space)"
                on:click=move |_| player.command(Command::Toggle)
            >
                {move || if is_playing.get() { icon(PAUSE).into_any() } else { icon(PLAY).into_any() }}
            </button>
            <span class="timeline-clock"><time>{move || clock(second.get())}</time>" / "<time>{clock(whole)}</time></span>
            <select class="select input-small" aria-label="Speed" title="Speed (< and >)" on:change=choose prop:value=move || speed.get().title()>
                {Speed::ALL.map(|choice| view! {
                    <option value=choice.title() selected=move || speed.get() == choice>{choice.title()}"×"</option>
                })}
            </select>
            <label class="check">
                <input
                    type="checkbox"
                    class="checkbox"
                    prop:checked=move || skips.get()
                    on:change=move |event| player.command(Command::SetSkipIdle(event_target_checked(&event)))
                />
                <span>"Skip idle time"</span>
            </label>
            <Status player/>
            <span class="button-row">
                <button
                    class="button button-quiet button-icon"
                    aria-label="Previous moment"
                    title="Previous moment (Shift+←)"
                    on:click=move |_| player.command(Command::PreviousMoment)
                >
                    {icon(PREVIOUS)}
                </button>
                <button
                    class="button button-quiet button-icon"
                    aria-label="Next moment"
                    title="Next moment (Shift+→)"
                    on:click=move |_| player.command(Command::NextMoment)
                >
                    {icon(NEXT)}
                </button>
            </span>
        </div>
    }
}

/// What happened last, or what the replay waits for.
#[component]
fn Status(
    /// The replay.
    player: Player,
) -> impl IntoView {
    let moment = Memo::new(move |_| {
        let at = player.playhead.with(|playhead| playhead.at);
        player.with_index(|index| index.moment_until(at).map(|moment| moment.label.clone()).unwrap_or_default())
    });
    let trouble = move || player.trouble.get().filter(|_| player.waits.get());
    let text = move || match (trouble(), player.waits.get()) {
        (Some(FetchError::Status(401)), _) => "You were signed out. Sign in again in another tab.".to_owned(),
        (Some(_), _) => "This part cannot be loaded right now. Trying again…".to_owned(),
        (None, true) => "Loading this part…".to_owned(),
        (None, false) => moment.get(),
    };
    view! { <span class="timeline-moment" role="status">{text}</span> }
}

const PLAY: &str = "M4 2.5v11l9-5.5z";
const PAUSE: &str = "M4 2.5h3v11H4zM9 2.5h3v11H9z";
const PREVIOUS: &str = "M3 2.5h2v11H3zM13 2.5v11L6 8z";
const NEXT: &str = "M11 2.5h2v11h-2zM3 2.5v11L10 8z";

fn icon(path: &'static str) -> impl IntoView {
    view! {
        <svg viewBox="0 0 16 16" width="16" height="16" fill="currentColor" aria-hidden="true"><path d=path></path></svg>
    }
}
