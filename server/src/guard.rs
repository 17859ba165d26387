//! What holds for every request: where it may come from, and what a browser may do with the answer.

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::problem::Problem;

/// The origin under which the outside reaches this server, as configured.
#[derive(Clone, Debug)]
pub struct OwnOrigin(pub String);

/// Refuses requests that change something, and sockets, when a page of another site sent them.
pub async fn refuse_foreign_origins(State(own): State<OwnOrigin>, request: Request, next: Next) -> Response {
    let is_socket = request.headers().contains_key("upgrade");
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) && !is_socket;
    if !is_safe && is_foreign(request.headers(), &own) {
        return Problem::foreign_origin("this request came from a page of another site").into_response();
    }
    next.run(request).await
}

/// Whether a browser says that another site's page sent this. What is no browser sends no `Origin`.
fn is_foreign(headers: &HeaderMap, own: &OwnOrigin) -> bool {
    let Some(origin) = headers.get(ORIGIN) else {
        return headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none");
    };
    let Ok(origin) = origin.to_str() else { return true };
    if origin == own.0 {
        return false;
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    host.is_none() || authority != host
}

/// Headers that hold for every answer.
pub async fn add_security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: &'static str| {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    };
    set("x-content-type-options", "nosniff");
    set("referrer-policy", "same-origin");
    set("x-frame-options", "DENY");
    set("cross-origin-opener-policy", "same-origin");
    set("cross-origin-resource-policy", "same-origin");
    set("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=()");
    // Pages bring their own policy with a nonce; whatever else is opened in a browser may do nothing at all.
    set("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
    response
}
