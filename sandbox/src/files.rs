//! The workspace's files, seen from the server.
//!
//! The candidate may put anything there at any moment: links to the host, pipes that never answer, folders where a file
//! was. So every path is resolved by the kernel in one step, beneath the workspace and without links, and nothing but a
//! regular file is read or written.

use std::borrow::Cow;
use std::fs::File;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::path::Path;

use interview::FilePath;
use rustix::fs::{AtFlags, Dir, DirEntry, FallocateFlags, FileType, Gid, Mode, OFlags, ResolveFlags, Stat, Uid, fstat};
use rustix::io::Errno;
use service::ports::SandboxError;

use crate::child::Account;

/// The largest text that is read or listed.
const TEXT_LIMIT_BYTES: u64 = 1 << 20;
/// How much of a file tells whether it is text.
const PROBE_BYTES: usize = 8 << 10;
/// How many files are listed at most.
const FILES_LIMIT: usize = 2_000;
/// How many entries are looked at for a list, whatever they are.
const ENTRIES_LIMIT: usize = 20_000;
/// Folders that hold nothing a person wrote.
const SKIPPED: [&str; 9] =
    [".git", "node_modules", "__pycache__", ".cache", "target", ".venv", "venv", ".pytest_cache", ".mypy_cache"];

/// A box's workspace.
#[derive(Debug)]
pub(crate) struct Workspace {
    folder: OwnedFd,
    account: Option<Account>,
}

/// Something found in a folder.
#[derive(Debug)]
pub(crate) struct Found<'a> {
    pub(crate) path: FilePath,
    pub(crate) kind: Kind,
    folder: &'a OwnedFd,
    entry: &'a DirEntry,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Folder,
}

/// How far a walk came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Walked {
    Everywhere,
    /// There was more than is looked at.
    NotAll,
}

/// Whether anything more can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    Left,
    Full,
}

impl Workspace {
    /// Opens it; the account owns what is written.
    pub(crate) fn open(path: &Path, account: Option<Account>) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let folder = rustix::fs::open(path, flags, Mode::empty())?;
        Ok(Self { folder, account })
    }

    /// Writes a file, making its folders. An existing file stays the same file, with its permissions. Where there is no
    /// room for the whole text, nothing changes.
    pub(crate) fn write(&self, path: &FilePath, text: &str) -> Result<(), SandboxError> {
        let on_disk = path.on_disk();
        let (parent, name) = split(&on_disk);
        let written = self.make_folders(parent).and_then(|parent| match self.rewrite(parent.as_fd(), name, text) {
            Err(error) if Errno::from_io_error(&error) == Some(Errno::NOENT) => {
                self.write_new(parent.as_fd(), name, text)
            }
            rewritten => rewritten,
        });
        written.map_err(|error| SandboxError::NotWritable(path.clone(), reason(&error)))
    }

    fn rewrite(&self, folder: BorrowedFd<'_>, name: &[u8], text: &str) -> io::Result<()> {
        let file = open_beneath(folder, name, OFlags::WRONLY)?;
        let found = fstat(&file)?;
        if !is_regular(&found) {
            return Err(io::Error::other("something that is not a file is in its place"));
        }
        if self.account.is_some_and(|account| account.0 != found.st_uid) {
            self.give_away(&file)?;
        }
        fill(file, text)
    }

    fn write_new(&self, folder: BorrowedFd<'_>, name: &[u8], text: &str) -> io::Result<()> {
        let file = open_beneath(folder, name, OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL)?;
        self.give_away(&file)?;
        fill(file, text).inspect_err(|_| {
            // It was not there before; if even that fails, it is there and empty.
            let _ = rustix::fs::unlinkat(folder, name, AtFlags::empty());
        })
    }

    /// Removes a file; that it is gone already is fine.
    pub(crate) fn remove(&self, path: &FilePath) -> Result<(), SandboxError> {
        let on_disk = path.on_disk();
        let (parent, name) = split(&on_disk);
        let removed = open_folder(self.folder.as_fd(), parent.unwrap_or(b"."))
            .and_then(|parent| rustix::fs::unlinkat(parent, name, AtFlags::empty()));
        match removed {
            Ok(()) | Err(Errno::NOENT | Errno::NOTDIR) => Ok(()),
            Err(error) => Err(SandboxError::NotWritable(path.clone(), reason(&error.into()))),
        }
    }

    /// Reads a text file.
    pub(crate) fn read(&self, path: &FilePath) -> Result<String, SandboxError> {
        let file = self.open_text(path).map_err(|error| match error {
            Errno::NOENT | Errno::NOTDIR => SandboxError::NoFile(path.clone()),
            _ => SandboxError::NotText(path.clone()),
        })?;
        let mut bytes = Vec::new();
        let length = file.take(TEXT_LIMIT_BYTES + 1).read_to_end(&mut bytes);
        length.map_err(|error| SandboxError::Unavailable(error.to_string()))?;
        let probe = &bytes[..bytes.len().min(PROBE_BYTES)];
        if bytes.len() as u64 > TEXT_LIMIT_BYTES || probe.contains(&0) {
            return Err(SandboxError::NotText(path.clone()));
        }
        String::from_utf8(bytes).map_err(|_| SandboxError::NotText(path.clone()))
    }

    /// All text files, sorted; of too many, the first that are found.
    pub(crate) fn list(&self) -> Result<Vec<FilePath>, SandboxError> {
        let mut files = Vec::new();
        self.walk(vec![None], &mut |found| {
            if found.kind == Kind::File && self.looks_like_text(&found.path) {
                files.push(found.path);
            }
            files.len() < FILES_LIMIT
        });
        files.sort();
        Ok(files)
    }

    /// Visits what is in these folders and below, without the skipped ones, until `visit` says no. Folders come before what
    /// they hold. What cannot be read is passed over.
    pub(crate) fn walk(&self, mut folders: Vec<Option<FilePath>>, visit: &mut dyn FnMut(Found<'_>) -> bool) -> Walked {
        let mut entries = 0;
        while let Some(folder) = folders.pop() {
            let Ok(opened) = self.open_folder(folder.as_ref()) else { continue };
            let Ok(listing) = Dir::read_from(&opened) else { continue };
            for entry in listing.flatten() {
                entries += 1;
                if entries > ENTRIES_LIMIT {
                    return Walked::NotAll;
                }
                let Some(path) = join(folder.as_ref(), entry.file_name().to_bytes()) else { continue };
                let kind = match file_type(&opened, &entry) {
                    FileType::RegularFile => Kind::File,
                    FileType::Directory if !is_skipped(path.name()) => {
                        folders.push(Some(path.clone()));
                        Kind::Folder
                    }
                    _ => continue,
                };
                if !visit(Found { path, kind, folder: &opened, entry: &entry }) {
                    return Walked::NotAll;
                }
            }
        }
        Walked::Everywhere
    }

    /// Opens a folder of the workspace, or the workspace itself.
    pub(crate) fn open_folder(&self, path: Option<&FilePath>) -> rustix::io::Result<OwnedFd> {
        open_folder(self.folder.as_fd(), &path.map_or(Cow::Borrowed(b".".as_slice()), FilePath::on_disk))
    }

    /// Whether there is room for another file with something in it.
    pub(crate) fn space(&self) -> io::Result<Space> {
        let disk = rustix::fs::fstatvfs(&self.folder)?;
        Ok(if disk.f_bavail == 0 || (disk.f_files > 0 && disk.f_favail == 0) { Space::Full } else { Space::Left })
    }

    /// Opens a folder of the workspace, making what is not there.
    fn make_folders(&self, path: Option<&[u8]>) -> io::Result<OwnedFd> {
        let mut folder = self.open_folder(None)?;
        for name in path.into_iter().flat_map(|path| path.split(is_slash)) {
            match rustix::fs::mkdirat(&folder, name, Mode::from_raw_mode(0o755)) {
                Ok(()) => {
                    folder = open_folder(folder.as_fd(), name)?;
                    self.give_away(&folder)?;
                }
                Err(Errno::EXIST) => folder = open_folder(folder.as_fd(), name)?,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(folder)
    }

    /// Makes something that was opened the candidate's: by then a name may mean something else.
    fn give_away(&self, opened: &OwnedFd) -> rustix::io::Result<()> {
        let Some(Account(id)) = self.account else { return Ok(()) };
        rustix::fs::fchown(opened, Some(Uid::from_raw(id)), Some(Gid::from_raw(id)))
    }

    /// Opens a regular file of at most the limit. A pipe is opened without waiting, then refused.
    fn open_text(&self, path: &FilePath) -> rustix::io::Result<File> {
        let file = open_beneath(self.folder.as_fd(), &path.on_disk(), OFlags::RDONLY)?;
        let found = fstat(&file)?;
        if !is_regular(&found) || u64::try_from(found.st_size).is_ok_and(|size| size > TEXT_LIMIT_BYTES) {
            return Err(Errno::INVAL);
        }
        Ok(file.into())
    }

    fn looks_like_text(&self, path: &FilePath) -> bool {
        let Ok(file) = self.open_text(path) else { return false };
        let mut probe = Vec::with_capacity(PROBE_BYTES);
        let read = file.take(PROBE_BYTES as u64).read_to_end(&mut probe);
        read.is_ok() && !probe.contains(&0) && is_start_of_text(&probe)
    }
}

impl Found<'_> {
    /// A number that is another one when the file was changed.
    pub(crate) fn mark(&self) -> u64 {
        let found = rustix::fs::statat(self.folder, self.entry.file_name(), AtFlags::SYMLINK_NOFOLLOW);
        let marks =
            found.map(|at| (at.st_ino, at.st_size, at.st_mtime, at.st_mtime_nsec, at.st_ctime, at.st_ctime_nsec));
        let mut hasher = DefaultHasher::new();
        (self.path.as_str(), marks.ok()).hash(&mut hasher);
        hasher.finish()
    }
}

/// Whether a folder of this name is none of our business.
pub(crate) fn is_skipped(name: &str) -> bool {
    SKIPPED.contains(&name)
}

/// The path of something in a folder, if it is one that we deal with.
pub(crate) fn join(folder: Option<&FilePath>, name: &[u8]) -> Option<FilePath> {
    let path = folder.map_or(Cow::Borrowed(name), |folder| [&folder.on_disk(), name].join(&b'/').into());
    FilePath::from_disk(&path).ok()
}

/// A path's folder, unless it lies in the workspace itself, and its last part.
fn split(on_disk: &[u8]) -> (Option<&[u8]>, &[u8]) {
    match on_disk.iter().rposition(is_slash) {
        Some(at) => (Some(&on_disk[..at]), &on_disk[at + 1..]),
        None => (None, on_disk),
    }
}

fn is_slash(byte: &u8) -> bool {
    *byte == b'/'
}

/// Whether these bytes are UTF-8, but for a character that is cut off at their end.
fn is_start_of_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).err().is_none_or(|error| error.error_len().is_none())
}

/// Gives a file this text. The room for it is taken first, so that a full disk does not cost the text that was there.
fn fill(file: OwnedFd, text: &str) -> io::Result<()> {
    let length = text.len() as u64;
    if length > 0 {
        match rustix::fs::fallocate(&file, FallocateFlags::KEEP_SIZE, 0, length) {
            // A file system that cannot promise room: the boxes of a server without root may be on one.
            Ok(()) | Err(Errno::OPNOTSUPP) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let mut file = File::from(file);
    file.write_all(text.as_bytes())?;
    file.set_len(length)
}

fn open_beneath(folder: BorrowedFd<'_>, path: &[u8], flags: OFlags) -> rustix::io::Result<OwnedFd> {
    let usual = OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let mode = if flags.contains(OFlags::CREATE) { Mode::from_raw_mode(0o644) } else { Mode::empty() };
    let beneath =
        ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS | ResolveFlags::NO_XDEV;
    rustix::fs::openat2(folder, path, flags | usual, mode, beneath)
}

fn open_folder(folder: BorrowedFd<'_>, path: &[u8]) -> rustix::io::Result<OwnedFd> {
    open_beneath(folder, path, OFlags::RDONLY | OFlags::DIRECTORY)
}

fn file_type(folder: &OwnedFd, entry: &DirEntry) -> FileType {
    match entry.file_type() {
        FileType::Unknown => rustix::fs::statat(folder, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW)
            .map_or(FileType::Unknown, |found| FileType::from_raw_mode(found.st_mode)),
        known => known,
    }
}

fn is_regular(found: &Stat) -> bool {
    FileType::from_raw_mode(found.st_mode) == FileType::RegularFile
}

/// Why something cannot be written, for a person.
fn reason(error: &io::Error) -> String {
    match Errno::from_io_error(error) {
        Some(Errno::LOOP | Errno::XDEV) => "a link is on the way".into(),
        Some(Errno::NOTDIR) => "a file is in the place of one of its folders".into(),
        Some(Errno::ISDIR) => "a folder is in its place".into(),
        Some(Errno::NXIO) => "something that is not a file is in its place".into(),
        Some(Errno::NOSPC | Errno::DQUOT) => "the disk is full".into(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_cut_off_at_the_end_of_the_probe_is_still_text() {
        assert!(is_start_of_text(&"größe".as_bytes()[..3]));
        assert!(is_start_of_text(b""));
        assert!(!is_start_of_text(b"\xff\xfe text"));
    }
}
