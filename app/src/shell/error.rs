//! The one error that crosses from a server function to the page: what the visitor may do next, nothing internal.

use leptos::prelude::*;
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// Why a page cannot show or do something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "error", content = "text", rename_all = "snake_case")]
pub enum AppError {
    /// Nobody is signed in, or not as the right person.
    #[error("sign in to see this")]
    SignInFirst,
    /// It does not exist, or not for this visitor.
    #[error("there is nothing here for you")]
    NotFound,
    /// The request says something wrong; the sentence says what.
    #[error("{0}")]
    Invalid(String),
    /// Not now; trying again may help.
    #[error("this is not possible right now; try again in a moment")]
    Unavailable,
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(text) | ServerFnErrorErr::MissingArg(text) | ServerFnErrorErr::Deserialization(text) => {
                Self::Invalid(text)
            }
            _ => Self::Unavailable,
        }
    }
}
