//! The server reads and writes the workspace, and no trick in there leads it anywhere else.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use interview::FilePath;
use service::ports::{Jail, Limits};

use crate::places::program;
use crate::{boxed, soon};

const SECRET: &str = "the secret of the host";

/// A host with a secret beside its boxes.
struct Neighbourhood(tempfile::TempDir);

impl Neighbourhood {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("host")).expect("a folder");
        fs::write(folder.path().join("host/secret"), SECRET).expect("a file");
        Self(folder)
    }

    fn host(&self) -> PathBuf {
        self.0.path().join("host")
    }

    /// Lets a stranger prepare the workspace, and does something with it.
    fn with<T>(&self, script: &str, work: impl AsyncFnOnce(Arc<dyn Jail>) -> T) -> T {
        let script = script.replace("HOST", &self.host().display().to_string());
        boxed(self.0.path(), Limits::default(), async |jail| {
            soon(jail.run(program(["bash", "-c", &script]))).await.expect("it runs");
            work(jail).await
        })
    }

    fn is_unharmed(&self) -> bool {
        let files = fs::read_dir(self.host()).expect("the host").count();
        files == 1 && fs::read_to_string(self.host().join("secret")).is_ok_and(|text| text == SECRET)
    }
}

/// The workspace of the only box, as a server without care would reach it.
fn careless(folder: &Path) -> PathBuf {
    let server = fs::read_dir(folder.join("boxes")).expect("boxes").flatten().find(|entry| entry.path().is_dir());
    let server = server.expect("a server").path();
    let boxes = fs::read_dir(server).expect("a server's folder").flatten();
    let of_box = boxes.map(|entry| entry.path()).filter(|path| path.join("workspace").is_dir()).last();
    of_box.expect("a box").join("workspace")
}

/// Reads a path in a workspace that a script has prepared: our way, and the careless way.
fn read_both(script: &str, path: &str) -> (Option<String>, Option<String>) {
    let hood = Neighbourhood::new();
    hood.with(script, async |jail| {
        let ours = soon(jail.read(&file(path))).await.ok();
        (ours, fs::read_to_string(careless(hood.0.path()).join(path)).ok())
    })
}

/// Writes a path in a workspace that a script has prepared; whether the host is unharmed, our way and the careless way.
fn write_both(script: &str, path: &str) -> (bool, bool) {
    let hood = Neighbourhood::new();
    hood.with(script, async |jail| {
        let _ = soon(jail.write(&file(path), "changed")).await;
        let after_ours = hood.is_unharmed();
        let _ = fs::write(careless(hood.0.path()).join(path), "changed");
        (after_ours, hood.is_unharmed())
    })
}

fn file(path: &str) -> FilePath {
    FilePath::parse(path).expect("a path")
}

#[test]
fn reading_follows_no_link() {
    assert_eq!(read_both("ln -s HOST/secret link", "link"), (None, Some(SECRET.into())));
}

#[test]
fn reading_follows_no_link_of_a_folder() {
    assert_eq!(read_both("ln -s HOST folder", "folder/secret"), (None, Some(SECRET.into())));
}

#[test]
fn reading_follows_no_link_that_climbs() {
    let climb = "ln -s ../../../../../../../../../../../HOST/secret link";
    assert_eq!(read_both(climb, "link"), (None, Some(SECRET.into())));
}

#[test]
fn reading_follows_no_link_through_processes() {
    assert_eq!(read_both("ln -s /proc/self/root/HOST/secret link", "link"), (None, Some(SECRET.into())));
}

#[test]
fn writing_follows_no_link() {
    assert_eq!(write_both("ln -s HOST/secret link", "link"), (true, false));
}

#[test]
fn writing_makes_nothing_at_the_end_of_a_link() {
    assert_eq!(write_both("ln -s HOST/new link", "link"), (true, false));
}

#[test]
fn writing_follows_no_link_of_a_folder() {
    assert_eq!(write_both("ln -s HOST folder", "folder/new"), (true, false));
}

#[test]
fn removing_follows_no_link_of_a_folder() {
    let hood = Neighbourhood::new();
    hood.with("ln -s HOST folder", async |jail| {
        assert!(soon(jail.remove(&file("folder/secret"))).await.is_err());
        assert!(hood.is_unharmed());
        fs::remove_file(careless(hood.0.path()).join("folder/secret")).expect("the careless way");
        assert!(!hood.is_unharmed());
    });
}

#[test]
fn listing_and_watching_follow_no_link() {
    let hood = Neighbourhood::new();
    hood.with("ln -s HOST folder; mkdir real; ln -s ../real real/loop; echo x > real/file", async |jail| {
        assert_eq!(soon(jail.list()).await.expect("a list"), [file("real/file")]);
        let mut watch = jail.watch().await.expect("a watch");
        fs::write(hood.host().join("secret"), SECRET).expect("the host writes");
        soon(jail.write(&file("last"), "x")).await.expect("written");
        assert_eq!(soon(watch.recv()).await, Some(service::ports::Changed::File(file("last"))));
        assert!(fs::read_dir(careless(hood.0.path()).join("folder")).expect("the careless way").count() > 0);
    });
}

#[test]
fn pipes_sockets_and_folders_make_nobody_wait() {
    let hood = Neighbourhood::new();
    let script =
        "mkfifo pipe; mkdir folder; python3 -c \"import socket; socket.socket(socket.AF_UNIX).bind('socket')\"";
    hood.with(script, async |jail| {
        for strange in ["pipe", "folder", "socket"] {
            assert!(soon(jail.read(&file(strange))).await.is_err(), "{strange}");
            assert!(soon(jail.write(&file(strange), "x")).await.is_err(), "{strange}");
        }
        assert!(soon(jail.list()).await.expect("a list").is_empty());
    });
}

#[test]
fn a_folder_that_turns_into_a_link_and_back_wins_no_race() {
    let hood = Neighbourhood::new();
    let script = "mkdir real; echo ours > real/secret; ln -s HOST link; cp -a real spare";
    hood.with(script, async |jail| {
        let swap = "import ctypes\nc = ctypes.CDLL(None)\nwhile True: c.renameat2(-100, b'real', -100, b'link', 2)";
        let mut swapping = program(["python3", "-c", swap]);
        swapping.wall_millis = 30_000;
        let running = {
            let jail = Arc::clone(&jail);
            tokio::spawn(async move { jail.run(swapping).await })
        };
        let careless = careless(hood.0.path()).join("real/secret");
        let is_secret = |text: &str| text == SECRET;
        // The race is on once the careless way loses it.
        soon(async {
            while !fs::read_to_string(&careless).is_ok_and(|text| is_secret(&text)) {
                tokio::task::yield_now().await;
            }
        })
        .await;
        for _ in 0..1_500 {
            let read = soon(jail.read(&file("real/secret"))).await;
            assert!(!read.is_ok_and(|text| is_secret(&text)));
            let _ = soon(jail.write(&file("real/secret"), "ours")).await;
            let _ = soon(jail.write(&file("real/new/file"), "ours")).await;
            let _ = soon(jail.remove(&file("real/secret"))).await;
        }
        assert!(hood.is_unharmed());
        running.abort();
    });
}
