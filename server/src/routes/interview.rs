//! The candidate's interview: starting it, how it stands, its questions, handing in.

use std::sync::Arc;

use app::shell::cookies;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::IntoResponse;
use interview::session::Phase;
use interview::{Offset, Stage};
use serde::Serialize;
use serde_json::json;
use service::Service;
use service::interviews::StartRequest;
use utoipa::ToSchema;

use super::{App, described};
use crate::problem::{Json, Path, Problem};
use crate::who::Candidate;

/// How long a candidate's cookie lives: longer than any interview.
const CANDIDATE_COOKIE_SECONDS: u64 = 7 * 24 * 3_600;

/// Starts the interview behind an invitation, or enters it again.
#[utoipa::path(post, path = "/api/interview/start/{token}", params(("token" = String, Path)), request_body = described::Start,
    responses((status = 200, description = "`{id}`; the candidate's cookie is set"), (status = 404, body = Problem),
              (status = 409, body = Problem), (status = 410, body = Problem), (status = 422, body = Problem)))]
pub async fn start(
    State(app): State<App>,
    Path(token): Path<String>,
    Json(request): Json<StartRequest>,
) -> Result<impl IntoResponse, Problem> {
    let entrance = app.service.interviews.start(&token, request).await?;
    let name = cookies::candidate(entrance.interview.as_str());
    let cookie = cookies::set(&name, &entrance.candidate_token, CANDIDATE_COOKIE_SECONDS, app.is_secure());
    Ok(([(SET_COOKIE, cookie)], Json(json!({ "id": entrance.interview }))))
}

/// How an interview stands.
#[derive(Serialize, ToSchema)]
pub struct Standing {
    id: String,
    /// `waiting`, `running`, `submitted` or `ended`.
    phase: &'static str,
    candidate: String,
    /// The question on the table.
    question: Option<QuestionStanding>,
    /// How many questions there are.
    questions: usize,
    /// Milliseconds that are left.
    remaining_ms: u64,
    /// The interview's clock, in milliseconds.
    now: u64,
}

#[derive(Serialize, ToSchema)]
struct QuestionStanding {
    question: String,
    title: String,
    order: u32,
    language: &'static str,
}

/// How the interview stands.
#[utoipa::path(get, path = "/api/interview/{id}", params(("id" = String, Path)),
    responses((status = 200, body = Standing), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub async fn show(State(service): State<Arc<Service>>, Candidate(row): Candidate) -> Result<Json<Standing>, Problem> {
    let room = service.rooms.room(&row.id).await?;
    let (stage, now) = room.look().await?;
    let questions = service.assessments.find(&row.assessment).await?.problems.len();
    Ok(Json(Standing {
        id: row.id.to_string(),
        phase: phase(&stage),
        candidate: row.candidate,
        question: stage.questions.current().map(|question| QuestionStanding {
            question: question.question.to_string(),
            title: question.title.clone(),
            order: question.order,
            language: question.language.as_str(),
        }),
        questions,
        remaining_ms: remaining(&stage, now),
        now: now.0,
    }))
}

fn phase(stage: &Stage) -> &'static str {
    match stage.session.phase {
        Phase::Waiting => "waiting",
        Phase::Running { .. } => "running",
        Phase::Submitted { .. } => "submitted",
        Phase::Ended { .. } => "ended",
    }
}

fn remaining(stage: &Stage, now: Offset) -> u64 {
    stage.session.deadline().map_or(0, |deadline| deadline.millis_since(now))
}

/// The question on the table, as the candidate may see it.
#[utoipa::path(get, path = "/api/interview/{id}/questions", params(("id" = String, Path)),
    responses((status = 200, description = "The current question: prompt, visible cases, how many are hidden"), (status = 401, body = Problem)))]
pub async fn question(
    State(service): State<Arc<Service>>,
    Candidate(row): Candidate,
) -> Result<impl IntoResponse, Problem> {
    let room = service.rooms.room(&row.id).await?;
    let (stage, _) = room.look().await?;
    let none = || Problem::not_now("there is no question on the table");
    let current = stage.questions.current().ok_or_else(none)?;
    let problem = service.outside.bank.problem(&current.question).ok_or_else(none)?;
    let visible = problem.cases.iter().filter(|case| !case.hidden);
    let examples: Vec<_> = visible
        .map(|case| json!({ "name": case.name, "input": case.input, "expectedOutput": case.expected }))
        .collect();
    Ok(Json(json!({
        "question": current.question,
        "order": current.order,
        "title": current.title,
        "language": current.language,
        "prompt": problem.prompt,
        "examples": examples,
        "hidden": problem.cases.iter().filter(|case| case.hidden).count(),
        "of": service.assessments.find(&row.assessment).await?.problems.len(),
    })))
}

/// Leaves the question for the next one; it is on the table once the last run of this one has ended.
#[utoipa::path(post, path = "/api/interview/{id}/questions", params(("id" = String, Path)),
    responses((status = 202, description = "The next question follows"), (status = 409, body = Problem)))]
pub async fn next_question(
    State(service): State<Arc<Service>>,
    Candidate(row): Candidate,
) -> Result<StatusCode, Problem> {
    service.rooms.room(&row.id).await?.next_question().await?;
    Ok(StatusCode::ACCEPTED)
}

/// Hands in. Twice is fine.
#[utoipa::path(post, path = "/api/interview/{id}/submit", params(("id" = String, Path)),
    responses((status = 204, description = "Handed in"), (status = 401, body = Problem)))]
pub async fn submit(State(service): State<Arc<Service>>, Candidate(row): Candidate) -> Result<StatusCode, Problem> {
    service.rooms.room(&row.id).await?.submit().await?;
    Ok(StatusCode::NO_CONTENT)
}
