//! The doorway of signing in.

use leptos::prelude::*;

use crate::shell::error::AppError;

/// Signs this browser in, and answers where to go on to: `next`, where that is a page of ours.
#[server(prefix = "/api/page", endpoint = "sign-in")]
pub async fn sign_in(
    /// The address of the account.
    email: String,
    /// Its password.
    password: String,
    /// Where to go on to; the dashboard when absent.
    #[server(default)]
    next: String,
) -> Result<String, AppError> {
    use service::accounts::LOGIN_DAYS;

    use super::next::page_of_ours;
    use crate::shell::api::{client_address, redirect_plain_form, service, set_cookie};
    use crate::shell::cookies;

    let token = service().accounts.login(&email, &password, client_address()).await?;
    set_cookie(cookies::LOGIN, &token, LOGIN_DAYS * 24 * 3_600);
    let next = page_of_ours(&next);
    redirect_plain_form(next);
    Ok(next.to_owned())
}

#[cfg(feature = "ssr")]
impl From<service::accounts::LoginError> for AppError {
    fn from(error: service::accounts::LoginError) -> Self {
        use service::accounts::LoginError;
        match error {
            LoginError::Wrong => Self::WrongPassword,
            LoginError::TooMany => Self::TooManyAttempts,
            LoginError::Busy => Self::Unavailable,
            LoginError::Unavailable(error) => error.into(),
        }
    }
}
