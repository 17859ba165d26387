//! What people see: pages and components in Leptos, rendered on the server first and alive in the browser after.
//! Types come from `interview`; the use cases are reached only through server functions in `*/api.rs`.

#![recursion_limit = "512"]

pub mod account;
pub mod dashboard;
pub mod home;
#[cfg(feature = "browser")]
pub mod js;
pub mod replay;
pub mod room;
pub mod shell;
pub mod start;
pub mod ui;

pub use shell::App;
#[cfg(feature = "ssr")]
pub use shell::document;
