//! What a program starts ends with it, whatever it does to stay.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use rustix::process::{Pid, Signal, kill_process};
use service::ports::{Exit, Limits};

use crate::places::program;
use crate::traces::{disks, groups, processes};
use crate::{PATIENCE, boxed, soon};

/// Ways to stay, each a script that ends at once and wants a sleeper to remain.
const WAYS_TO_STAY: [(&str, &str); 6] = [
    ("a child in the background", "sleep 1000 <&- >&- 2>&- 3>&- &"),
    ("a session of its own", "setsid sleep 1000 <&- >&- 2>&- 3>&- & "),
    ("two forks", "(setsid sh -c 'sleep 1000 & exit' <&- >&- 2>&- 3>&- &) ; true"),
    ("deaf ears", "(trap '' HUP TERM INT QUIT; setsid sleep 1000 <&- >&- 2>&- 3>&- &)"),
    ("nohup", "nohup sleep 1000 <&- >&- 2>&- 3>&- &"),
    ("stopped", "sh -c 'kill -STOP $$; sleep 1000' <&- >&- 2>&- 3>&- & sleep 0"),
];

#[test]
fn without_a_box_every_way_to_stay_works() {
    for (way, script) in WAYS_TO_STAY {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let marker = folder.path().join("marker");
        fs::create_dir(&marker).expect("a folder");
        let mut shell = Command::new("sh");
        shell
            .args(["-c", script])
            .current_dir(&marker)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        assert!(shell.status().expect("a shell").success());
        // The shell has ended; what is to stay may still be on its way there.
        let begun = Instant::now();
        while !in_folder(&marker).into_iter().any(stays) {
            assert!(begun.elapsed() < PATIENCE, "{way}");
        }
        let mut left = in_folder(&marker);
        while !left.is_empty() {
            for process in left {
                let _ = kill_process(process, Signal::KILL);
            }
            left = in_folder(&marker);
        }
    }
}

#[test]
fn in_a_box_no_way_to_stay_works() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    boxed(folder.path(), Limits::default(), async |jail| {
        for (way, script) in WAYS_TO_STAY {
            let begun = Instant::now();
            let ran = soon(jail.run(program(["sh", "-c", script]))).await.expect("it runs");
            assert_eq!(ran.exit, Exit::Status(0), "{way}");
            assert!(begun.elapsed().as_secs() < 20, "{way}");
            assert_eq!(of_boxes(folder.path()), BTreeSet::new(), "{way}");
        }
    });
}

#[test]
fn a_stopped_box_gives_its_memory_back_while_another_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        use service::ports::Sandbox as _;
        let settings = sandbox::Settings { root: folder.path().join("boxes"), ..Default::default() };
        let sandbox = sandbox::Bubblewrap::new(settings);
        let (one, other) = (soon(sandbox.start(Limits::default())).await, soon(sandbox.start(Limits::default())).await);
        let (one, other) = (one.expect("a box"), other.expect("a box"));
        // A shell of the other box lives in a copy of all mounts that were there when it began.
        let shell = soon(other.shell(interview::terminal::Size::USUAL)).await.expect("a shell");
        let fill = program(["sh", "-c", "head -c 100000000 /dev/zero > filler"]);
        assert_eq!(soon(one.run(fill)).await.expect("it runs").exit, Exit::Status(0));
        soon(one.stop()).await;
        let processes = of_boxes(folder.path());
        let kept: Vec<usize> = processes.iter().map(|process| disks(process, folder.path()).len()).collect();
        assert!(!kept.is_empty() && kept.iter().all(|disks| *disks <= 1), "{kept:?}");
        drop((shell, one));
        soon(other.stop()).await;
    });
}

/// The processes that work in a folder.
fn in_folder(folder: &Path) -> Vec<Pid> {
    let processes = fs::read_dir("/proc").expect("processes").flatten();
    let there = processes.filter(|entry| fs::read_link(entry.path().join("cwd")).is_ok_and(|cwd| cwd == folder));
    there.filter_map(|entry| Pid::from_raw(entry.file_name().to_str()?.parse().ok()?)).collect()
}

/// Whether a process has come to rest: it sleeps for long, or is stopped.
fn stays(process: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    stat.contains(" (sleep) ") || stat.contains(") T ")
}

/// The processes of all boxes below a folder.
fn of_boxes(folder: &Path) -> BTreeSet<String> {
    groups(&folder.join("boxes")).iter().flat_map(|group| processes(group)).collect()
}
