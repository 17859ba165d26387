//! Being written.
use leptos::prelude::*;
/// A page.
#[component]
pub fn ReplayPage() -> impl IntoView { view! { <main><h1>"Replay"</h1></main> } }
