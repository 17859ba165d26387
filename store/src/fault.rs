//! What goes wrong between a query and its caller, and what of it the ports tell.

use interview::fact::DecodeError;
use interview::ids::NameError;
use service::ports::PortError;
use sqlx::error::ErrorKind;

/// Why a query has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// The database refused or is gone.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// A row of this name or place exists, or the log does not end where the writer believes.
    #[error("somebody else has written there")]
    Conflict,
    /// What a row refers to does not exist.
    #[error("there is no {0} {1}")]
    Absent(&'static str, String),
    /// A value that no version of this program has written.
    #[error("the column {0} holds an unknown value: {1}")]
    Unknown(&'static str, String),
    /// A name that no version of this program has written.
    #[error("a stored name: {0}")]
    Name(#[from] NameError),
    /// A list that is not one.
    #[error("a stored list: {0}")]
    List(#[from] serde_json::Error),
    /// An event that no version of this program has written.
    #[error("a stored event: {0}")]
    Event(#[from] DecodeError),
}

impl From<Fault> for PortError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Conflict => Self::Conflict,
            Fault::Database(error) if is_taken(&error) => Self::Conflict,
            Fault::Database(_) | Fault::Absent(..) | Fault::Unknown(..) => Self::Unavailable(fault.to_string()),
            Fault::Name(_) | Fault::List(_) | Fault::Event(_) => Self::Unavailable(fault.to_string()),
        }
    }
}

fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.kind() == ErrorKind::UniqueViolation)
}
