//! What every store keeps its word about. Each test runs on SQLite and in memory; what only a file can show is in `files`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

/// Runs each of these tests on a fresh store of every kind.
macro_rules! on_every_store {
    ($($test:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let folder = tempfile::tempdir().unwrap();
                let file = folder.path().join("log.db");
                super::$test(store::Store::open(file.to_str().unwrap()).await.unwrap()).await;
            })*
        }

        mod in_memory {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(store::Memory::new()).await;
            })*
        }
    };
}

mod conformance {
    mod accounts;
    mod assessments;
    mod erasing;
    mod files;
    mod invitations;
    mod listing;
    mod log;
    mod samples;
    mod settings;
}
