//! What only a store in a file can show: that it lasts, that it says what is wrong with a file, that it is kept from harm.

use std::fs;
use std::future::{Future, poll_fn};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::task::Poll;

use interview::Seq;
use service::ports::catalog::{Interview, InterviewState};
use service::ports::{Catalog, Entry, Events, PortError};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use store::{Store, StoreError};
use tempfile::TempDir;

use super::samples::{account, asked, assessment, focused, interview, interview_id, printed, sent, start};

#[tokio::test]
async fn what_was_kept_survives_closing_and_opening() {
    let folder = Folder::new();
    let store = folder.open().await;
    store.append(&interview_id("i"), &[asked(0, "why?"), sent(1, "tab", 0)]).await.unwrap();
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    start(&store, &interview("i", "1")).await;
    store.close().await;

    let store = folder.open().await;
    assert_eq!(store.read(&interview_id("i"), Seq(0), 9).await.unwrap(), [asked(0, "why?"), sent(1, "tab", 0)]);
    assert_eq!(store.interview(&interview_id("i")).await.unwrap(), Some(interview("i", "1")));
    let repeated = store.append(&interview_id("i"), &[sent(2, "tab", 0)]).await;
    assert!(matches!(repeated, Err(PortError::Conflict)));
}

#[tokio::test]
async fn what_was_acknowledged_is_in_the_files_at_that_moment() {
    let folder = Folder::new();
    let store = folder.open().await;
    for seq in 0..5 {
        store.append(&interview_id("i"), &[focused(seq)]).await.unwrap();
        let left_behind = folder.copied();
        let found = left_behind.open().await;
        assert_eq!(found.len(&interview_id("i")).await.unwrap(), Seq(seq + 1));
    }
}

#[tokio::test]
async fn a_commit_that_was_cut_short_takes_nothing_acknowledged_with_it() {
    let folder = Folder::new();
    let store = folder.open().await;
    let acknowledged = [asked(0, "one"), asked(1, "two")];
    store.append(&interview_id("i"), &acknowledged).await.unwrap();
    let length_before = fs::metadata(folder.ahead()).unwrap().len();
    store.append(&interview_id("i"), &[printed(2, &"x".repeat(100_000))]).await.unwrap();
    let length_after = fs::metadata(folder.ahead()).unwrap().len();
    assert!(length_after > length_before);

    for length in [length_before + 1, length_before + 5000, length_after - 1] {
        let torn = folder.copied();
        fs::File::options().write(true).open(torn.ahead()).unwrap().set_len(length).unwrap();
        let found = torn.open().await;
        assert_eq!(found.read(&interview_id("i"), Seq(0), 9).await.unwrap(), acknowledged);
        found.append(&interview_id("i"), &[focused(2)]).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reader_sees_a_write_at_once() {
    let folder = Folder::new();
    let store = folder.open().await;
    for seq in 0..20 {
        store.append(&interview_id("i"), &[focused(seq)]).await.unwrap();
        let readers: Vec<_> = (0..8)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move { store.len(&interview_id("i")).await.unwrap() })
            })
            .collect();
        for reader in readers {
            assert_eq!(reader.await.unwrap(), Seq(seq + 1));
        }
    }
}

#[tokio::test]
async fn an_append_that_is_given_up_half_way_is_kept_whole_or_not_at_all() {
    let folder = Folder::new();
    let store = folder.open().await;
    let interview = interview_id("i");
    for polls in 1..60 {
        let from = store.len(&interview).await.unwrap().0;
        let group: Vec<Entry> = (from..from + 16).map(focused).collect();
        polled(polls, store.append(&interview, &group)).await;
        store.check().await.unwrap();
        let through = store.len(&interview).await.unwrap().0;
        assert!(through == from || through == from + 16, "from {from} through {through}");
    }
}

/// Polls a future so often at most, then drops it.
async fn polled(polls: usize, future: impl Future) {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context| {
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Pending if left > 0 => Poll::Pending,
            Poll::Pending | Poll::Ready(_) => Poll::Ready(()),
        }
    })
    .await;
}

#[tokio::test]
async fn two_programs_on_one_file_fence_each_other() {
    let folder = Folder::new();
    let (one, other) = (folder.open().await, folder.open().await);
    one.append(&interview_id("i"), &[focused(0)]).await.unwrap();
    assert!(matches!(other.append(&interview_id("i"), &[focused(0)]).await, Err(PortError::Conflict)));
    other.append(&interview_id("i"), &[focused(1)]).await.unwrap();
    assert_eq!(one.len(&interview_id("i")).await.unwrap(), Seq(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_programs_on_one_file_wait_for_each_other() {
    let folder = Folder::new();
    let mut writers = Vec::new();
    for interview in [interview_id("i"), interview_id("j")] {
        let store = folder.open().await;
        writers.push(tokio::spawn(async move {
            for seq in 0..100 {
                store.append(&interview, &[focused(seq)]).await.unwrap();
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test]
async fn an_event_can_be_neither_changed_nor_deleted() {
    let folder = Folder::new();
    let store = folder.open().await;
    store.append(&interview_id("i"), &[focused(0)]).await.unwrap();
    let mut raw = folder.raw().await;
    for harm in ["update events set at = at + 1", "delete from events"] {
        let refused = sqlx::query(harm).execute(&mut raw).await.unwrap_err().to_string();
        assert!(refused.contains("an event is never"), "{refused}");
    }
    assert_eq!(store.read(&interview_id("i"), Seq(0), 9).await.unwrap(), [focused(0)]);
}

#[tokio::test]
async fn what_was_erased_is_in_no_file_and_other_events_stay_undeletable() {
    let folder = Folder::new();
    let store = folder.open().await;
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    let ended = Interview { state: InterviewState::Ended, candidate: "Thorvald".to_owned(), ..interview("i", "1") };
    start(&store, &ended).await;
    let said: Vec<Entry> =
        (0..200).map(|seq| asked(seq, "a secret of Thorvald's, long enough for many pages")).collect();
    store.append(&interview_id("i"), &said).await.unwrap();
    store.append(&interview_id("j"), &[focused(0)]).await.unwrap();
    assert!(folder.holds("Thorvald"));
    store.erase_interview(&interview_id("i")).await.unwrap();
    assert!(!folder.holds("Thorvald"));
    let mut raw = folder.raw().await;
    let refused = sqlx::query("delete from events").execute(&mut raw).await.unwrap_err().to_string();
    assert!(refused.contains("an event is never"), "{refused}");
}

#[tokio::test]
async fn an_event_that_this_program_cannot_read_is_told_and_not_skipped() {
    let folder = Folder::new();
    let store = folder.open().await;
    let strange = "insert into events (interview, seq, at, actor, kind, v, body)
        values ('i', 0, 0, 'system', 'weather.changed', 1, '{}')";
    sqlx::query(strange).execute(&mut folder.raw().await).await.unwrap();
    let told = store.read(&interview_id("i"), Seq(0), 9).await.unwrap_err().to_string();
    assert!(told.contains("weather.changed"), "{told}");
}

#[tokio::test]
async fn checking_really_writes() {
    let folder = Folder::new();
    let store = folder.open().await;
    let mut raw = folder.raw().await;
    let checks = "select checks from health";
    let before: i64 = sqlx::query_scalar(checks).fetch_one(&mut raw).await.unwrap();
    store.check().await.unwrap();
    let after: i64 = sqlx::query_scalar(checks).fetch_one(&mut raw).await.unwrap();
    assert_eq!(after, before + 1);

    sqlx::query("drop table health").execute(&mut raw).await.unwrap();
    assert!(matches!(store.check().await, Err(PortError::Unavailable(_))));
}

#[tokio::test]
async fn a_missing_folder_is_told() {
    let folder = Folder::new();
    let file = folder.path().join("missing").join("log.db");
    let refused = Store::open(file.to_str().unwrap()).await.unwrap_err();
    assert!(matches!(refused, StoreError::NoFolder(_)));
    assert!(refused.to_string().contains("missing to keep"), "{refused}");
}

#[tokio::test]
async fn a_path_that_is_no_file_to_write_is_told() {
    let folder = Folder::new();
    let refused = Store::open(folder.path().to_str().unwrap()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Unopened { .. }), "{refused}");

    fs::write(folder.file(), "Dear diary, this is not a database. ".repeat(100)).unwrap();
    let refused = Store::open(folder.file().to_str().unwrap()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Unopened { .. }), "{refused}");
    assert!(refused.to_string().contains("log.db"), "{refused}");
}

#[tokio::test]
async fn another_database_by_address_is_refused() {
    let refused = Store::open("postgres://user:secret@localhost/interviews").await.unwrap_err();
    assert!(matches!(refused, StoreError::Address(_)));
}

#[tokio::test]
async fn a_database_from_a_newer_version_is_left_alone() {
    let folder = Folder::new();
    let store = folder.open().await;
    store.put_account(&account("1", "ada@example.org")).await.unwrap();
    store.close().await;
    let newer = "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
        values (9999, 'from the future', true, x'00', 0)";
    sqlx::query(newer).execute(&mut folder.raw().await).await.unwrap();

    let refused = Store::open(folder.file().to_str().unwrap()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Newer { schema: 9999, .. }), "{refused}");
}

#[tokio::test]
async fn a_schema_that_somebody_changed_is_told() {
    let folder = Folder::new();
    folder.open().await.close().await;
    sqlx::query("update _sqlx_migrations set checksum = x'00'").execute(&mut folder.raw().await).await.unwrap();
    let refused = Store::open(folder.file().to_str().unwrap()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Schema { .. }), "{refused}");
}

/// A folder with one database in it, gone with the test.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn file(&self) -> PathBuf {
        self.path().join("log.db")
    }

    /// The database's write-ahead log.
    fn ahead(&self) -> PathBuf {
        self.path().join("log.db-wal")
    }

    async fn open(&self) -> Store {
        Store::open(self.file().to_str().unwrap()).await.unwrap()
    }

    /// The files as a crash at this moment would leave them.
    fn copied(&self) -> Self {
        let copy = Self::new();
        fs::copy(self.file(), copy.file()).unwrap();
        fs::copy(self.ahead(), copy.ahead()).unwrap();
        copy
    }

    /// Whether any of the files holds these words.
    fn holds(&self, words: &str) -> bool {
        let files = fs::read_dir(self.path()).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap());
        files.into_iter().any(|bytes| bytes.windows(words.len()).any(|window| window == words.as_bytes()))
    }

    /// A connection that knows no rules.
    async fn raw(&self) -> SqliteConnection {
        SqliteConnectOptions::new().filename(self.file()).connect().await.unwrap()
    }
}
