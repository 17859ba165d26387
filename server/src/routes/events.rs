//! The log over HTTP: a candidate appends, candidate and reviewer read.

use std::sync::Arc;

use axum::extract::State;
use interview::masking::mask_event;
use interview::wire::{ClientFact, Stored};
use interview::{Origin, Seq};
use serde::Deserialize;
use serde_json::{Value, json};
use service::Service;

use super::described;
use crate::problem::{Json, Problem, Query};
use crate::who::{Candidate, Reader};

/// Most events in one request.
const EVENTS_LIMIT: usize = 1_000;

/// A batch of a client's own events.
#[derive(Deserialize)]
pub struct Batch {
    origin: Origin,
    /// The client's clock now; the last event's when absent.
    now: Option<f64>,
    events: Vec<ClientFact>,
}

/// Takes events by the candidate. Sending them twice is harmless.
#[utoipa::path(post, path = "/api/interview/{id}/events", params(("id" = String, Path)), request_body = described::Batch,
    responses((status = 200, description = "`{through, seq}`: everything up to the client's own count `through` is durable"),
              (status = 403, body = Problem, description = "A kind or author that a candidate may not send; nothing was taken"),
              (status = 413, body = Problem), (status = 422, body = Problem)))]
pub async fn append(
    State(service): State<Arc<Service>>,
    Candidate(row): Candidate,
    Json(batch): Json<Batch>,
) -> Result<Json<Stored>, Problem> {
    if batch.events.is_empty() {
        return Err(Problem::invalid("the batch holds no event"));
    }
    if batch.events.len() > EVENTS_LIMIT {
        return Err(Problem::too_large(format!("a batch holds at most {EVENTS_LIMIT} events")));
    }
    let now = batch.now.map(|now| now.clamp(0.0, 9e15) as u64);
    let room = service.rooms.room(&row.id).await?;
    Ok(Json(room.take(batch.origin, now, batch.events).await?))
}

/// Which part of the log.
#[derive(Deserialize)]
pub struct Range {
    #[serde(default)]
    from: u64,
    limit: Option<usize>,
}

/// Reads events in order; for a candidate, hidden cases are masked.
#[utoipa::path(get, path = "/api/interview/{id}/events",
    params(("id" = String, Path), ("from" = Option<u64>, Query), ("limit" = Option<u64>, Query)),
    responses((status = 200, description = "`{events, next}`"), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub async fn read(
    State(service): State<Arc<Service>>,
    reader: Reader,
    Query(range): Query<Range>,
) -> Result<Json<Value>, Problem> {
    let limit = range.limit.unwrap_or(EVENTS_LIMIT).clamp(1, EVENTS_LIMIT);
    let entries = service.outside.events.read(&reader.interview.id, Seq(range.from), limit).await?;
    let next = entries.last().map_or(Seq(range.from), |entry| entry.event.seq.next());
    let events: Vec<_> = entries.into_iter().map(|entry| mask_event(entry.event, reader.viewer)).collect();
    Ok(Json(json!({ "events": events, "next": next })))
}
