//! What a watcher is told.

use std::sync::Arc;

use service::ports::{Changed, Jail};
use tokio::sync::mpsc;

use crate::Bench;
use crate::support::{named, run, soon};

async fn watched(bench: &Bench, before: &str) -> (Arc<dyn Jail>, mpsc::Receiver<Changed>) {
    let jail = bench.start().await;
    run(&jail, before).await;
    let watch = jail.watch().await.expect("a watch");
    (jail, watch)
}

#[tokio::test]
async fn new_folders_are_watched_too() {
    let bench = Bench::new();
    let (jail, mut watch) = watched(&bench, "mkdir -p there").await;
    run(&jail, "echo > there/file; mkdir -p a/b/c; echo > a/b/c/first").await;
    named(&mut watch, &["there/file", "a/b/c/first"]).await;
    run(&jail, "echo > a/b/c/second").await;
    named(&mut watch, &["a/b/c/second"]).await;
}

#[tokio::test]
async fn a_folder_that_moves_is_known_under_its_new_name() {
    let bench = Bench::new();
    let (jail, mut watch) = watched(&bench, "mkdir -p one/inner; echo > one/inner/file").await;
    run(&jail, "mv one two").await;
    assert_eq!(soon(watch.recv()).await, Some(Changed::Everything));
    run(&jail, "echo > two/inner/later").await;
    named(&mut watch, &["two/inner/later"]).await;
}
