//! Every way to end that is not the program's own, and what it tells.

use service::ports::{Exit, Limits, SandboxError};

use crate::Bench;
use crate::support::{path, run, script, soon};

pub(crate) async fn too_much_memory_ends_the_program_and_nothing_else(bench: &Bench) {
    let jail = bench.start_with(Limits { memory_bytes: 96 << 20, ..Limits::default() }).await;
    for greed in ["tail /dev/zero", "exec python3 -c 'x = bytearray(200 << 20)'"] {
        let ran = match soon(jail.run(script(greed))).await {
            // A container may end with the greed in it, and is then a box that has ended.
            Err(SandboxError::Unavailable(_)) if bench.has_keepers() => return,
            ran => ran.expect("it runs"),
        };
        assert_eq!(ran.exit, Exit::OutOfMemory, "{greed}: {}", String::from_utf8_lossy(&ran.stderr));
        assert!(ran.peak_bytes > 32 << 20 && ran.peak_bytes <= 96 << 20, "{greed}: {} bytes", ran.peak_bytes);
    }
    let ran = run(&jail, "echo still here").await;
    assert_eq!((ran.exit, ran.stdout.as_slice()), (Exit::Status(0), b"still here\n".as_slice()));
}

pub(crate) async fn too_much_output_is_cut_and_ends_the_program(bench: &Bench) {
    let jail = bench.start().await;
    for text in ["yes", "yes >&2"] {
        let ran = run(&jail, text).await;
        assert_eq!(ran.exit, Exit::OutputLimit);
        assert_eq!(ran.stdout.len().max(ran.stderr.len()), 1 << 20);
    }
    let ran = run(&jail, "yes >&3").await;
    assert_eq!((ran.exit, ran.report.len()), (Exit::OutputLimit, 8 << 20));
}

pub(crate) async fn a_fork_bomb_is_contained(bench: &Bench) {
    let jail = bench.start_with(Limits { processes: 32, ..Limits::default() }).await;
    let ran = run(&jail, "exec sh -c 'for i in $(seq 100); do sleep 1000 & done 2>/dev/null; exit 1'").await;
    assert_eq!(ran.exit, Exit::TooManyProcesses);
    let mut bomb = script("bomb() { bomb | bomb & }; bomb 2>/dev/null; wait; sleep 1000");
    bomb.wall_millis = 2_000;
    let ran = soon(jail.run(bomb)).await.expect("it runs");
    assert!(matches!(ran.exit, Exit::TimedOut | Exit::TooManyProcesses), "{:?}", ran.exit);
    assert_eq!(run(&jail, "echo still here").await.stdout, b"still here\n");
}

pub(crate) async fn a_full_disk_is_told_and_the_box_stays_usable(bench: &Bench) {
    let jail = bench.start_with(Limits { disk_bytes: 16 << 20, ..Limits::default() }).await;
    for place in [".", "/tmp", "~", "/dev/shm"] {
        let ran =
            run(&jail, &format!("cat /dev/zero > {place}/filler; stat -c %s {place}/filler; rm {place}/filler")).await;
        let held = String::from_utf8_lossy(&ran.stdout).trim().parse::<u64>().expect("a size");
        assert!(held > 0 && held <= 16 << 20, "{place} held {held}");
    }
    assert_eq!(run(&jail, "cat /dev/zero > filler").await.exit, Exit::DiskLimit);
    assert_eq!(run(&jail, "cat /dev/zero > filler; exit 0").await.exit, Exit::Status(0), "no failure, no fault");
    let refused = jail.write(&path("ours.txt"), &"x".repeat(1 << 20)).await.expect_err("there is no room");
    assert!(refused.to_string().contains("the disk is full"), "{refused}");
    run(&jail, "rm filler").await;
    jail.write(&path("ours.txt"), "fits again").await.expect("written");
}

pub(crate) async fn too_much_processor_time_ends_a_program(bench: &Bench) {
    let jail = bench.start_with(Limits { cpu_millis: 400, ..Limits::default() }).await;
    let ran = run(&jail, "spin() { while :; do :; done; }; spin & spin & spin & wait").await;
    assert_eq!(ran.exit, Exit::CpuLimit);
    assert!(ran.cpu_millis >= 400, "{} ms", ran.cpu_millis);
}

pub(crate) async fn a_program_that_does_nothing_is_idle(bench: &Bench) {
    let jail = bench.start_with(Limits { idle_millis: 500, ..Limits::default() }).await;
    for waits in ["sleep 1000", "kill -STOP $$", "mkfifo pipe; cat pipe"] {
        let ran = run(&jail, &format!("rm -f pipe; {waits}")).await;
        assert_eq!(ran.exit, Exit::Idle, "{waits}");
    }
    let mut busy = script("while :; do :; done");
    busy.wall_millis = 1_500;
    assert_eq!(soon(jail.run(busy)).await.expect("it runs").exit, Exit::TimedOut, "who works is not idle");
}

pub(crate) async fn a_program_that_prints_now_and_then_is_not_idle(bench: &Bench) {
    let jail = bench.start_with(Limits { idle_millis: 1_000, ..Limits::default() }).await;
    for stream in ["stdout", "stderr"] {
        let talk = format!(
            "import sys, time\nfor _ in range(12): print('.', file=sys.{stream}, flush=True); time.sleep(0.25)"
        );
        let ran = run(&jail, &format!("exec python3 -c \"{talk}\"")).await;
        assert_eq!(ran.exit, Exit::Status(0), "{stream}");
    }
}

pub(crate) async fn what_programs_of_the_system_v_kind_share_ends_with_them(bench: &Bench) {
    let jail = bench.start_with(Limits { memory_bytes: 128 << 20, ..Limits::default() }).await;
    let hoard = "exec python3 -c \"
import ctypes
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
for _ in range(5):
    segment = libc.shmget(0, 10 << 20, 0o1666)
    assert segment >= 0
    ctypes.memset(libc.shmat(segment, None, 0), 1, 10 << 20)
assert libc.semget(0, 3, 0o1666) >= 0 and libc.msgget(0, 0o1666) >= 0
\"";
    for _ in 0..3 {
        let ran = run(&jail, hoard).await;
        assert_eq!(ran.exit, Exit::Status(0), "{}", String::from_utf8_lossy(&ran.stderr));
        let left = run(&jail, "tail -q -n +2 /proc/sysvipc/shm /proc/sysvipc/sem /proc/sysvipc/msg | wc -l").await;
        assert_eq!(left.stdout, b"0\n");
    }
}

pub(crate) async fn a_program_that_makes_itself_the_last_to_go_ends_its_own_box_at_most(bench: &Bench) {
    let jail = bench.start_with(Limits { memory_bytes: 96 << 20, ..Limits::default() }).await;
    let spread = "for i in $(seq 40); do (for a in oom_score_adj oom_adj; do echo 0 > /proc/self/$a; done 2>/dev/null
        x=$(head -c 4000000 /dev/zero | tr '\\0' a); sleep 1000) & done; wait; exit 1";
    let mut program = script(spread);
    program.wall_millis = 8_000;
    match soon(jail.run(program)).await {
        Ok(ran) => assert!(matches!(ran.exit, Exit::OutOfMemory | Exit::Killed | Exit::TimedOut), "{:?}", ran.exit),
        Err(error) => assert!(bench.has_keepers() && matches!(error, SandboxError::Unavailable(_)), "{error}"),
    }
    let fresh = bench.start().await;
    assert_eq!(run(&fresh, "echo fine").await.stdout, b"fine\n");
}
