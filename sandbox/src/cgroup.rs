//! Groups of processes whose memory and number are limited, in both versions of Linux's cgroups.
//!
//! A server has one group, a box has one inside it, and a program one inside its box: the limits stand at the box, the
//! counts at the program. Nothing here starts a process; a process joins by writing to the [`Group::doors`].

mod mounts;

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use service::ports::Limits;

pub(crate) use mounts::WHAT_TO_DO;

/// How long a group may take to become empty after its processes were killed.
const PATIENCE: Duration = Duration::from_secs(10);

/// How much may wait in the sockets of a box where that is not counted as its memory.
const SOCKETS_BYTES: u64 = 16 << 20;

/// Which kind of cgroups a group is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// One hierarchy per controller.
    One,
    /// One hierarchy for all.
    Two,
}

/// A group of processes: a folder per controller, which may all be the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    version: Version,
    memory: PathBuf,
    pids: PathBuf,
    cpu: Option<PathBuf>,
    accounting: Option<PathBuf>,
}

/// What a group has used and how often it was refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// Processes killed because memory ran out.
    pub(crate) out_of_memory: u64,
    /// Processor time in microseconds.
    pub(crate) cpu_micros: u64,
    /// The most memory at once.
    pub(crate) peak_bytes: u64,
}

impl Group {
    /// The place on this machine where groups may be made, ready for it.
    pub(crate) fn place() -> Result<Self, String> {
        let read = |path: &str| fs::read_to_string(path).map_err(|error| format!("{path} cannot be read: {error}"));
        let standing = match rustix::process::geteuid().is_root() {
            true => mounts::Standing::Root,
            false => mounts::Standing::Delegated,
        };
        let place = mounts::find(&read("/proc/self/mountinfo")?, &read("/proc/self/cgroup")?, standing)
            .ok_or_else(|| format!("this machine has no cgroups that limit memory and processes: {}", WHAT_TO_DO))?;
        if place.version == Version::Two {
            mounts::open_for_children(&place.memory)?;
        }
        Ok(place)
    }

    /// Makes a group inside this one.
    pub(crate) fn child(&self, name: &str) -> io::Result<Self> {
        if self.version == Version::Two {
            mounts::delegate(&self.memory)?;
        }
        let child = Self {
            version: self.version,
            memory: self.memory.join(name),
            pids: self.pids.join(name),
            cpu: self.cpu.as_ref().map(|folder| folder.join(name)),
            accounting: self.accounting.as_ref().map(|folder| folder.join(name)),
        };
        for folder in child.folders() {
            match fs::create_dir(folder) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        Ok(child)
    }

    /// Limits the group and everything inside it.
    pub(crate) fn limit(&self, limits: Limits) -> io::Result<()> {
        self.limit_memory(limits.memory_bytes)?;
        self.limit_sockets()?;
        fs::write(self.pids.join("pids.max"), limits.processes.to_string())
    }

    /// Limits the memory of the group and of everything inside it, without swap.
    pub(crate) fn limit_memory(&self, bytes: u64) -> io::Result<()> {
        let (memory, swap, swap_bytes) = match self.version {
            Version::One => ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes", bytes),
            Version::Two => ("memory.max", "memory.swap.max", 0),
        };
        fs::write(self.memory.join(memory), bytes.to_string())?;
        // Kernels without swap accounting have no such file; then there is nothing to forbid.
        match fs::write(self.memory.join(swap), swap_bytes.to_string()) {
            Err(error) if error.kind() != ErrorKind::NotFound && error.kind() != ErrorKind::PermissionDenied => {
                Err(error)
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// The memory in use here that the kernel cannot take back: what it only remembers of files does not count.
    pub(crate) fn memory_held_bytes(&self) -> u64 {
        let stat = fs::read_to_string(self.memory.join("memory.stat")).unwrap_or_default();
        let names = match self.version {
            Version::One => ["total_rss", "total_shmem"],
            Version::Two => ["anon", "shmem"],
        };
        names.iter().map(|name| field(&stat, name)).sum()
    }

    /// Limits what waits in sockets. The first version counts it by itself, and only in groups that have such a limit, so the
    /// groups inside a limited one need it as well; the second counts it as memory.
    pub(crate) fn limit_sockets(&self) -> io::Result<()> {
        if self.version == Version::Two {
            return Ok(());
        }
        match put(&self.memory.join("memory.kmem.tcp.limit_in_bytes"), &SOCKETS_BYTES.to_string()) {
            // A kernel that was built without it.
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// The files through which a process joins: it writes `0` to each.
    pub(crate) fn doors(&self) -> io::Result<Vec<File>> {
        self.folders()
            .into_iter()
            .map(|folder| OpenOptions::new().write(true).open(folder.join("cgroup.procs")))
            .collect()
    }

    /// What it has used up to now; nothing of what cannot be read.
    pub(crate) fn usage(&self) -> Usage {
        let memory = |name: &str| fs::read_to_string(self.memory.join(name)).unwrap_or_default();
        let accounting = |name: &str| {
            let folder = self.accounting.as_ref();
            folder.and_then(|folder| fs::read_to_string(folder.join(name)).ok()).unwrap_or_default()
        };
        match self.version {
            Version::One => Usage {
                out_of_memory: field(&memory("memory.oom_control"), "oom_kill"),
                cpu_micros: number(&accounting("cpuacct.usage")) / 1000,
                peak_bytes: number(&memory("memory.max_usage_in_bytes")),
            },
            Version::Two => Usage {
                out_of_memory: field(&memory("memory.events"), "oom_kill"),
                cpu_micros: field(&accounting("cpu.stat"), "usage_usec"),
                // Older kernels do not keep the peak.
                peak_bytes: number(&memory("memory.peak")).max(number(&memory("memory.current"))),
            },
        }
    }

    /// How often a process could not be made here because there were too many.
    pub(crate) fn refused_forks(&self) -> u64 {
        field(&fs::read_to_string(self.pids.join("pids.events")).unwrap_or_default(), "max")
    }

    /// Kills every process of the group and waits until all are gone. Blocks.
    pub(crate) fn kill(&self) -> io::Result<()> {
        self.forbid_forks();
        patiently(|| {
            if self.version == Version::Two && fs::write(self.pids.join("cgroup.kill"), "1").is_ok() {
                return Ok(members(&self.pids).is_empty());
            }
            let members = members(&self.pids);
            for member in &members {
                // It may have ended meanwhile, which is what we want.
                let _ = kill_process(*member, Signal::KILL);
            }
            Ok(members.is_empty())
        })
    }

    /// Kills what is left and removes the group with the groups inside it. Blocks.
    pub(crate) fn remove(&self) -> io::Result<()> {
        self.forbid_forks();
        self.folders().into_iter().try_for_each(clear_folder)
    }

    fn forbid_forks(&self) {
        forbid_forks(&self.pids);
    }

    /// Removes the group if that can be done at once; nothing is killed.
    pub(crate) fn remove_if_empty(&self) {
        for folder in self.folders() {
            let _ = remove_now(folder);
        }
    }

    /// The folders it consists of, each once.
    pub(crate) fn folders(&self) -> Vec<&Path> {
        let mut folders = vec![self.memory.as_path(), self.pids.as_path()];
        folders.extend(self.cpu.as_deref());
        folders.extend(self.accounting.as_deref());
        folders.sort();
        folders.dedup();
        folders
    }
}

/// Kills what runs in a cgroup's folder and removes it with everything inside. Blocks; a dying process may hold it.
pub(crate) fn clear_folder(folder: &Path) -> io::Result<()> {
    patiently(|| {
        for member in members(folder) {
            let _ = kill_process(member, Signal::KILL);
        }
        match remove_now(folder) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
            Err(error) if error.kind() == ErrorKind::ResourceBusy => Ok(false),
            Err(error) => Err(error),
        }
    })
}

/// Lets nothing in a cgroup's folder fork faster than it is killed. It fails where processes are not limited, or if the
/// folder is gone, and with it everything that could fork.
pub(crate) fn forbid_forks(folder: &Path) {
    let _ = put(&folder.join("pids.max"), "0");
}

/// Removes a cgroup's folder and those inside it, unless something runs there.
pub(crate) fn remove_now(folder: &Path) -> io::Result<()> {
    for inner in subfolders(folder) {
        match remove_now(&inner) {
            // A program that ended at the same moment has removed its own.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            outcome => outcome?,
        }
    }
    fs::remove_dir(folder)
}

/// Every process of a folder and of the folders inside it.
fn members(folder: &Path) -> Vec<Pid> {
    let listed = fs::read_to_string(folder.join("cgroup.procs")).unwrap_or_default();
    let mut members: Vec<Pid> = listed.lines().filter_map(|line| Pid::from_raw(line.parse().ok()?)).collect();
    for inner in subfolders(folder) {
        members.extend(self::members(&inner));
    }
    members
}

fn subfolders(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| entry.path())
        .collect()
}

/// Tries until it is done, with pauses: neither version tells reliably when a group is empty.
fn patiently(mut done: impl FnMut() -> io::Result<bool>) -> io::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    let mut pause = Duration::from_micros(200);
    while !done()? {
        if Instant::now() > deadline {
            return Err(io::Error::new(ErrorKind::TimedOut, "processes do not end although they were killed"));
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
    Ok(())
}

/// Writes one short value, in one call as cgroups want it.
fn put(file: &Path, value: &str) -> io::Result<()> {
    OpenOptions::new().write(true).open(file)?.write_all(value.as_bytes())
}

fn number(text: &str) -> u64 {
    text.trim().parse().unwrap_or_default()
}

/// The number behind a name, in a file of `name number` lines.
fn field(text: &str, name: &str) -> u64 {
    let found = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    found.map(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_whole_name() {
        let events = "low 0\nhigh 0\nmax 71\noom 3\noom_kill 2\noom_group_kill 1\n";
        assert_eq!(field(events, "oom_kill"), 2);
        assert_eq!(field(events, "oom"), 3);
        assert_eq!(field(events, "gone"), 0);
    }

    #[test]
    fn the_second_version_is_limited_and_read_through_its_own_files() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().to_path_buf();
        let group = Group {
            version: Version::Two,
            memory: path.clone(),
            pids: path.clone(),
            cpu: Some(path.clone()),
            accounting: Some(path.clone()),
        };
        group.limit(Limits { memory_bytes: 1000, processes: 7, ..Limits::default() }).expect("limits are written");
        assert_eq!(fs::read_to_string(path.join("memory.max")).expect("memory.max"), "1000");
        assert_eq!(fs::read_to_string(path.join("memory.swap.max")).expect("memory.swap.max"), "0");
        assert_eq!(fs::read_to_string(path.join("pids.max")).expect("pids.max"), "7");

        fs::write(path.join("memory.events"), "oom 1\noom_kill 4\n").expect("write");
        fs::write(path.join("memory.peak"), "4096\n").expect("write");
        fs::write(path.join("cpu.stat"), "usage_usec 5500\nuser_usec 5000\n").expect("write");
        fs::write(path.join("pids.events"), "max 9\n").expect("write");
        assert_eq!(group.usage(), Usage { out_of_memory: 4, cpu_micros: 5500, peak_bytes: 4096 });
        assert_eq!(group.refused_forks(), 9);
        fs::write(path.join("memory.stat"), "anon 300\nfile 900\nshmem 40\n").expect("write");
        assert_eq!(group.memory_held_bytes(), 340);
        assert_eq!(group.folders(), [path.as_path()]);
    }
}
