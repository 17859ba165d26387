//! The page behind an invitation: what will happen, what is recorded and why, and the button that starts the clock.

pub mod api;
mod consents;
mod door;
mod offer;

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use self::api::{StartInterview, look_behind};
use self::door::Door;
use self::offer::OpenDoor;
use crate::shell::error::AppError;
use crate::shell::leaving::open_afresh;
use crate::shell::status::{PageStatus, answer_with};

/// The page behind an invitation.
#[component]
pub fn StartPage() -> impl IntoView {
    let params = use_params_map();
    let token = Memo::new(move |_| params.read().get("token").unwrap_or_default());
    let door = Resource::new_blocking(move || token.get(), look_behind);
    view! {
        <div class="page-center">
            <header><a class="brand" href="/">"InterviewLM"</a></header>
            <main class="sheet" id="main">
                <Suspense fallback=Opening>
                    {move || {
                        let token = token.get();
                        Suspend::new(async move { view! { <BehindDoor door=door.await token/> } })
                    }}
                </Suspense>
            </main>
        </div>
    }
}

/// Holds the place while the link is looked up.
#[component]
fn Opening() -> impl IntoView {
    view! {
        <div class="sheet-section" aria-busy="true">
            <div class="skeleton skeleton-heading"></div>
            <div class="skeleton skeleton-line"></div>
            <div class="skeleton skeleton-line"></div>
            <div class="skeleton skeleton-card"></div>
        </div>
    }
}

#[component]
fn BehindDoor(
    /// What lies behind the link.
    door: Result<Door, AppError>,
    /// The link's secret.
    token: String,
) -> impl IntoView {
    match door {
        Ok(Door::Open(offer)) => view! { <OpenDoor offer=*offer token/> }.into_any(),
        Ok(Door::Started { title }) => view! { <StartedDoor title token/> }.into_any(),
        Ok(Door::Finished { title }) => closed_door(
            title,
            "This interview is finished.",
            "Your work was handed in and is kept. Nothing more is needed from you.",
        )
        .into_any(),
        Ok(Door::Expired) => {
            answer_with(PageStatus::Gone);
            closed_door(
                "This link has expired".to_owned(),
                "It was good for a limited time, and nothing was started with it.",
                "Ask whoever invited you for a new one.",
            )
            .into_any()
        }
        Ok(Door::Unknown) | Err(AppError::NotFound) => {
            answer_with(PageStatus::NotFound);
            closed_door(
                "This link is not known".to_owned(),
                "No invitation belongs to this address.",
                "Check that the link is complete, or ask whoever invited you for a new one.",
            )
            .into_any()
        }
        Err(error) => {
            answer_with(PageStatus::Unavailable);
            closed_door(
                "The invitation cannot be opened right now".to_owned(),
                "Your link stays good, and nothing was lost.",
                &error.sentence(),
            )
            .into_any()
        }
    }
}

/// A heading and two sentences: what is the matter, and what to do next.
fn closed_door(heading: String, matter: &str, next: &str) -> impl IntoView + use<> {
    view! {
        <Title text=heading.clone()/>
        <h1>{heading}</h1>
        <p class="lede">{matter.to_owned()}</p>
        <p>{next.to_owned()}</p>
    }
}

/// An interview that is under way: the way back into it.
#[component]
fn StartedDoor(
    /// What it is called.
    title: String,
    /// The link's secret.
    token: String,
) -> impl IntoView {
    let start = ServerAction::<StartInterview>::new();
    view! {
        <Title text=title.clone()/>
        <h1>{title}</h1>
        <p class="lede">"You have already started this interview, and its clock is running."</p>
        <p>"Everything you did is saved. Continue where you left it, in this browser or another one."</p>
        <ActionForm action=start attr:class="form">
            <input type="hidden" name="token" value=token/>
            <StartAnswer start/>
            <div class="button-row">
                <button class="button button-primary" type="submit">"Continue interview"</button>
            </div>
        </ActionForm>
    }
}

/// The way into the room once the interview has started, or why it has not.
#[component]
fn StartAnswer(
    /// What was tried.
    start: ServerAction<StartInterview>,
) -> impl IntoView {
    let fault = move || match start.value().get() {
        Some(Err(error)) => Some(error.sentence()),
        Some(Ok(_)) | None => None,
    };
    Effect::new(move |_| {
        if let Some(Ok(room)) = start.value().get() {
            open_afresh(&room);
        }
    });
    view! { <p class="field-error" id="start-fault" role="alert">{fault}</p> }
}
