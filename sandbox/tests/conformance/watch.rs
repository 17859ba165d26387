//! What a watcher is told.

use std::collections::BTreeSet;

use service::ports::Changed;

use crate::Bench;
use crate::support::{named, path, run, soon};

pub(crate) async fn writing_removing_and_moving_are_seen(bench: &Bench) {
    let jail = bench.start().await;
    run(&jail, "echo old > old").await;
    let mut watch = jail.watch().await.expect("a watch");
    run(&jail, "echo new > new").await;
    assert_eq!(named(&mut watch, &["new"]).await.len(), 1);
    run(&jail, "rm old").await;
    named(&mut watch, &["old"]).await;
    run(&jail, "mv new newer").await;
    named(&mut watch, &["new", "newer"]).await;
    run(&jail, "mkdir -p a/b/c; echo > a/b/c/first").await;
    named(&mut watch, &["a/b/c/first"]).await;
    jail.write(&path("ours"), "x").await.expect("written");
    named(&mut watch, &["ours"]).await;
}

pub(crate) async fn names_of_any_bytes_are_told(bench: &Bench) {
    let jail = bench.start().await;
    let mut watch = jail.watch().await.expect("a watch");
    run(&jail, r"echo > $'caf\xe9'").await;
    named(&mut watch, &[r"caf\xE9"]).await;
    run(&jail, r"mv $'caf\xe9' 'caf\xE9'").await;
    named(&mut watch, &[r"caf\xE9", r"caf\x5CxE9"]).await;
    run(&jail, r"mkdir -p $'a\nb/\xff'; echo > $'a\nb/\xff/c'").await;
    named(&mut watch, &[r"a\x0Ab/\xFF/c"]).await;
    run(&jail, r"rm $'a\nb/\xff/c'").await;
    named(&mut watch, &[r"a\x0Ab/\xFF/c"]).await;
}

pub(crate) async fn skipped_folders_are_silent(bench: &Bench) {
    let jail = bench.start().await;
    run(&jail, "mkdir .git").await;
    let mut watch = jail.watch().await.expect("a watch");
    run(&jail, "echo > .git/x; mkdir -p node_modules/left; echo > node_modules/left/index.js; echo > last").await;
    assert_eq!(named(&mut watch, &["last"]).await, BTreeSet::from(["last".to_owned()]));
}

pub(crate) async fn a_flood_is_told_as_everything(bench: &Bench) {
    let jail = bench.start().await;
    let mut watch = jail.watch().await.expect("a watch");
    run(&jail, "for i in {1..6000}; do : > file-$i; done").await;
    while soon(watch.recv()).await.expect("it goes on watching") != Changed::Everything {}
}

pub(crate) async fn a_watch_ends_with_its_box(bench: &Bench) {
    let jail = bench.start().await;
    let mut watch = jail.watch().await.expect("a watch");
    jail.stop().await;
    while soon(watch.recv()).await.is_some() {}
}
