//! Whoever looks at the page, as far as pages say their name.

use serde::{Deserialize, Serialize};

/// A signed-in reviewer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visitor {
    /// Shown to colleagues.
    pub name: String,
    /// What they sign in with.
    pub email: String,
}
