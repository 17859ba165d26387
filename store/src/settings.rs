//! Small things of the server's own: its settings, and the row that proves that something can be written.

use sqlx::SqlitePool;

use crate::database::Store;
use crate::fault::Fault;

const BY_NAME: &str = "select value from settings where name = $1";

const PUT: &str = "insert into settings (name, value) values ($1, $2) on conflict (name) do nothing";

const TOUCH: &str = "
insert into health (id, checks) values (1, 1)
on conflict (id) do update set checks = health.checks + 1";

pub(crate) async fn by_name(pool: &SqlitePool, name: &str) -> Result<Option<String>, Fault> {
    Ok(sqlx::query_scalar(BY_NAME).bind(name).fetch_optional(pool).await?)
}

/// Stores a setting unless there is one, and answers the one that holds.
pub(crate) async fn put(store: &Store, name: &str, value: &str) -> Result<String, Fault> {
    let mut writing = store.begin().await?;
    sqlx::query(PUT).bind(name).bind(value).execute(&mut *writing).await?;
    let holding = sqlx::query_scalar(BY_NAME).bind(name).fetch_one(&mut *writing).await?;
    writing.commit().await?;
    Ok(holding)
}

/// Writes and syncs something harmless.
pub(crate) async fn touch(pool: &SqlitePool) -> Result<(), sqlx::Error> {
    sqlx::query(TOUCH).execute(pool).await?;
    Ok(())
}
