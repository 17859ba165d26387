//! Pages that lead to another page.

use leptos::prelude::*;
use leptos_router::components::Redirect;

use super::status::{PageStatus, answer_with};

/// Leads to another page of ours.
#[component]
pub fn Elsewhere(
    /// Where to.
    address: String,
) -> impl IntoView {
    answer_with(PageStatus::Elsewhere);
    view! { <Redirect path=address/> }
}

/// Leads to signing in, and from there back.
#[component]
pub fn SignInFirst(
    /// This page's address.
    #[prop(into)]
    next: String,
) -> impl IntoView {
    view! { <Elsewhere address=format!("/login?next={next}")/> }
}
