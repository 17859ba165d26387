//! The doorways of the dashboard. Each lets only a signed-in reviewer through.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::query::SessionQuery;
use super::rows::{AssessmentDraft, NewInvitation, Overview, SessionPage};
use crate::shell::error::AppError;

/// What the dashboard knows before any session is listed.
#[server(prefix = "/api/page", endpoint = "overview")]
pub async fn read_overview() -> Result<Overview, AppError> {
    use crate::shell::api::{refuse_unless_signed_in, service};
    use crate::shell::visitor::Visitor;

    let account = refuse_unless_signed_in().await?;
    let visitor = Visitor { name: account.name, email: account.email };
    let service = service();
    let assessments = translated::assessments(&service).await?;
    let languages = service.outside.runner.offered();
    Ok(Overview { visitor, assessments, problems: translated::problems(&service), languages })
}

/// A page of sessions.
#[server(prefix = "/api/page", endpoint = "sessions")]
pub async fn list_sessions(
    /// Which.
    query: SessionQuery,
) -> Result<SessionPage, AppError> {
    use crate::shell::api::{refuse_unless_signed_in, service};

    refuse_unless_signed_in().await?;
    translated::sessions(&service(), query).await
}

/// Invites somebody and answers the link.
#[server(prefix = "/api/page", endpoint = "invite")]
pub async fn invite(
    /// To which assessment.
    assessment: String,
    /// Whom.
    name: String,
    /// Their address, when known.
    #[server(default)]
    email: String,
) -> Result<NewInvitation, AppError> {
    use crate::shell::PublicUrl;
    use crate::shell::api::{refuse_unless_signed_in, service};

    refuse_unless_signed_in().await?;
    let invited = service().assessments.invite(&assessment, &name, Some(&email)).await?;
    let PublicUrl(site) = use_context::<PublicUrl>().ok_or(AppError::Unavailable)?;
    Ok(NewInvitation {
        name: invited.invitation.name,
        url: format!("{site}/interview/start/{}", invited.token),
        expires_at: invited.invitation.expires_at,
    })
}

/// Makes an assessment.
#[server(prefix = "/api/page", endpoint = "create-assessment", input = Json)]
pub async fn create_assessment(
    /// What it is to be.
    draft: AssessmentDraft,
) -> Result<(), AppError> {
    use crate::shell::api::{refuse_unless_signed_in, service};

    refuse_unless_signed_in().await?;
    service().assessments.create(draft.try_into()?).await?;
    Ok(())
}

#[cfg(feature = "ssr")]
mod translated {
    use std::collections::BTreeMap;

    use service::Service;
    use service::assessments::{AssessmentError, NewAssessment};
    use service::ports::catalog::{
        Assessment, AssistantMode, Interview, InterviewFilter, InterviewSort, InterviewState,
    };

    use crate::dashboard::query::{PAGE_ROWS, SessionQuery, SessionSort};
    use crate::dashboard::rows::{
        AssessmentDraft, AssessmentRow, ProblemChoice, SessionPage, SessionRow, SessionState,
    };
    use crate::shell::assistance::Assistance;
    use crate::shell::error::AppError;

    pub(super) async fn assessments(service: &Service) -> Result<Vec<AssessmentRow>, AppError> {
        let mut rows = Vec::new();
        for assessment in service.assessments.list().await? {
            let invitations = service.outside.catalog.invitations(&assessment.id).await?;
            let started = invitations.iter().filter(|invitation| invitation.interview.is_some()).count();
            rows.push(row(service, assessment, invitations.len(), started));
        }
        Ok(rows)
    }

    fn row(service: &Service, assessment: Assessment, invited: usize, started: usize) -> AssessmentRow {
        let title =
            |slug| service.outside.bank.problem(slug).map_or_else(|| slug.to_string(), |found| found.title.clone());
        AssessmentRow {
            problems: assessment.problems.iter().map(title).collect(),
            id: assessment.id,
            title: assessment.title,
            languages: assessment.languages,
            minutes: assessment.minutes,
            assistance: Assistance::parse(assessment.assistant.as_str()).unwrap_or(Assistance::Off),
            invited,
            started,
        }
    }

    pub(super) fn problems(service: &Service) -> Vec<ProblemChoice> {
        let mut problems: Vec<_> = service.outside.bank.all().collect();
        problems.sort_by_key(|problem| (problem.difficulty, problem.minutes, problem.title.clone()));
        let choice = |problem: &service::problems::Problem| ProblemChoice {
            slug: problem.slug.to_string(),
            title: problem.title.clone(),
            difficulty: problem.difficulty.to_string(),
            minutes: problem.minutes,
        };
        problems.into_iter().map(choice).collect()
    }

    pub(super) async fn sessions(service: &Service, query: SessionQuery) -> Result<SessionPage, AppError> {
        let titles: BTreeMap<String, String> =
            service.assessments.list().await?.into_iter().map(|found| (found.id, found.title)).collect();
        let page = service.interviews.list(&query.into()).await?;
        let now = service.outside.clock.unix_millis();
        let row = |row: Interview| SessionRow {
            assessment: titles.get(&row.assessment).cloned().unwrap_or_default(),
            state: match row.state {
                InterviewState::Running => SessionState::Running,
                InterviewState::Submitted => SessionState::Submitted,
                InterviewState::Ended => SessionState::Ended,
            },
            duration_millis: row.ended_at.unwrap_or(now).saturating_sub(row.started_at),
            id: row.id.to_string(),
            candidate: row.candidate,
            email: row.email,
            started_at: row.started_at,
            tests_passed: row.tests_passed,
            tests_total: row.tests_total,
        };
        Ok(SessionPage { rows: page.rows.into_iter().map(row).collect(), total: page.total })
    }

    impl From<SessionQuery> for InterviewFilter {
        fn from(query: SessionQuery) -> Self {
            Self {
                offset: query.offset(),
                limit: PAGE_ROWS,
                state: query.state.map(|state| match state {
                    SessionState::Running => InterviewState::Running,
                    SessionState::Submitted => InterviewState::Submitted,
                    SessionState::Ended => InterviewState::Ended,
                }),
                sort: match query.sort {
                    SessionSort::Newest => InterviewSort::Newest,
                    SessionSort::Oldest => InterviewSort::Oldest,
                    SessionSort::Candidate => InterviewSort::Candidate,
                    SessionSort::CandidateReversed => InterviewSort::CandidateReversed,
                    SessionSort::Passed => InterviewSort::Passed,
                    SessionSort::PassedLeast => InterviewSort::PassedLeast,
                    SessionSort::Longest => InterviewSort::Longest,
                    SessionSort::Shortest => InterviewSort::Shortest,
                },
                search: Some(query.search).filter(|search| !search.is_empty()),
                assessment: Some(query.assessment).filter(|assessment| !assessment.is_empty()),
            }
        }
    }

    impl TryFrom<AssessmentDraft> for NewAssessment {
        type Error = AppError;

        fn try_from(draft: AssessmentDraft) -> Result<Self, AppError> {
            Ok(Self {
                assistant: AssistantMode::parse(draft.assistance.as_str()).ok_or(AppError::Unavailable)?,
                title: draft.title,
                problems: draft.problems,
                languages: draft.languages,
                minutes: draft.minutes,
                budget_messages: draft.budget_messages,
                budget_microusd: draft.budget_microusd,
                required_consents: draft.required_consents,
            })
        }
    }

    impl From<AssessmentError> for AppError {
        fn from(error: AssessmentError) -> Self {
            match error {
                AssessmentError::Invalid { field, reason } => Self::Field { field: field.to_owned(), reason },
                AssessmentError::Unknown => Self::NotFound,
                AssessmentError::Unavailable(error) => error.into(),
            }
        }
    }
}
