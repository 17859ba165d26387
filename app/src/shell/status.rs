//! The status that a page or a server function answers with, besides what it says. In the browser none of it matters.

use super::error::AppError;

/// How a page that cannot show what was asked for answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageStatus {
    /// What was asked for is on another page now.
    Elsewhere,
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
    set(match status {
        PageStatus::Elsewhere => axum::http::StatusCode::FOUND,
        PageStatus::NotFound => axum::http::StatusCode::NOT_FOUND,
        PageStatus::Gone => axum::http::StatusCode::GONE,
        PageStatus::Unavailable => axum::http::StatusCode::SERVICE_UNAVAILABLE,
    });
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}

/// Answers a server function's caller with the status that goes with the error. A plain form is led back to its page
/// instead.
pub fn refuse_with(error: &AppError) {
    #[cfg(feature = "ssr")]
    if !super::api::is_plain_form() {
        set(match error {
            AppError::SignInFirst | AppError::WrongPassword => axum::http::StatusCode::UNAUTHORIZED,
            AppError::TooManyAttempts => axum::http::StatusCode::TOO_MANY_REQUESTS,
            AppError::NotFound => axum::http::StatusCode::NOT_FOUND,
            AppError::Field { .. } | AppError::Invalid(_) => axum::http::StatusCode::UNPROCESSABLE_ENTITY,
            AppError::Unavailable => axum::http::StatusCode::SERVICE_UNAVAILABLE,
        });
    }
    #[cfg(not(feature = "ssr"))]
    let _ = error;
}

#[cfg(feature = "ssr")]
fn set(status: axum::http::StatusCode) {
    if let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(status);
    }
}
