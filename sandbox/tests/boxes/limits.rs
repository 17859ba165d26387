//! Every way to end that is not the program's own, and what it tells.

use service::ports::{Exit, Limits};

use crate::Bench;
use crate::support::{output, run, script, soon};

#[tokio::test]
async fn too_many_files_are_told() {
    let bench = Bench::new();
    let jail = bench.start_with(Limits { files: 500, ..Limits::default() }).await;
    let ran = run(&jail, "for i in {1..1000}; do : > file-$i || exit 1; done").await;
    assert_eq!(ran.exit, Exit::DiskLimit);
    let left = output(&jail, "ls | wc -l").await.trim().parse::<u32>().expect("a number");
    assert!((400..500).contains(&left), "{left} files");
}

#[tokio::test]
async fn a_full_disk_leaves_half_of_the_memory() {
    let bench = Bench::new();
    let jail =
        bench.start_with(Limits { memory_bytes: 64 << 20, disk_bytes: u64::MAX >> 1, ..Limits::default() }).await;
    assert_eq!(run(&jail, "cat /dev/zero > filler").await.exit, Exit::DiskLimit);
    let held = output(&jail, "stat -c %s filler").await.trim().parse::<u64>().expect("a size");
    assert!(held > 31 << 20 && held <= 32 << 20, "{held} bytes");
}

#[tokio::test]
async fn a_file_longer_than_the_disk_is_a_full_disk() {
    let bench = Bench::new();
    let jail = bench.start_with(Limits { disk_bytes: 8 << 20, ..Limits::default() }).await;
    assert_eq!(run(&jail, "exec truncate -s 1G sparse").await.exit, Exit::DiskLimit);
}

#[tokio::test]
async fn memory_is_counted_wherever_it_hides() {
    let bench = Bench::new();
    let jail = bench.start_with(Limits { memory_bytes: 96 << 20, ..Limits::default() }).await;
    let hold = "[os.write(m, bytes(1 << 20)) for m in map(os.memfd_create, '123456') for _ in range(40)]";
    let map = "import mmap; m = mmap.mmap(-1, 200 << 20); [m.write(bytes(1 << 20)) for _ in range(200)]";
    for greed in [hold, map, "x = bytearray(200 << 20)"] {
        let ran = run(&jail, &format!("exec python3 -c \"import os; {greed}\"")).await;
        assert_eq!(ran.exit, Exit::OutOfMemory, "{greed}: {}", String::from_utf8_lossy(&ran.stderr));
        // The second version of control groups counts in batches, one for each processor, and may be ahead by them.
        assert!(ran.peak_bytes <= 97 << 20, "{greed}: {} bytes", ran.peak_bytes);
    }
}

#[tokio::test]
async fn processors_are_shared_by_boxes_not_by_processes() {
    let bench = Bench::new();
    let (one, many) = (bench.start().await, bench.start().await);
    // On a machine with many processors both would have enough: they get the same single one.
    let first = "sed -n 's/^Cpus_allowed_list:[^0-9]*\\([0-9]*\\).*/\\1/p' /proc/self/status";
    let spin = |text: &str| {
        let mut program = script(&format!("taskset -pc $({first}) $$ >/dev/null || exit; {text}"));
        program.wall_millis = 1_500;
        program
    };
    // Some kernels share among sessions by themselves, so each of the many is one.
    let many = many.run(spin("for i in {1..24}; do setsid sh -c 'while :; do :; done' & done; wait"));
    let (one, many) = soon(async { tokio::join!(one.run(spin("while :; do :; done")), many) }).await;
    let (one, many) = (one.expect("it runs"), many.expect("it runs"));
    assert_eq!((one.exit, many.exit), (Exit::TimedOut, Exit::TimedOut));
    // Of the one processor, a loop gets as much as two dozen do.
    let (one, many) = (one.cpu_millis, many.cpu_millis);
    assert!(one * 3 > many, "{one} ms beside {many} ms");
}
