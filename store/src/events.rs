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

/// Sixteen at once: a group is mostly the way of its statements to the database's thread and back.
const APPEND_SIXTEEN: &str = "
insert into events (interview, seq, at, actor, kind, v, body, origin, n)
values
    ($1, $2, $3, $4, $5, $6, $7, $8, $9),
    ($1, $10, $11, $12, $13, $14, $15, $16, $17),
    ($1, $18, $19, $20, $21, $22, $23, $24, $25),
    ($1, $26, $27, $28, $29, $30, $31, $32, $33),
    ($1, $34, $35, $36, $37, $38, $39, $40, $41),
    ($1, $42, $43, $44, $45, $46, $47, $48, $49),
    ($1, $50, $51, $52, $53, $54, $55, $56, $57),
    ($1, $58, $59, $60, $61, $62, $63, $64, $65),
    ($1, $66, $67, $68, $69, $70, $71, $72, $73),
    ($1, $74, $75, $76, $77, $78, $79, $80, $81),
    ($1, $82, $83, $84, $85, $86, $87, $88, $89),
    ($1, $90, $91, $92, $93, $94, $95, $96, $97),
    ($1, $98, $99, $100, $101, $102, $103, $104, $105),
    ($1, $106, $107, $108, $109, $110, $111, $112, $113),
    ($1, $114, $115, $116, $117, $118, $119, $120, $121),
    ($1, $122, $123, $124, $125, $126, $127, $128, $129)";

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
    let rows: Vec<_> = entries.iter().map(|entry| (entry, entry.event.fact.body())).collect();
    let mut writing = store.begin().await?;
    if !continues(length(&mut writing, interview).await?, entries) {
        return Err(Fault::Conflict);
    }
    let (sixteens, rest) = rows.as_chunks::<16>();
    for sixteen in sixteens {
        insert(&mut writing, APPEND_SIXTEEN, interview, sixteen).await?;
    }
    for one in rest.chunks(1) {
        insert(&mut writing, APPEND, interview, one).await?;
    }
    Ok(writing.commit().await?)
}

async fn length(connection: &mut SqliteConnection, interview: &InterviewId) -> Result<Seq, Fault> {
    let length: i64 = sqlx::query_scalar(LENGTH).bind(interview.as_str()).fetch_one(connection).await?;
    Ok(Seq(read_number("seq", length)?))
}

async fn insert(
    connection: &mut SqliteConnection,
    statement: &'static str,
    interview: &InterviewId,
    rows: &[(&Entry, Box<RawValue>)],
) -> Result<(), Fault> {
    let mut query = sqlx::query(statement).bind(interview.as_str());
    for (Entry { event, source }, body) in rows {
        query = query
            .bind(number(event.seq.0))
            .bind(number(event.at.0))
            .bind(event.actor.as_str())
            .bind(event.fact.kind())
            .bind(i64::from(event.fact.version()))
            .bind(body.get())
            .bind(source.as_ref().map(|source| source.origin.as_str()))
            .bind(source.as_ref().map(|source| source.n.cast_signed()));
    }
    query.execute(connection).await?;
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
            fact: Fact::decode(&self.kind, read_number("v", self.v)?, self.body.as_str())?,
        };
        let source = match self.origin.zip(self.n) {
            Some((origin, n)) => Some(Source { origin: Origin::parse(origin)?, n: n.cast_unsigned() }),
            None => None,
        };
        Ok(Entry { event, source })
    }
}
