//! Being written.
use leptos::prelude::*;
/// A page.
#[component]
pub fn LoginPage() -> impl IntoView { view! { <main><h1>"Login"</h1></main> } }
