//! The doorways of the page behind an invitation.

use interview::question::Language;
use interview::session::Capture;
use leptos::prelude::*;

use super::door::Door;
use crate::shell::error::AppError;

/// How long a candidate's cookie lives: longer than any interview.
#[cfg(feature = "ssr")]
const CANDIDATE_COOKIE_SECONDS: u64 = 7 * 24 * 3_600;

/// What lies behind a link.
#[server(prefix = "/api/page", endpoint = "look-behind")]
pub async fn look_behind(
    /// The link's secret.
    token: String,
) -> Result<Door, AppError> {
    use service::interviews::StartError;

    use crate::shell::api::service;

    match service().interviews.look_behind(&token).await {
        Ok(behind) => Ok(Door::from(behind)),
        Err(StartError::Unknown) => Ok(Door::Unknown),
        Err(error) => Err(error.into()),
    }
}

/// Starts the interview behind a link, or enters it again, and answers where its room is.
#[server(prefix = "/api/page", endpoint = "start-interview")]
pub async fn start_interview(
    /// The link's secret.
    token: String,
    /// The candidate's name; the invitation's when absent.
    #[server(default)]
    name: Option<String>,
    /// What they agree to have recorded.
    #[server(default)]
    consent: Vec<Capture>,
    /// The language they choose; the assessment's first when absent.
    #[server(default)]
    language: Option<Language>,
) -> Result<String, AppError> {
    use service::interviews::StartRequest;

    use crate::shell::api::{redirect_plain_form, service, set_cookie};
    use crate::shell::cookies;

    let entrance = service().interviews.start(&token, StartRequest { name, consent, language }).await?;
    let cookie = cookies::candidate(entrance.interview.as_str());
    set_cookie(&cookie, &entrance.candidate_token, CANDIDATE_COOKIE_SECONDS);
    let room = format!("/interview/{}", entrance.interview);
    redirect_plain_form(&room);
    Ok(room)
}

#[cfg(feature = "ssr")]
mod translated {
    use service::interviews::{Behind, StartError};
    use service::ports::catalog::InterviewState;

    use crate::shell::assistance::Assistance;
    use crate::shell::error::AppError;
    use crate::start::door::{Door, Offer};

    impl From<Behind> for Door {
        fn from(behind: Behind) -> Self {
            let state = behind.interview.as_ref().map(|interview| interview.state);
            match state {
                Some(InterviewState::Running) => Self::Started { title: behind.assessment.title },
                Some(InterviewState::Submitted | InterviewState::Ended) => {
                    Self::Finished { title: behind.assessment.title }
                }
                None if behind.is_expired => Self::Expired,
                None => Self::Open(Box::new(Offer {
                    title: behind.assessment.title,
                    candidate: behind.invitation.name,
                    minutes: behind.assessment.minutes,
                    questions: behind.assessment.problems.len(),
                    languages: behind.languages,
                    assistance: Assistance::parse(behind.assessment.assistant.as_str()).unwrap_or(Assistance::Off),
                    messages: behind.assessment.budget_messages,
                    required: behind.assessment.required_consents,
                })),
            }
        }
    }

    impl From<StartError> for AppError {
        fn from(error: StartError) -> Self {
            match error {
                StartError::Unavailable(error) => error.into(),
                StartError::Unknown => Self::NotFound,
                StartError::Expired | StartError::Finished | StartError::ConsentMissing(_) | StartError::Invalid(_) => {
                    Self::Invalid(error.to_string())
                }
            }
        }
    }
}
