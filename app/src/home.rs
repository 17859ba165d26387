//! The first page: what this is, in one screen, for who has never heard of it.

mod picture;

use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use self::picture::Picture;
use crate::shell::api::current_visitor;

/// What this is about, in one sentence.
const LEDE: &str = "Candidates solve real problems in the browser, with an editor, a terminal and, where you allow it, \
    an AI assistant. Every keystroke goes onto one log, so that you can replay the whole interview and see how they think.";

/// What there is to know, as headings with a sentence.
const POINTS: [(&str, &str); 4] = [
    (
        "A workspace, not a text box",
        "A code editor, a real shell and tests that run in a sandbox. Nothing to install, and a broken connection loses \
         nothing.",
    ),
    (
        "One log, one clock",
        "Typing, terminal output, questions to the assistant and test runs are recorded together. Go to any moment and \
         see all of it.",
    ),
    (
        "The assistant on your terms",
        "Claude, or a built-in practice assistant that needs no key. You decide whether it only answers, proposes edits \
         or edits by itself.",
    ),
    (
        "Fair to candidates",
        "They read what is recorded and why, and agree to it, before the clock starts. Nothing outside the page is seen.",
    ),
];

/// What this is, for who has never heard of it.
#[component]
pub fn HomePage() -> impl IntoView {
    let points = POINTS.map(|(heading, text)| view! { <li><h2>{heading}</h2><p>{text}</p></li> });
    view! {
        <Title text="Technical interviews you can replay"/>
        <Meta name="description" content=LEDE/>
        <div class="landing">
            <header class="site-header">
                <a class="brand" href="/" aria-current="page">"InterviewLM"</a>
            </header>
            <main class="landing-main" id="main">
                <div class="landing-hero">
                    <h1>"Technical interviews you can replay"</h1>
                    <p class="lede">{LEDE}</p>
                    <WayIn/>
                </div>
                <Picture/>
                <ul class="landing-points" role="list">{points.collect_view()}</ul>
            </main>
            <footer class="landing-footer">
                <span>"Open source, under the Apache License 2.0"</span>
                <span>"Invited to an interview? Open the link you were sent; you need no account."</span>
            </footer>
        </div>
    }
}

/// The way to the dashboard: through the door, for who has not signed in.
#[component]
fn WayIn() -> impl IntoView {
    let visitor = Resource::new_blocking(|| (), |()| current_visitor());
    view! {
        <div class="button-row">
            <Suspense fallback=sign_in_link>
                {move || Suspend::new(async move {
                    match visitor.await {
                        Ok(Some(_)) => view! {
                            <a class="button button-primary" href="/dashboard">"Open the dashboard"</a>
                        }
                        .into_any(),
                        Ok(None) | Err(_) => sign_in_link().into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}

fn sign_in_link() -> impl IntoView {
    view! { <a class="button button-primary" href="/login">"Sign in"</a> }
}
