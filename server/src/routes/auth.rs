//! Signing in and out.

use std::sync::Arc;

use app::shell::cookies;
use axum::Extension;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde::Deserialize;
use service::Service;
use service::accounts::{ClientAddress, LOGIN_DAYS};
use utoipa::ToSchema;

use super::App;
use crate::problem::{Json, Problem};
use crate::who::cookie;

/// Who wants to sign in.
#[derive(Deserialize, ToSchema)]
pub struct Credentials {
    email: String,
    password: String,
}

/// Signs a reviewer in.
#[utoipa::path(post, path = "/api/auth/login", request_body = Credentials,
    responses((status = 204, description = "Signed in; the session cookie is set"), (status = 401, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub async fn login(
    State(app): State<App>,
    Extension(client): Extension<ClientAddress>,
    Json(who): Json<Credentials>,
) -> Result<impl IntoResponse, Problem> {
    let token = app.service.accounts.login(&who.email, &who.password, client).await?;
    let cookie = cookies::set(cookies::LOGIN, &token, LOGIN_DAYS * 24 * 3_600, app.is_secure());
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)]))
}

/// Signs a reviewer out.
#[utoipa::path(post, path = "/api/auth/logout", responses((status = 204, description = "Signed out")))]
pub async fn logout(State(service): State<Arc<Service>>, headers: HeaderMap) -> Result<impl IntoResponse, Problem> {
    if let Some(token) = cookie(&headers, cookies::LOGIN) {
        service.accounts.logout(token).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookies::set(cookies::LOGIN, "", 0, false))]))
}
