//! The replay: any moment of a recording, with all that was on the screen. The server sends its frame, and the replay is
//! drawn in the frame's place.

pub mod api;
mod frame;
#[cfg(feature = "rooms")]
mod live;
#[cfg_attr(not(any(feature = "rooms", test)), expect(dead_code, reason = "most words are said by the living page"))]
mod words;

use interview::replay::RecordingCard;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

use self::api::open_recording;
use self::frame::{Frame, NoReplay};
use crate::shell::error::AppError;
use crate::shell::living::{Living, ServerPage};
use crate::shell::status::PageStatus;

/// The replay of one interview.
#[component]
pub fn ReplayPage() -> impl IntoView {
    view! {
        <Title text="Replay"/>
        <ServerPage render=opened/>
    }
}

/// What the replay begins with.
#[derive(Serialize, Deserialize)]
struct Given {
    interview: String,
    card: RecordingCard,
}

async fn opened(id: String) -> AnyView {
    match open_recording(id.clone()).await {
        Ok(card) => {
            let title = format!("{} · {}", card.candidate, card.assessment);
            let frame = Some(card.clone());
            let given = serde_json::to_string(&Given { interview: id, card }).expect("a card is plain data");
            view! {
                <Title text=title/>
                <Living begin="replay" given>
                    <Frame card=frame/>
                </Living>
            }
            .into_any()
        }
        Err(AppError::SignInFirst) => {
            let moment = use_query_map().with_untracked(|query| query.get("t"));
            let moment = moment.and_then(|moment| words::parse_seconds(&moment)).map(words::seconds);
            let back = moment.map_or_else(String::new, |moment| format!("%3Ft%3D{moment}"));
            view! { <Redirect path=format!("/login?next=/replay/{id}{back}")/> }.into_any()
        }
        Err(AppError::NotFound) => view! {
            <NoReplay
                status=PageStatus::NotFound
                title="There is no such recording"
                text="The address may be incomplete, or the recording was removed.".to_owned()
            />
        }
        .into_any(),
        Err(error) => view! {
            <NoReplay status=PageStatus::Unavailable title="The recording cannot be opened" text=error.sentence()/>
        }
        .into_any(),
    }
}

/// Draws the replay of that recording, with what the page's script was given.
#[cfg(feature = "rooms")]
pub fn begin(given: String) {
    let Given { interview, card } = serde_json::from_str(&given).expect("the server writes what is read here");
    let interview = interview::InterviewId::parse(interview).expect("the server has found this interview");
    crate::shell::living::draw(move || view! { <live::LiveReplay interview card/> });
}
