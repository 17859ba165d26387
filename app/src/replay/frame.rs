//! The replay before it is alive: its layout with nothing in it, and what stands in its place when there is no recording.

use interview::replay::RecordingCard;
use leptos::prelude::*;

use crate::shell::status::{PageStatus, answer_with};
use crate::ui::time::{Moment, duration};

/// The replay's layout, empty, so that nothing jumps when the replay comes.
#[component]
pub fn Frame(
    /// Whose recording it is, once that is known.
    card: Option<RecordingCard>,
) -> impl IntoView {
    view! {
        <div class="replay" aria-busy="true">
            <header class="replay-header">
                <BackLink/>
                <h1 class="replay-title">{card.as_ref().map_or("Replay".to_owned(), |card| card.candidate.clone())}</h1>
                {card.map(|card| view! { <dl class="replay-facts"><Facts card/></dl> })}
                <span class="visually-hidden" role="status">"The recording is being opened"</span>
            </header>
            <main class="replay-body" id="main">
                <div class="replay-left"><section class="panel" aria-label="Files"><Lines/></section></div>
                <div class="splitter" aria-hidden="true" aria-orientation="vertical"></div>
                <div class="replay-center">
                    <section class="panel" aria-label="Code"><Lines/></section>
                    <div class="splitter" aria-hidden="true" aria-orientation="horizontal"></div>
                    <section class="panel" aria-label="Terminal"></section>
                </div>
                <div class="splitter" aria-hidden="true" aria-orientation="vertical"></div>
                <div class="replay-side"><section class="panel" aria-label="Conversation"><Lines/></section></div>
            </main>
            <section class="timeline timeline-empty" aria-label="Playback">
                <div class="timeline-controls"></div>
                <div class="timeline-tracks"></div>
            </section>
        </div>
    }
}

/// The way back.
#[component]
pub fn BackLink() -> impl IntoView {
    view! {
        <a class="button button-quiet button-icon" href="/dashboard" rel="external" aria-label="Back to sessions" title="Back to sessions">
            "←"
        </a>
    }
}

/// What is known of a recording before it plays.
#[component]
pub fn Facts(
    /// Whose recording it is.
    card: RecordingCard,
) -> impl IntoView {
    view! {
        <div><dt class="visually-hidden">"Assessment"</dt><dd>{card.assessment}</dd></div>
        <div><dt class="visually-hidden">"Started"</dt><dd><Moment at=card.started_at_millis/></dd></div>
        <div><dt class="visually-hidden">"Duration"</dt><dd>{duration(card.index.duration.0)}</dd></div>
    }
}

/// Lines that hold the place of what is coming.
#[component]
pub fn Lines() -> impl IntoView {
    let widths = ["40%", "72%", "58%", "66%", "30%"];
    view! {
        <div class="panel-padded" aria-hidden="true">
            {widths
                .map(|width| view! { <div class="skeleton skeleton-line" style=format!("inline-size:{width}")></div> })}
        </div>
    }
}

/// There is nothing to replay.
#[component]
pub fn NoReplay(
    /// How the server answers.
    status: PageStatus,
    /// What is the matter.
    title: &'static str,
    /// What to do.
    text: String,
) -> impl IntoView {
    answer_with(status);
    view! {
        <div class="page-center">
            <header><a class="brand" href="/">"InterviewLM"</a></header>
            <main class="sheet" id="main">
                <h1>{title}</h1>
                <p class="lede">{text}</p>
                <p><a class="button" href="/dashboard" rel="external">"Back to sessions"</a></p>
            </main>
        </div>
    }
}
