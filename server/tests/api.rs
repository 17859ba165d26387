//! The product over HTTP and sockets, through the real router, store, boxes and a fake Claude.
#![allow(missing_docs, dead_code, clippy::unwrap_used, reason = "a test says what is wrong by failing")]

#[path = "support/clock.rs"]
mod clock;
#[path = "support/fake_claude.rs"]
mod fake_claude;

#[path = "api/assistant.rs"]
mod assistant;
#[path = "api/bombs.rs"]
mod bombs;
#[path = "api/commands.rs"]
mod commands;
#[path = "api/crash.rs"]
mod crash;
#[path = "api/desk.rs"]
mod desk;
#[path = "api/disk.rs"]
mod disk;
#[path = "api/doors.rs"]
mod doors;
#[path = "api/erasing.rs"]
mod erasing;
#[path = "api/house.rs"]
mod house;
#[path = "api/languages.rs"]
mod languages;
#[path = "api/openapi.rs"]
mod openapi;
#[path = "api/recordings.rs"]
mod recordings;
#[path = "api/rooms.rs"]
mod rooms;
#[path = "api/socket.rs"]
mod socket;
#[path = "api/story.rs"]
mod story;
#[path = "api/undo.rs"]
mod undo;
#[path = "api/visitor.rs"]
mod visitor;
