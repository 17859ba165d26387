//! Doorways that every page may use, and what server functions ask about the request they answer.

use leptos::prelude::*;

use super::error::AppError;
use super::visitor::Visitor;

#[cfg(feature = "ssr")]
pub use request::{
    client_address, client_cookie, is_plain_form, redirect_plain_form, refuse_unless_signed_in, reviewer, service,
    set_cookie,
};

/// Who is signed in, if anybody.
#[server(prefix = "/api/page", endpoint = "visitor")]
pub async fn current_visitor() -> Result<Option<Visitor>, AppError> {
    Ok(reviewer().await?.map(|account| Visitor { name: account.name, email: account.email }))
}

/// Signs this browser out, and leads to the first page.
#[server(prefix = "/api/page", endpoint = "sign-out")]
pub async fn sign_out() -> Result<(), AppError> {
    use super::cookies;

    if let Some(token) = client_cookie(cookies::LOGIN) {
        service().accounts.logout(&token).await?;
    }
    set_cookie(cookies::LOGIN, "", 0);
    leptos_axum::redirect("/");
    Ok(())
}

/// The request that is being answered.
#[cfg(feature = "ssr")]
mod request {
    use std::net::{IpAddr, Ipv4Addr};
    use std::sync::Arc;

    use axum::http::HeaderValue;
    use axum::http::header::{ACCEPT, COOKIE, SET_COOKIE};
    use axum::http::request::Parts;
    use leptos::prelude::*;
    use leptos_axum::ResponseOptions;
    use service::Service;
    use service::accounts::ClientAddress;
    use service::ports::PortError;
    use service::ports::catalog::Account;

    use crate::shell::error::AppError;
    use crate::shell::{PublicUrl, cookies};

    /// The use cases.
    pub fn service() -> Arc<Service> {
        expect_context::<Arc<Service>>()
    }

    /// The signed-in reviewer, if there is one.
    pub async fn reviewer() -> Result<Option<Account>, AppError> {
        match client_cookie(cookies::LOGIN) {
            Some(token) => Ok(service().accounts.who(&token).await?),
            None => Ok(None),
        }
    }

    /// The signed-in reviewer; for what nobody else may see or do.
    pub async fn refuse_unless_signed_in() -> Result<Account, AppError> {
        reviewer().await?.ok_or(AppError::SignInFirst)
    }

    /// Where the request comes from, as the server noted it.
    pub fn client_address() -> ClientAddress {
        let noted = use_context::<Parts>().and_then(|parts| parts.extensions.get::<ClientAddress>().copied());
        noted.unwrap_or_else(|| IpAddr::from(Ipv4Addr::UNSPECIFIED).into())
    }

    /// A cookie that the browser sent.
    pub fn client_cookie(name: &str) -> Option<String> {
        let parts = use_context::<Parts>()?;
        let headers = parts.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        headers.filter_map(|header| cookies::find(header, name)).map(str::to_owned).next()
    }

    /// Sets a cookie with the answer; an age of zero removes it.
    pub fn set_cookie(name: &str, value: &str, max_age_seconds: u64) {
        let cookie = cookies::set(name, value, max_age_seconds, came_by_https());
        if let (Some(response), Ok(cookie)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie)) {
            response.append_header(SET_COOKIE, cookie);
        }
    }

    /// Whether a form sent this without JavaScript: the answer is for a browser, not for a script.
    pub fn is_plain_form() -> bool {
        let accepted = use_context::<Parts>().and_then(|parts| parts.headers.get(ACCEPT).cloned());
        accepted.is_some_and(|accepted| accepted.to_str().is_ok_and(|kinds| kinds.contains("text/html")))
    }

    /// Leads a form that was sent without JavaScript to another page. With it, the page itself goes there.
    pub fn redirect_plain_form(address: &str) {
        if is_plain_form() {
            leptos_axum::redirect(address);
        }
    }

    fn came_by_https() -> bool {
        let is_public = use_context::<PublicUrl>().is_some_and(|url| url.0.starts_with("https://"));
        let is_forwarded = use_context::<Parts>()
            .is_some_and(|parts| parts.headers.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https"));
        is_public || is_forwarded
    }

    impl From<PortError> for AppError {
        fn from(error: PortError) -> Self {
            leptos::logging::error!("a page could not be served: {error}");
            Self::Unavailable
        }
    }
}
