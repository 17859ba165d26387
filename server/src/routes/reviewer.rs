//! What reviewers may ask for: sessions, recordings, assessments, invitations.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use interview::replay::{RecordingCard, Segment};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use service::Service;
use service::assessments::NewAssessment;
use service::interviews::Statistics;
use service::ports::catalog::{Assessment, Interview, InterviewFilter, InterviewSort, InterviewState};
use utoipa::ToSchema;

use super::{App, described};
use crate::problem::{Json, Path, Problem, Query};
use crate::who::{Reviewed, Reviewer};

/// Most rows of one page.
const PAGE_LIMIT: u32 = 100;

/// Which sessions.
#[derive(Deserialize)]
pub struct SessionQuery {
    search: Option<String>,
    state: Option<InterviewState>,
    assessment: Option<String>,
    #[serde(default)]
    sort: InterviewSort,
    #[serde(default)]
    offset: u32,
    limit: Option<u32>,
}

/// A session, for a list.
#[derive(Serialize)]
pub struct SessionRow {
    id: String,
    candidate: String,
    email: Option<String>,
    assessment: String,
    language: &'static str,
    state: &'static str,
    /// Unix milliseconds.
    started_at: u64,
    /// Unix milliseconds.
    ended_at: Option<u64>,
    tests_passed: u32,
    tests_total: u32,
}

impl From<Interview> for SessionRow {
    fn from(row: Interview) -> Self {
        Self {
            id: row.id.to_string(),
            candidate: row.candidate,
            email: row.email,
            assessment: row.assessment,
            language: row.language.as_str(),
            state: row.state.as_str(),
            started_at: row.started_at,
            ended_at: row.ended_at,
            tests_passed: row.tests_passed,
            tests_total: row.tests_total,
        }
    }
}

/// Lists sessions.
#[utoipa::path(get, path = "/api/sessions",
    params(("search" = Option<String>, Query), ("state" = Option<String>, Query), ("assessment" = Option<String>, Query),
           ("sort" = Option<String>, Query), ("offset" = Option<u32>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, description = "`{sessions, total}`"), (status = 401, body = Problem)))]
pub async fn sessions(
    State(service): State<Arc<Service>>,
    _: Reviewer,
    Query(query): Query<SessionQuery>,
) -> Result<Json<Value>, Problem> {
    let filter = InterviewFilter {
        search: query.search,
        state: query.state,
        assessment: query.assessment,
        sort: query.sort,
        offset: query.offset,
        limit: query.limit.unwrap_or(PAGE_LIMIT).clamp(1, PAGE_LIMIT),
    };
    let page = service.interviews.list(&filter).await?;
    let rows: Vec<SessionRow> = page.rows.into_iter().map(SessionRow::from).collect();
    Ok(Json(json!({ "sessions": rows, "total": page.total })))
}

/// One session with what its log amounts to.
#[derive(Serialize)]
pub struct SessionDetails {
    #[serde(flatten)]
    session: SessionRow,
    statistics: Statistics,
}

/// One session with its statistics.
#[utoipa::path(get, path = "/api/sessions/{id}", params(("id" = String, Path)),
    responses((status = 200, description = "The session with its statistics"), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn session(
    State(service): State<Arc<Service>>,
    Reviewed(row): Reviewed,
) -> Result<Json<SessionDetails>, Problem> {
    let statistics = service.interviews.statistics(&row.id).await?;
    Ok(Json(SessionDetails { session: row.into(), statistics }))
}

/// What the replay needs before it shows anything.
#[utoipa::path(get, path = "/api/sessions/{id}/recording", params(("id" = String, Path)),
    responses((status = 200, description = "Whose recording it is, its segments, moments and activity"), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn recording(
    State(service): State<Arc<Service>>,
    Reviewed(row): Reviewed,
) -> Result<Json<RecordingCard>, Problem> {
    let index = service.recordings.index(&row.id).await?.ok_or_else(no_recording)?;
    let assessment = service.assessments.find(&row.assessment).await?.title;
    Ok(Json(RecordingCard { candidate: row.candidate, assessment, started_at_millis: row.started_at, index }))
}

/// One segment of a recording: a keyframe and the events after it.
#[utoipa::path(get, path = "/api/sessions/{id}/recording/segments/{index}",
    params(("id" = String, Path), ("index" = usize, Path)),
    responses((status = 200, description = "A keyframe and the events after it"), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn segment(
    State(service): State<Arc<Service>>,
    Reviewed(row): Reviewed,
    Path(place): Path<(String, usize)>,
) -> Result<Json<Segment>, Problem> {
    service.recordings.segment(&row.id, place.1).await?.map(Json).ok_or_else(no_recording)
}

fn no_recording() -> Problem {
    Problem::not_found("the recording has no such part")
}

/// All assessments, newest first.
#[utoipa::path(get, path = "/api/assessments", responses((status = 200, description = "`{assessments}`"), (status = 401, body = Problem)))]
pub async fn assessments(State(service): State<Arc<Service>>, _: Reviewer) -> Result<Json<Value>, Problem> {
    Ok(Json(json!({ "assessments": service.assessments.list().await? })))
}

/// Makes an assessment.
#[utoipa::path(post, path = "/api/assessments", request_body = described::NewAssessment,
    responses((status = 201, description = "The assessment"), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn create_assessment(
    State(service): State<Arc<Service>>,
    _: Reviewer,
    Json(new): Json<NewAssessment>,
) -> Result<(StatusCode, Json<Assessment>), Problem> {
    Ok((StatusCode::CREATED, Json(service.assessments.create(new).await?)))
}

/// Who is invited.
#[derive(Deserialize, ToSchema)]
pub struct NewInvitation {
    name: String,
    email: Option<String>,
}

/// Invites a candidate.
#[utoipa::path(post, path = "/api/assessments/{id}/invitations", params(("id" = String, Path)), request_body = NewInvitation,
    responses((status = 201, description = "`{url, token, expires_at}`; the token is shown only now"), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn invite(
    State(app): State<App>,
    _: Reviewer,
    Path(assessment): Path<String>,
    Json(new): Json<NewInvitation>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let invited = app.service.assessments.invite(&assessment, &new.name, new.email.as_deref()).await?;
    let url = format!("{}/interview/start/{}", app.public_url, invited.token);
    let body = json!({ "url": url, "token": invited.token, "expires_at": invited.invitation.expires_at });
    Ok((StatusCode::CREATED, Json(body)))
}
