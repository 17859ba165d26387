//! Where everything is kept: the event log and the tables beside it. The only SQL, and no rule about what it keeps.
//!
//! [`Store`] keeps them in a file of SQLite, [`Memory`] nowhere; one conformance suite holds them to the same behaviour.
//! The SQL is written for SQLite and PostgreSQL alike: `$1`, `returning`, `on conflict`, ids as text, times as integers,
//! lists as JSON in text. What only one of them understands stays in its migrations.

mod accounts;
mod assessments;
mod catalog;
mod columns;
mod database;
mod erasing;
mod events;
mod fault;
mod interviews;
mod invitations;
mod memory;
mod searching;
mod settings;

pub use database::{Store, StoreError};
pub use memory::Memory;
