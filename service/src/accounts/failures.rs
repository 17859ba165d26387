//! Failed sign-ins of a minute, counted so that no password can be guessed, and nobody can shut somebody else out.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};

/// Most failures for one account from one client in a minute.
const PER_ACCOUNT: u32 = 10;

/// Most failures from one client in a minute, whatever the account.
const PER_CLIENT: u32 = 30;

/// After so many failures in a minute from everywhere, whoever has failed once waits.
const OVERALL: u32 = 300;

/// Where a request comes from, as far as it tells one client from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl From<IpAddr> for ClientAddress {
    /// Of IPv6 the network: a single client has all its addresses.
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        })
    }
}

/// Somebody who tries to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Attempt {
    /// The account's address, in lower case.
    pub email: String,
    /// Where they are.
    pub client: ClientAddress,
}

/// How long failures are remembered.
const WINDOW_MILLIS: u64 = 60_000;

/// The failures of a minute, which begins with an attempt. An attempt counts as failed until it turns out to be right.
#[derive(Debug, Default)]
pub(super) struct Failures {
    since_millis: u64,
    by_attempt: HashMap<Attempt, u32>,
    by_client: HashMap<ClientAddress, u32>,
    overall: u32,
}

impl Failures {
    /// Whether that attempt may be made now. A client without failures always may.
    pub fn allow(&mut self, now_millis: u64, attempt: &Attempt) -> bool {
        let is_recent = now_millis.checked_sub(self.since_millis).is_some_and(|age| age < WINDOW_MILLIS);
        if !is_recent {
            *self = Self { since_millis: now_millis, ..Self::default() };
        }
        let by_client = self.by_client.get(&attempt.client).copied().unwrap_or(0);
        let by_attempt = self.by_attempt.get(attempt).copied().unwrap_or(0);
        by_client == 0 || (by_attempt < PER_ACCOUNT && by_client < PER_CLIENT && self.overall < OVERALL)
    }

    /// Counts an attempt.
    pub fn count(&mut self, attempt: &Attempt) {
        *self.by_attempt.entry(attempt.clone()).or_default() += 1;
        *self.by_client.entry(attempt.client).or_default() += 1;
        self.overall += 1;
    }

    /// An attempt was right after all.
    pub fn forgive(&mut self, attempt: &Attempt) {
        for count in [self.by_attempt.get_mut(attempt), self.by_client.get_mut(&attempt.client)].into_iter().flatten() {
            *count = count.saturating_sub(1);
        }
        self.overall = self.overall.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_700_000_012_345;

    fn attempt(email: &str, address: &str) -> Attempt {
        Attempt { email: email.to_owned(), client: address.parse::<IpAddr>().expect("an address").into() }
    }

    /// How many of `attempts` in one minute are allowed.
    fn allowed(failures: &mut Failures, attempts: impl IntoIterator<Item = Attempt>) -> usize {
        let counted = attempts.into_iter().filter(|attempt| {
            let is_allowed = failures.allow(NOW, attempt);
            if is_allowed {
                failures.count(attempt);
            }
            is_allowed
        });
        counted.count()
    }

    #[test]
    fn an_account_is_closed_to_who_failed_and_open_to_everybody_else() {
        let mut failures = Failures::default();
        assert_eq!(allowed(&mut failures, vec![attempt("ada", "192.0.2.1"); 20]), 10);
        assert!(failures.allow(NOW, &attempt("bob", "192.0.2.1")));
        assert!(failures.allow(NOW, &attempt("ada", "192.0.2.2")));
        assert!(!failures.allow(NOW + 59_999, &attempt("ada", "192.0.2.1")));
        assert!(failures.allow(NOW + 60_000, &attempt("ada", "192.0.2.1")));
    }

    #[test]
    fn made_up_accounts_do_not_give_one_client_more_attempts() {
        let mut failures = Failures::default();
        let made_up = (0..100).map(|number| attempt(&number.to_string(), "192.0.2.1"));
        assert_eq!(allowed(&mut failures, made_up), 30);
        let same_network = (0..100).map(|number| attempt("ada", &format!("2001:db8::{number:x}")));
        assert_eq!(allowed(&mut failures, same_network), 10);
        assert!(!failures.allow(NOW, &attempt("ada", "::ffff:192.0.2.1")));
    }

    #[test]
    fn many_clients_together_have_a_ceiling_that_stops_nobody_who_did_not_fail() {
        let mut failures = Failures::default();
        let clients = |range: std::ops::Range<u32>| {
            range.flat_map(|number| vec![attempt("ada", &format!("10.0.{}.{}", number / 200, number % 200)); 5])
        };
        allowed(&mut failures, clients(0..60));
        assert_eq!(allowed(&mut failures, clients(100..110)), 10, "one each");
        assert!(!failures.allow(NOW, &attempt("ada", "10.0.0.0")));
        assert!(failures.allow(NOW, &attempt("ada", "192.0.2.1")));
    }

    #[test]
    fn who_is_right_is_never_stopped() {
        let mut failures = Failures::default();
        for _ in 0..1_000 {
            let attempt = attempt("ada", "192.0.2.1");
            assert!(failures.allow(NOW, &attempt));
            failures.count(&attempt);
            failures.forgive(&attempt);
        }
    }
}
