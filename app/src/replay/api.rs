//! The replay's doorway: whether whoever asks may see that recording.

use interview::replay::RecordingCard;
use leptos::prelude::*;

use crate::shell::error::AppError;

/// Opens the recording of an interview.
#[server(prefix = "/api/page", endpoint = "recording")]
pub async fn open_recording(
    /// Which interview's.
    id: String,
) -> Result<RecordingCard, AppError> {
    use crate::shell::api::{refuse_unless_signed_in, service};

    refuse_unless_signed_in().await?;
    let interview = interview::InterviewId::parse(id).map_err(|_| AppError::NotFound)?;
    let service = service();
    let row = service.interviews.find(&interview).await?.ok_or(AppError::NotFound)?;
    let assessment = service.assessments.find(&row.assessment).await?.title;
    let index = service.recordings.index(&interview).await?.ok_or(AppError::NotFound)?;
    Ok(RecordingCard { candidate: row.candidate, assessment, started_at_millis: row.started_at, index })
}
