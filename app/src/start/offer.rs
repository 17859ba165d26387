//! An interview that can be started: what will happen in it, and the form that starts it.

use interview::question::Language;
use interview::session::Capture;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;

use super::StartAnswer;
use super::api::StartInterview;
use super::consents::{Consents, RecordingTerms};
use super::door::Offer;
use crate::shell::assistance::Assistance;
use crate::ui::alive::is_alive;

/// What will happen, and the form that starts it.
#[component]
pub fn OpenDoor(
    /// The interview.
    offer: Offer,
    /// The link's secret.
    token: String,
) -> impl IntoView {
    view! {
        <Title text=offer.title.clone()/>
        <div class="sheet-section">
            <h1>{offer.title.clone()}</h1>
            <p class="lede">
                {format!("Hello {}. Your interviewer has invited you to this interview.", offer.candidate)}
            </p>
        </div>
        <WhatHappens offer=offer.clone()/>
        <StartForm offer token/>
    }
}

#[component]
fn WhatHappens(
    /// The interview.
    offer: Offer,
) -> impl IntoView {
    let languages: Vec<&str> = offer.languages.iter().map(|language| language.title()).collect();
    let assistant = match offer.assistance {
        Assistance::Off => "Not allowed",
        Assistance::Chat | Assistance::Propose | Assistance::Agent => "Allowed",
    };
    view! {
        <section class="sheet-section" aria-labelledby="what-happens">
            <h2 id="what-happens">"What will happen"</h2>
            <dl class="facts">
                <div><dt>"Time"</dt><dd>{format!("{} minutes", offer.minutes)}</dd></div>
                <div><dt>"Questions"</dt><dd>{offer.questions}</dd></div>
                <div><dt>"Languages"</dt><dd>{languages.join(", ")}</dd></div>
                <div><dt>"Assistant"</dt><dd>{assistant}</dd></div>
            </dl>
            <ul class="sheet-list">
                <li>
                    "You work in your browser: an editor, a terminal, and the tests of each question, which you may run \
                     as often as you like. There is nothing to install."
                </li>
                <li>{offer.assistance.for_candidate()} {about_budget(&offer)}</li>
                <li>
                    "The clock starts with the button below and does not stop. If your connection breaks or you close \
                     the page, come back with the same link: nothing is lost."
                </li>
                <li>"When the time is up, what you have is handed in by itself. You may hand in earlier."</li>
            </ul>
        </section>
    }
}

fn about_budget(offer: &Offer) -> Option<String> {
    match offer.assistance {
        Assistance::Off => None,
        Assistance::Chat | Assistance::Propose | Assistance::Agent => {
            Some(format!(" You may send it up to {} messages.", offer.messages))
        }
    }
}

#[component]
fn StartForm(
    /// The interview.
    offer: Offer,
    /// The link's secret.
    token: String,
) -> impl IntoView {
    let start = ServerAction::<StartInterview>::new();
    let given = RwSignal::new(Vec::<Capture>::new());
    let alive = is_alive();
    let required = offer.required.clone();
    // Without JavaScript nobody would enable the button again, and the server checks anyway.
    let is_waiting =
        Memo::new(move |_| alive.get() && given.with(|given| required.iter().any(|capture| !given.contains(capture))));
    view! {
        <ActionForm action=start attr:class="form">
            <input type="hidden" name="token" value=token/>
            <section class="sheet-section" aria-labelledby="what-is-recorded">
                <h2 id="what-is-recorded">"What is recorded"</h2>
                <Consents asked=offer.asked() required=offer.required.clone() given/>
                <RecordingTerms/>
            </section>
            <div class="field">
                <label class="field-label" for="name">"Your name"</label>
                <input class="input" id="name" name="name" autocomplete="name" maxlength="120" required
                    value=offer.candidate aria-describedby="name-hint"/>
                <p class="field-hint" id="name-hint">"As your interviewers know you."</p>
            </div>
            <LanguageChoice languages=offer.languages/>
            <StartAnswer start/>
            <div class="button-row">
                <button class="button button-primary" type="submit" disabled=move || is_waiting.get()
                    aria-describedby="start-hint" aria-busy=move || start.pending().get().to_string()>
                    "Start interview"
                </button>
                <span class="field-hint" id="start-hint">
                    {move || match is_waiting.get() {
                        true => "Tick what is required first.",
                        false => "The clock starts with it.",
                    }}
                </span>
            </div>
        </ActionForm>
    }
}

/// The language to work in; nothing to choose when there is one.
#[component]
fn LanguageChoice(
    /// What there is to choose from.
    languages: Vec<Language>,
) -> impl IntoView {
    (languages.len() > 1).then(|| {
        view! {
            <div class="field">
                <label class="field-label" for="language">"Language"</label>
                <select class="select" id="language" name="language" aria-describedby="language-hint">
                    {languages
                        .into_iter()
                        .map(|language| view! { <option value=language.as_str()>{language.title()}</option> })
                        .collect_view()}
                </select>
                <p class="field-hint" id="language-hint">"For all questions of this interview."</p>
            </div>
        }
    })
}
