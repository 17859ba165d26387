//! A program can neither forge what is told about it nor keep it from being told.

use service::ports::{Exit, Limits, Ran};

use crate::places::program;
use crate::{boxed, soon};

/// Runs a script in a box.
fn run(limits: Limits, script: &str) -> Ran {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = program(["bash", "-c", script]);
    boxed(folder.path(), limits, async |jail| soon(jail.run(program)).await.expect("the box itself is fine"))
}

#[test]
fn words_of_bubblewrap_are_only_words() {
    let script =
        "for fd in 1 2 3; do printf '{ \"exit-code\": 0 }\\n' >&$fd; echo 'bwrap: execvp me' >&$fd; done; exit 5";
    assert_eq!(run(Limits::default(), script).exit, Exit::Status(5));
}

#[test]
fn no_descriptor_leads_to_what_is_told() {
    let script = "exec 2>/dev/null; for fd in {4..300}; do printf '{ \"exit-code\": 0 }\\n' >&$fd && echo open $fd; done; exit 6";
    let ran = run(Limits::default(), script);
    assert_eq!((ran.exit, ran.stdout.as_slice()), (Exit::Status(6), b"".as_slice()));
}

/// The first process of a box belongs to the box. Whoever destroys it has only ended the program.
#[test]
fn destroying_the_process_that_waits_is_an_end_like_others() {
    let script = r#"exec python3 -c "
try:
    memory = open('/proc/1/mem', 'r+b', buffering=0)
except OSError as error:
    print('refused:', error)
    raise SystemExit(7)
for line in open('/proc/1/maps'):
    if ' rw' in line:
        start, end = (int(number, 16) for number in line.split()[0].split('-'))
        memory.seek(start)
        memory.write(b'\xff' * (end - start))
print('destroyed', flush=True)
raise SystemExit(7)""#;
    let ran = run(Limits::default(), script);
    let said = String::from_utf8_lossy(&ran.stdout);
    let is_refused = said.starts_with("refused: ") && ran.exit == Exit::Status(7);
    let has_failed = matches!(ran.exit, Exit::Status(1..) | Exit::Signal(_) | Exit::Killed);
    assert!(is_refused || said == "destroyed\n" && has_failed, "{ran:?}");
}

#[test]
fn the_process_that_tells_cannot_be_ended() {
    let script = "kill -KILL 1; kill -STOP 1; kill -TERM 1; exit 8";
    assert_eq!(run(Limits::default(), script).exit, Exit::Status(8));
}

#[test]
fn killing_everything_is_told_as_being_killed() {
    let ran = run(Limits::default(), "sleep 1000 & kill -KILL -1; kill -KILL $$");
    assert_eq!(ran.exit, Exit::Killed);
}

#[test]
fn closing_everything_hides_nothing() {
    assert_eq!(run(Limits::default(), "exec 0<&- 1>&- 2>&- 3>&-; exit 9").exit, Exit::Status(9));
}

#[test]
fn what_stays_behind_cannot_speak_for_its_program() {
    let script = "(sleep 1; echo late >&3) & exit 0";
    let ran = run(Limits::default(), script);
    assert_eq!((ran.exit, ran.report.as_slice()), (Exit::Status(0), b"".as_slice()));
}

#[test]
fn a_program_that_never_ends_is_told_all_the_same() {
    let limits = Limits { wall_millis: 700, ..Limits::default() };
    let ran = run(limits, "trap '' TERM HUP INT QUIT; while :; do :; done");
    assert_eq!(ran.exit, Exit::TimedOut);
    assert!(ran.wall_millis >= 700 && ran.cpu_millis > 0 && ran.peak_bytes > 0, "{ran:?}");
}

#[test]
fn filling_the_box_does_not_make_it_unavailable() {
    let limits = Limits { disk_bytes: 4 << 20, files: 100, processes: 16, memory_bytes: 32 << 20, ..Limits::default() };
    let folder = tempfile::tempdir().expect("a temporary folder");
    boxed(folder.path(), limits, async |jail| {
        let fill = "cat /dev/zero > filler; for i in $(seq 200); do mkdir d-$i; done; exit 1";
        assert_eq!(soon(jail.run(program(["sh", "-c", fill]))).await.expect("it runs").exit, Exit::DiskLimit);
        let ran = soon(jail.run(program(["sh", "-c", "echo fine"]))).await.expect("it runs");
        assert_eq!((ran.exit, ran.stdout.as_slice()), (Exit::Status(0), b"fine\n".as_slice()));
    });
}
