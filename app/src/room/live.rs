//! The living room: it exists in the browser only. One [`Room`] knows everything; the panels read its signals.

mod assistant;
mod copies;
mod dialogs;
mod editor;
mod files;
mod header;
mod hear;
mod keys;
mod leftovers;
mod line;
mod notices;
mod panels;
mod problem;
mod record;
mod requests;
mod room;
mod seen;
mod show;
mod terminal;
mod tests;

use interview::InterviewId;
use leptos::prelude::*;

use crate::js::storage;
use crate::ui::splitter::{Range, Side, Splitter};
use crate::ui::toast::ToastList;

use super::frame::TooSmall;
use room::Room;

const LEFT: Range = Range { least: 8.0, usual: 15.0, most: 40.0 };
const RIGHT: Range = Range { least: 18.0, usual: 30.0, most: 60.0 };
const BOTTOM: Range = Range { least: 10.0, usual: 30.0, most: 80.0 };

/// Where the panels' sizes are kept.
const SIZES: &str = "interviewlm:room:sizes";

/// The room of a candidate who is in.
#[component]
pub fn LiveRoom(
    /// Which interview.
    interview: InterviewId,
) -> impl IntoView {
    let room = Room::enter(interview);
    provide_context(room);
    keys::listen(room);
    let (left, right, bottom) = sizes();
    let style = move || format!("--left:{:.2};--right:{:.2};--bottom:{:.2}", left.get(), right.get(), bottom.get());
    let shown = |is_shown: RwSignal<bool>| move || if is_shown.get() { "shown" } else { "hidden" };
    let seen = room.seen;
    view! {
        <div
            class="room"
            style=style
            data-files=shown(seen.files_shown)
            data-terminal=shown(seen.terminal_shown)
            hidden=move || seen.is_elsewhere()
        >
            <header::Header/>
            <div class="room-notices"><notices::Notices/></div>
            <main class="room-body" id="main">
                <files::FilesPanel/>
                <Splitter label="Width of the files" side=Side::Left size=left range=LEFT/>
                <div class="room-center">
                    <editor::EditorPanel/>
                    <Splitter label="Height of the terminal" side=Side::Bottom size=bottom range=BOTTOM/>
                    <terminal::TerminalPanel/>
                </div>
                <Splitter label="Width of the panel" side=Side::Right size=right range=RIGHT/>
                <panels::SidePanel/>
            </main>
        </div>
        <TooSmall/>
        <notices::Elsewhere/>
        <dialogs::Dialogs/>
        <ToastList toasts=room.toasts/>
    }
}

/// The panels' sizes, as they were left.
fn sizes() -> (RwSignal<f64>, RwSignal<f64>, RwSignal<f64>) {
    let usual = (LEFT.usual, RIGHT.usual, BOTTOM.usual);
    let (left, right, bottom) = storage::read::<(f64, f64, f64)>(SIZES).unwrap_or(usual);
    let within = |size: f64, range: Range| RwSignal::new(size.clamp(range.least, range.most));
    let sizes = (within(left, LEFT), within(right, RIGHT), within(bottom, BOTTOM));
    Effect::new(move || {
        storage::write(SIZES, &(sizes.0.get(), sizes.1.get(), sizes.2.get()));
    });
    sizes
}
