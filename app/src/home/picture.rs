//! A drawing of a replay's timeline. It is an example, and says so.

use leptos::prelude::*;

/// How much was typed, bar by bar, from none to ten.
const CODE: [u8; 58] = [
    0, 1, 3, 6, 8, 7, 5, 6, 9, 7, 4, 2, 1, 3, 6, 8, 10, 8, 6, 4, 5, 7, 6, 3, 1, 0, 0, 1, 4, 6, 8, 9, 7, 5, 6, 4, 2, 1,
    3, 7, 8, 6, 5, 7, 9, 6, 3, 2, 4, 5, 3, 2, 1, 2, 4, 3, 1, 1,
];

/// How much the terminal printed, in the same way.
const TERMINAL: [u8; 58] = [
    0, 0, 0, 0, 1, 0, 0, 0, 0, 3, 5, 2, 0, 0, 0, 0, 0, 0, 4, 6, 2, 0, 0, 5, 8, 4, 1, 0, 0, 0, 0, 0, 2, 5, 3, 0, 6, 4,
    0, 0, 0, 0, 0, 0, 0, 5, 7, 3, 0, 0, 4, 6, 3, 0, 0, 3, 5, 2,
];

/// Where something happened, as a share of the whole, and which shape it has.
const ASSISTANT: [(&str, &str); 3] = [("0.44", "assistant"), ("0.47", "assistant"), ("0.66", "assistant")];
const TESTS: [(&str, &str); 5] =
    [("0.2", "run-bad"), ("0.42", "run-bad"), ("0.6", "run-bad"), ("0.81", "run-good"), ("0.95", "run-good")];

/// Where the clock is written, and what it says there.
const SCALE: [(&str, &str); 5] = [("0", "0:00"), ("0.25", "0:15"), ("0.5", "0:29"), ("0.75", "0:44"), ("1", "0:58")];

/// A timeline with four lanes and a playhead.
#[component]
pub fn Picture() -> impl IntoView {
    let scale = SCALE.map(|(at, text)| view! { <span style=format!("--at:{at}")>{text}</span> });
    view! {
        <figure class="landing-picture">
            <div
                class="timeline"
                role="img"
                aria-label="A timeline with four lanes: code, terminal, assistant and tests. A playhead stands on it."
            >
                <div class="timeline-tracks" aria-hidden="true">
                    <div class="lanes">
                        <Lane name="code" title="Code">{bars(&CODE)}</Lane>
                        <Lane name="terminal" title="Terminal">{bars(&TERMINAL)}</Lane>
                        <Lane name="assistant" title="Assistant">{ASSISTANT.map(marker).collect_view()}</Lane>
                        <Lane name="tests" title="Tests">{TESTS.map(marker).collect_view()}</Lane>
                    </div>
                    <div class="scrubber" style="--at:0.47; cursor:auto"><span class="playhead"></span></div>
                    <div class="timeline-scale">{scale.collect_view()}</div>
                </div>
            </div>
            <figcaption>
                "An example, drawn: after 27 minutes the candidate asks the assistant about a failing test. Move the \
                 playhead, and code, terminal and conversation are as they were then."
            </figcaption>
        </figure>
    }
}

#[component]
fn Lane(name: &'static str, title: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="lane" data-lane=name>
            <span class="lane-name">{title}</span>
            <div class="lane-track">{children()}</div>
        </div>
    }
}

fn marker((at, kind): (&'static str, &'static str)) -> impl IntoView {
    view! { <span class="marker" data-kind=kind style=format!("--at:{at}; cursor:auto")></span> }
}

/// Bars of activity, as one shape.
fn bars(heights: &[u8]) -> impl IntoView + use<> {
    let bar = |(place, height): (usize, &u8)| {
        let left = place * 10;
        format!("M{left} 10v-{height}h9v{height}z")
    };
    let shape: String = heights.iter().enumerate().map(bar).collect();
    view! {
        <svg class="lane-density" viewBox=format!("0 0 {} 10", heights.len() * 10) preserveAspectRatio="none">
            <path d=shape></path>
        </svg>
    }
}
