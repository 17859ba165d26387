//! The bar at the top: whose recording it is, how things stood at the playhead, and what can be done with the moment.

use interview::Event;
use leptos::prelude::*;

use super::player::Player;
use super::seen::Seen;
use crate::js::{address, clipboard, download};
use crate::replay::frame::{BackLink, Facts};
use crate::replay::words;
use crate::ui::toast::Tone;

/// The bar.
#[component]
pub fn Header(
    /// The replay.
    player: Player,
    /// What is shown.
    seen: Seen,
    /// Whether two moments are being compared.
    comparing: RwSignal<bool>,
    /// Whether the keys show.
    keys_shown: RwSignal<bool>,
) -> impl IntoView {
    let card = player.card.get_value();
    let exporting = RwSignal::new(false);
    let export = move |_| {
        exporting.set(true);
        leptos::task::spawn_local(async move {
            export_events(player).await;
            exporting.try_set(false);
        });
    };
    view! {
        <header class="replay-header">
            <BackLink/>
            <h1 class="replay-title">{card.candidate.clone()}</h1>
            <dl class="replay-facts">
                <Facts card/>
                <Standing seen/>
            </dl>
            <div class="button-row">
                <button class="button button-quiet" on:click=move |_| comparing.set(true)>"Compare"</button>
                <button class="button button-quiet" on:click=move |_| share_moment(player)>"Share moment"</button>
                <button class="button button-quiet" on:click=export disabled=move || exporting.get()>
                    {move || if exporting.get() { "Exporting…" } else { "Export" }}
                </button>
                <button
                    class="button button-quiet button-icon"
                    aria-label="Keyboard shortcuts"
                    title="Keyboard shortcuts (?)"
                    on:click=move |_| keys_shown.set(true)
                >
                    "?"
                </button>
            </div>
        </header>
    }
}

/// How things stood on the candidate's side.
#[component]
fn Standing(
    /// What is shown.
    seen: Seen,
) -> impl IntoView {
    view! {
        {move || seen.question.get().map(|title| view! {
            <div><dt class="visually-hidden">"Question"</dt><dd class="replay-question">{title}</dd></div>
        })}
        {move || seen.presence.get().offline.then(|| view! {
            <div><dt class="visually-hidden">"Connection"</dt><dd><span class="badge badge-bad">"✕ offline"</span></dd></div>
        })}
        {move || seen.presence.get().away.then(|| view! {
            <div><dt class="visually-hidden">"Window"</dt><dd><span class="badge badge-warning">"◦ in the back"</span></dd></div>
        })}
    }
}

fn share_moment(player: Player) {
    let at = player.playhead.with_untracked(|playhead| playhead.at);
    let link = format!("{}?t={}", address::without_query(), words::seconds(at));
    leptos::task::spawn_local(async move {
        match clipboard::copy(&link).await {
            true => player.toasts.say(Tone::Good, format!("Link to {} copied.", words::clock(at))),
            false => player.toasts.say(Tone::Warning, format!("Your browser does not allow it. The link is {link}")),
        }
    });
}

/// Leaves the reviewer with the whole log: one event a line.
async fn export_events(player: Player) {
    let segments = player.with_index(|index| index.segments.len());
    let mut lines = String::new();
    for index in 0..segments {
        let Ok(segment) = player.segment(index).await else {
            return player
                .toasts
                .say(Tone::Bad, "The recording could not be fetched as a whole. Try again in a moment.");
        };
        segment.events.iter().filter_map(written).for_each(|line| lines.extend([line.as_str(), "\n"]));
    }
    let name = player.card.with_value(|card| file_name(&card.candidate));
    if !download::save(&name, "application/jsonl", &lines) {
        player.toasts.say(Tone::Bad, "Your browser does not allow the download.");
    }
}

fn written(event: &Event) -> Option<String> {
    serde_json::to_string(event).ok()
}

fn file_name(candidate: &str) -> String {
    let plain: String = candidate.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    format!("{plain}.interview.jsonl")
}
