//! Live rooms without a network, a database or a sandbox: over the ports in memory, with a clock that the test winds.
#![allow(missing_docs, dead_code, clippy::unwrap_used, reason = "a test says what is wrong by failing")]

#[path = "support/clock.rs"]
mod clock;

#[path = "rooms/house.rs"]
mod house;
#[path = "rooms/outages.rs"]
mod outages;
#[path = "rooms/script.rs"]
mod script;
