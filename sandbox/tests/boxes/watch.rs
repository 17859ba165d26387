//! What a watcher is told.

use std::collections::BTreeSet;
use std::sync::Arc;

use service::ports::{Changed, Jail};
use tokio::sync::mpsc;

use crate::{Bench, path, run, soon};

/// Listens until all these files were named.
async fn named(watch: &mut mpsc::Receiver<Changed>, files: &[&str]) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    while !files.iter().all(|file| seen.contains(*file)) {
        match soon(watch.recv()).await.expect("it goes on watching") {
            Changed::File(file) => seen.insert(file.as_str().to_owned()),
            Changed::Everything => panic!("exact names were possible"),
        };
    }
    seen
}

async fn watched(bench: &Bench, before: &str) -> (Arc<dyn Jail>, mpsc::Receiver<Changed>) {
    let jail = bench.start().await;
    run(&jail, before).await;
    let watch = jail.watch().await.expect("a watch");
    (jail, watch)
}

#[tokio::test]
async fn writing_removing_and_moving_are_seen() {
    let bench = Bench::new();
    let (jail, mut watch) = watched(&bench, "echo old > old").await;
    run(&jail, "echo new > new").await;
    assert_eq!(named(&mut watch, &["new"]).await.len(), 1);
    run(&jail, "rm old").await;
    named(&mut watch, &["old"]).await;
    run(&jail, "mv new newer").await;
    named(&mut watch, &["new", "newer"]).await;
    jail.write(&path("ours"), "x").await.expect("written");
    named(&mut watch, &["ours"]).await;
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

#[tokio::test]
async fn skipped_folders_are_silent() {
    let bench = Bench::new();
    let (jail, mut watch) = watched(&bench, "mkdir .git").await;
    run(&jail, "echo > .git/x; mkdir -p node_modules/left-pad; echo > node_modules/left-pad/index.js; echo > last")
        .await;
    assert_eq!(named(&mut watch, &["last"]).await, BTreeSet::from(["last".to_owned()]));
}

#[tokio::test]
async fn a_flood_is_told_as_everything() {
    let bench = Bench::new();
    let (jail, mut watch) = watched(&bench, "").await;
    run(&jail, "for i in {1..6000}; do : > file-$i; done").await;
    while soon(watch.recv()).await.expect("it goes on watching") != Changed::Everything {}
}

#[tokio::test]
async fn a_watch_ends_with_its_box() {
    let bench = Bench::new();
    let (jail, mut watch) = watched(&bench, "").await;
    jail.stop().await;
    while soon(watch.recv()).await.is_some() {}
}
