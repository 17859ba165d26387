//! Being written.
use leptos::prelude::*;
/// A page.
#[component]
pub fn RoomPage() -> impl IntoView { view! { <main><h1>"Room"</h1></main> } }
/// A page.
#[component]
pub fn DonePage() -> impl IntoView { view! { <main><h1>"Done"</h1></main> } }
