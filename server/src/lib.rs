//! The server as a library: configuration, wiring, routes, sockets, the Claude client, jobs. It holds no rules;
//! those are in `service` and `interview`.

#![recursion_limit = "512"]

pub mod claude;
pub mod clock;
pub mod commands;
pub mod configuration;
pub mod guard;
pub mod health;
pub mod jobs;
pub mod problem;
pub mod routes;
pub mod who;
pub mod wiring;
