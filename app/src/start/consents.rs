//! What is recorded, with a checkbox for each kind, and what becomes of the recording.

use interview::session::Capture;
use leptos::html::Input;
use leptos::prelude::*;

use crate::shell::captures;

/// One checkbox for each kind of recording.
#[component]
pub fn Consents(
    /// What is asked about.
    asked: Vec<Capture>,
    /// What must be agreed to, to start.
    required: Vec<Capture>,
    /// What is agreed to.
    given: RwSignal<Vec<Capture>>,
) -> impl IntoView {
    let rows = asked.into_iter().map(|capture| {
        view! { <li><Consent capture is_required=required.contains(&capture) given/></li> }
    });
    view! {
        <p>"Tick what you agree to. Nothing is recorded before you start, and nothing outside this page at any time."</p>
        <ul class="consents" role="list">{rows.collect_view()}</ul>
    }
}

#[component]
fn Consent(
    /// What is recorded.
    capture: Capture,
    /// Whether there is no interview without it.
    is_required: bool,
    /// What is agreed to.
    given: RwSignal<Vec<Capture>>,
) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    // A visitor may have ticked it before the page came alive, so that the box itself is asked.
    let note = move || {
        let is_given = input.get().is_some_and(|input| input.checked());
        given.update(|given| {
            given.retain(|other| *other != capture);
            given.extend(is_given.then_some(capture));
        });
    };
    Effect::new(move |_| note());
    let badge = if is_required { "Required" } else { "Optional" };
    let id = |part: &str| format!("consent-{}-{part}", capture.as_str());
    let named_by = format!("{} {}", id("title"), id("badge"));
    view! {
        <label class="consent">
            <input
                class="checkbox"
                type="checkbox"
                name="consent[]"
                value=capture.as_str()
                node_ref=input
                aria-labelledby=named_by
                aria-describedby=id("reason")
                on:change=move |_| note()
            />
            <span class="consent-text">
                <strong id=id("title")>{captures::title(capture)}</strong>
                <span id=id("reason")>
                    {captures::reason(capture)} " " {(!is_required).then(|| captures::without(capture))}
                </span>
            </span>
            <span class="badge" id=id("badge")>{badge}</span>
        </label>
    }
}

/// How long the recording is kept, and who sees it.
#[component]
pub fn RecordingTerms() -> impl IntoView {
    view! {
        <p class="field-hint">
            "Your name and the recording stay on the server of the company that invited you until the company removes them; \
             nothing is removed by itself. Only reviewers who sign in to this server can see them: the people who invited \
             you and their colleagues."
        </p>
    }
}
