//! A server's claim to a folder and a group, and the sweep of what servers left that died without cleaning up.
//!
//! A living server holds a lock on its `owner` file, which the kernel lets go of when the server ends in whatever way.
//! The file names the groups, so that they are found even by a server that was started elsewhere; groups that no such file
//! names are left alone, whoever's they are.

use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::make_folder;
use crate::cgroup::{self, Group, WHAT_TO_DO};
use crate::lodging;

const OWNER: &str = "owner";
/// How the name of every group of ours begins; the process id of its server follows.
const PREFIX: &str = "interviewlm-";

/// A folder that is this server's as long as this value lives.
#[derive(Debug)]
pub(super) struct Claim {
    /// The folder.
    pub(super) folder: PathBuf,
    _lock: File,
}

impl Claim {
    /// Sweeps `root` and takes a new folder in it, and a new group in `place`.
    pub(super) fn take(root: &Path, place: &Group) -> Result<(Self, Group), String> {
        let complain = |error: io::Error| format!("{} cannot be used for boxes: {error}", root.display());
        fs::DirBuilder::new().recursive(true).mode(0o700).create(root).map_err(complain)?;
        // One server at a time, or one would take another's half-made folder for a leftover.
        let everybody = File::create(root.join("lock")).map_err(complain)?;
        everybody.lock().map_err(complain)?;
        sweep_folders(root).map_err(complain)?;

        let name = format!("{}-{:08x}", std::process::id(), RandomState::new().build_hasher().finish() >> 32);
        let folder = root.join(&name);
        make_folder(&folder, 0o700).map_err(complain)?;
        let mut lock = File::create(folder.join(OWNER)).map_err(complain)?;
        lock.lock().map_err(complain)?;
        let group = place
            .child(&format!("{PREFIX}{name}"))
            .map_err(|error| format!("this server may not limit memory and processes ({error}): {WHAT_TO_DO}"))?;
        for folder in group.folders() {
            writeln!(lock, "{}", folder.display()).map_err(complain)?;
        }
        Ok((Self { folder, _lock: lock }, group))
    }
}

/// Removes a folder with everything in it, even what its owner made unreadable. Links are removed, not followed.
///
/// Folders inside folders are first moved up to the top: however deep a stranger nests them, no path grows long, and the
/// server neither recurses nor opens more than one at a time.
pub(crate) fn erase(folder: &Path) -> io::Result<()> {
    let mut next_name = 0_u64;
    loop {
        let folders = match remove_files(folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            outcome => outcome?,
        };
        if folders.is_empty() {
            return fs::remove_dir(folder);
        }
        for inner in folders {
            for deeper in remove_files(&inner)? {
                fs::set_permissions(&deeper, Permissions::from_mode(0o700))?;
                fs::rename(&deeper, unused_name(folder, &mut next_name))?;
            }
            fs::remove_dir(&inner)?;
        }
    }
}

/// Removes what is no folder from a folder, and answers the folders in it.
fn remove_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => folders.push(entry.path()),
            false => fs::remove_file(entry.path())?,
        }
    }
    Ok(folders)
}

fn unused_name(folder: &Path, next: &mut u64) -> PathBuf {
    loop {
        let name = folder.join(format!("erased-{next}"));
        *next += 1;
        if fs::symlink_metadata(&name).is_err() {
            return name;
        }
    }
}

/// What cannot be removed today is left to the next server: it must not keep this one from having boxes.
fn sweep_folders(root: &Path) -> io::Result<()> {
    for entry in fs::read_dir(root)? {
        let folder = entry?.path();
        if let Err(error) = sweep_if_dead(&folder) {
            tracing::warn!(%error, folder = %folder.display(), "something of a dead server stays");
        }
    }
    Ok(())
}

fn sweep_if_dead(folder: &Path) -> io::Result<()> {
    let is_folder = match fs::symlink_metadata(folder) {
        // Another server's, which went by itself.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        found => found?.is_dir(),
    };
    if is_folder && !is_alive(folder)? {
        tracing::info!(folder = %folder.display(), "removing what a dead server left");
        sweep_folder(folder)?;
    }
    Ok(())
}

fn is_alive(folder: &Path) -> io::Result<bool> {
    let owner = match OpenOptions::new().read(true).write(true).open(folder.join(OWNER)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        outcome => outcome?,
    };
    match owner.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn sweep_folder(folder: &Path) -> io::Result<()> {
    let groups = fs::read_to_string(folder.join(OWNER)).unwrap_or_default();
    let is_ours = |group: &&Path| group.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX));
    let groups: Vec<&Path> = groups.lines().map(Path::new).filter(is_ours).collect();
    groups.iter().for_each(|group| cgroup::forbid_forks(group));
    groups.iter().try_for_each(|group| cgroup::clear_folder(group))?;
    lodging::clear(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_nobody_may_read_is_erased_all_the_same() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let folder = root.path().join("box");
        fs::create_dir_all(folder.join("closed/inner")).expect("folders");
        fs::set_permissions(folder.join("closed"), Permissions::from_mode(0o000)).expect("permissions");
        erase(&folder).expect("it is erased");
        assert!(!folder.exists());
        erase(&folder).expect("twice is fine");
    }

    #[test]
    fn a_folder_of_any_depth_is_erased() {
        use rustix::fs::{CWD, Mode, OFlags, mkdirat, openat};
        let root = tempfile::tempdir().expect("a temporary folder");
        let mut folder = openat(CWD, root.path(), OFlags::DIRECTORY, Mode::empty()).expect("the top");
        for _ in 0..5_000 {
            mkdirat(&folder, "erased-1", Mode::RWXU).expect("a folder");
            folder = openat(&folder, "erased-1", OFlags::DIRECTORY, Mode::empty()).expect("it opens");
        }
        let top = root.path().join("erased-1");
        erase(&top).expect("it is erased");
        assert!(!top.exists());
    }

    #[test]
    fn what_cannot_be_swept_stands_in_nobodys_way() {
        let root = tempfile::tempdir().expect("a temporary folder");
        for server in ["1-dead", "2-dead", "3-dead"] {
            fs::create_dir(root.path().join(server)).expect("a folder");
        }
        // Its note of who owns it is no file: nothing can be known of it.
        fs::create_dir(root.path().join("2-dead").join(OWNER)).expect("a folder");
        sweep_folders(root.path()).expect("the others are swept");
        let left: Vec<_> =
            fs::read_dir(root.path()).expect("the root").flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(left, ["2-dead"]);
    }

    #[test]
    fn a_folder_is_alive_while_its_owner_is_locked() {
        let root = tempfile::tempdir().expect("a temporary folder");
        assert!(!is_alive(root.path()).expect("no owner"));
        let owner = File::create(root.path().join(OWNER)).expect("the owner file");
        owner.lock().expect("a lock");
        assert!(is_alive(root.path()).expect("locked"));
        drop(owner);
        assert!(!is_alive(root.path()).expect("let go"));
    }
}
