//! Interviews as lists show them. The log is the truth; these rows are what a list can be sorted and searched by.

use interview::InterviewId;
use interview::question::Language;
use service::ports::catalog::{Interview, InterviewFilter, InterviewProgress, InterviewSort, InterviewState, Page};
use sqlx::{SqliteConnection, SqlitePool};

use crate::columns::{number, read_name, read_number, read_optional};
use crate::fault::Fault;
use crate::searching::{needle, pattern, searchable};

macro_rules! select_interviews {
    ($rest:expr) => {
        concat!(
            "select interviews.id, interviews.assessment, interviews.candidate, interviews.email, ",
            "interviews.candidate_token_hash, interviews.language, interviews.started_at, interviews.deadline_at, ",
            "interviews.state, interviews.ended_at, interviews.tests_passed, interviews.tests_total from interviews ",
            $rest
        )
    };
}

macro_rules! matching {
    () => {
        "join assessments on assessments.id = interviews.assessment
        where (interviews.searchable like $1 escape '\\' or assessments.searchable like $1 escape '\\')
        and ($2 is null or interviews.state = $2)
        and ($3 is null or interviews.assessment = $3) "
    };
}

macro_rules! page {
    ($order:expr) => {
        select_interviews!(concat!(matching!(), "order by ", $order, " limit $4 offset $5"))
    };
}

const BY_ID: &str = select_interviews!("where id = $1");

const COUNT: &str = concat!("select count(*) from interviews ", matching!());

const NEWEST: &str = page!("interviews.started_at desc, interviews.id desc");

const OLDEST: &str = page!("interviews.started_at, interviews.id");

const BY_CANDIDATE: &str = page!("interviews.searchable, interviews.id");

const BY_CANDIDATE_REVERSED: &str = page!("interviews.searchable desc, interviews.id desc");

/// The share of tests passed is in millionths, so that every database divides alike.
macro_rules! by_share {
    ($direction:literal) => {
        page!(concat!(
            "case when interviews.tests_total = 0 then 0 ",
            "else interviews.tests_passed * 1000000 / interviews.tests_total end ",
            $direction,
            ", interviews.tests_passed ",
            $direction,
            ", interviews.started_at desc, interviews.id desc"
        ))
    };
}

const BY_PASSED: &str = by_share!("desc");

const BY_PASSED_LEAST: &str = by_share!("asc");

/// The first expression puts those that have not ended behind the others in either direction.
macro_rules! by_duration {
    ($direction:literal) => {
        page!(concat!(
            "case when interviews.ended_at is null then 1 else 0 end, interviews.ended_at - interviews.started_at ",
            $direction,
            ", interviews.started_at desc, interviews.id desc"
        ))
    };
}

const LONGEST: &str = by_duration!("desc");

const SHORTEST: &str = by_duration!("asc");

const DUE_TO_END: &str = "
select id from interviews
    where (state = 'running' and deadline_at <= $1) or state = 'submitted' order by deadline_at, id";

const PUT: &str = "
insert into interviews (
    id, assessment, candidate, email, searchable, candidate_token_hash, language, started_at, deadline_at,
    state, ended_at, tests_passed, tests_total
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";

const NOTE_PROGRESS: &str = "
update interviews set state = $2, ended_at = $3, tests_passed = $4, tests_total = $5 where id = $1";

pub(crate) async fn by_id(pool: &SqlitePool, id: &InterviewId) -> Result<Option<Interview>, Fault> {
    let row: Option<Row> = sqlx::query_as(BY_ID).bind(id.as_str()).fetch_optional(pool).await?;
    row.map(Row::into_interview).transpose()
}

/// A page of interviews, and how many there are in all at that moment.
pub(crate) async fn page(pool: &SqlitePool, filter: &InterviewFilter) -> Result<Page<Interview>, Fault> {
    let pattern = pattern(&needle(filter.search.as_deref().unwrap_or_default()));
    let state = filter.state.map(InterviewState::as_str);
    let in_order = match filter.sort {
        InterviewSort::Newest => NEWEST,
        InterviewSort::Oldest => OLDEST,
        InterviewSort::Candidate => BY_CANDIDATE,
        InterviewSort::CandidateReversed => BY_CANDIDATE_REVERSED,
        InterviewSort::Passed => BY_PASSED,
        InterviewSort::PassedLeast => BY_PASSED_LEAST,
        InterviewSort::Longest => LONGEST,
        InterviewSort::Shortest => SHORTEST,
    };

    let mut reading = pool.begin().await?;
    let total: i64 =
        sqlx::query_scalar(COUNT).bind(&pattern).bind(state).bind(&filter.assessment).fetch_one(&mut *reading).await?;
    let rows: Vec<Row> = sqlx::query_as(in_order)
        .bind(&pattern)
        .bind(state)
        .bind(&filter.assessment)
        .bind(i64::from(filter.limit))
        .bind(i64::from(filter.offset))
        .fetch_all(&mut *reading)
        .await?;
    reading.commit().await?;

    let rows = rows.into_iter().map(Row::into_interview).collect::<Result<_, Fault>>()?;
    Ok(Page { rows, total: read_number("count", total)? })
}

/// Interviews that were handed in, or are running with a deadline at or before `deadline`.
pub(crate) async fn due_to_end(pool: &SqlitePool, deadline: u64) -> Result<Vec<InterviewId>, Fault> {
    let ids: Vec<String> = sqlx::query_scalar(DUE_TO_END).bind(number(deadline)).fetch_all(pool).await?;
    ids.into_iter().map(|id| Ok(InterviewId::parse(id)?)).collect()
}

/// Adds an interview.
pub(crate) async fn insert(connection: &mut SqliteConnection, interview: &Interview) -> Result<(), Fault> {
    sqlx::query(PUT)
        .bind(interview.id.as_str())
        .bind(&interview.assessment)
        .bind(&interview.candidate)
        .bind(&interview.email)
        .bind(searchable_of(interview))
        .bind(&interview.candidate_token_hash)
        .bind(interview.language.as_str())
        .bind(number(interview.started_at))
        .bind(number(interview.deadline_at))
        .bind(interview.state.as_str())
        .bind(interview.ended_at.map(number))
        .bind(i64::from(interview.tests_passed))
        .bind(i64::from(interview.tests_total))
        .execute(connection)
        .await?;
    Ok(())
}

/// Writes how an interview stands. That there is none is a fault: what was noted would be lost.
pub(crate) async fn note_progress(
    pool: &SqlitePool,
    id: &InterviewId,
    progress: &InterviewProgress,
) -> Result<(), Fault> {
    let noted = sqlx::query(NOTE_PROGRESS)
        .bind(id.as_str())
        .bind(progress.state.as_str())
        .bind(progress.ended_at.map(number))
        .bind(i64::from(progress.tests_passed))
        .bind(i64::from(progress.tests_total))
        .execute(pool)
        .await?;
    match noted.rows_affected() {
        0 => Err(Fault::Absent("interview", id.to_string())),
        _ => Ok(()),
    }
}

/// The name first: lists are sorted by it, too.
pub(crate) fn searchable_of(interview: &Interview) -> String {
    searchable(&[&interview.candidate, interview.email.as_deref().unwrap_or_default()])
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    assessment: String,
    candidate: String,
    email: Option<String>,
    candidate_token_hash: String,
    language: String,
    started_at: i64,
    deadline_at: i64,
    state: String,
    ended_at: Option<i64>,
    tests_passed: i64,
    tests_total: i64,
}

impl Row {
    fn into_interview(self) -> Result<Interview, Fault> {
        Ok(Interview {
            id: InterviewId::parse(self.id)?,
            assessment: self.assessment,
            candidate: self.candidate,
            email: self.email,
            candidate_token_hash: self.candidate_token_hash,
            language: read_name("language", &self.language, Language::parse)?,
            started_at: read_number("started_at", self.started_at)?,
            deadline_at: read_number("deadline_at", self.deadline_at)?,
            state: read_name("state", &self.state, InterviewState::parse)?,
            ended_at: read_optional("ended_at", self.ended_at)?,
            tests_passed: read_number("tests_passed", self.tests_passed)?,
            tests_total: read_number("tests_total", self.tests_total)?,
        })
    }
}
