//! The candidate's room: the server sends its frame, and once the page is alive the room itself takes its place.

pub mod api;
mod done;
mod frame;
#[cfg(feature = "hydrate")]
mod live;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_params_map;

use crate::shell::error::AppError;
use crate::shell::part::{Part, Unfetched, prefetch};
use api::{RoomAccess, enter_room};
use frame::{Frame, Notice};

pub use done::DonePage;

/// The room of one interview.
#[component]
pub fn RoomPage() -> impl IntoView {
    prefetch("room");
    let params = use_params_map();
    let id = move || params.with(|params| params.get("id").unwrap_or_default());
    let access = Resource::new_blocking(id, enter_room);
    view! {
        <Title text="Interview"/>
        <Suspense fallback=Frame>
            {move || Suspend::new(async move { entered(access.await, id()) })}
        </Suspense>
    }
}

fn entered(access: Result<RoomAccess, AppError>, id: String) -> AnyView {
    match access {
        Ok(RoomAccess::Running) => view! { <Entered id/> }.into_any(),
        Ok(RoomAccess::Ended) => view! { <Redirect path=format!("/interview/{id}/done")/> }.into_any(),
        Ok(RoomAccess::NotYours) => view! {
            <Notice
                title="This room is not open in this browser"
                text="Open the link you were sent again: it leads back to where you were. Nothing is lost."
            />
        }
        .into_any(),
        Err(error) => view! { <Notice title="The room cannot be opened" text=error.sentence()/> }.into_any(),
    }
}

/// The frame first, as the server rendered it, and then the room.
#[component]
fn Entered(
    /// Which interview.
    id: String,
) -> impl IntoView {
    let frame = Callback::new(|()| Frame().into_any());
    let show = Callback::new(move |show: Show| match interview::InterviewId::parse(id.clone()) {
        Ok(interview) => show(interview),
        Err(_) => Frame().into_any(),
    });
    view! { <Part fetch=|| Box::pin(fetch_room()) frame show/> }
}

/// Shows the living room.
type Show = fn(interview::InterviewId) -> AnyView;

#[cfg(feature = "split")]
#[allow(unsafe_code, reason = "the part's beginning has a name of its own for the one who cuts it off")]
#[leptos::wasm_split::wasm_split(room, wasm_split_path = ::leptos::wasm_split, fallible)]
fn fetch_room() -> Result<Show, Unfetched> {
    Ok(show_room)
}

#[cfg(not(feature = "split"))]
async fn fetch_room() -> Result<Show, Unfetched> {
    Ok(show_room)
}

#[cfg(feature = "hydrate")]
fn show_room(interview: interview::InterviewId) -> AnyView {
    view! { <live::LiveRoom interview/> }.into_any()
}

#[cfg(not(feature = "hydrate"))]
fn show_room(_: interview::InterviewId) -> AnyView {
    Frame().into_any()
}
