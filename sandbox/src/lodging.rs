//! Where a box lives on the host: a disk of its own, its folders on it, and the account that owns them.
//!
//! When the server is root, the disk is a file system in memory whose size and number of files the kernel keeps exactly;
//! nothing of it is left once it is unmounted. Without root it is a plain folder, and only single files are limited.

use std::ffi::CString;
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use service::ports::Limits;

use crate::child::Account;
use crate::files::Workspace;
use crate::ground::{erase, make_files, make_folder};
use crate::mount::{mount, unmount};
use crate::walls::{Wall, Walls};

/// Where a box lives on the host, and as whom.
#[derive(Clone, Debug)]
pub(crate) struct Lodging {
    /// The folder of the box, or where its disk is mounted.
    pub(crate) folder: PathBuf,
    /// The account of its processes and files; the server's own when the server is not root.
    pub(crate) account: Option<Account>,
}

impl Lodging {
    /// The candidate's folder.
    pub(crate) fn workspace(&self) -> PathBuf {
        self.folder.join("workspace")
    }

    /// What programs see as `/tmp`.
    pub(crate) fn temporary(&self) -> PathBuf {
        self.folder.join("tmp")
    }

    /// What programs see as `/dev/shm`.
    pub(crate) fn shared_memory(&self) -> PathBuf {
        self.folder.join("shm")
    }

    /// What programs see as their home: caches and histories, kept out of the workspace.
    pub(crate) fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    /// The small files of `/etc` that are made for boxes; the candidate does not own them.
    pub(crate) fn etc(&self) -> PathBuf {
        self.folder.join("etc")
    }

    /// Makes the disk and its folders.
    pub(crate) fn make(&self, limits: Limits, walls: Walls) -> io::Result<Workspace> {
        make_folder(&self.folder, 0o700)?;
        if self.account.is_some() && walls.has(Wall::Disk) {
            mount_disk(&self.folder, limits)?;
        }
        make_files(&self.etc())?;
        let folders = [
            (self.workspace(), 0o755),
            (self.temporary(), 0o1777),
            (self.shared_memory(), 0o1777),
            (self.home(), 0o755),
        ];
        for (folder, mode) in folders {
            make_folder(&folder, mode)?;
            if let Some(Account(id)) = self.account {
                std::os::unix::fs::chown(&folder, Some(id), Some(id))?;
            }
        }
        Workspace::open(&self.workspace(), self.account)
    }

    /// Removes it with everything in it. Nothing may run there any more.
    pub(crate) fn remove(&self) -> io::Result<()> {
        unmount_disk(&self.folder)?;
        erase(&self.folder)
    }
}

/// How much may be on a box's disk. A full disk must leave memory for the programs that are to make room again.
pub(crate) fn disk_bytes(limits: Limits) -> u64 {
    limits.disk_bytes.min(limits.memory_bytes / 2)
}

/// Removes a folder of disks with everything in it.
pub(crate) fn clear(folder: &Path) -> io::Result<()> {
    for point in crate::mount::below(folder)? {
        unmount_disk(&point)?;
    }
    erase(folder)
}

fn mount_disk(folder: &Path, limits: Limits) -> io::Result<()> {
    let options = format!("mode=0700,size={},nr_inodes={}", disk_bytes(limits), limits.files);
    let (target, options) = (text(folder)?, CString::new(options)?);
    mount(Some(c"box"), &target, Some(c"tmpfs"), libc::MS_NOSUID | libc::MS_NODEV, Some(&options))
}

/// Unmounts a disk; that there is none is fine.
fn unmount_disk(folder: &Path) -> io::Result<()> {
    match unmount(&text(folder)?) {
        // Not a mount, not there, or without root: then none was made.
        Err(error) if error.raw_os_error() == Some(libc::EINVAL) => Ok(()),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) => Ok(()),
        outcome => outcome,
    }
}

fn text(path: &Path) -> io::Result<CString> {
    Ok(CString::new(path.as_os_str().as_bytes())?)
}
