//! Reviewers: their passwords, and the browsers they are signed in with.

use std::sync::Arc;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Argon2, PasswordHash};

use crate::ports::catalog::{Account, Login};
use crate::ports::{Catalog, Clock, PortError};
use crate::tokens;

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
    /// The tables cannot be reached.
    #[error("signing in is not possible right now; try again in a moment")]
    Unavailable(#[from] PortError),
}

/// A window of time and how many attempts it has seen.
#[derive(Debug, Default)]
struct Attempts {
    window: u64,
    count: u32,
}

/// Most attempts for one address in a minute.
const ATTEMPTS_PER_MINUTE: u32 = 10;

/// The use cases of accounts.
pub struct Accounts {
    catalog: Arc<dyn Catalog>,
    clock: Arc<dyn Clock>,
    attempts: std::sync::Mutex<std::collections::HashMap<String, Attempts>>,
    /// The hash of no password, so that an unknown address takes as long as a known one.
    nobody: String,
}

impl Accounts {
    /// Accounts in those tables.
    pub fn new(catalog: Arc<dyn Catalog>, clock: Arc<dyn Clock>) -> Self {
        let nobody = hash_password(&tokens::new_token());
        Self { catalog, clock, attempts: std::sync::Mutex::default(), nobody }
    }

    /// Makes sure that this account exists with this password.
    pub async fn ensure(&self, email: &str, name: &str, password: &str) -> Result<Account, PortError> {
        let email = email.trim().to_lowercase();
        if let Some(account) = self.catalog.account_by_email(&email).await? {
            if verify(password, &account.password_hash) {
                return Ok(account);
            }
            let account = Account { password_hash: hash_password(password), ..account };
            self.catalog.put_account(&account).await?;
            return Ok(account);
        }
        let account = Account {
            id: uuid::Uuid::now_v7().to_string(),
            email,
            name: name.to_owned(),
            password_hash: hash_password(password),
            created_at: self.clock.unix_millis(),
        };
        self.catalog.put_account(&account).await?;
        Ok(account)
    }

    /// Signs a browser in and answers its token.
    pub async fn login(&self, email: &str, password: &str) -> Result<String, LoginError> {
        let email = email.trim().to_lowercase();
        if email.len() > 320 || password.len() > 1_024 {
            return Err(LoginError::Wrong);
        }
        self.count_attempt(&email)?;
        let account = self.catalog.account_by_email(&email).await?;
        let hash = account.as_ref().map_or_else(|| self.nobody.clone(), |account| account.password_hash.clone());
        let password = password.to_owned();
        // A password's hash takes tens of milliseconds on purpose; other rooms must not wait for it.
        let is_right = tokio::task::spawn_blocking(move || verify(&password, &hash)).await.unwrap_or(false);
        let account = account.filter(|_| is_right).ok_or(LoginError::Wrong)?;
        let token = tokens::new_token();
        let login = Login {
            token_hash: tokens::hash(&token),
            account: account.id,
            expires_at: self.clock.unix_millis() + LOGIN_DAYS * 24 * 3_600_000,
        };
        self.catalog.put_login(&login).await?;
        Ok(token)
    }

    fn count_attempt(&self, email: &str) -> Result<(), LoginError> {
        let window = self.clock.unix_millis() / 60_000;
        let mut attempts = self.attempts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        attempts.retain(|_, attempts| attempts.window == window);
        let attempts = attempts.entry(email.to_owned()).or_default();
        attempts.window = window;
        attempts.count += 1;
        if attempts.count > ATTEMPTS_PER_MINUTE { Err(LoginError::TooMany) } else { Ok(()) }
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

fn hash_password(password: &str) -> String {
    Argon2::default().hash_password(password.as_bytes()).expect("a password of sane length can be hashed").to_string()
}

fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}
