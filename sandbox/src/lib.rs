//! Boxes for strangers' programs: bubblewrap, cgroups and seccomp, or a container engine, behind the
//! [`service::ports::Sandbox`] port.
//!
//! The only crate that may say `unsafe`, and the only one that knows Linux. It refuses to run anything outside a box:
//! on a machine that cannot isolate, every start is an error.

mod bubblewrap;
mod cage;
mod cgroup;
mod changes;
mod child;
mod docker;
mod files;
mod ground;
mod keyboard;
mod launch;
mod launcher;
mod lodging;
mod mount;
mod pool;
mod run;
mod seccomp;
mod shell;
mod walls;
mod watch;

pub use bubblewrap::{Bubblewrap, Settings};
pub use docker::{Docker, DockerSettings};
pub use pool::Pool;
#[cfg(feature = "without-walls")]
pub use walls::Wall;
