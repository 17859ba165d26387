//! What a new process does between `fork` and becoming bubblewrap: join its group, take its terminal, give up root.
//!
//! The server may have many threads, so between the two nothing may allocate or lock: everything is prepared before, and
//! here are system calls alone.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd as _, BorrowedFd, OwnedFd};
use std::ptr;

use rustix::fs::{CWD, Mode, OFlags, mkdirat, openat};
use rustix::io::{Errno, FdFlags};
use rustix::process::{Resource, Rlimit, Signal};
use tokio::process::Command;

use crate::mount::{check, mount, unmount};
use crate::walls::{Wall, Walls};

/// The file descriptor where a program finds its channel for results.
pub(crate) const REPORT: libc::c_int = 3;
/// How many files a process may have open.
const OPEN_FILES: u64 = 4096;
/// How many signals and timers the account may have waiting.
const WAITING_SIGNALS: u64 = 4096;
/// How much may wait in the account's message queues.
const MESSAGES_BYTES: u64 = 800 << 10;
/// No core, and none for a program of the host either: the kernel starts such a program for every other limit.
const CORE_BYTES: u64 = 1;
/// What the kernel adds to the reasons to end a process when the whole machine lacks memory: boxes go before servers.
const FIRST_TO_GO: &[u8] = b"1000";

/// How long a program computes before others get their turn.
const TURN_NANOS: u64 = 500_000;
const TURNS_BYTES: u32 = 48;

/// The kernel's `sched_attr` in its first version: the usual way of scheduling, with a length of turns.
#[derive(Default)]
#[repr(C)]
struct Turns {
    size: u32,
    policy: u32,
    flags: u64,
    nice: i32,
    priority: u32,
    runtime_nanos: u64,
    deadline_nanos: u64,
    period_nanos: u64,
}

/// What one process may have, besides what its box may have. Nothing but root raises these again.
const LIMITS: [(Resource, u64); 6] = [
    (Resource::Core, CORE_BYTES),
    (Resource::Nofile, OPEN_FILES),
    (Resource::Sigpending, WAITING_SIGNALS),
    (Resource::Msgqueue, MESSAGES_BYTES),
    (Resource::Rtprio, 0),
    (Resource::Nice, 0),
];

/// The account that a box's processes have outside: its own, so that boxes share no quota and no permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Account(pub(crate) u32);

/// Whether the process has a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Session {
    /// Its standard input is the terminal of a new session.
    Terminal,
    /// It has none.
    None,
}

/// A folder or file made visible on the stage.
#[derive(Debug)]
pub(crate) struct Prop {
    /// Where it is.
    pub(crate) source: CString,
    /// Where it is to be seen.
    pub(crate) target: CString,
    /// Whether it is a folder.
    pub(crate) folder: bool,
}

/// A folder of mounts that only the new process sees. Root binds there what the box's account could not reach by itself:
/// the server's own folders may be closed to everybody else.
#[derive(Debug)]
pub(crate) struct Stage {
    /// An empty folder that everybody may enter.
    pub(crate) folder: CString,
    /// What is put on it.
    pub(crate) props: Vec<Prop>,
    /// What holds the disks of all boxes. It is let go of once this one's are on the stage: bubblewrap reads the list of all
    /// mounts for each thing that it shows.
    pub(crate) disks: CString,
    /// Where programs may open terminals, a few: the host counts those of all boxes together.
    pub(crate) terminals: CString,
    /// The account that goes on.
    pub(crate) account: Account,
}

/// A set of terminals of its own, which everybody in it may open.
const TERMINALS: &CStr = c"newinstance,ptmxmode=0666,mode=0620,max=32";

/// All that a new process does before it becomes bubblewrap.
#[derive(Debug)]
pub(crate) struct Child {
    /// What is to hold it.
    pub(crate) walls: Walls,
    /// The doors of its group.
    pub(crate) doors: Vec<File>,
    /// Its terminal.
    pub(crate) session: Session,
    /// The largest file that it may write.
    pub(crate) file_bytes: u64,
    /// Its mounts and account, when the server is root.
    pub(crate) stage: Option<Stage>,
    /// What becomes descriptor [`REPORT`].
    pub(crate) report: Option<OwnedFd>,
    /// The descriptors that bubblewrap reads or writes; every other is closed.
    pub(crate) kept: Vec<OwnedFd>,
}

impl Child {
    /// Lets the process that `command` makes do all this.
    pub(crate) fn attach(self, command: &mut Command) {
        // SAFETY: `prepare` makes system calls only, on memory that was allocated before the fork; it takes no lock.
        unsafe { command.pre_exec(move || self.prepare()) };
    }

    fn prepare(&self) -> io::Result<()> {
        if self.walls.has(Wall::Descriptors) {
            close_on_exec_from(REPORT)?;
        }
        for door in &self.doors {
            rustix::io::write(door, b"0")?;
        }
        self.session.begin()?;
        let score = rustix::fs::open(c"/proc/self/oom_score_adj", OFlags::WRONLY | OFlags::CLOEXEC, Mode::empty())?;
        rustix::io::write(&score, FIRST_TO_GO)?;
        take_short_turns();
        if self.walls.has(Wall::Limits) {
            for (resource, most) in LIMITS {
                limit(resource, most)?;
            }
            limit(Resource::Fsize, self.file_bytes)?;
        }
        if let Some(stage) = &self.stage {
            stage.set()?;
            if self.walls.has(Wall::Rights) {
                stage.account.become_it()?;
            }
        }
        rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
        for kept in &self.kept {
            rustix::io::fcntl_setfd(kept, FdFlags::empty())?;
        }
        if let Some(report) = &self.report {
            // SAFETY: both are numbers; descriptor 3 is not one of ours, since ours were moved to 10 and above.
            check(unsafe { libc::dup2(report.as_raw_fd(), REPORT) })?;
        }
        Ok(())
    }
}

impl Session {
    fn begin(self) -> io::Result<()> {
        match self {
            Self::Terminal => {
                rustix::process::setsid()?;
                // SAFETY: the standard library has just made descriptor 0 the terminal.
                let terminal = unsafe { BorrowedFd::borrow_raw(libc::STDIN_FILENO) };
                rustix::process::ioctl_tiocsctty(terminal)?;
            }
            // A group of its own keeps the keyboard of whoever started the server away; bubblewrap makes the session.
            Self::None => rustix::process::setpgid(None, None)?,
        }
        Ok(())
    }
}

impl Stage {
    fn set(&self) -> io::Result<()> {
        // SAFETY: the flag is valid; this process has one thread.
        check(unsafe { libc::unshare(libc::CLONE_NEWNS) })?;
        mount(None, c"/", None, libc::MS_REC | libc::MS_SLAVE, None)?;
        let flags = libc::MS_NOSUID | libc::MS_NODEV;
        mount(Some(c"interviewlm"), &self.folder, Some(c"tmpfs"), flags, Some(c"mode=0755,size=64k"))?;
        for prop in &self.props {
            prop.make_target()?;
            mount(Some(&prop.source), &prop.target, None, libc::MS_BIND | libc::MS_REC, None)?;
        }
        unmount(&self.disks)?;
        mkdirat(CWD, &self.terminals, Mode::from_raw_mode(0o755))?;
        let flags = libc::MS_NOSUID | libc::MS_NOEXEC;
        mount(Some(c"devpts"), &self.terminals, Some(c"devpts"), flags, Some(TERMINALS))?;
        Ok(())
    }
}

impl Prop {
    fn make_target(&self) -> io::Result<()> {
        let mode = Mode::from_raw_mode(0o755);
        if self.folder {
            mkdirat(CWD, &self.target, mode)?;
        } else {
            drop(openat(CWD, &self.target, OFlags::CREATE | OFlags::WRONLY | OFlags::CLOEXEC, mode)?);
        }
        Ok(())
    }
}

impl Account {
    fn become_it(self) -> io::Result<()> {
        // SAFETY: no group is passed, so no memory is read; the ids are plain numbers.
        check(unsafe { libc::setgroups(0, ptr::null()) })?;
        // SAFETY: the ids are plain numbers.
        check(unsafe { libc::setresgid(self.0, self.0, self.0) })?;
        // SAFETY: the ids are plain numbers.
        check(unsafe { libc::setresuid(self.0, self.0, self.0) })
    }
}

/// Lets the processor be taken away sooner: who waits for a key to be shown waits for one turn of somebody who computes.
/// Kernels before 6.12 do not know of it, and there it changes nothing.
fn take_short_turns() {
    let attributes = Turns { size: TURNS_BYTES, runtime_nanos: TURN_NANOS, ..Turns::default() };
    // SAFETY: the kernel reads as many bytes as the structure says it has, and it outlives the call.
    unsafe { libc::syscall(libc::SYS_sched_setattr, 0, &raw const attributes, 0) };
}

/// Marks every descriptor from `first` on to be closed when bubblewrap starts, inherited ones included.
fn close_on_exec_from(first: libc::c_int) -> io::Result<()> {
    let first = first.unsigned_abs();
    // SAFETY: only marks descriptors; nothing is closed before the program is replaced.
    let outcome = unsafe { libc::syscall(libc::SYS_close_range, first, libc::c_uint::MAX, libc::CLOSE_RANGE_CLOEXEC) };
    if outcome == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

fn limit(resource: Resource, value: u64) -> Result<(), Errno> {
    let inherited = rustix::process::getrlimit(resource).maximum.unwrap_or(u64::MAX);
    let value = Some(value.min(inherited));
    rustix::process::setrlimit(resource, Rlimit { current: value, maximum: value })
}
