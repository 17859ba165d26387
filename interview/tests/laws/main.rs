//! The laws of the domain, each for any log that proptest can think of.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod clocks;
mod converging;
mod folding;
mod log;
mod model;
mod replaying;
mod screen;
mod transforming;
