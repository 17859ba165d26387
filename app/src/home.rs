//! The first page: what this is, in one screen.
use leptos::prelude::*;
/// What this is, for who has never heard of it.
#[component]
pub fn HomePage() -> impl IntoView { view! { <main><h1>"InterviewLM"</h1></main> } }
