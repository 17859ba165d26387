//! Passwords and their hashes. A hash costs tens of milliseconds and megabytes on purpose, so that only a few are made at
//! once, away from the tasks of the rooms; whoever waits too long is sent away.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Argon2, PasswordHash};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::tokens;

/// How many passwords are checked at once.
const CHECKS_AT_ONCE: usize = 2;

/// How long somebody waits for their turn.
const PATIENCE: Duration = Duration::from_secs(3);

/// Checks passwords, a few at once.
#[derive(Debug)]
pub(super) struct Checker {
    turns: Arc<Semaphore>,
    patience: Duration,
    /// The hash of no password, so that an unknown account takes as long as a known one.
    nobody: String,
}

/// The right to one check.
#[derive(Debug)]
pub(super) struct Turn(OwnedSemaphorePermit);

impl Checker {
    /// Nobody waits yet.
    pub fn new() -> Self {
        let nobody = hash(&tokens::new_token());
        Self { turns: Arc::new(Semaphore::new(CHECKS_AT_ONCE)), patience: PATIENCE, nobody }
    }

    /// Waits for a turn; none when too many others do.
    pub async fn turn(&self) -> Option<Turn> {
        let turn = tokio::time::timeout(self.patience, self.turns.clone().acquire_owned()).await;
        turn.ok()?.ok().map(Turn)
    }

    /// Whether the password is the one of that hash. The turn ends with the work, even when nobody waits for the answer.
    pub async fn is_right(&self, turn: Turn, password: &str, hash: Option<&str>) -> bool {
        let (password, hash) = (password.to_owned(), hash.unwrap_or(&self.nobody).to_owned());
        let checking = tokio::task::spawn_blocking(move || {
            let is_right = verify(&password, &hash);
            drop(turn.0);
            is_right
        });
        checking.await.unwrap_or(false)
    }
}

/// The hash to keep of a password.
pub(super) fn hash(password: &str) -> String {
    Argon2::default().hash_password(password.as_bytes()).expect("a password of sane length can be hashed").to_string()
}

/// Whether the password is the one of that hash.
pub(super) fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_a_few_are_checked_at_once_and_a_turn_ends_with_its_work() {
        let checker = Checker { patience: Duration::ZERO, ..Checker::new() };
        let mut turns = Vec::new();
        while let Some(turn) = checker.turn().await {
            turns.push(turn);
        }
        assert_eq!(turns.len(), CHECKS_AT_ONCE);
        let kept = hash("right");
        assert!(checker.is_right(turns.remove(0), "right", Some(&kept)).await);
        let turn = checker.turn().await.expect("the turn that ended");
        assert!(checker.turn().await.is_none());
        assert!(!checker.is_right(turn, "wrong", Some(&kept)).await);
        assert!(!checker.is_right(turns.remove(0), "anything", None).await);
    }
}
