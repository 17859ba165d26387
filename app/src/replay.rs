//! The replay: any moment of a recording, with all that was on the screen. The server sends its frame; once the page is
//! alive the replay itself takes its place.

pub mod api;
mod frame;
#[cfg(feature = "hydrate")]
mod live;
#[cfg_attr(not(any(feature = "hydrate", test)), expect(dead_code, reason = "most words are said by the living page"))]
mod words;

use interview::replay::RecordingCard;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;
use leptos_router::hooks::{use_params_map, use_query_map};

use self::api::open_recording;
use self::frame::{Frame, NoReplay};
use crate::shell::error::AppError;
use crate::shell::part::{Part, Unfetched, prefetch};
use crate::shell::status::PageStatus;

/// The replay of one interview.
#[component]
pub fn ReplayPage() -> impl IntoView {
    prefetch("replay");
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let recording = Resource::new_blocking(move || id.get(), open_recording);
    view! {
        <Title text="Replay"/>
        <Suspense fallback=|| view! { <Frame card=None/> }>
            {move || Suspend::new(async move { opened(recording.await, id.get_untracked()) })}
        </Suspense>
    }
}

fn opened(recording: Result<RecordingCard, AppError>, id: String) -> AnyView {
    match recording {
        Ok(card) => view! {
            <Title text=format!("{} · {}", card.candidate, card.assessment)/>
            <Opened card id/>
        }
        .into_any(),
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

/// The frame first, as the server rendered it, and then the replay.
#[component]
fn Opened(
    /// Whose recording it is, and its index.
    card: RecordingCard,
    /// The interview's id.
    id: String,
) -> impl IntoView {
    let card = StoredValue::new(card);
    let frame = Callback::new(move |()| view! { <Frame card=Some(card.get_value())/> }.into_any());
    let show = Callback::new(move |show: Show| match interview::InterviewId::parse(id.clone()) {
        Ok(interview) => show(interview, card.get_value()),
        Err(_) => frame.run(()),
    });
    view! { <Part fetch=|| Box::pin(fetch_replay()) frame show/> }
}

/// Shows the living replay.
type Show = fn(interview::InterviewId, RecordingCard) -> AnyView;

#[cfg(feature = "split")]
#[allow(unsafe_code, reason = "the part's beginning has a name of its own for the one who cuts it off")]
#[leptos::wasm_split::wasm_split(replay, wasm_split_path = ::leptos::wasm_split, fallible)]
fn fetch_replay() -> Result<Show, Unfetched> {
    Ok(show_replay)
}

#[cfg(not(feature = "split"))]
async fn fetch_replay() -> Result<Show, Unfetched> {
    Ok(show_replay)
}

#[cfg(feature = "hydrate")]
fn show_replay(interview: interview::InterviewId, card: RecordingCard) -> AnyView {
    view! { <live::LiveReplay interview card/> }.into_any()
}

#[cfg(not(feature = "hydrate"))]
fn show_replay(_: interview::InterviewId, card: RecordingCard) -> AnyView {
    view! { <Frame card=Some(card)/> }.into_any()
}
