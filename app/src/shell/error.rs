//! The one error that crosses from a server function to the page: what the visitor may do next, nothing internal.

use leptos::prelude::*;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::{Bytes, Encodes as _};
use serde::{Deserialize, Serialize};

/// Why a page cannot show or do something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "error", content = "text", rename_all = "snake_case")]
pub enum AppError {
    /// Nobody is signed in, or not as the right person.
    #[error("sign in to see this")]
    SignInFirst,
    /// The address and the password do not belong together; which of the two is wrong is nobody's business.
    #[error("that e-mail address and password do not belong together")]
    WrongPassword,
    /// Asked too often.
    #[error("that was tried too often; wait a minute and try again")]
    TooManyAttempts,
    /// It does not exist, or not for this visitor.
    #[error("there is nothing here for you")]
    NotFound,
    /// One field of a form says something wrong.
    #[error("{reason}")]
    Field {
        /// The field's name on the wire.
        field: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The request says something wrong; the sentence says what.
    #[error("{0}")]
    Invalid(String),
    /// Not now; trying again may help.
    #[error("this is not possible right now; nothing was lost, try again in a moment")]
    Unavailable,
}

impl AppError {
    /// What is wrong with that field, when this is about it.
    pub fn of_field(&self, name: &str) -> Option<String> {
        match self {
            Self::Field { field, reason } if field == name => Some(sentence(reason)),
            Self::SignInFirst
            | Self::WrongPassword
            | Self::TooManyAttempts
            | Self::NotFound
            | Self::Field { .. }
            | Self::Invalid(_)
            | Self::Unavailable => None,
        }
    }

    /// It as a sentence on a page.
    pub fn sentence(&self) -> String {
        sentence(&self.to_string())
    }
}

/// A message as people write it: with a capital letter and a full stop.
pub fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let stop = if message.is_empty() || message.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            // What the framework says of a form speaks to programmers.
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
                Self::Invalid("something in this form is missing; reload the page and try again".to_owned())
            }
            _ => Self::Unavailable,
        }
    }

    fn ser(&self) -> Bytes {
        super::status::refuse_with(self);
        JsonEncoding::encode(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_becomes_a_sentence() {
        assert_eq!(sentence("a name is needed"), "A name is needed.");
        assert_eq!(sentence("Ready?"), "Ready?");
        assert_eq!(sentence("éa"), "Éa.");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn a_fault_is_shown_at_its_own_field_only() {
        let error = AppError::Field { field: "title".to_owned(), reason: "give it a title".to_owned() };
        assert_eq!(error.of_field("title").as_deref(), Some("Give it a title."));
        assert_eq!(error.of_field("minutes"), None);
    }
}
