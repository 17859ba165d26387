//! The assistant over HTTP: a question goes in, the answer's events come out as a stream that can be taken up again.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::response::sse::{Event as SseEvent, KeepAlive, Sse};
use futures::stream::{self, Stream};
use interview::fact::{ChatFact, Fact};
use interview::masking::{Viewer, mask_event};
use interview::wire::ServerMessage;
use interview::{Event, InterviewId, Seq};
use serde::Deserialize;
use service::Service;
use service::live::Tap;
use utoipa::ToSchema;

use crate::problem::{Json, Path, Problem};
use crate::who::Candidate;

/// A message to the assistant.
#[derive(Deserialize, ToSchema)]
pub struct Question {
    message: String,
}

/// Asks the assistant. With `Last-Event-ID`, asks nothing and goes on with the answer after that event.
#[utoipa::path(post, path = "/api/interview/{id}/chat", params(("id" = String, Path)), request_body = Question,
    responses((status = 200, description = "`text/event-stream`: the answer's events, `id:` is their seq", content_type = "text/event-stream"),
              (status = 409, body = Problem)))]
pub async fn ask(
    State(service): State<Arc<Service>>,
    Candidate(row): Candidate,
    headers: HeaderMap,
    Json(question): Json<Question>,
) -> Result<impl IntoResponse, Problem> {
    let last = last_event_id(&headers)?;
    let room = service.rooms.room(&row.id).await?;
    let (stage, tap) = room.watch(Viewer::Candidate).await?;
    let missed = match last {
        Some(last) => missed(&service, &row.id, last.next(), stage.next).await?,
        None => {
            room.ask_assistant(question.message).await?;
            Vec::new()
        }
    };
    let is_over = last.is_some() && stage.chat.answering().is_none();
    let answer = Answer { tap: (!is_over).then_some(tap), ready: missed.into() };
    Ok(Sse::new(answer.into_stream()).keep_alive(KeepAlive::default()))
}

/// What becomes of a proposed edit.
#[derive(Deserialize, ToSchema)]
pub struct Decision {
    /// Whether it is made.
    accept: bool,
}

/// Accepts or rejects an edit that the assistant proposes. The answer's stream goes on with what came of it.
#[utoipa::path(post, path = "/api/interview/{id}/chat/{call}/decision",
    params(("id" = String, Path), ("call" = String, Path, description = "The `call` of `chat.called_tool`")), request_body = Decision,
    responses((status = 204, description = "Decided"), (status = 401, body = Problem), (status = 409, body = Problem)))]
pub async fn decide(
    State(service): State<Arc<Service>>,
    Candidate(row): Candidate,
    Path(place): Path<(String, String)>,
    Json(decision): Json<Decision>,
) -> Result<StatusCode, Problem> {
    service.rooms.room(&row.id).await?.decide(place.1, decision.accept).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stops the answer that is coming. When none is, that is fine.
#[utoipa::path(delete, path = "/api/interview/{id}/chat", params(("id" = String, Path)),
    responses((status = 204, description = "Nothing more is coming"), (status = 401, body = Problem)))]
pub async fn stop(State(service): State<Arc<Service>>, Candidate(row): Candidate) -> Result<StatusCode, Problem> {
    service.rooms.room(&row.id).await?.stop_answer().await;
    Ok(StatusCode::NO_CONTENT)
}

fn last_event_id(headers: &HeaderMap) -> Result<Option<Seq>, Problem> {
    let Some(value) = headers.get("last-event-id") else { return Ok(None) };
    let seq = value.to_str().ok().and_then(|text| text.trim().parse().ok());
    seq.map(|seq| Some(Seq(seq)))
        .ok_or_else(|| Problem::malformed("Last-Event-ID is the id of an event of this stream"))
}

/// The conversation's events in a stretch of the log.
async fn missed(service: &Service, interview: &InterviewId, from: Seq, until: Seq) -> Result<Vec<Event>, Problem> {
    let mut found = Vec::new();
    let mut next = from;
    while next < until {
        let entries = service.outside.events.read(interview, next, 1_000).await?;
        let Some(last) = entries.last() else { break };
        next = last.event.seq.next();
        let events = entries.into_iter().map(|entry| mask_event(entry.event, Viewer::Candidate));
        found.extend(events.filter(|event| is_said(&event.fact) && event.seq < until));
    }
    Ok(found)
}

/// Whether a fact is of a question and its answer; what the candidate does with an edit later is not.
fn is_said(fact: &Fact) -> bool {
    matches!(fact, Fact::Chat(chat) if !matches!(chat, ChatFact::EditUndone(_)))
}

struct Answer {
    /// None when nothing more will come.
    tap: Option<Tap>,
    ready: std::collections::VecDeque<Event>,
}

impl Answer {
    fn into_stream(self) -> impl Stream<Item = Result<SseEvent, Infallible>> {
        stream::unfold(self, |mut answer| async move {
            let event = answer.next().await?;
            let data =
                SseEvent::default().id(event.seq.0.to_string()).event(event.fact.kind()).json_data(&event).ok()?;
            Some((Ok(data), answer))
        })
    }

    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                if matches!(&event.fact, Fact::Chat(ChatFact::Answered(_) | ChatFact::Failed(_)))
                    && self.ready.is_empty()
                {
                    self.tap = None;
                }
                return Some(event);
            }
            let message = match &mut self.tap {
                Some(tap) => tap.next().await?,
                None => return None,
            };
            if let ServerMessage::Events { events } = message {
                let chat = events.into_iter().map(|delivery| delivery.event);
                self.ready.extend(chat.filter(|event| is_said(&event.fact)));
            }
        }
    }
}
