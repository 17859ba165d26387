//! Names for things: interviews, tabs, files. Each is parsed once, at the door, and right from then on.

mod path;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use path::{FilePath, PATH_LIMIT_BYTES};

/// Largest text that one file may hold, in bytes.
pub const FILE_LIMIT_BYTES: usize = 1 << 20;

/// Why a name was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing was given.
    #[error("a name is needed")]
    Empty,
    /// Longer than any honest name.
    #[error("the name is longer than {limit} bytes")]
    TooLong {
        /// How long it may be.
        limit: usize,
    },
    /// A path that does not stay inside the workspace.
    #[error("the path must stay inside the workspace: no leading slash, no `.` or `..`, no empty part")]
    Outside,
    /// A character that no name may hold, or no path shows as itself.
    #[error("the name holds a control character, or a backslash that does not spell out a byte as `\\xE9` does")]
    Forbidden,
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $limit:expr, $allowed:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Parses a name that came from outside.
            pub fn parse(text: impl Into<String>) -> Result<Self, NameError> {
                let text = text.into();
                if text.is_empty() {
                    return Err(NameError::Empty);
                }
                if text.len() > $limit {
                    return Err(NameError::TooLong { limit: $limit });
                }
                if !text.chars().all($allowed) {
                    return Err(NameError::Forbidden);
                }
                Ok(Self(text))
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;
            fn try_from(text: String) -> Result<Self, NameError> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

fn is_id_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

text_id! {
    /// One interview, by a UUIDv7 in text.
    InterviewId, 64, is_id_char
}

text_id! {
    /// One browser tab (or API client) as a source of facts: a random id, made once per tab.
    Origin, 64, is_id_char
}

text_id! {
    /// A problem of the question bank, by the name of its folder.
    ProblemSlug, 80, is_id_char
}
