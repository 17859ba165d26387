//! Opening a database: its file, its connections, its schema. It does not know what the tables mean.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, SqlitePool, Transaction};

use crate::settings;

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations/sqlite");

/// How many may read at once. Reading is short and comes from memory for the most part.
const READERS: u32 = 4;

/// How long a writer waits for a writer in another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// An address that this program does not understand; it may hold a password, so only its scheme is told.
    #[error("the database must be a file (`data/interviewlm.db` or `sqlite:data/interviewlm.db`), not `{0}`")]
    Address(String),
    /// The file's folder does not exist.
    #[error("there is no folder {} to keep the database in: make it first", .0.display())]
    NoFolder(PathBuf),
    /// Not a database, not a file, or not for us to write.
    #[error("the database cannot be opened for writing: {}", path.display())]
    Unopened {
        /// Which file.
        path: PathBuf,
        /// What the database said.
        source: sqlx::Error,
    },
    /// A newer program has been here; an older one would misread what it left.
    #[error("the database was written by a newer version of this program (schema {schema}): {}", path.display())]
    Newer {
        /// Which file.
        path: PathBuf,
        /// The first step of its schema that is unknown here.
        schema: i64,
    },
    /// The schema cannot be brought up to date.
    #[error("the database's schema cannot be brought up to date: {}", path.display())]
    Schema {
        /// Which file.
        path: PathBuf,
        /// What went wrong.
        source: MigrateError,
    },
}

/// The log and the tables in one file of SQLite: one connection writes, a few read beside it. Copies share them.
#[derive(Clone, Debug)]
pub struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Store {
    /// Opens the database at a path or `sqlite:` address, making the file and bringing its schema up to date.
    ///
    /// What it has acknowledged survives a crash of the machine: it writes ahead and syncs at every commit.
    pub async fn open(address: &str) -> Result<Self, StoreError> {
        let path = file_at(address)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(StoreError::NoFolder(folder.to_path_buf()));
        }
        let unopened = |source| StoreError::Unopened { path: path.clone(), source };

        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // What is deleted has to be gone from the file as well.
            .pragma("secure_delete", "on")
            .busy_timeout(BUSY_TIMEOUT);
        let writer = lasting(1).connect_with(options.clone()).await.map_err(unopened)?;
        MIGRATIONS.run(&writer).await.map_err(|error| unmigrated(&path, error))?;
        settings::touch(&writer).await.map_err(unopened)?;

        let readers = lasting(READERS).connect_with(options.pragma("query_only", "on")).await.map_err(unopened)?;
        Ok(Self { writer, readers })
    }

    /// Closes every connection and folds the write-ahead log into the file. Not needed for safety.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    pub(crate) fn writer(&self) -> &SqlitePool {
        &self.writer
    }

    pub(crate) fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// Folds the write-ahead log into the file, as far as nobody reads it: what was deleted is then in neither.
    pub(crate) async fn fold_log(&self) -> Result<(), sqlx::Error> {
        sqlx::query("pragma wal_checkpoint(truncate)").execute(&self.writer).await?;
        Ok(())
    }

    /// A transaction that may write. It takes the write lock at once: one that reads first and then wants to write
    /// would be refused instead of waiting.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        self.writer.begin_with("begin immediate").await
    }
}

/// Connections that stay open, with the statements they have prepared.
fn lasting(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

fn file_at(address: &str) -> Result<PathBuf, StoreError> {
    let path = match address.split_once(':') {
        Some(("sqlite", rest)) => {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            path.strip_suffix("?mode=rwc").unwrap_or(path)
        }
        Some((scheme, rest)) if rest.starts_with("//") => return Err(StoreError::Address(format!("{scheme}:"))),
        Some(_) | None => address,
    };
    if path.is_empty() || path == ":memory:" || path.contains('?') {
        return Err(StoreError::Address(address.to_owned()));
    }
    Ok(PathBuf::from(path))
}

fn unmigrated(path: &Path, error: MigrateError) -> StoreError {
    let path = path.to_path_buf();
    match error {
        MigrateError::VersionMissing(schema) => StoreError::Newer { path, schema },
        MigrateError::Execute(source) => StoreError::Unopened { path, source },
        source => StoreError::Schema { path, source },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_and_every_form_of_address_name_the_same_file() {
        for address in ["/srv/log.db", "sqlite:/srv/log.db", "sqlite:///srv/log.db", "sqlite:///srv/log.db?mode=rwc"] {
            assert_eq!(file_at(address).expect(address), Path::new("/srv/log.db"));
        }
        assert_eq!(file_at("sqlite://log.db").expect("a relative path"), Path::new("log.db"));
    }

    #[test]
    fn an_address_of_something_else_is_refused_without_telling_its_password() {
        for address in
            ["", "sqlite:", ":memory:", "sqlite::memory:", "sqlite:log.db?mode=ro", "postgres://me:secret@db/x"]
        {
            let refused = file_at(address).expect_err(address).to_string();
            assert!(!refused.contains("secret"), "{refused}");
        }
    }

    #[tokio::test]
    async fn a_commit_is_synced_and_a_reader_cannot_write() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("log.db");
        let store = Store::open(file.to_str().expect("a plain path")).await.expect("a store");
        let pragma = async |pool: &SqlitePool, sql: &'static str| -> String {
            sqlx::query_scalar(sql).fetch_one(pool).await.expect(sql)
        };
        const FULL: &str = "2";
        assert_eq!(pragma(store.writer(), "select synchronous || '' from pragma_synchronous").await, FULL);
        assert_eq!(pragma(store.writer(), "select journal_mode from pragma_journal_mode").await, "wal");
        assert_eq!(pragma(store.writer(), "select foreign_keys || '' from pragma_foreign_keys").await, "1");
        assert_eq!(pragma(store.readers(), "select query_only || '' from pragma_query_only").await, "1");
    }
}
