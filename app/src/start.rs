//! Being written.
use leptos::prelude::*;
/// A page.
#[component]
pub fn StartPage() -> impl IntoView { view! { <main><h1>"Start"</h1></main> } }
