//! The status that a page answers with, besides what it says.

/// How a page that cannot show what was asked for answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageStatus {
    /// There is no such thing.
    NotFound,
    /// There was, and there will not be again.
    Gone,
    /// Not right now.
    Unavailable,
}

/// Answers with that status, when the page is rendered on the server.
pub fn answer_with(status: PageStatus) {
    #[cfg(feature = "ssr")]
    if let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(match status {
            PageStatus::NotFound => axum::http::StatusCode::NOT_FOUND,
            PageStatus::Gone => axum::http::StatusCode::GONE,
            PageStatus::Unavailable => axum::http::StatusCode::SERVICE_UNAVAILABLE,
        });
    }
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}
