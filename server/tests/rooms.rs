//! Live rooms without a network, a database or a sandbox: over the ports in memory, with a clock that the test winds.
#![allow(missing_docs, dead_code, clippy::unwrap_used, reason = "a test says what is wrong by failing")]

#[path = "support/clock.rs"]
mod clock;

#[path = "rooms/boxes.rs"]
mod boxes;
#[path = "rooms/budgets.rs"]
mod budgets;
#[path = "rooms/house.rs"]
mod house;
#[path = "rooms/leaving.rs"]
mod leaving;
#[path = "rooms/outages.rs"]
mod outages;
#[path = "rooms/questions.rs"]
mod questions;
#[path = "rooms/resending.rs"]
mod resending;
#[path = "rooms/script.rs"]
mod script;
#[path = "rooms/time.rs"]
mod time;
