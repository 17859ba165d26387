//! What all boxes of one server stand on: a private folder, a group, and the facts about this machine.
//!
//! It is either complete or not there at all: a machine on which any part is missing gets no box.

mod claim;
mod etc;

use std::collections::HashSet;
use std::ffi::{CString, OsStr};
use std::fs::{self, DirBuilder};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::{env, io};

use crate::bubblewrap::Settings;
use crate::cgroup::Group;
use crate::child::Account;
use crate::launcher::Launcher;
use crate::mount::{mount, unmount};
use crate::seccomp::Filters;
use crate::walls::Walls;
use claim::Claim;

pub(crate) use claim::erase;
pub(crate) use etc::{MADE as MADE_FILES, SHELL_START, make as make_files, shared as shared_files};

/// The first of the accounts that boxes run as when the server is root; nothing else on a usual system has them.
const FIRST_ACCOUNT: u32 = 62_000;
/// How many there are. Two servers may still give one to a box each.
const ACCOUNTS: u32 = 3_000;
/// Where the stage may stand. It must be reachable for everybody, and is empty but inside a new process.
const STAGES: [&str; 2] = ["/run/interviewlm-stage", "/tmp/interviewlm-stage"];

/// Where the hierarchy of groups is mounted that makes others quick.
const HURRIED: &str = "hurried";

/// What is left to the server and the rest of the machine at most: a quarter of its memory, up to this.
const RESERVE_BYTES: u64 = 2 << 30;
/// What a box has to have to begin with.
const FRESH_BOX_BYTES: u64 = 64 << 20;

/// How often a folder is cleared before it is left to the next server.
const CLEARINGS: usize = 3;

/// What all boxes of one server share.
#[derive(Debug)]
pub(crate) struct Ground {
    /// As the server asked for it.
    pub(crate) settings: Settings,
    /// What keeps a program in its box.
    pub(crate) walls: Walls,
    /// The program that isolates.
    pub(crate) bubblewrap: PathBuf,
    /// The group of all boxes.
    pub(crate) group: Group,
    /// The system calls that are refused.
    pub(crate) filters: Filters,
    /// Who starts processes.
    pub(crate) launcher: Launcher,
    /// Where mounts are put together, when the server is root.
    pub(crate) stage: Option<PathBuf>,
    /// How far the accounts in use are from the first.
    taken_accounts: Mutex<HashSet<u32>>,
    /// How much memory all boxes may have together.
    memory_bytes: u64,
    claim: Claim,
    _hurry: Option<OwnedFd>,
    next_box: AtomicU64,
}

impl Ground {
    /// Sweeps what dead servers left, and takes a folder and a group of its own.
    pub(crate) fn prepare(settings: Settings, walls: Walls) -> Result<Self, String> {
        let bubblewrap = find_bubblewrap().ok_or("bubblewrap (bwrap) is not installed")?;
        let filters =
            Filters::compile().map_err(|error| format!("the system call filter does not compile: {error}"))?;
        let stage = if may_change_account() { Some(make_stage()?) } else { None };
        let place = Group::place()?;
        let (claim, group) = Claim::take(&settings.root, &place)?;
        let memory_bytes = memory_for_boxes(&fs::read_to_string("/proc/meminfo").unwrap_or_default())
            .ok_or("/proc/meminfo does not tell how much memory this machine has")?;
        group
            .limit_memory(memory_bytes)
            .map_err(|error| format!("the memory of all boxes cannot be limited: {error}"))?;
        let hurry = stage.as_ref().and_then(|_| hurry(&claim.folder).ok());
        let launcher = Launcher::new().map_err(|error| format!("no thread can be started: {error}"))?;
        if stage.is_some() {
            gather_mounts(&claim.folder)
                .map_err(|error| format!("{} cannot hold disks: {error}", claim.folder.display()))?;
        }
        Ok(Self {
            settings,
            walls,
            bubblewrap,
            group,
            filters,
            launcher,
            stage,
            taken_accounts: Mutex::default(),
            memory_bytes,
            claim,
            _hurry: hurry,
            next_box: AtomicU64::new(0),
        })
    }

    /// Whether there is memory for one more box; says what is wrong if not.
    pub(crate) fn require_room(&self) -> io::Result<()> {
        let held_bytes = self.group.memory_held_bytes();
        if held_bytes + FRESH_BOX_BYTES <= self.memory_bytes {
            return Ok(());
        }
        let (held, all) = (held_bytes >> 20, self.memory_bytes >> 20);
        Err(io::Error::other(format!("the sandbox is full: its boxes hold {held} of the {all} MiB that all may have")))
    }

    /// A number for a new box.
    pub(crate) fn number(&self) -> u64 {
        self.next_box.fetch_add(1, Ordering::Relaxed)
    }

    /// An account for a box that no other box of this server has, when the server is root; an error when all are taken.
    pub(crate) fn take_account(&self, number: u64) -> io::Result<Option<Account>> {
        if self.stage.is_none() {
            return Ok(None);
        }
        let first = u64::from(std::process::id()) + number;
        let spread = (first..first + u64::from(ACCOUNTS)).map(|wanted| wanted % u64::from(ACCOUNTS));
        let mut taken = self.taken_accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut offsets = spread.map(|offset| u32::try_from(offset).expect("a remainder of a u32 fits"));
        let free = offsets.find(|offset| taken.insert(*offset));
        let full = || io::Error::other(format!("all {ACCOUNTS} accounts of boxes are in use"));
        Ok(Some(Account(FIRST_ACCOUNT + free.ok_or_else(full)?)))
    }

    /// Nothing runs as that account any more.
    pub(crate) fn give_back(&self, account: Option<Account>) {
        if let Some(Account(number)) = account {
            self.taken_accounts.lock().unwrap_or_else(PoisonError::into_inner).remove(&(number - FIRST_ACCOUNT));
        }
    }

    /// Ends all boxes and removes what is left of them. Twice is fine. Blocks.
    pub(crate) fn clear(&self) {
        if let Err(error) = self.group.remove() {
            tracing::warn!(%error, "a group of processes is left behind");
        }
        // A box may be going by itself at this very moment.
        let cleared = (0..CLEARINGS).map(|_| crate::lodging::clear(&self.claim.folder)).find(Result::is_ok);
        if cleared.is_none() && self.claim.folder.exists() {
            tracing::warn!(folder = %self.claim.folder.display(), "a folder is left behind");
        }
    }

    /// The server's own folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.claim.folder
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Makes joining a group quick. Usually the kernel first waits until no processor is in the middle of a fork, which takes
/// longer than everything else at a program's start; while a hierarchy that asks for quick moves is mounted, it need not.
/// This one has no controller, no groups and no place: it lasts as long as it is held open, and ends with the server however
/// that ends. Older kernels cannot be asked.
fn hurry(server: &Path) -> io::Result<OwnedFd> {
    let folder = server.join(HURRIED);
    make_folder(&folder, 0o700)?;
    let name = server.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let options = CString::new(format!("none,name=interviewlm-{name},favordynmods"))?;
    let target = CString::new(folder.as_os_str().as_bytes())?;
    let flags = libc::MS_NOSUID | libc::MS_NODEV | libc::MS_NOEXEC;
    mount(Some(c"interviewlm"), &target, Some(c"cgroup"), flags, Some(&options))?;
    let held = fs::File::open(&folder);
    unmount(&target)?;
    fs::remove_dir(&folder)?;
    Ok(held?.into())
}

/// Makes a folder a mount of its own, so that a new process lets go of all that is mounted below it with one call.
fn gather_mounts(folder: &Path) -> io::Result<()> {
    let folder = CString::new(folder.as_os_str().as_bytes())?;
    mount(Some(&folder), &folder, None, libc::MS_BIND, None)?;
    mount(None, &folder, None, libc::MS_PRIVATE, None)
}

/// Makes a folder with these permissions, whatever the server's mask is.
pub(crate) fn make_folder(path: &Path, mode: u32) -> io::Result<()> {
    DirBuilder::new().mode(mode).create(path)?;
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode))
}

/// How much of the machine's memory all boxes may have together.
fn memory_for_boxes(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let total = line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? << 10;
    Some(total - RESERVE_BYTES.min(total / 4))
}

fn find_bubblewrap() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_else(|| OsStr::new("/usr/bin:/bin").to_owned());
    env::split_paths(&path).map(|folder| folder.join("bwrap")).find(|file| file.is_file())
}

/// Whether we are root, and the accounts exist in the user namespace that we live in.
fn may_change_account() -> bool {
    let map = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    rustix::process::geteuid().is_root() && holds_accounts(&map)
}

fn holds_accounts(map: &str) -> bool {
    map.lines().any(|line| {
        let mut numbers = line.split_whitespace().map(|number| number.parse::<u64>().unwrap_or_default());
        let (first, _, count) = (numbers.next(), numbers.next(), numbers.next());
        let (Some(first), Some(count)) = (first, count) else { return false };
        first <= u64::from(FIRST_ACCOUNT) && first + count >= u64::from(FIRST_ACCOUNT + ACCOUNTS)
    })
}

fn make_stage() -> Result<PathBuf, String> {
    STAGES
        .iter()
        .map(PathBuf::from)
        .find(|stage| {
            let made = make_folder(stage, 0o755);
            let ours = |found: fs::Metadata| found.is_dir() && found.uid() == 0 && found.mode() & 0o022 == 0;
            made.is_ok() || fs::symlink_metadata(stage).is_ok_and(ours)
        })
        .ok_or_else(|| format!("none of {} can be made", STAGES.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_leave_some_of_the_memory_to_the_machine() {
        let total = |kibibytes: u64| memory_for_boxes(&format!("MemTotal: {kibibytes:>12} kB\nMemFree: 1 kB\n"));
        assert_eq!(total(16 << 20), Some(14 << 30));
        assert_eq!(total(4 << 20), Some(3 << 30));
        assert_eq!(memory_for_boxes(""), None);
    }

    #[test]
    fn accounts_exist_where_the_user_namespace_maps_them() {
        assert!(holds_accounts("         0          0 4294967295\n"));
        assert!(holds_accounts("0 100000 65536\n"));
        assert!(!holds_accounts("0 1000 1\n"));
        assert!(!holds_accounts(""));
    }
}
