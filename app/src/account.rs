//! Signing in.

pub mod api;
mod next;

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use self::api::SignIn;
use self::next::page_of_ours;
use crate::shell::api::current_visitor;
use crate::shell::elsewhere::Elsewhere;
use crate::shell::error::AppError;
use crate::shell::leaving::open_afresh;

/// Where reviewers sign in.
#[component]
pub fn LoginPage() -> impl IntoView {
    let query = use_query_map();
    let next = query.read_untracked().get("next").map(|next| page_of_ours(&next).to_owned()).unwrap_or_default();
    view! {
        <Title text="Sign in"/>
        <div class="page-center">
            <header><a class="brand" href="/">"InterviewLM"</a></header>
            <main class="sheet sheet-narrow" id="main">
                <h1>"Sign in"</h1>
                <LoginForm next=next.clone()/>
            </main>
            <footer class="page-note">
                <p>"Invited to an interview? You need no account: open the link you were sent."</p>
            </footer>
        </div>
        <SignedInAlready next/>
    }
}

#[component]
fn LoginForm(
    /// Where to go on to.
    next: String,
) -> impl IntoView {
    let sign_in = ServerAction::<SignIn>::new();
    let fault = move || match sign_in.value().get() {
        Some(Err(error)) => Some(explain(&error)),
        Some(Ok(_)) | None => None,
    };
    Effect::new(move |_| {
        if let Some(Ok(next)) = sign_in.value().get() {
            open_afresh(&next);
        }
    });
    let is_wrong = move || fault().is_some().then_some("true");
    view! {
        <ActionForm action=sign_in attr:class="form" attr:aria-describedby="sign-in-fault">
            <input type="hidden" name="next" value=next/>
            <div class="field">
                <label class="field-label" for="email">"Email"</label>
                <input class="input" id="email" name="email" type="email" autocomplete="username" required
                    autofocus aria-invalid=is_wrong/>
            </div>
            <div class="field">
                <label class="field-label" for="password">"Password"</label>
                <input class="input" id="password" name="password" type="password" autocomplete="current-password"
                    required aria-invalid=is_wrong/>
            </div>
            <p class="field-error" id="sign-in-fault" role="alert">{fault}</p>
            <button class="button button-primary" type="submit" aria-busy=move || sign_in.pending().get().to_string()>
                "Sign in"
            </button>
        </ActionForm>
    }
}

/// What the form says when signing in failed. Only sentences of ours: without JavaScript the error arrives in the
/// address, where anybody may have written it.
fn explain(error: &AppError) -> String {
    match error {
        AppError::WrongPassword | AppError::TooManyAttempts | AppError::Unavailable => error.sentence(),
        AppError::SignInFirst | AppError::NotFound | AppError::Field { .. } | AppError::Invalid(_) => {
            AppError::WrongPassword.sentence()
        }
    }
}

/// Leads on whoever is signed in already.
#[component]
fn SignedInAlready(
    /// Where to.
    next: String,
) -> impl IntoView {
    let visitor = Resource::new_blocking(|| (), |()| current_visitor());
    let next = page_of_ours(&next).to_owned();
    view! {
        <Suspense>
            {move || {
                let next = next.clone();
                Suspend::new(async move {
                    let is_signed_in = matches!(visitor.await, Ok(Some(_)));
                    is_signed_in.then(|| view! { <Elsewhere address=next/> })
                })
            }}
        </Suspense>
    }
}
