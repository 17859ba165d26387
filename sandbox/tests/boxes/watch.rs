//! What a watcher is told.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use service::ports::{Changed, Exit, Jail};
use tokio::sync::mpsc;

use crate::Bench;
use crate::support::{named, path, run, script, soon};

async fn watched(bench: &Bench, before: &str) -> (Arc<dyn Jail>, mpsc::Receiver<Changed>) {
    let jail = bench.start().await;
    run(&jail, before).await;
    let watch = jail.watch().await.expect("a watch");
    (jail, watch)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_to_a_file_that_stays_open_is_told() {
    let bench = Bench::new();
    let (jail, mut watch) = watched(&bench, "echo > log; true").await;
    let writer = {
        let jail = Arc::clone(&jail);
        tokio::spawn(async move { jail.run(script("exec 9>>log; echo more >&9; sleep 1000")).await })
    };
    named(&mut watch, &["log"]).await;
    assert!(!writer.is_finished(), "it still has the file open");
    jail.stop().await;
    soon(writer).await.expect("no panic").expect_err("its box was stopped");
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
async fn what_is_not_watched_by_the_kernel_is_told_as_everything_again_and_again() {
    let bench = Bench::new();
    let (jail, mut watch) = watched(&bench, "mkdir folder-{1..300}").await;
    for round in ["once", "twice"] {
        run(&jail, &format!("for folder in folder-*; do echo {round} > $folder/file; done")).await;
        everything(&mut watch).await;
    }
    run(&jail, "mkdir late; echo > late/file").await;
    everything(&mut watch).await;
    run(&jail, "echo later > late/file").await;
    everything(&mut watch).await;
    run(&jail, "rm -r folder-*").await;
    // By now there is room again.
    soon(async {
        loop {
            jail.write(&path("late/file"), "x").await.expect("written");
            if soon(watch.recv()).await == Some(Changed::File(path("late/file"))) {
                return;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_tree_that_never_rests_costs_the_server_little() {
    let bench = Bench::new();
    let grow = "mkdir -p big/{1..150}; for folder in big/*; do touch $folder/{1..80}; done";
    let (jail, mut watch) = watched(&bench, grow).await;
    let (own, begun) = (own_time(), Instant::now());
    let mut restless = script("while :; do mv big moved; mv moved big; done");
    restless.wall_millis = 3_000;
    let listening = async { while watch.recv().await.is_some() {} };
    tokio::select! {
        ran = jail.run(restless) => assert_eq!(ran.expect("it runs").exit, Exit::TimedOut),
        () = listening => panic!("it goes on watching"),
    }
    let (worked, elapsed) = (own_time() - own + watchers_time(), begun.elapsed());
    assert!(worked * 4 < elapsed, "{worked:?} of {elapsed:?}");
}

async fn everything(watch: &mut mpsc::Receiver<Changed>) {
    soon(async { while watch.recv().await.expect("it goes on watching") != Changed::Everything {} }).await;
}

/// How long this thread has worked, and with it everything that the server does for the box but watching.
fn own_time() -> Duration {
    worked(Path::new("/proc/thread-self")).expect("the kernel counts")
}

/// How long all watchers of this process have worked.
fn watchers_time() -> Duration {
    let threads = fs::read_dir("/proc/self/task").expect("our threads").flatten().map(|thread| thread.path());
    let is_watcher =
        |thread: &PathBuf| fs::read_to_string(thread.join("comm")).is_ok_and(|name| name.trim() == "sandbox watcher");
    threads.filter(is_watcher).filter_map(|thread| worked(&thread)).sum()
}

fn worked(thread: &Path) -> Option<Duration> {
    let counted = fs::read_to_string(thread.join("schedstat")).ok()?;
    Some(Duration::from_nanos(counted.split(' ').next()?.parse().ok()?))
}
