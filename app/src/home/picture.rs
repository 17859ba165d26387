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

/// Where the candidate asked the assistant, as a share of the whole.
const ASKED: [&str; 3] = ["44%", "47%", "66%"];

/// Where tests ran, and whether all passed.
const RUNS: [(&str, bool); 5] = [("20%", false), ("42%", false), ("60%", false), ("81%", true), ("95%", true)];

/// Where the clock is written, and what it says there.
const SCALE: [(&str, &str, &str); 5] = [
    ("0%", "start", "0:00"),
    ("25%", "middle", "0:15"),
    ("50%", "middle", "0:29"),
    ("75%", "middle", "0:44"),
    ("100%", "end", "0:58"),
];

/// A timeline with four lanes and a playhead.
#[component]
pub fn Picture() -> impl IntoView {
    let scale = SCALE.map(|(at, anchor, text)| view! { <text x=at y="13" text-anchor=anchor>{text}</text> });
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
                        <Lane name="assistant" title="Assistant">{ASKED.map(question).collect_view()}</Lane>
                        <Lane name="tests" title="Tests">{RUNS.map(run).collect_view()}</Lane>
                    </div>
                    <svg class="picture-playhead">
                        <line x1="47%" x2="47%" y1="0" y2="82%"></line>
                    </svg>
                    <div class="timeline-scale"><svg class="picture-scale">{scale.collect_view()}</svg></div>
                </div>
            </div>
            <figcaption>
                "An example, drawn: after 27 minutes the candidate asks the assistant about a failing test. Move the \
                 playhead, and code, terminal and conversation are as they were then."
            </figcaption>
        </figure>
    }
}

/// One lane with its name.
#[component]
fn Lane(
    /// Which.
    name: &'static str,
    /// What it is called.
    title: &'static str,
    /// What is drawn in it.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="lane" data-lane=name>
            <span class="lane-name">{title}</span>
            <div class="lane-track">{children()}</div>
        </div>
    }
}

fn question(at: &'static str) -> impl IntoView {
    view! {
        <svg class="picture-mark">
            <svg x=at y="50%" overflow="visible"><path class="picture-assistant" d="M0-6 6 0 0 6-6 0z"></path></svg>
        </svg>
    }
}

fn run((at, is_good): (&'static str, bool)) -> impl IntoView {
    let shape = match is_good {
        true => view! { <circle class="picture-good" cx=at cy="50%" r="5"></circle> }.into_any(),
        false => view! {
            <svg x=at y="50%" overflow="visible"><rect class="picture-bad" x="-4.5" y="-4.5" width="9" height="9"></rect></svg>
        }
        .into_any(),
    };
    view! { <svg class="picture-mark">{shape}</svg> }
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
