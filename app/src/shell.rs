//! The document around every page, and which page belongs to which address.

pub mod api;
pub mod assistance;
pub mod captures;
pub mod cookies;
pub mod elsewhere;
pub mod error;
pub mod header;
pub mod leaving;
pub mod living;
#[cfg(feature = "ssr")]
mod policy;
pub mod status;
pub mod visitor;

use leptos::prelude::*;
#[cfg(feature = "ssr")]
use leptos_meta::{HashedStylesheet, MetaTags};
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::account::LoginPage;
use crate::dashboard::DashboardPage;
use crate::home::HomePage;
use crate::replay::ReplayPage;
use crate::room::{DonePage, RoomPage};
use crate::start::StartPage;

/// How the outside reaches this server, without a slash at the end; links begin with it.
#[derive(Clone, Debug)]
pub struct PublicUrl(pub String);

/// The whole HTML document.
#[cfg(feature = "ssr")]
pub fn document(options: LeptosOptions) -> impl IntoView {
    let path = use_context::<axum::http::request::Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
    let is_living = living::is_living(&path);
    policy::set(is_living);
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <AutoReload options=options.clone()/>
                {(!is_living).then(|| view! { <HydrationScripts options=options.clone()/> })}
                <HashedStylesheet id="style" options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Every page.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "InterviewLM".to_owned() } else { format!("{title} · InterviewLM") }/>
        <Router>
            <Routes fallback=|| view! { <NotFound/> }>
                <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async/>
                <Route path=path!("/dashboard") view=DashboardPage ssr=SsrMode::Async/>
                <Route path=path!("/interview/start/:token") view=StartPage ssr=SsrMode::Async/>
                <Route path=path!("/interview/:id") view=RoomPage ssr=SsrMode::Async/>
                <Route path=path!("/interview/:id/done") view=DonePage/>
                <Route path=path!("/replay/:id") view=ReplayPage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}

/// There is no such page.
#[component]
fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(axum::http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="Not found"/>
        <div class="page-center">
            <header><a class="brand" href="/">"InterviewLM"</a></header>
            <main class="sheet" id="main">
                <h1>"There is nothing here"</h1>
                <p class="lede">"The address may be incomplete. Nothing was lost."</p>
                <p><a href="/">"Go to the start"</a></p>
            </main>
        </div>
    }
}
