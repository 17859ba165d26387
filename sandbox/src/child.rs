//! What a new process does between `fork` and becoming bubblewrap: join its group, take its terminal, give up root.
//!
//! The server may have many threads, so between the two nothing may allocate or lock: everything is prepared before, and
//! here are system calls alone.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd as _, BorrowedFd, OwnedFd};
use std::ptr;

use rustix::io::{Errno, FdFlags};
use rustix::process::{Resource, Rlimit, Signal};
use tokio::process::Command;

/// The file descriptor where a program finds its channel for results.
pub(crate) const REPORT: libc::c_int = 3;
/// The largest file that a program may write.
const FILE_LIMIT_BYTES: u64 = 256 << 20;
/// How many files a process may have open.
const OPEN_FILES: u64 = 4096;

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
    /// The account that goes on.
    pub(crate) account: Account,
}

/// All that a new process does before it becomes bubblewrap.
#[derive(Debug)]
pub(crate) struct Child {
    /// The doors of its group.
    pub(crate) doors: Vec<File>,
    /// Its terminal.
    pub(crate) session: Session,
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
        close_on_exec_from(REPORT)?;
        for door in &self.doors {
            rustix::io::write(door, b"0")?;
        }
        self.session.begin()?;
        limit(Resource::Core, 0)?;
        limit(Resource::Fsize, FILE_LIMIT_BYTES)?;
        limit(Resource::Nofile, OPEN_FILES)?;
        if let Some(stage) = &self.stage {
            stage.set()?;
            stage.account.become_it()?;
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
        Ok(())
    }
}

impl Prop {
    fn make_target(&self) -> io::Result<()> {
        use rustix::fs::{CWD, Mode, OFlags, mkdirat, openat};
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

fn mount(
    source: Option<&CStr>,
    target: &CStr,
    kind: Option<&CStr>,
    flags: libc::c_ulong,
    options: Option<&CStr>,
) -> io::Result<()> {
    let pointer = |text: Option<&CStr>| text.map_or(ptr::null(), CStr::as_ptr);
    // SAFETY: every pointer is null or a text that ends with a zero and outlives the call.
    check(unsafe { libc::mount(pointer(source), target.as_ptr(), pointer(kind), flags, pointer(options).cast()) })
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

fn check(outcome: libc::c_int) -> io::Result<()> {
    if outcome == -1 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
