//! The living replay: it exists in the browser only. One [`Player`] moves; the panels watch it.

mod code;
mod compare;
mod controls;
mod conversation;
mod header;
mod keys;
mod moments;
mod outcomes;
mod player;
mod screen;
mod scrubber;
mod seen;
mod timeline;

use interview::InterviewId;
use interview::replay::RecordingCard;
use leptos::prelude::*;

use self::player::Player;
use self::seen::Seen;
use super::words;
use crate::js::{address, storage};
use crate::ui::splitter::{Range, Side, Splitter};
use crate::ui::toast::ToastList;
use crate::ui::tree::{Entry, FileTree, Wish};

const LEFT: Range = Range { least: 10.0, usual: 15.0, most: 40.0 };
const RIGHT: Range = Range { least: 18.0, usual: 30.0, most: 60.0 };
const BOTTOM: Range = Range { least: 10.0, usual: 30.0, most: 80.0 };
const MOMENTS: Range = Range { least: 15.0, usual: 55.0, most: 85.0 };
const TESTS: Range = Range { least: 15.0, usual: 40.0, most: 85.0 };

/// Where the panels' sizes are kept.
const SIZES: &str = "interviewlm:replay:sizes";

/// The replay of one interview.
#[component]
pub fn LiveReplay(
    /// Which interview.
    interview: InterviewId,
    /// Whose recording it is, and its index.
    card: RecordingCard,
) -> impl IntoView {
    let moment = address::query("t").and_then(|text| words::parse_seconds(&text));
    let player = Player::open(interview, card, moment);
    let seen = Seen::default();
    player.watch(move |drawn| player.with_index(|index| seen.follow(drawn, index)));
    let (comparing, keys_shown) = (RwSignal::new(false), RwSignal::new(false));
    keys::listen(player, keys_shown);
    let [left, right, bottom, moments, tests] = sizes();
    let style = move || {
        let (left, right, bottom) = (left.get(), right.get(), bottom.get());
        let (moments, tests) = (moments.get(), tests.get());
        format!("--left:{left:.2};--right:{right:.2};--bottom:{bottom:.2};--moments:{moments:.2};--tests:{tests:.2}")
    };
    view! {
        <div class="replay" style=style>
            <header::Header player seen comparing keys_shown/>
            <main class="replay-body" id="main">
                <div class="replay-left">
                    <FilesPanel seen/>
                    <Splitter label="Height of the moments" side=Side::Bottom size=moments range=MOMENTS/>
                    <moments::MomentsPanel player/>
                </div>
                <Splitter label="Width of the files" side=Side::Left size=left range=LEFT/>
                <div class="replay-center">
                    <code::CodePanel player seen/>
                    <Splitter label="Height of the terminal" side=Side::Bottom size=bottom range=BOTTOM/>
                    <screen::TerminalPanel player seen/>
                </div>
                <Splitter label="Width of the conversation" side=Side::Right size=right range=RIGHT/>
                <div class="replay-side">
                    <conversation::ConversationPanel seen/>
                    <Splitter label="Height of the tests" side=Side::Bottom size=tests range=TESTS/>
                    <outcomes::TestsPanel seen/>
                </div>
            </main>
            <timeline::Timeline player/>
        </div>
        <compare::CompareDialog player open=comparing/>
        <keys::KeysDialog shown=keys_shown/>
        <ToastList toasts=player.toasts/>
    }
}

#[component]
fn FilesPanel(
    /// What is shown.
    seen: Seen,
) -> impl IntoView {
    let open = Callback::new(move |(entry, wish): (Entry, Wish)| {
        if let (Entry::File(path), Wish::Open) = (entry, wish) {
            seen.pinned.set(Some(path));
        }
    });
    view! {
        <section class="panel" aria-label="Files">
            <header class="panel-header"><h2 class="panel-title">"Files"</h2></header>
            <div class="panel-body panel-flush">
                <Show
                    when=move || !seen.files.with(Vec::is_empty)
                    fallback=|| view! { <p class="empty">"No files yet."</p> }
                >
                    <FileTree
                        label="Files"
                        paths=seen.files
                        shown=Signal::derive(move || seen.shown())
                        marked=seen.changed
                        on_wish=open
                    />
                </Show>
            </div>
        </section>
    }
}

/// The panels' sizes, as they were left.
fn sizes() -> [RwSignal<f64>; 5] {
    let ranges = [LEFT, RIGHT, BOTTOM, MOMENTS, TESTS];
    let kept = storage::read::<[f64; 5]>(SIZES).unwrap_or(ranges.map(|range| range.usual));
    let sizes: [RwSignal<f64>; 5] =
        std::array::from_fn(|place| RwSignal::new(kept[place].clamp(ranges[place].least, ranges[place].most)));
    Effect::new(move || {
        storage::write(SIZES, &sizes.map(|size| size.get()));
    });
    sizes
}
