//! The timeline: how busy every part of the recording was, what happened in it, and where the playhead stands.

use interview::Offset;
use interview::playhead::Command;
use interview::replay::{Lane, Moment, MomentKind, RecordingIndex, Stretch};
use leptos::prelude::*;

use super::controls::Controls;
use super::player::Player;
use super::scrubber::Scrubber;
use crate::replay::words::{clock, share, short_clock};

/// The timeline with its controls.
#[component]
pub fn Timeline(
    /// The replay.
    player: Player,
) -> impl IntoView {
    let lanes = player.with_index(|index| Lane::ALL.map(|lane| lane_view(player, lane, index)));
    let scale = [0.0, 0.25, 0.5, 0.75, 1.0].map(|part: f64| {
        let at = Offset((player.duration().0 as f64 * part) as u64);
        view! { <span style=format!("--at:{part}")>{short_clock(at)}</span> }
    });
    view! {
        <section class="timeline" aria-label="Playback">
            <Controls player/>
            <div class="timeline-tracks">
                <div class="lanes">{lanes}</div>
                <Scrubber player/>
                <div class="timeline-scale" aria-hidden="true">{scale}</div>
            </div>
        </section>
    }
}

fn lane_view(player: Player, lane: Lane, index: &RecordingIndex) -> impl IntoView + use<> {
    let whole = index.duration;
    let density = density(index.activity.lane(lane));
    let spans = spans(lane, index).map(|(kind, title, stretch)| {
        let style = format!("--from:{:.5}; --to:{:.5}", share(stretch.from, whole), share(stretch.to, whole));
        view! { <span class="lane-span" style=style data-kind=kind title=title></span> }
    });
    let markers =
        index.moments.iter().filter(|moment| place(moment.kind).0 == lane).map(|moment| marker(player, moment, whole));
    view! {
        <div class="lane" data-lane=lane_name(lane)>
            <span class="lane-name">{lane.title()}</span>
            <div class="lane-track">
                <svg class="lane-density" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true"><path d=density></path></svg>
                {spans.collect_view()}
                {markers.collect_view()}
            </div>
        </div>
    }
}

fn marker(player: Player, moment: &Moment, whole: Offset) -> impl IntoView + use<> {
    let at = moment.at;
    let label = format!("{} {}", clock(at), moment.label);
    view! {
        <button
            class="marker"
            type="button"
            tabindex="-1"
            data-kind=place(moment.kind).1
            style=format!("--at:{:.5}", share(at, whole))
            title=label.clone()
            aria-label=label
            on:click=move |_| player.command(Command::Seek(at))
        ></button>
    }
}

fn lane_name(lane: Lane) -> &'static str {
    match lane {
        Lane::Code => "code",
        Lane::Terminal => "terminal",
        Lane::Assistant => "assistant",
        Lane::Tests => "tests",
        Lane::Focus => "focus",
    }
}

/// Where a moment is marked, and how the mark looks.
fn place(kind: MomentKind) -> (Lane, &'static str) {
    match kind {
        MomentKind::RunPassed => (Lane::Tests, "run-good"),
        MomentKind::RunFailed | MomentKind::RunAbandoned => (Lane::Tests, "run-bad"),
        MomentKind::Asked
        | MomentKind::AssistantEdited
        | MomentKind::EditRejected
        | MomentKind::EditUndone
        | MomentKind::AnswerFailed => (Lane::Assistant, "assistant"),
        MomentKind::Pasted => (Lane::Code, "paste"),
        MomentKind::FileCreated | MomentKind::FileDeleted | MomentKind::FileRenamed => (Lane::Code, "edit"),
        MomentKind::Command => (Lane::Terminal, "edit"),
        MomentKind::QuestionOpened | MomentKind::QuestionClosed | MomentKind::Submitted | MomentKind::Ended => {
            (Lane::Code, "question")
        }
        MomentKind::WentOffline | MomentKind::CameBack | MomentKind::LookedAway => (Lane::Focus, "edit"),
    }
}

/// The stretches that are shown in a row.
fn spans(lane: Lane, index: &RecordingIndex) -> impl Iterator<Item = (&'static str, &'static str, Stretch)> {
    let offline = index.outages.iter().map(|stretch| ("offline", "Offline", *stretch));
    let others: Vec<_> = match lane {
        Lane::Focus => index.blurred.iter().map(|stretch| ("away", "Window in the back", *stretch)).collect(),
        Lane::Code => index.idle.iter().map(|stretch| ("idle", "Nothing happened", *stretch)).collect(),
        Lane::Terminal | Lane::Assistant | Lane::Tests => Vec::new(),
    };
    offline.chain(others)
}

/// A row's activity as the outline of a shape 1000 wide and 10 high. Rare things stay visible beside frequent ones.
fn density(counts: &[u16]) -> String {
    let most = counts.iter().copied().max().unwrap_or_default();
    let width = 1000.0 / counts.len().max(1) as f64;
    let mut path = "M0 10".to_owned();
    for (place, count) in counts.iter().enumerate() {
        let height = if most == 0 { 0.0 } else { (f64::from(*count) / f64::from(most)).sqrt() * 10.0 };
        let (left, right) = (place as f64 * width, (place + 1) as f64 * width);
        path.push_str(&format!("L{left:.1} {:.1}L{right:.1} {:.1}", 10.0 - height, 10.0 - height));
    }
    path.push_str("L1000 10Z");
    path
}
