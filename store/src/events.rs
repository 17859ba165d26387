//! The event log in its table. Rows are only ever added, at the end of their interview; what they mean is not known here.

use async_trait::async_trait;
use interview::{Actor, Event, Fact, InterviewId, Offset, Origin, Seq};
use serde_json::value::RawValue;
use service::ports::{Entry, Events, PortError, Source};
use sqlx::SqliteConnection;

use crate::columns::{number, read_name, read_number};
use crate::database::Store;
use crate::fault::Fault;
use crate::settings;

const APPEND: &str = "
insert into events (interview, seq, at, actor, kind, v, body, origin, n)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

const READ: &str = "
select seq, at, actor, kind, v, body, origin, n
from events
where interview = $1 and seq >= $2
order by seq
limit $3";

const LENGTH: &str = "select coalesce(max(seq) + 1, 0) from events where interview = $1";

#[async_trait]
impl Events for Store {
    async fn append(&self, interview: &InterviewId, entries: &[Entry]) -> Result<(), PortError> {
        if entries.is_empty() {
            return Ok(());
        }
        Ok(append(self, interview, entries).await?)
    }

    async fn read(&self, interview: &InterviewId, from: Seq, limit: usize) -> Result<Vec<Entry>, PortError> {
        let rows: Vec<Row> = sqlx::query_as(READ)
            .bind(interview.as_str())
            .bind(number(from.0))
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(self.readers())
            .await
            .map_err(Fault::from)?;
        Ok(rows.into_iter().map(Row::into_entry).collect::<Result<_, Fault>>()?)
    }

    async fn len(&self, interview: &InterviewId) -> Result<Seq, PortError> {
        let mut reader = self.readers().acquire().await.map_err(Fault::from)?;
        Ok(length(&mut reader, interview).await?)
    }

    async fn check(&self) -> Result<(), PortError> {
        Ok(settings::touch(self.writer()).await.map_err(Fault::from)?)
    }
}

/// Whether the entries take the places from `length` on, one after the other.
pub(crate) fn continues(length: Seq, entries: &[Entry]) -> bool {
    entries.iter().zip(length.0..).all(|(entry, place)| entry.event.seq == Seq(place))
}

async fn append(store: &Store, interview: &InterviewId, entries: &[Entry]) -> Result<(), Fault> {
    let bodies: Vec<Box<RawValue>> = entries.iter().map(|entry| entry.event.fact.body()).collect();
    let mut writing = store.begin().await?;
    if !continues(length(&mut writing, interview).await?, entries) {
        return Err(Fault::Conflict);
    }
    for (entry, body) in entries.iter().zip(&bodies) {
        insert(&mut writing, interview, entry, body).await?;
    }
    Ok(writing.commit().await?)
}

async fn length(connection: &mut SqliteConnection, interview: &InterviewId) -> Result<Seq, Fault> {
    let length: i64 = sqlx::query_scalar(LENGTH).bind(interview.as_str()).fetch_one(connection).await?;
    Ok(Seq(read_number("seq", length)?))
}

async fn insert(
    connection: &mut SqliteConnection,
    interview: &InterviewId,
    entry: &Entry,
    body: &RawValue,
) -> Result<(), Fault> {
    let Entry { event, source } = entry;
    sqlx::query(APPEND)
        .bind(interview.as_str())
        .bind(number(event.seq.0))
        .bind(number(event.at.0))
        .bind(event.actor.as_str())
        .bind(event.fact.kind())
        .bind(i64::from(event.fact.version()))
        .bind(body.get())
        .bind(source.as_ref().map(|source| source.origin.as_str()))
        .bind(source.as_ref().map(|source| source.n.cast_signed()))
        .execute(connection)
        .await?;
    Ok(())
}

/// A row of the log. A client's `n` is kept bit by bit: it comes from a stranger, may be anything, and is only compared.
#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    at: i64,
    actor: String,
    kind: String,
    v: i64,
    body: String,
    origin: Option<String>,
    n: Option<i64>,
}

impl Row {
    fn into_entry(self) -> Result<Entry, Fault> {
        let event = Event {
            seq: Seq(read_number("seq", self.seq)?),
            at: Offset(read_number("at", self.at)?),
            actor: read_name("actor", &self.actor, Actor::parse)?,
            fact: Fact::decode(&self.kind, read_number("v", self.v)?, &self.body)?,
        };
        let source = match self.origin.zip(self.n) {
            Some((origin, n)) => Some(Source { origin: Origin::parse(origin)?, n: n.cast_unsigned() }),
            None => None,
        };
        Ok(Entry { event, source })
    }
}
