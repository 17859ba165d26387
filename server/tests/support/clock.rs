//! A clock that stands still until the test winds it, or lets it tick.

use std::sync::atomic::{AtomicU64, Ordering};

use service::ports::Clock;

/// Some moment of the year 2026.
const BEGINNING: u64 = 1_780_000_000_000;

/// The clock in a test's hand.
#[derive(Debug, Default)]
pub struct HandClock {
    millis: AtomicU64,
    /// How far every look at it takes it on.
    tick: AtomicU64,
}

impl HandClock {
    /// So many milliseconds pass.
    pub fn wind(&self, millis: u64) {
        self.millis.fetch_add(millis, Ordering::SeqCst);
    }

    /// From now on no two looks at it see the same moment.
    pub fn let_tick(&self) {
        self.tick.store(1, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn unix_millis(&self) -> u64 {
        BEGINNING + self.monotonic_millis()
    }

    fn monotonic_millis(&self) -> u64 {
        self.millis.fetch_add(self.tick.load(Ordering::SeqCst), Ordering::SeqCst)
    }
}
