//! The page after the interview: what happened, and what happens next.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_params_map;

use super::api::{RoomAccess, enter_room};
use super::frame::Notice;
use super::unsent;

/// After the interview.
#[component]
pub fn DonePage() -> impl IntoView {
    let params = use_params_map();
    let id = move || params.with(|params| params.get("id").unwrap_or_default());
    let access = Resource::new_blocking(id, enter_room);
    view! {
        <Title text="Done"/>
        <Suspense>
            {move || Suspend::new(async move {
                match access.await {
                    Ok(RoomAccess::Ended) => view! { <Done id=id()/> }.into_any(),
                    Ok(RoomAccess::Running) => view! { <Redirect path=format!("/interview/{}", id())/> }.into_any(),
                    Ok(RoomAccess::NotYours) => view! {
                        <Notice
                            title="This interview is not open in this browser"
                            text="Open the link you were sent again: it leads back to where you were. Nothing is lost."
                        />
                    }
                    .into_any(),
                    Err(error) => view! {
                        <Notice title="This page cannot be shown right now" text=error.sentence()/>
                    }
                    .into_any(),
                }
            })}
        </Suspense>
    }
}

/// What there is to say once it is handed in.
#[component]
fn Done(
    /// Which interview.
    id: String,
) -> impl IntoView {
    let lost = RwSignal::new(0_usize);
    Effect::new(move || lost.set(unsent::count_and_drop(&id)));
    view! {
        <div class="page-center">
            <header><a class="brand" href="/">"InterviewLM"</a></header>
            <main class="sheet" id="main">
                <h1>"Thank you, your interview is complete"</h1>
                <p class="lede">
                    {move || match lost.get() {
                        0 => "Everything is saved. You can close this window.",
                        _ => "What arrived before the time was up is saved.",
                    }}
                </p>
                <Show when=move || { lost.get() != 0 }>
                    <div class="callout callout-warning" role="status">
                        <strong class="callout-title">"The last moments could not be sent"</strong>
                        <p>
                            {move || format!(
                                "{} came too late, after the time was up, or not at all. Please tell your interviewer.",
                                changes(lost.get()),
                            )}
                        </p>
                    </div>
                </Show>
                <section class="sheet-section">
                    <h2>"What happened"</h2>
                    <p>
                        "Your files are tested a last time, exactly as you left them, and the recording closes. \
                         Nothing more is recorded."
                    </p>
                </section>
                <section class="sheet-section">
                    <h2>"What happens next"</h2>
                    <p>
                        "Your interviewer can now see how you worked and what came of it, and will get in touch with you. \
                         How you got there counts as much as the tests that pass."
                    </p>
                    <p>"It was good to have you here. Now take a break: you have earned it."</p>
                </section>
            </main>
        </div>
    }
}

/// So many changes, in words.
fn changes(count: usize) -> String {
    if count == 1 { "One change".to_owned() } else { format!("{count} changes") }
}
