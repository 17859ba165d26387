//! Invitations, and the one moment at which a link becomes an interview. Tokens arrive here as hashes.

use interview::InterviewId;
use service::ports::catalog::{Interview, Invitation, Taken};
use sqlx::{SqliteConnection, SqlitePool};

use crate::columns::{number, read_number};
use crate::database::Store;
use crate::fault::Fault;
use crate::interviews;

const BY_TOKEN: &str = "
select token_hash, assessment, name, email, created_at, expires_at, interview
from invitations
where token_hash = $1";

const OF_ASSESSMENT: &str = "
select token_hash, assessment, name, email, created_at, expires_at, interview
from invitations
where assessment = $1
order by created_at desc, token_hash";

const PUT: &str = "
insert into invitations (token_hash, assessment, name, email, created_at, expires_at, interview)
values ($1, $2, $3, $4, $5, $6, $7)";

const TAKE: &str = "update invitations set interview = $2 where token_hash = $1 and interview is null";

const TAKEN_FOR: &str = "select interview from invitations where token_hash = $1";

pub(crate) async fn by_token(pool: &SqlitePool, token_hash: &str) -> Result<Option<Invitation>, Fault> {
    let row: Option<Row> = sqlx::query_as(BY_TOKEN).bind(token_hash).fetch_optional(pool).await?;
    row.map(Row::into_invitation).transpose()
}

/// All invitations of an assessment, newest first.
pub(crate) async fn of_assessment(pool: &SqlitePool, assessment: &str) -> Result<Vec<Invitation>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(OF_ASSESSMENT).bind(assessment).fetch_all(pool).await?;
    rows.into_iter().map(Row::into_invitation).collect()
}

/// Adds an invitation.
pub(crate) async fn put(pool: &SqlitePool, invitation: &Invitation) -> Result<(), Fault> {
    sqlx::query(PUT)
        .bind(&invitation.token_hash)
        .bind(&invitation.assessment)
        .bind(&invitation.name)
        .bind(&invitation.email)
        .bind(number(invitation.created_at))
        .bind(number(invitation.expires_at))
        .bind(invitation.interview.as_ref().map(InterviewId::as_str))
        .execute(pool)
        .await?;
    Ok(())
}

/// Takes up an invitation. The update decides who is first: of two at once the second waits, and then finds it taken.
pub(crate) async fn take(store: &Store, token_hash: &str, interview: &Interview) -> Result<Taken, Fault> {
    let mut writing = store.begin().await?;
    let taken = sqlx::query(TAKE).bind(token_hash).bind(interview.id.as_str()).execute(&mut *writing).await?;
    if taken.rows_affected() == 0 {
        return taken_for(&mut writing, token_hash).await.map(Taken::Before);
    }
    interviews::insert(&mut writing, interview).await?;
    writing.commit().await?;
    Ok(Taken::Now)
}

async fn taken_for(connection: &mut SqliteConnection, token_hash: &str) -> Result<InterviewId, Fault> {
    let interview: Option<String> =
        sqlx::query_scalar(TAKEN_FOR).bind(token_hash).fetch_optional(connection).await?.flatten();
    let interview = interview.ok_or_else(|| Fault::Absent("invitation", token_hash.to_owned()))?;
    Ok(InterviewId::parse(interview)?)
}

#[derive(sqlx::FromRow)]
struct Row {
    token_hash: String,
    assessment: String,
    name: String,
    email: Option<String>,
    created_at: i64,
    expires_at: i64,
    interview: Option<String>,
}

impl Row {
    fn into_invitation(self) -> Result<Invitation, Fault> {
        Ok(Invitation {
            token_hash: self.token_hash,
            assessment: self.assessment,
            name: self.name,
            email: self.email,
            created_at: read_number("created_at", self.created_at)?,
            expires_at: read_number("expires_at", self.expires_at)?,
            interview: self.interview.map(InterviewId::parse).transpose()?,
        })
    }
}
