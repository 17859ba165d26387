//! What a stranger may try to get out of a box, and what must come of it.
//!
//! Every promise is a test of its own. It is tried twice by the same program, this one: where its wall is missing, to see
//! that the attempt succeeds there, and in a box, to see that it does not.

#[macro_use]
mod promise;
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
#[path = "../support/traces.rs"]
mod traces;

pub(crate) use patience::{PATIENCE, soon};
pub(crate) use places::boxed;
pub(crate) use promise::{Outcome, call};
