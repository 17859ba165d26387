//! Assessments: what candidates are invited to. Their lists lie in text as JSON, because nothing looks into them.

use service::ports::catalog::{Assessment, AssistantMode};
use sqlx::SqlitePool;

use crate::columns::{list, number, read_list, read_name, read_number};
use crate::fault::Fault;
use crate::searching::searchable;

macro_rules! select_assessments {
    ($rest:literal) => {
        concat!(
            "select id, title, problems, languages, minutes, assistant, budget_messages, budget_microusd, ",
            "required_consents, created_at from assessments ",
            $rest
        )
    };
}

const ALL: &str = select_assessments!("order by created_at desc, id desc");

const BY_ID: &str = select_assessments!("where id = $1");

const PUT: &str = "
insert into assessments (
    id, title, searchable, problems, languages, minutes, assistant, budget_messages, budget_microusd,
    required_consents, created_at
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

/// All assessments, newest first.
pub(crate) async fn all(pool: &SqlitePool) -> Result<Vec<Assessment>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(ALL).fetch_all(pool).await?;
    rows.into_iter().map(Row::into_assessment).collect()
}

pub(crate) async fn by_id(pool: &SqlitePool, id: &str) -> Result<Option<Assessment>, Fault> {
    let row: Option<Row> = sqlx::query_as(BY_ID).bind(id).fetch_optional(pool).await?;
    row.map(Row::into_assessment).transpose()
}

/// Adds an assessment.
pub(crate) async fn put(pool: &SqlitePool, assessment: &Assessment) -> Result<(), Fault> {
    sqlx::query(PUT)
        .bind(&assessment.id)
        .bind(&assessment.title)
        .bind(searchable(&[&assessment.title]))
        .bind(list(&assessment.problems)?)
        .bind(list(&assessment.languages)?)
        .bind(i64::from(assessment.minutes))
        .bind(assessment.assistant.as_str())
        .bind(i64::from(assessment.budget_messages))
        .bind(number(assessment.budget_microusd))
        .bind(list(&assessment.required_consents)?)
        .bind(number(assessment.created_at))
        .execute(pool)
        .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    title: String,
    problems: String,
    languages: String,
    minutes: i64,
    assistant: String,
    budget_messages: i64,
    budget_microusd: i64,
    required_consents: String,
    created_at: i64,
}

impl Row {
    fn into_assessment(self) -> Result<Assessment, Fault> {
        Ok(Assessment {
            id: self.id,
            title: self.title,
            problems: read_list(&self.problems)?,
            languages: read_list(&self.languages)?,
            minutes: read_number("minutes", self.minutes)?,
            assistant: read_name("assistant", &self.assistant, AssistantMode::parse)?,
            budget_messages: read_number("budget_messages", self.budget_messages)?,
            budget_microusd: read_number("budget_microusd", self.budget_microusd)?,
            required_consents: read_list(&self.required_consents)?,
            created_at: read_number("created_at", self.created_at)?,
        })
    }
}
