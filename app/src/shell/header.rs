//! The bar at the top of a page: the product's name, and who is signed in.

use leptos::form::ActionForm;
use leptos::prelude::*;

use super::api::SignOut;
use super::visitor::Visitor;

/// The bar for who is signed in.
#[component]
pub fn AccountHeader(
    /// Who is signed in.
    visitor: Visitor,
) -> impl IntoView {
    let sign_out = ServerAction::<SignOut>::new();
    view! {
        <header class="site-header">
            <a class="brand" href="/">"InterviewLM"</a>
            <div class="site-account">
                <span title=visitor.email>{visitor.name}</span>
                <ActionForm action=sign_out>
                    <button class="button button-quiet button-small" type="submit">"Sign out"</button>
                </ActionForm>
            </div>
        </header>
    }
}
