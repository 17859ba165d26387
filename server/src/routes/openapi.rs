//! The API's description, made from the routes themselves.

use axum::response::IntoResponse;
use utoipa::OpenApi;

use super::described;
use super::{auth, chat, events, interview, reviewer, room, runs, terminal};
use crate::problem::Problem;

#[derive(OpenApi)]
#[openapi(
    info(title = "InterviewLM", description = "Technical interviews as one log on one clock."),
    paths(
        super::health,
        interview::start,
        interview::show,
        interview::question,
        interview::next_question,
        interview::submit,
        events::append,
        events::read,
        chat::ask,
        chat::stop,
        chat::decide,
        runs::run_tests,
        terminal::open,
        room::open,
        auth::login,
        auth::logout,
        reviewer::sessions,
        reviewer::session,
        reviewer::recording,
        reviewer::segment,
        reviewer::assessments,
        reviewer::create_assessment,
        reviewer::invite,
    ),
    components(schemas(Problem, described::SentEvent))
)]
struct Api;

/// Answers the description.
pub async fn document() -> impl IntoResponse {
    axum::Json(Api::openapi())
}
