//! The room's doorway: whether whoever asks may come in.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::shell::error::AppError;

/// What a visitor finds behind an interview's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomAccess {
    /// Their interview, under way.
    Running,
    /// Their interview, handed in or over.
    Ended,
    /// Nothing: there is no such interview, or it is somebody else's.
    NotYours,
}

/// Whether this browser may enter that interview.
#[server(prefix = "/api/page", endpoint = "enter-room")]
pub async fn enter_room(
    /// The interview's id, as the address has it.
    id: String,
) -> Result<RoomAccess, AppError> {
    use crate::shell::{api, cookies};
    use service::ports::catalog::InterviewState;

    let interview = interview::InterviewId::parse(id).ok();
    let token = interview.as_ref().and_then(|interview| api::client_cookie(&cookies::candidate(interview.as_str())));
    let (Some(interview), Some(token)) = (interview, token) else { return Ok(RoomAccess::NotYours) };
    let entered = api::service().interviews.enter(&interview, &token).await?;
    Ok(match entered.map(|interview| interview.state) {
        Some(InterviewState::Running) => RoomAccess::Running,
        Some(InterviewState::Submitted | InterviewState::Ended) => RoomAccess::Ended,
        None => RoomAccess::NotYours,
    })
}
