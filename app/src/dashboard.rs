//! The reviewer's desk: assessments to invite to, and the sessions that came of it.

pub mod api;
mod assessments;
mod compose;
mod filters;
mod invite;
mod problems;
mod query;
mod rows;
mod sessions;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use self::api::{list_sessions, read_overview};
use self::assessments::AssessmentsCard;
use self::compose::ComposeDialog;
use self::invite::InviteDialog;
use self::query::SessionQuery;
use self::rows::{Overview, SessionPage};
use self::sessions::SessionsCard;
use crate::shell::elsewhere::SignInFirst;
use crate::shell::error::AppError;
use crate::shell::header::AccountHeader;
use crate::shell::status::{PageStatus, answer_with};
use crate::ui::alive::is_alive;

/// A page of sessions, as it is loaded for what the address asks for.
type Sessions = Resource<Result<SessionPage, AppError>>;

/// What a reviewer may be doing in a dialog.
#[derive(Clone, Copy)]
struct Desk {
    /// What is known.
    known: RwSignal<Overview>,
    /// The assessment that somebody is being invited to; empty for the first.
    inviting: RwSignal<Option<String>>,
    /// Whether an assessment is being made.
    composing: RwSignal<bool>,
    /// Whether the dialogs can open yet.
    alive: ReadSignal<bool>,
}

impl Desk {
    fn new(known: Overview) -> Self {
        Self {
            known: RwSignal::new(known),
            inviting: RwSignal::new(None),
            composing: RwSignal::new(false),
            alive: is_alive(),
        }
    }

    /// Asks again what there is, without taking away what is shown.
    fn refresh(self) {
        spawn_local(async move {
            if let Ok(fresh) = read_overview().await {
                self.known.set(fresh);
            }
        });
    }
}

/// The reviewer's desk.
#[component]
pub fn DashboardPage() -> impl IntoView {
    let params = use_query_map();
    let query = Memo::new(move |_| SessionQuery::from_address(&params.read()));
    let overview = Resource::new_blocking(|| (), |()| read_overview());
    let sessions = Resource::new_blocking(move || query.get(), list_sessions);
    view! {
        <Title text="Dashboard"/>
        <div class="page-dashboard">
            <Suspense fallback=Arriving>
                {move || Suspend::new(async move {
                    match overview.await {
                        Ok(known) => view! { <DeskView known query sessions/> }.into_any(),
                        Err(AppError::SignInFirst) => view! { <SignInFirst next="/dashboard"/> }.into_any(),
                        Err(error) => view! { <NotNow error/> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}

#[component]
fn DeskView(
    /// What is known.
    known: Overview,
    /// What the address asks for.
    query: Memo<SessionQuery>,
    /// The sessions that it asks for.
    sessions: Sessions,
) -> impl IntoView {
    let visitor = known.visitor.clone();
    let desk = Desk::new(known);
    view! {
        <AccountHeader visitor/>
        <main class="page-content" id="main">
            <header class="page-heading">
                <h1>"Dashboard"</h1>
                <div class="button-row">
                    <button
                        class="button"
                        type="button"
                        disabled=move || !desk.alive.get()
                        on:click=move |_| desk.composing.set(true)
                    >
                        "New assessment"
                    </button>
                    <button
                        class="button button-primary"
                        type="button"
                        disabled=move || !desk.alive.get()
                        on:click=move |_| desk.inviting.set(Some(String::new()))
                    >
                        "Invite candidate"
                    </button>
                </div>
            </header>
            <p class="without-script">
                "Inviting candidates and making assessments needs JavaScript. The lists work without it."
            </p>
            <AssessmentsCard desk/>
            <SessionsCard desk query sessions/>
        </main>
        <InviteDialog desk/>
        <ComposeDialog desk/>
    }
}

/// Holds the places of what is coming.
#[component]
fn Arriving() -> impl IntoView {
    view! {
        <header class="site-header"><a class="brand" href="/">"InterviewLM"</a></header>
        <main class="page-content" id="main" aria-busy="true">
            <header class="page-heading"><h1>"Dashboard"</h1></header>
            <div class="skeleton skeleton-card"></div>
            <div class="skeleton skeleton-card"></div>
        </main>
    }
}

/// The desk cannot be shown.
#[component]
fn NotNow(
    /// Why.
    error: AppError,
) -> impl IntoView {
    answer_with(PageStatus::Unavailable);
    view! {
        <header class="site-header"><a class="brand" href="/">"InterviewLM"</a></header>
        <main class="page-content" id="main">
            <h1>"The dashboard cannot be shown"</h1>
            <div class="callout callout-bad" role="alert">
                <p>{error.sentence()}</p>
                <p>"Interviews that are under way go on, and everything recorded is kept."</p>
            </div>
            <p><a href="/dashboard" rel="external">"Try again"</a></p>
        </main>
    }
}
