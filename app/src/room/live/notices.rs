//! What has to be said across the whole room: offline, time up, or another tab at work.

use leptos::prelude::*;

use crate::room::frame::Notice;

use super::room::Room;
use super::seen::Connection;

/// The strips below the header.
#[component]
pub fn Notices() -> impl IntoView {
    let seen = expect_context::<Room>().seen;
    let is_offline = Memo::new(move |_| seen.is_known() && seen.connection.get() == Connection::Offline);
    let is_over = Memo::new(move |_| seen.is_over());
    let is_closing = Memo::new(move |_| seen.is_closing.get() && !seen.is_over());
    view! {
        <Show when=move || is_offline.get()>
            <div class="callout callout-warning callout-strip" role="status">
                <strong class="callout-title">"You are offline"</strong>
                <p>"Go on writing: everything is kept in this browser and sent when the connection is back."</p>
            </div>
        </Show>
        <Show when=move || is_closing.get()>
            <div class="callout callout-info callout-strip" role="status">
                <p>"Your files are being tested a last time. This takes a moment."</p>
            </div>
        </Show>
        <Show when=move || is_over.get()>
            <div class="callout callout-info callout-strip" role="status">
                <p>"The interview is over. Everything is saved."</p>
            </div>
        </Show>
    }
}

/// In the room's place while another tab has it.
#[component]
pub fn Elsewhere() -> impl IntoView {
    let room = expect_context::<Room>();
    view! {
        <Show when=move || room.seen.is_elsewhere()>
            <Notice
                title="This interview is open in another tab"
                text="Only one tab can be the room. Everything you did here is saved and shows there."
            >
                <button class="button button-primary" on:click=move |_| room.come_back()>"Use this tab instead"</button>
            </Notice>
        </Show>
    }
}
