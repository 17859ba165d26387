//! Which boxes on an engine are this server's, and which belong to a server that is dead.
//!
//! A living server holds a lock on a file that is named as its boxes are labelled; the kernel lets go of the lock when the
//! server ends in whatever way. Boxes without such a file are somebody else's, and are left alone.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// How the files begin.
const PREFIX: &str = "engine-";

/// A name that is this server's as long as this value lives.
#[derive(Debug)]
pub(super) struct Claim {
    /// What its boxes are labelled with.
    pub(super) owner: String,
    file: PathBuf,
    next_box: AtomicU64,
    _lock: File,
}

/// A server that has ended without cleaning up.
#[derive(Debug)]
pub(super) struct Dead {
    file: PathBuf,
    /// Held until its boxes are swept, so that only one server does it.
    _lock: File,
}

impl Claim {
    /// Takes a name, and finds those of the dead.
    pub(super) fn take(root: &Path) -> Result<(Self, Vec<Dead>), String> {
        let complain = |error: io::Error| format!("{} cannot be used for boxes: {error}", root.display());
        DirBuilder::new().recursive(true).mode(0o700).create(root).map_err(complain)?;
        let everybody = File::create(root.join("lock")).map_err(complain)?;
        everybody.lock().map_err(complain)?;
        let dead = find_dead(root).map_err(complain)?;
        let number = RandomState::new().build_hasher().finish();
        let owner = format!("{PREFIX}{}-{number:016x}", std::process::id());
        let file = root.join(&owner);
        let lock = File::create(&file).map_err(complain)?;
        lock.lock().map_err(complain)?;
        Ok((Self { owner, file, next_box: AtomicU64::new(0), _lock: lock }, dead))
    }
}

impl Claim {
    /// A name for a new box: one that was asked for is found by it, whether the engine has answered or not.
    pub(super) fn next_name(&self) -> String {
        format!("{}-{}", self.owner, self.next_box.fetch_add(1, Ordering::Relaxed))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // One that stays is swept by the next server.
        let _ = fs::remove_file(&self.file);
    }
}

impl Dead {
    /// What its boxes are labelled with.
    pub(super) fn name(&self) -> &str {
        self.file.file_name().and_then(|name| name.to_str()).unwrap_or_default()
    }

    /// Nothing of it is left.
    pub(super) fn forget(self) {
        let _ = fs::remove_file(&self.file);
    }
}

fn find_dead(root: &Path) -> io::Result<Vec<Dead>> {
    let mut dead = Vec::new();
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        if !entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX)) {
            continue;
        }
        let file = match OpenOptions::new().read(true).write(true).open(entry.path()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            opened => opened?,
        };
        match file.try_lock() {
            Ok(()) => dead.push(Dead { file: entry.path(), _lock: file }),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(dead)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_those_who_let_go_are_dead() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let (living, none) = Claim::take(root.path()).expect("a claim");
        assert!(none.is_empty());
        fs::write(root.path().join("engine-1-dead"), "").expect("a file");
        let (_next, mut dead) = Claim::take(root.path()).expect("another claim");
        let dead = dead.pop().expect("one is dead");
        assert_eq!(dead.name(), "engine-1-dead");
        dead.forget();
        assert!(root.path().join(&living.owner).exists());
        assert!(!root.path().join("engine-1-dead").exists());
    }
}
