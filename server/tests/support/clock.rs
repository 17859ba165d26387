//! A clock that stands still until the test winds it.

use std::sync::atomic::{AtomicU64, Ordering};

use service::ports::Clock;

/// Some moment of the year 2026.
const BEGINNING: u64 = 1_780_000_000_000;

/// The clock in a test's hand.
#[derive(Debug, Default)]
pub struct HandClock(AtomicU64);

impl HandClock {
    /// So many milliseconds pass.
    pub fn wind(&self, millis: u64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn unix_millis(&self) -> u64 {
        BEGINNING + self.monotonic_millis()
    }

    fn monotonic_millis(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}
