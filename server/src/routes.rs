//! All routes: the JSON API, the sockets, the pages and the files beside them.

pub mod auth;
pub mod chat;
mod described;
pub mod events;
pub mod interview;
pub mod openapi;
pub mod pages;
pub mod reviewer;
pub mod room;
pub mod runs;
pub mod terminal;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, COOKIE, SET_COOKIE};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use axum::serve::ListenerExt as _;
use leptos::config::LeptosOptions;
use service::Service;
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate as _, SizeAbove};
use tower_http::sensitive_headers::SetSensitiveHeadersLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::guard::{OwnOrigin, add_security_headers, refuse_foreign_origins};
use crate::health::Health;
use crate::problem::Problem;
use crate::who::{Proxies, note_client_address};

/// Largest body of an ordinary request.
const BODY_LIMIT_BYTES: usize = 256 * 1024;

/// Largest body of a batch of events: a file of 1 MiB pasted at once fits.
const EVENTS_LIMIT_BYTES: usize = 4 << 20;

/// What every route may use.
#[derive(Clone)]
pub struct App {
    /// The use cases.
    pub service: Arc<Service>,
    /// How the outside reaches this server, without a slash at the end.
    pub public_url: Arc<str>,
    /// How the server is.
    pub health: Health,
    /// The pages' options.
    pub site: LeptosOptions,
    /// What stands between clients and this server.
    pub proxies: Proxies,
}

impl App {
    /// Whether cookies may only travel over TLS.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

impl FromRef<App> for Arc<Service> {
    fn from_ref(app: &App) -> Self {
        app.service.clone()
    }
}

impl FromRef<App> for LeptosOptions {
    fn from_ref(app: &App) -> Self {
        app.site.clone()
    }
}

impl FromRef<App> for OwnOrigin {
    fn from_ref(app: &App) -> Self {
        Self(app.public_url.to_string())
    }
}

/// Serves until told to stop.
pub async fn serve(listener: TcpListener, app: App, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
    // What there is to say leaves at once: to wait for more would cost a keystroke 40 ms.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection stays slow");
        }
    });
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}

/// The whole server.
pub fn router(app: App) -> Router {
    let compress = CompressionLayer::new().br(true).gzip(true).compress_when(
        SizeAbove::new(512)
            .and(NotForContentType::SSE)
            .and(NotForContentType::IMAGES)
            .and(NotForContentType::const_new("font/")),
    );
    let api = api().layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, HeaderValue::from_static("no-store")));
    api.merge(pages::routes(&app))
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
        .layer(from_fn_with_state(OwnOrigin::from_ref(&app), refuse_foreign_origins))
        .layer(from_fn_with_state(app.proxies, note_client_address))
        .layer(from_fn(add_security_headers))
        .layer(compress)
        .layer(SetSensitiveHeadersLayer::new([COOKIE, SET_COOKIE]))
        .with_state(app)
}

fn api() -> Router<App> {
    Router::new()
        .route("/healthz", get(health))
        .route("/api/openapi.json", get(openapi::document))
        .route("/api/interview/start/{token}", post(interview::start))
        .route("/api/interview/{id}", get(interview::show))
        .route("/api/interview/{id}/events", get(events::read))
        .route("/api/interview/{id}/events", post(events::append).layer(DefaultBodyLimit::max(EVENTS_LIMIT_BYTES)))
        .route("/api/interview/{id}/chat", post(chat::ask).delete(chat::stop))
        .route("/api/interview/{id}/chat/{call}/decision", post(chat::decide))
        .route("/api/interview/{id}/run-tests", post(runs::run_tests))
        .route("/api/interview/{id}/questions", get(interview::question).post(interview::next_question))
        .route("/api/interview/{id}/terminal", get(terminal::open))
        .route("/api/interview/{id}/room", get(room::open))
        .route("/api/interview/{id}/submit", post(interview::submit))
        .route("/api/auth/login", post(auth::login))
        .route("/api/auth/logout", post(auth::logout))
        .route("/api/sessions", get(reviewer::sessions))
        .route("/api/sessions/{id}", get(reviewer::session))
        .route("/api/sessions/{id}/recording", get(reviewer::recording))
        .route("/api/sessions/{id}/recording/segments/{index}", get(reviewer::segment))
        .route("/api/assessments", get(reviewer::assessments).post(reviewer::create_assessment))
        .route("/api/assessments/{id}/invitations", post(reviewer::invite))
        .route("/api/{*rest}", axum::routing::any(nothing_here))
}

async fn nothing_here() -> Problem {
    Problem::not_found("there is no such route; /api/openapi.json lists all")
}

/// Whether an event can be appended and synced.
#[utoipa::path(get, path = "/healthz", responses((status = 200, description = "An event can be appended and synced"), (status = 503, body = Problem)))]
async fn health(State(app): State<App>) -> Result<&'static str, Problem> {
    app.health.check(&*app.service.outside.events).await?;
    Ok("ok")
}
