//! Reviewers: their passwords, and the browsers they are signed in with.

mod failures;
mod passwords;

pub use failures::ClientAddress;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::ports::catalog::{Account, Login};
use crate::ports::{Catalog, Clock, PortError};
use crate::tokens;
use failures::{Attempt, Failures};
use passwords::Checker;

/// How long a browser stays signed in.
pub const LOGIN_DAYS: u64 = 14;

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// Wrong, and which of the two is nobody's business.
    #[error("that e-mail and password do not belong together")]
    Wrong,
    /// Too many attempts at once.
    #[error("too many attempts; try again in a minute")]
    TooMany,
    /// Others are being signed in, and it takes too long.
    #[error("many are signing in right now; try again in a moment")]
    Busy,
    /// The tables cannot be reached.
    #[error("signing in is not possible right now; try again in a moment")]
    Unavailable(#[from] PortError),
}

/// The use cases of accounts.
pub struct Accounts {
    catalog: Arc<dyn Catalog>,
    clock: Arc<dyn Clock>,
    failures: Mutex<Failures>,
    checker: Checker,
}

impl Accounts {
    /// Accounts in those tables.
    pub fn new(catalog: Arc<dyn Catalog>, clock: Arc<dyn Clock>) -> Self {
        Self { catalog, clock, failures: Mutex::default(), checker: Checker::new() }
    }

    /// Makes sure that this account exists with this password. Where it had another, its browsers are signed out.
    pub async fn ensure(&self, email: &str, name: &str, password: &str) -> Result<Account, PortError> {
        let email = email.trim().to_lowercase();
        if let Some(account) = self.catalog.account_by_email(&email).await? {
            if passwords::verify(password, &account.password_hash) {
                return Ok(account);
            }
            let password_hash = passwords::hash(password);
            self.catalog.replace_password(&account.id, &password_hash).await?;
            return Ok(Account { password_hash, ..account });
        }
        let account = Account {
            id: uuid::Uuid::now_v7().to_string(),
            email,
            name: name.to_owned(),
            password_hash: passwords::hash(password),
            created_at: self.clock.unix_millis(),
        };
        self.catalog.put_account(&account).await?;
        Ok(account)
    }

    /// Signs a browser in and answers its token.
    pub async fn login(&self, email: &str, password: &str, client: ClientAddress) -> Result<String, LoginError> {
        let email = email.trim().to_lowercase();
        if email.len() > 320 || password.len() > 1_024 {
            return Err(LoginError::Wrong);
        }
        let attempt = Attempt { email, client };
        if !self.may_try(&attempt) {
            return Err(LoginError::TooMany);
        }
        let turn = self.checker.turn().await.ok_or(LoginError::Busy)?;
        // Others like it may have failed while this one waited.
        self.count(&attempt)?;
        let account = self.catalog.account_by_email(&attempt.email).await?;
        let hash = account.as_ref().map(|account| account.password_hash.as_str());
        let is_right = self.checker.is_right(turn, password, hash).await;
        let account = account.filter(|_| is_right).ok_or(LoginError::Wrong)?;
        self.failures().forgive(&attempt);
        let token = tokens::new_token();
        let login = Login {
            token_hash: tokens::hash(&token),
            account: account.id,
            expires_at: self.clock.unix_millis() + LOGIN_DAYS * 24 * 3_600_000,
        };
        self.catalog.put_login(&login).await?;
        Ok(token)
    }

    fn may_try(&self, attempt: &Attempt) -> bool {
        self.failures().allow(self.clock.unix_millis(), attempt)
    }

    fn count(&self, attempt: &Attempt) -> Result<(), LoginError> {
        let mut failures = self.failures();
        if !failures.allow(self.clock.unix_millis(), attempt) {
            return Err(LoginError::TooMany);
        }
        failures.count(attempt);
        Ok(())
    }

    fn failures(&self) -> MutexGuard<'_, Failures> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose browser that is.
    pub async fn who(&self, token: &str) -> Result<Option<Account>, PortError> {
        if !tokens::is_plausible(token) {
            return Ok(None);
        }
        let now = self.clock.unix_millis();
        match self.catalog.login(&tokens::hash(token), now).await? {
            Some(login) => self.catalog.account(&login.account).await,
            None => Ok(None),
        }
    }

    /// Signs a browser out.
    pub async fn logout(&self, token: &str) -> Result<(), PortError> {
        self.catalog.remove_login(&tokens::hash(token), self.clock.unix_millis()).await
    }
}
