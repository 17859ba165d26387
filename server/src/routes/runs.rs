//! Running the tests over HTTP.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use interview::fact::{Fact, RunFact};
use interview::masking::Viewer;
use interview::run::{CaseFinished, RunId};
use interview::wire::{Begun, OwnCase, ServerMessage};
use serde::{Deserialize, Serialize};
use service::Service;
use service::live::Tap;

use super::described;
use crate::problem::{Json, Problem};
use crate::who::Candidate;

/// What to run.
#[derive(Default, Deserialize)]
pub struct RunTests {
    /// The candidate's own cases; the question's when absent.
    cases: Option<Vec<OwnCase>>,
}

/// How a run came out, as the candidate may see it.
#[derive(Serialize)]
pub struct Outcome {
    run: RunId,
    passed: u32,
    failed: u32,
    ms: u64,
    cases: Vec<CaseFinished>,
}

/// Runs the question's cases, or the candidate's own, and answers when all are done.
#[utoipa::path(post, path = "/api/interview/{id}/run-tests", params(("id" = String, Path)), request_body = described::RunTests,
    responses((status = 200, description = "`{run, passed, failed, ms, cases}`; hidden cases without their texts"),
              (status = 409, body = Problem), (status = 503, body = Problem)))]
pub async fn run_tests(
    State(service): State<Arc<Service>>,
    Candidate(row): Candidate,
    body: Bytes,
) -> Result<Json<Outcome>, Problem> {
    let request: RunTests = if body.is_empty() {
        RunTests::default()
    } else {
        serde_json::from_slice(&body).map_err(|error| Problem::invalid(error.to_string()))?
    };
    let room = service.rooms.room(&row.id).await?;
    let (_, tap) = room.watch(Viewer::Candidate).await?;
    let outcome = match room.run(request.cases).await {
        Ok(Begun::Run(run)) => follow(run, tap).await,
        Ok(Begun::Message(_)) => Err(Problem::unavailable("the run did not start; try again")),
        Err(error) => Err(error.into()),
    };
    outcome.map(Json)
}

async fn follow(run: RunId, mut tap: Tap) -> Result<Outcome, Problem> {
    let mut cases = Vec::new();
    while let Some(message) = tap.next().await {
        let ServerMessage::Events { events } = message else { continue };
        for delivery in events {
            match delivery.event.fact {
                Fact::Run(RunFact::CaseFinished(case)) if case.run == run => cases.push(case),
                Fact::Run(RunFact::Finished(done)) if done.run == run => {
                    return Ok(Outcome { run, passed: done.passed, failed: done.failed, ms: done.ms, cases });
                }
                Fact::Run(RunFact::Abandoned(abandoned)) if abandoned.run == run => {
                    return Err(Problem::unavailable(abandoned.reason));
                }
                Fact::Run(_) | Fact::Session(_) | Fact::Question(_) => {}
                Fact::Editor(_) | Fact::Terminal(_) | Fact::Chat(_) => {}
            }
        }
    }
    Err(Problem::unavailable("the run was lost sight of; its result is in the log"))
}
