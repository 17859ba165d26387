//! What can go wrong with a request: what the candidate reads, what the operator reads, and whether to try once more.

use std::time::Duration;

use reqwest::StatusCode;

use super::event::Fault;
use super::sse::TooLong;

/// A request that did not give a whole answer. Its `Display` is for the operator, its `sentence` for the candidate.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No connection, or it was lost before the service said anything.
    #[error("the service cannot be reached: {0:?}")]
    Unreachable(reqwest::Error),
    /// The service said no.
    #[error("the service answered {status} {}: {}", fault.kind, fault.message)]
    Refused {
        /// How it said so.
        status: StatusCode,
        /// When to come back, if it said that.
        retry_after: Option<Duration>,
        /// Why.
        fault: Fault,
    },
    /// The service gave up in the middle of the stream.
    #[error("the service gave up in mid-stream, {}: {}", .0.kind, .0.message)]
    GaveUp(Fault),
    /// The stream ended before the message did.
    #[error("the stream was cut")]
    Cut,
    /// Nothing came for too long.
    #[error("the service fell silent")]
    Silent,
    /// What came is not the protocol.
    #[error("the stream cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// What came is too much.
    #[error("the stream cannot be read: {0}")]
    TooLong(#[from] TooLong),
    /// A tool's input never became complete.
    #[error("the input of a tool call is not complete")]
    HalfCall,
    /// The prompt ends with the assistant's own words.
    #[error("the prompt has no question to answer")]
    NoQuestion,
}

/// Whether another try may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// It would end the same.
    Never,
    /// After a short while, which the client chooses.
    Soon,
    /// After this long; the service said so.
    After(Duration),
}

impl Failure {
    /// Whether another try may help, if the candidate has seen nothing yet.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Unreachable(_) | Self::Cut => Retry::Soon,
            Self::GaveUp(fault) if is_passing(&fault.kind) => Retry::Soon,
            Self::Refused { retry_after: Some(after), status, .. } if is_passing_status(*status) => {
                Retry::After(*after)
            }
            // Without a word on when to come back, a full quota is rarely free again within seconds.
            Self::Refused { status, .. } if is_passing_status(*status) && *status != StatusCode::TOO_MANY_REQUESTS => {
                Retry::Soon
            }
            Self::Refused { .. }
            | Self::GaveUp(_)
            | Self::Silent
            | Self::Unreadable(_)
            | Self::TooLong(_)
            | Self::HalfCall
            | Self::NoQuestion => Retry::Never,
        }
    }

    /// Whether thinking was sent back that no longer belongs to what stands before it.
    pub fn is_about_thinking(&self) -> bool {
        matches!(self, Self::Refused { status: StatusCode::BAD_REQUEST, fault, .. }
            if fault.message.contains("bound to a different conversation"))
    }

    /// What happened and what to do, for the candidate.
    pub fn sentence(&self) -> String {
        match self {
            Self::Unreachable(_) => "The assistant cannot be reached at the moment; try again shortly.".into(),
            Self::Refused { status, retry_after, fault } => refusal(*status, *retry_after, fault),
            Self::GaveUp(fault) if fault.kind == "rate_limit_error" => refusal(StatusCode::TOO_MANY_REQUESTS, None, fault),
            Self::GaveUp(fault) if fault.kind == "overloaded_error" => OVERLOADED.into(),
            Self::GaveUp(_) => "The assistant broke off because of a fault on its side; what it wrote is kept, so ask \
                                again to go on."
                .into(),
            Self::Cut => "The connection to the assistant broke off; what it wrote is kept, so ask again to go on.".into(),
            Self::Silent => "The assistant stopped sending; what it wrote is kept, so ask again to go on.".into(),
            Self::Unreadable(_) | Self::TooLong(_) => {
                "The assistant sent something that could not be read; what came before is kept, so ask again to go on.".into()
            }
            Self::HalfCall => {
                "The assistant broke off while it was preparing a step, so that step was not taken; ask again, perhaps for \
                 something smaller."
                    .into()
            }
            Self::NoQuestion => "There was nothing for the assistant to answer; send your message again.".into(),
        }
    }
}

const OVERLOADED: &str = "The assistant is overloaded at the moment; try again in a minute.";

fn refusal(status: StatusCode, retry_after: Option<Duration>, fault: &Fault) -> String {
    match status.as_u16() {
        429 => match retry_after {
            Some(after) => {
                format!("The assistant has too much to do at the moment; try again in {}.", in_words(after))
            }
            None => "The assistant has too much to do at the moment; try again in a minute.".into(),
        },
        503 | 529 => OVERLOADED.into(),
        413 => TOO_LONG.into(),
        400 if fault.message.contains("too long") => TOO_LONG.into(),
        500.. => "The assistant has a fault on its side; try again in a minute.".into(),
        _ => "The assistant is not set up correctly here, so it cannot answer; go on without it and tell your interviewer."
            .into(),
    }
}

const TOO_LONG: &str =
    "This is more than the assistant can read at once; ask about a smaller part, or make the files shorter.";

fn in_words(after: Duration) -> String {
    match after.as_secs() + u64::from(after.subsec_nanos() > 0) {
        0 | 1 => "a second".into(),
        seconds @ 2..=90 => format!("{seconds} seconds"),
        seconds => format!("{} minutes", seconds.div_ceil(60)),
    }
}

fn is_passing_status(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 500 | 502 | 503 | 504 | 529)
}

fn is_passing(kind: &str) -> bool {
    matches!(kind, "overloaded_error" | "api_error" | "timeout_error")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, message: &str) -> Failure {
        let fault = Fault { kind: "some_error".into(), message: message.into() };
        Failure::Refused { status: StatusCode::from_u16(status).expect("a status"), retry_after: None, fault }
    }

    #[test]
    fn a_sentence_never_repeats_what_the_service_said() {
        for status in [400, 401, 402, 403, 404, 408, 413, 418, 429, 500, 502, 503, 529] {
            let sentence = refused(status, "internal: key sk-ant-1 of org 7").sentence();
            assert!(sentence.ends_with('.') && !sentence.contains("sk-ant") && !sentence.contains("internal"));
            assert!(!sentence.contains(&status.to_string()), "{sentence}");
        }
    }

    #[test]
    fn a_mistake_in_the_request_is_not_repeated() {
        for status in [400, 401, 403, 404, 413, 429] {
            assert_eq!(refused(status, "").retry(), Retry::Never, "{status}");
        }
        for status in [500, 502, 503, 529] {
            assert_eq!(refused(status, "").retry(), Retry::Soon, "{status}");
        }
    }

    #[test]
    fn a_long_wait_is_told_in_minutes() {
        assert_eq!(in_words(Duration::from_millis(300)), "a second");
        assert_eq!(in_words(Duration::from_millis(29_001)), "30 seconds");
        assert_eq!(in_words(Duration::from_secs(150)), "3 minutes");
    }
}
