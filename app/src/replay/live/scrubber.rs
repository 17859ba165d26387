//! The slider over the lanes: it follows the pointer, obeys the keys of a slider, and says in words where it stands.

use interview::Offset;
use interview::playhead::Command;
use interview::replay::RecordingIndex;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use super::player::Player;
use crate::replay::words::{clock, share, spoken};

/// A moment no further from the pointer than this share of the whole is the one that is meant.
const NEAR: f64 = 0.006;

/// How far the keys for large steps go, in milliseconds.
const LARGE_STEP: i64 = 30_000;

/// How far the keys for small steps go, in milliseconds.
const SMALL_STEP: i64 = 5_000;

/// The slider.
#[component]
pub fn Scrubber(
    /// The replay.
    player: Player,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let dragged = RwSignal::new(false);
    let pointed = RwSignal::new(None::<f64>);
    let whole = player.duration();
    let at = move || player.playhead.with(|playhead| playhead.at);
    let second = Memo::new(move |_| at().0 / 1_000);
    let style = move || format!("--at:{:.5}", share(at(), whole));
    let part_at = move |event: &ev::PointerEvent| {
        let frame = node.get_untracked()?.get_bounding_client_rect();
        (frame.width() > 0.0).then(|| ((f64::from(event.client_x()) - frame.left()) / frame.width()).clamp(0.0, 1.0))
    };
    let seek = move |part: f64| player.command(Command::Seek(Offset((whole.0 as f64 * part).round() as u64)));
    let grab = move |event: ev::PointerEvent| {
        let (Some(node), Some(part), 0) = (node.get_untracked(), part_at(&event), event.button()) else { return };
        let _ = node.set_pointer_capture(event.pointer_id());
        dragged.set(true);
        player.drag(true);
        seek(part);
    };
    let follow = move |event: ev::PointerEvent| {
        pointed.set(part_at(&event));
        if let (true, Some(part)) = (dragged.get_untracked(), part_at(&event)) {
            seek(part);
        }
    };
    let release = move |_: ev::PointerEvent| {
        dragged.set(false);
        player.drag(false);
    };
    view! {
        <div
            class="scrubber"
            node_ref=node
            role="slider"
            tabindex="0"
            aria-label="Timeline"
            aria-valuemin="0"
            aria-valuemax=(whole.0 / 1_000).to_string()
            aria-valuenow=move || second.get().to_string()
            aria-valuetext=move || player.with_index(|index| in_words(index, Offset(second.get() * 1_000)))
            style=style
            on:pointerdown=grab
            on:pointermove=follow
            on:pointerup=release
            on:pointercancel=release
            on:pointerleave=move |_| pointed.set(None)
            on:keydown=move |event| press(player, &event)
        >
            <span class="playhead"></span>
        </div>
        {move || pointed.get().map(|part| {
            let hint = player.with_index(|index| hint(index, part));
            view! { <div class="timeline-hint" aria-hidden="true" style=format!("--at:{part:.5}")>{hint}</div> }
        })}
    }
}

/// The keys of a slider that are not keys of the whole page.
fn press(player: Player, event: &ev::KeyboardEvent) {
    let command = match event.key().as_str() {
        "Home" => Command::Seek(Offset(0)),
        "End" => Command::Seek(player.duration()),
        "PageUp" => Command::Nudge(LARGE_STEP),
        "PageDown" => Command::Nudge(-LARGE_STEP),
        "ArrowUp" => Command::Nudge(SMALL_STEP),
        "ArrowDown" => Command::Nudge(-SMALL_STEP),
        _ => return,
    };
    event.prevent_default();
    player.command(command);
}

/// Where the playhead stands: the time, the whole, and what happened last.
fn in_words(index: &RecordingIndex, at: Offset) -> String {
    let last = index.moment_until(Offset(at.0 + 999)).map(|moment| format!(". {}", moment.label)).unwrap_or_default();
    format!("{} of {}{last}", spoken(at), spoken(index.duration))
}

/// What is told about the place the pointer is at.
fn hint(index: &RecordingIndex, part: f64) -> String {
    let at = Offset((index.duration.0 as f64 * part).round() as u64);
    let near = (index.duration.0 as f64 * NEAR) as u64;
    let beside = [index.moment_until(at), index.moment_after(at)];
    let nearest = beside.into_iter().flatten().filter(|moment| moment.at.0.abs_diff(at.0) <= near);
    let nearest = nearest.min_by_key(|moment| moment.at.0.abs_diff(at.0));
    let offline = index.outages.iter().any(|stretch| stretch.holds(at)).then_some("offline");
    let blurred = index.blurred.iter().any(|stretch| stretch.holds(at)).then_some("window in the back");
    match nearest {
        Some(moment) => format!("{} · {}", clock(moment.at), moment.label),
        None => match offline.or(blurred) {
            Some(state) => format!("{} · {state}", clock(at)),
            None => clock(at),
        },
    }
}
