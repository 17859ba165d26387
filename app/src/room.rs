//! The candidate's room: the server says who may come in and sends its frame, and the room is drawn in the frame's place.

pub mod api;
mod done;
mod frame;
#[cfg(feature = "rooms")]
mod live;
mod unsent;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;

use crate::shell::living::{Living, ServerPage};
use api::{RoomAccess, enter_room};
use frame::{Frame, Notice};

pub use done::DonePage;

/// The room of one interview.
#[component]
pub fn RoomPage() -> impl IntoView {
    view! {
        <Title text="Interview"/>
        <ServerPage render=entered/>
    }
}

async fn entered(id: String) -> AnyView {
    match enter_room(id.clone()).await {
        Ok(RoomAccess::Running) => view! {
            <Living begin="room" given=id>
                <Frame/>
            </Living>
        }
        .into_any(),
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

/// Draws the room of that interview, with what the page's script was given.
#[cfg(feature = "rooms")]
pub fn begin(id: String) {
    let interview = interview::InterviewId::parse(id).expect("the server has let somebody into this interview");
    crate::shell::living::draw(move || view! { <live::LiveRoom interview/> });
}
