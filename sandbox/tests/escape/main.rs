//! What a stranger may try to get out of a box, and what must come of it.
//!
//! Every promise is a test of its own, tried by the same program, this one. Where its wall is missing the attempt has to
//! succeed: as a bare process, in a naive box, and in a box of ours from which the walls that it names were taken away. In a
//! whole box it has to fail, and has to say so.

#[macro_use]
mod promise;
mod containers;
mod ends;
mod files;
mod kernel;
mod network;
mod places;
mod processes;
mod resources;
mod results;
mod workspace;

#[path = "../support/patience.rs"]
mod patience;
#[path = "../support/podman_service.rs"]
mod podman_service;
#[path = "../support/traces.rs"]
mod traces;

pub(crate) use patience::{PATIENCE, soon};
pub(crate) use places::boxed;
pub(crate) use promise::{Outcome, call};
