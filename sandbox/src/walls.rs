//! The walls of a box by their names, so that a test can take one away and see that it was this one that held.
//!
//! The feature `without-walls` belongs to this crate's own tests, which are the only ones to ask for it. Without it there is
//! no way to name a wall from outside, and every wall stands.

/// What keeps a program in its box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wall {
    /// A network of its own.
    Network,
    /// A name of its own for the machine.
    Names,
    /// Processes of its own.
    Processes,
    /// The list of system calls.
    Calls,
    /// An account of its own, in a user namespace, without capabilities.
    Rights,
    /// A root of its own, and devices.
    Root,
    /// What `/proc` does not tell.
    Hidden,
    /// Memory and processes that are counted, and have an end.
    Counts,
    /// A disk of its own with an end.
    Disk,
    /// What one process may have.
    Limits,
    /// Terminals of its own, a few.
    Terminals,
    /// An environment of its own.
    Environment,
    /// No files but those that it is given.
    Descriptors,
}

/// The walls of all boxes of a server.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Walls {
    #[cfg(feature = "without-walls")]
    missing: &'static [Wall],
}

impl Walls {
    /// All but these.
    #[cfg(feature = "without-walls")]
    pub(crate) fn without(missing: &'static [Wall]) -> Self {
        Self { missing }
    }

    /// Whether a wall stands.
    #[cfg(feature = "without-walls")]
    pub(crate) fn has(self, wall: Wall) -> bool {
        !self.missing.contains(&wall)
    }

    /// Whether a wall stands: each does.
    #[cfg(not(feature = "without-walls"))]
    #[expect(clippy::unused_self, reason = "what there is to ask is decided when it is built")]
    pub(crate) const fn has(self, _: Wall) -> bool {
        true
    }
}
