//! Erasing one interview, whole: its log, its row, and the invitation that led to it. Nothing else deletes an event.

use interview::InterviewId;
use service::ports::catalog::{Erasure, InterviewState};
use sqlx::SqliteConnection;

use crate::columns::read_name;
use crate::database::Store;
use crate::fault::Fault;

const STATE: &str = "select state from interviews where id = $1";

/// The trigger on events lets those of an interview go whose id stands here.
const BEGIN: &str = "insert into erasing (interview) values ($1)";

const END: &str = "delete from erasing where interview = $1";

const EVENTS: &str = "delete from events where interview = $1";

const INVITATIONS: &str = "delete from invitations where interview = $1";

const INTERVIEW: &str = "delete from interviews where id = $1";

/// Erases an interview that has ended, in one transaction.
pub(crate) async fn erase(store: &Store, interview: &InterviewId) -> Result<Erasure, Fault> {
    let mut writing = store.begin().await?;
    let state: Option<String> =
        sqlx::query_scalar(STATE).bind(interview.as_str()).fetch_optional(&mut *writing).await?;
    let Some(state) = state else { return Ok(Erasure::Unknown) };
    match read_name("state", &state, InterviewState::parse)? {
        InterviewState::Running | InterviewState::Submitted => return Ok(Erasure::StillOpen),
        InterviewState::Ended => {}
    }
    step(&mut writing, BEGIN, interview).await?;
    let events = step(&mut writing, EVENTS, interview).await?;
    step(&mut writing, END, interview).await?;
    let invitations = step(&mut writing, INVITATIONS, interview).await?;
    step(&mut writing, INTERVIEW, interview).await?;
    writing.commit().await?;
    store.fold_log().await?;
    Ok(Erasure::Done { events, invitations })
}

/// Does one of the statements above, and answers how many rows it touched.
async fn step(
    connection: &mut SqliteConnection,
    statement: &'static str,
    interview: &InterviewId,
) -> Result<u64, Fault> {
    Ok(sqlx::query(statement).bind(interview.as_str()).execute(connection).await?.rows_affected())
}
