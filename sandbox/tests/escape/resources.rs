//! No box takes more of the machine than it was given. Every attempt wants a little more than its box may have, so that it
//! is harmless where nothing limits it.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::ptr;
use std::sync::mpsc;
use std::thread;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use sandbox::Wall::{self, Counts, Disk, Rights, Terminals};
use service::ports::Limits;

use crate::Outcome;
use crate::promise::Held;
use crate::promise::Place::{Bare, Naive};

const MEBIBYTE: usize = 1 << 20;
/// A box with little memory, and an attempt to have twice as much.
const SMALL: Limits = Limits { memory_bytes: 48 << 20, ..usual() };
const MORE_MEMORY: usize = 96 * MEBIBYTE;
/// A box with a small disk, and an attempt to write twice as much.
const LITTLE_DISK: Limits = Limits { disk_bytes: 8 << 20, ..usual() };
const MORE_DISK: usize = 16 * MEBIBYTE;
const FEW_FILES: Limits = Limits { files: 300, ..usual() };
const FEW_PROCESSES: Limits = Limits { processes: 24, ..usual() };

pub(crate) const fn usual() -> Limits {
    Limits {
        memory_bytes: 512 << 20,
        disk_bytes: 256 << 20,
        files: 32_768,
        processes: 128,
        cpu_millis: 20_000,
        wall_millis: 30_000,
        idle_millis: 15_000,
        output_bytes: 64 << 10,
    }
}

promises! {
    memory_has_an_end, broken [Bare, Naive], held Held::By(&[Counts]), within SMALL, by || {
        let mut all = vec![0_u8; MORE_MEMORY];
        all.iter_mut().step_by(4096).for_each(|byte| *byte = 1);
        Outcome::BrokeOut(format!("{} bytes", std::hint::black_box(&all).len()))
    };
    memory_of_several_processes_is_counted_together, broken [Bare, Naive], held Held::By(&[Counts]), within SMALL, by || {
        let hold = "x=$(head -c 12000000 /dev/zero | tr '\\0' a); echo ${#x}; read wait";
        let pipes = || std::process::Stdio::piped();
        let spawn = |_| Command::new("sh").args(["-c", hold]).stdin(pipes()).stdout(pipes()).spawn();
        let mut children: Vec<_> = (0..6).filter_map(|number| spawn(number).ok()).collect();
        let holds = |child: &mut std::process::Child| {
            let mut line = String::new();
            let said = io::BufRead::read_line(&mut io::BufReader::new(child.stdout.as_mut().expect("a pipe")), &mut line);
            said.is_ok() && line.trim() == "12000000"
        };
        let holding = children.iter_mut().filter_map(|child| holds(child).then_some(())).count();
        for child in &mut children {
            child.kill().and_then(|()| child.wait()).ok();
        }
        Outcome::broke_out_if(holding == 6, holding)
    };
    memory_in_nameless_files_is_counted, broken [Bare, Naive], held Held::By(&[Counts]), within SMALL, by || {
        let files: Vec<File> = (0..6).filter_map(|_| {
            let file = rustix::fs::memfd_create("hidden", rustix::fs::MemfdFlags::CLOEXEC).ok()?;
            Some(File::from(file))
        }).collect();
        let written = files.iter().filter(|file| fill(file, MORE_MEMORY / 6).is_ok()).count();
        Outcome::broke_out_if(written == 6, written)
    };
    shared_memory_is_counted, broken [Bare, Naive], held Held::By(&[Counts]), within SMALL, by || shared_memory(MORE_MEMORY);
    memory_in_pipes_is_counted, broken [Bare], held Held::By(&[Counts, Rights]), within SMALL, by || {
        let mut kept = Vec::new();
        let mut held = 0;
        while held < MORE_MEMORY && kept.len() < 1_900 {
            let Ok((reader, writer)) = rustix::pipe::pipe() else { break };
            // Beyond some pipes, an account without privileges gets small ones.
            rustix::pipe::fcntl_setpipe_size(&writer, MEBIBYTE).ok();
            rustix::io::ioctl_fionbio(&writer, true).expect("it need not wait");
            while let Ok(length) = rustix::io::write(&writer, &[1; 64 << 10]) {
                held += length;
            }
            kept.push((reader, writer));
        }
        Outcome::broke_out_if(held >= MORE_MEMORY, held)
    };
    memory_in_sockets_is_counted, broken [Bare, Naive], held Held::By(&[Counts]), within SMALL, by || {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
        let address = listener.local_addr().expect("an address");
        waiting(300, || Some((TcpStream::connect(address).ok()?, listener.accept().ok()?.0)))
    };
    memory_in_local_sockets_is_counted, broken [Bare], held Held::By(&[Counts]), within SMALL, by || waiting(1_900, || UnixStream::pair().ok());
    the_workspace_has_an_end, broken [Bare, Naive], held Held::By(&[Disk, Wall::Limits]), within LITTLE_DISK, by || written(".", MORE_DISK);
    the_temporary_folder_has_an_end, broken [Bare, Naive], held Held::By(&[Disk, Wall::Limits]), within LITTLE_DISK, by || written("/tmp", MORE_DISK);
    the_home_has_an_end, broken [Bare, Naive], held Held::By(&[Disk, Wall::Limits]), within LITTLE_DISK, by || {
        written(&std::env::var("HOME").expect("a home"), MORE_DISK)
    };
    files_of_shared_memory_have_an_end, broken [Bare, Naive], held Held::By(&[Disk, Wall::Limits]), within LITTLE_DISK, by || written("/dev/shm", MORE_DISK);
    all_folders_together_have_an_end, broken [Bare, Naive], held Held::By(&[Disk, Wall::Limits]), within LITTLE_DISK, by || {
        let home = std::env::var("HOME").expect("a home");
        let folders = [".", "/tmp", home.as_str(), "/dev/shm"].map(|folder| tempfile::tempfile_in(folder).expect("a file"));
        let full = folders.iter().filter(|file| fill(file, MORE_DISK / 4).is_err()).count();
        Outcome::broke_out_if(full == 0, full)
    };
    files_that_are_removed_and_still_open_are_counted, broken [Bare, Naive], held Held::By(&[Disk, Wall::Limits]), within LITTLE_DISK, by || {
        let removed: Vec<_> = (0..4).map(|_| tempfile::tempfile_in(".").expect("a file")).collect();
        let full = removed.iter().filter(|file| fill(file, MORE_DISK / 4).is_err()).count();
        Outcome::broke_out_if(full == 0, full)
    };
    files_have_a_largest_size, broken [Bare, Naive], held Held::By(&[Wall::Limits, Rights]), within LITTLE_DISK, by || {
        let file = tempfile::tempfile_in(".").expect("a file");
        Outcome::of(file.set_len(1 << 40))
    };
    files_have_a_greatest_number, broken [Bare, Naive], held Held::By(&[Disk, Wall::Limits]), within FEW_FILES, by || made(".", |path| File::create(path).map(drop));
    folders_are_counted_as_files, broken [Bare, Naive], held Held::By(&[Disk, Wall::Limits]), within FEW_FILES, by || made(".", |path| fs::create_dir(path));
    links_are_counted_as_files, broken [Bare, Naive], held Held::By(&[Disk, Wall::Limits]), within FEW_FILES, by || {
        made(".", |path| std::os::unix::fs::symlink("somewhere", path))
    };
    files_of_the_temporary_folder_are_counted_too, broken [Bare, Naive], held Held::By(&[Disk, Wall::Limits]), within FEW_FILES, by || {
        made("/tmp", |path| File::create(path).map(drop))
    };
    processes_have_a_greatest_number, broken [Bare, Naive], held Held::By(&[Counts]), within FEW_PROCESSES, by || {
        let mut children: Vec<_> = (0..40).map_while(|_| Command::new("sleep").arg("1000").spawn().ok()).collect();
        for child in &mut children {
            child.kill().and_then(|()| child.wait()).expect("it ends");
        }
        Outcome::broke_out_if(children.len() == 40, children.len())
    };
    threads_are_counted_as_processes, broken [Bare, Naive], held Held::By(&[Counts]), within FEW_PROCESSES, by || {
        let mut threads = Vec::new();
        for _ in 0..40 {
            let (end, wait) = mpsc::channel::<()>();
            let Ok(thread) = thread::Builder::new().spawn(move || wait.recv()) else { break };
            threads.push((end, thread));
        }
        Outcome::broke_out_if(threads.len() == 40, threads.len())
    };
    open_files_have_a_greatest_number, broken [Bare], held Held::By(&[Wall::Limits, Rights]), by || {
        let most = getrlimit(Resource::Nofile).maximum;
        setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most }).expect("up to the most");
        let open: Vec<_> = (0..4_500).map_while(|_| File::open("/dev/null").ok()).collect();
        Outcome::broke_out_if(open.len() == 4_500, open.len())
    };
    limits_cannot_be_raised_again, broken [Bare], held Held::By(&[Wall::Limits, Rights]), by || {
        let all = [Resource::Nofile, Resource::Fsize, Resource::Core, Resource::Sigpending, Resource::Rtprio];
        Outcome::any(all.map(|resource| {
            let Some(most) = getrlimit(resource).maximum else { return Outcome::BrokeOut("no limit at all".into()) };
            let more = Some(most + 1);
            Outcome::of(setrlimit(resource, Rlimit { current: more, maximum: more }).map_err(io::Error::from))
        }))
    };
    the_hosts_terminals_cannot_be_used_up, broken [Bare, Naive], held Held::By(&[Terminals]), by || {
        let flags = rustix::pty::OpenptFlags::RDWR;
        let open: Vec<_> = (0..64).map_while(|_| rustix::pty::openpt(flags).ok()).collect();
        Outcome::broke_out_if(open.len() == 64, open.len())
    };
    timers_have_a_greatest_number, broken [Bare, Naive], held Held::By(&[Wall::Limits, Rights]), by || {
        let made = (0..5_000).take_while(|_| timer()).count();
        Outcome::broke_out_if(made == 5_000, made)
    };
}

#[test]
fn output_has_an_end() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let limits = Limits { output_bytes: 64 << 10, ..usual() };
    let flood = crate::places::program(["sh", "-c", "yes & yes >&2 & yes >&3 & wait"]);
    let ran = crate::boxed(folder.path(), limits, async |jail| crate::soon(jail.run(flood)).await.expect("it runs"));
    assert_eq!(ran.exit, service::ports::Exit::OutputLimit);
    assert!(ran.stdout.len() <= 64 << 10 && ran.stderr.len() <= 64 << 10 && ran.report.len() <= 8 << 20);
}

/// Lets more wait in a few hundred sockets than there may be memory. The kernel grants each some tens of KiB in any case, and
/// counts what it needs for the socket itself.
fn waiting<S: AsFd>(most: usize, mut connect: impl FnMut() -> Option<(S, S)>) -> Outcome {
    let mut kept = Vec::new();
    let mut held = 0;
    while held < MORE_MEMORY && kept.len() < most {
        let Some((writer, reader)) = connect() else { break };
        rustix::io::ioctl_fionbio(&writer, true).expect("it need not wait");
        while let Ok(length) = rustix::io::write(&writer, &[1; 64 << 10]) {
            held += length;
        }
        kept.push((writer, reader));
    }
    Outcome::broke_out_if(held >= MORE_MEMORY, held)
}

/// Writes a file of that size into a folder.
fn written(folder: &str, bytes: usize) -> Outcome {
    Outcome::of(tempfile::tempfile_in(folder).and_then(|file| fill(&file, bytes)))
}

fn fill(mut file: &File, bytes: usize) -> io::Result<()> {
    // SAFETY: an ignored signal does nothing; the write that would have caused it answers with an error.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
    (0..bytes / MEBIBYTE).try_for_each(|_| file.write_all(&[1; MEBIBYTE]))
}

/// Makes more things in a folder than the box may have files.
fn made(folder: &str, make: impl Fn(&Path) -> io::Result<()>) -> Outcome {
    let folder = tempfile::tempdir_in(folder).expect("a folder");
    Outcome::of((0..400).try_for_each(|number| make(&folder.path().join(number.to_string()))))
}

fn shared_memory(bytes: usize) -> Outcome {
    let id = segment(bytes);
    // SAFETY: the kernel chooses the place; what is written is inside the segment, which is attached until the end.
    unsafe {
        let start = libc::shmat(id, ptr::null(), 0).cast::<u8>();
        remove(id);
        for place in (0..bytes).step_by(4096) {
            start.add(place).write_volatile(1);
        }
    }
    Outcome::BrokeOut(format!("{bytes} bytes"))
}

fn segment(bytes: usize) -> libc::c_int {
    // SAFETY: makes a new segment of shared memory; nothing is read or written.
    let id = unsafe { libc::shmget(libc::IPC_PRIVATE, bytes, libc::IPC_CREAT | 0o600) };
    assert!(id >= 0, "{}", io::Error::last_os_error());
    id
}

fn remove(id: libc::c_int) {
    // SAFETY: marks our own segment to go with its last user; no memory is passed.
    unsafe { libc::shmctl(id, libc::IPC_RMID, ptr::null_mut()) };
}

/// Makes a timer that is never set.
fn timer() -> bool {
    let mut timer: libc::timer_t = ptr::null_mut();
    // SAFETY: the kernel's usual event is wanted, and the identifier is ours.
    unsafe { libc::timer_create(libc::CLOCK_MONOTONIC, ptr::null_mut(), &mut timer) == 0 }
}
