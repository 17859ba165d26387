//! Being written.
use leptos::prelude::*;
/// A page.
#[component]
pub fn DashboardPage() -> impl IntoView { view! { <main><h1>"Dashboard"</h1></main> } }
