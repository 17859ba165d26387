//! Errors as `application/problem+json`: a stable type, a sentence a person can act on, never an internal detail.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use service::accounts::LoginError;
use service::assessments::AssessmentError;
use service::interviews::StartError;
use service::live::RoomError;
use service::ports::PortError;
use utoipa::ToSchema;

/// What went wrong, for whoever asked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Stable, for programs: `/problems/…`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The type in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// A sentence for a person.
    pub detail: String,
    /// The field that is wrong, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'static str>,
    /// The client's own count of the event that was not taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<u64>,
    /// The client's own count up to which events were taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub through: Option<u64>,
}

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $status:ident $kind:literal $title:literal;)*) => {
        impl Problem {
            $($(#[$doc])* pub fn $name(detail: impl Into<String>) -> Self {
                Self::new(StatusCode::$status, concat!("/problems/", $kind), $title, detail.into())
            })*
        }
    };
}

problems! {
    /// The request cannot be understood.
    malformed = BAD_REQUEST "malformed" "The request cannot be understood";
    /// Nobody is signed in.
    unauthorised = UNAUTHORIZED "sign-in-needed" "Sign-in needed";
    /// Somebody is, but not for this.
    forbidden = FORBIDDEN "not-allowed" "Not allowed";
    /// The request comes from another site.
    foreign_origin = FORBIDDEN "foreign-origin" "Foreign origin";
    /// It does not exist.
    not_found = NOT_FOUND "not-found" "Not found";
    /// It was there and is no longer good.
    gone = GONE "expired" "Expired";
    /// It is over.
    ended = CONFLICT "interview-ended" "The interview has ended";
    /// Not now.
    not_now = CONFLICT "not-now" "Not possible now";
    /// Too large.
    too_large = PAYLOAD_TOO_LARGE "too-large" "Too large";
    /// Understood, and not right.
    invalid = UNPROCESSABLE_ENTITY "invalid" "Not valid";
    /// An event that was not taken.
    refused = UNPROCESSABLE_ENTITY "event-refused" "Event not taken";
    /// Too often.
    too_many = TOO_MANY_REQUESTS "too-many" "Too many attempts";
    /// The wrong kind of body.
    wrong_type = UNSUPPORTED_MEDIA_TYPE "wrong-content-type" "Wrong content type";
    /// Our own fault, and passing.
    unavailable = SERVICE_UNAVAILABLE "unavailable" "Unavailable right now";
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, title: &'static str, detail: String) -> Self {
        Self { kind, title, status: status.as_u16(), detail, field: None, n: None, through: None }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response()
    }
}

impl From<PortError> for Problem {
    fn from(error: PortError) -> Self {
        tracing::error!(%error, "a port failed under a request");
        Self::unavailable("this is not possible right now; try again in a moment")
    }
}

impl From<RoomError> for Problem {
    fn from(error: RoomError) -> Self {
        let detail = error.to_string();
        match error {
            RoomError::Unknown => Self::not_found(detail),
            RoomError::Ended => Self::ended(detail),
            RoomError::Refused { n, through, .. } => Self { n: Some(n), through, ..Self::refused(detail) },
            RoomError::Forbidden { n, .. } => Self { n: Some(n), ..Self::forbidden(detail) },
            RoomError::NotNow(_) => Self::not_now(detail),
            RoomError::Gone | RoomError::Unavailable => Self::unavailable(detail),
        }
    }
}

impl From<StartError> for Problem {
    fn from(error: StartError) -> Self {
        let detail = error.to_string();
        match error {
            StartError::Unknown => Self::not_found(detail),
            StartError::Expired => Self::gone(detail),
            StartError::Finished => Self::ended(detail),
            StartError::ConsentMissing(_) => Self { field: Some("consent"), ..Self::invalid(detail) },
            StartError::Invalid(_) => Self::invalid(detail),
            StartError::Unavailable(error) => error.into(),
        }
    }
}

impl From<AssessmentError> for Problem {
    fn from(error: AssessmentError) -> Self {
        let detail = error.to_string();
        match error {
            AssessmentError::Invalid { field, reason } => Self { field: Some(field), ..Self::invalid(reason) },
            AssessmentError::Unknown => Self::not_found(detail),
            AssessmentError::Unavailable(error) => error.into(),
        }
    }
}

impl From<LoginError> for Problem {
    fn from(error: LoginError) -> Self {
        let detail = error.to_string();
        match error {
            LoginError::Wrong => Self::unauthorised(detail),
            LoginError::TooMany => Self::too_many(detail),
            LoginError::Busy => Self::unavailable(detail),
            LoginError::Unavailable(error) => error.into(),
        }
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large("the body is larger than this route takes"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::wrong_type("send JSON, with content-type application/json"),
            StatusCode::UNPROCESSABLE_ENTITY => Self::invalid(rejection.body_text()),
            _ => Self::malformed(rejection.body_text()),
        }
    }
}

impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        Self::not_found("there is nothing at this address")
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::malformed(rejection.body_text())
    }
}

/// A JSON body, or a [`Problem`].
#[derive(Debug, FromRequest)]
#[from_request(via(axum::Json), rejection(Problem))]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// The parts of a path, or a [`Problem`].
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub struct Path<T>(pub T);

/// A query string, or a [`Problem`].
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Problem))]
pub struct Query<T>(pub T);
