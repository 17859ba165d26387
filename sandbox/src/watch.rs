//! Tells which files of a workspace may have changed.
//!
//! It reports names, never contents: whoever listens reads the file and compares. What it cannot tell exactly becomes
//! [`Changed::Everything`]. It works on a thread of its own, and only a small part of the time, whatever the candidate does.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::os::fd::{AsFd as _, AsRawFd as _, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use inotify::{Event, EventMask, Inotify, WatchDescriptor, WatchMask};
use interview::FilePath;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pipe::{PipeFlags, pipe_with};
use service::ports::Changed;
use tokio::sync::mpsc;

use crate::changes::{Changes, Pending, WAITING};
use crate::files::{Kind, Walked, Workspace, is_skipped, join};

/// How long changes are gathered before they are told.
const BURST: Duration = Duration::from_millis(50);
/// How much longer than it works the watcher rests.
const REST: u32 = 20;
/// How many folders the kernel watches for one box: those of all boxes share a limit of the host.
const FOLDERS_LIMIT: usize = 200;
/// How often it is looked at what the kernel does not watch.
const LOOKS: Duration = Duration::from_secs(1);
/// How many pieces of news are read at once; the kernel keeps the rest, or says that it could not.
const READS: usize = 64;
const READ_BYTES: usize = 16 << 10;

/// What is known of a workspace that is watched.
#[derive(Debug)]
pub(crate) struct Watcher {
    workspace: Arc<Workspace>,
    /// The kernel gives out only so many of these.
    ask: fn() -> io::Result<Inotify>,
    inotify: Option<Inotify>,
    /// Which folder each watch is for; none for the workspace itself.
    folders: HashMap<WatchDescriptor, Option<FilePath>>,
    /// Folders that have come and are to be watched.
    came: BTreeSet<Option<FilePath>>,
    unwatched: Option<Unwatched>,
    changes: Changes,
}

/// There are folders that the kernel does not watch.
#[derive(Clone, Copy, Debug)]
struct Unwatched {
    /// What all files there were like, as one number.
    seen: u64,
    /// When to look again.
    next: Instant,
}

impl Watcher {
    /// Watches from now on. It walks through the workspace, so begin it where it may block.
    pub(crate) fn begin(workspace: Arc<Workspace>) -> Self {
        Self::asking(workspace, Inotify::init)
    }

    fn asking(workspace: Arc<Workspace>, ask: fn() -> io::Result<Inotify>) -> Self {
        let inotify = ask().inspect_err(|error| {
            tracing::warn!(%error, "a box is looked at instead of watched: is fs.inotify.max_user_instances too low?");
        });
        let mut watcher = Self {
            workspace,
            ask,
            inotify: inotify.ok(),
            folders: HashMap::new(),
            came: BTreeSet::from([None]),
            unwatched: None,
            changes: Changes::default(),
        };
        watcher.follow();
        if let Some(before) = watcher.unwatched {
            watcher.look(before);
        }
        watcher.changes = Changes::default();
        watcher
    }

    /// Tells until nobody listens, or the box ends.
    pub(crate) fn start(self, end: impl Future<Output = ()> + Send + 'static) -> io::Result<mpsc::Receiver<Changed>> {
        // The thread ends when the other end of this is closed.
        let (line, hold) = pipe_with(PipeFlags::CLOEXEC)?;
        let pending = Arc::new(Pending::default());
        let found = Arc::clone(&pending);
        thread::Builder::new().name("sandbox watcher".into()).spawn(move || self.work(&line, &found))?;
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(async move {
            let _hold: OwnedFd = hold;
            let listener = sender.clone();
            tokio::select! {
                () = pending.tell(sender) => {}
                () = listener.closed() => {}
                () = end => {}
            }
        });
        Ok(receiver)
    }

    fn work(mut self, line: &OwnedFd, pending: &Pending) {
        while self.waits(line) && rests(line, BURST) {
            let begun = Instant::now();
            self.read();
            self.follow();
            if let Some(before) = self.unwatched.filter(|unwatched| unwatched.next <= begun) {
                self.look(before);
            }
            pending.note(std::mem::take(&mut self.changes));
            if !rests(line, begun.elapsed() * REST) {
                return;
            }
        }
    }

    /// Waits for something to do; whether there still is somebody to do it for.
    fn waits(&self, line: &OwnedFd) -> bool {
        let patience = self.unwatched.map(|unwatched| unwatched.next.saturating_duration_since(Instant::now()));
        wait(line, self.inotify.as_ref().map(|inotify| inotify.as_fd()), patience)
    }

    /// Notes what the kernel has seen.
    fn read(&mut self) {
        let mut buffer = [0; READ_BYTES];
        for _ in 0..READS {
            let Some(inotify) = &mut self.inotify else { return };
            match inotify.read_events(&mut buffer) {
                Ok(events) => events.for_each(|event| self.note(&event)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(_) => return self.changes.everything(),
            }
        }
    }

    fn note(&mut self, event: &Event<&OsStr>) {
        if event.mask.contains(EventMask::Q_OVERFLOW) {
            return self.start_over();
        }
        if event.mask.contains(EventMask::IGNORED) {
            self.folders.remove(&event.wd);
            return;
        }
        let Some(folder) = self.folders.get(&event.wd) else { return };
        let name = event.name.map(OsStr::as_encoded_bytes);
        let Some(path) = name.and_then(|name| join(folder.as_ref(), name)) else { return };
        if !event.mask.contains(EventMask::ISDIR) {
            self.changes.add(path);
        } else if !is_skipped(path.name()) {
            self.note_folder(event.mask, path);
        }
    }

    fn note_folder(&mut self, mask: EventMask, path: FilePath) {
        if mask.intersects(EventMask::CREATE | EventMask::MOVED_TO) {
            self.came.insert(Some(path));
        } else if mask.contains(EventMask::MOVED_FROM) {
            // The files went with it, and nobody tells their names.
            self.changes.everything();
            self.forget(|folder| is_inside(folder.as_ref(), &path));
        }
    }

    /// Something was missed: folders may have come and gone unseen.
    fn start_over(&mut self) {
        self.changes.everything();
        self.forget(|_| true);
        self.came.insert(None);
    }

    /// Watches no more what has moved away.
    fn forget(&mut self, is_gone: impl Fn(&Option<FilePath>) -> bool) {
        self.came.retain(|folder| !is_gone(folder));
        self.folders.retain(|watch, folder| {
            let is_gone = is_gone(folder);
            if let Some(inotify) = self.inotify.as_ref().filter(|_| is_gone) {
                // It fails if the folder has ended, and its watch with it.
                let _ = inotify.watches().remove(watch.clone());
            }
            !is_gone
        });
    }

    /// Watches the folders that have come and those inside them. What is in there already counts as changed: it may have
    /// come before the watch.
    fn follow(&mut self) {
        let came: Vec<_> = std::mem::take(&mut self.came).into_iter().collect();
        if came.is_empty() {
            return;
        }
        for folder in &came {
            self.watch(folder.clone());
        }
        let workspace = Arc::clone(&self.workspace);
        let walked = workspace.walk(came, &mut |found| {
            match found.kind {
                Kind::File => self.changes.add(found.path),
                Kind::Folder => self.watch(Some(found.path)),
            }
            true
        });
        if walked == Walked::NotAll {
            self.look_later();
        }
    }

    fn watch(&mut self, folder: Option<FilePath>) {
        match self.try_to_watch(folder) {
            Ok(()) => {}
            Err(NotWatched::Gone) => self.changes.everything(),
            Err(NotWatched::Full) => self.look_later(),
        }
    }

    /// Has the kernel watch one folder, by the handle that was opened safely rather than by a path that may have changed its
    /// meaning.
    fn try_to_watch(&mut self, folder: Option<FilePath>) -> Result<(), NotWatched> {
        let opened = self.workspace.open_folder(folder.as_ref()).map_err(|_| NotWatched::Gone)?;
        let room = self.inotify.as_ref().filter(|_| self.folders.len() < FOLDERS_LIMIT);
        let mut watches = room.ok_or(NotWatched::Full)?.watches();
        let mask = WatchMask::MODIFY | WatchMask::CLOSE_WRITE | WatchMask::CREATE | WatchMask::DELETE | WatchMask::MOVE;
        let mask = mask | WatchMask::ONLYDIR | WatchMask::EXCL_UNLINK;
        let watch = watches.add(format!("/proc/self/fd/{}", opened.as_raw_fd()), mask);
        self.folders.insert(watch.map_err(|_| NotWatched::Full)?, folder);
        Ok(())
    }

    /// There is more than the kernel watches: from now on it is looked at.
    fn look_later(&mut self) {
        self.changes.everything();
        self.unwatched.get_or_insert_with(|| Unwatched { seen: 0, next: Instant::now() + LOOKS });
    }

    /// Compares what the kernel does not watch with what it was. Where the kernel can watch more by now, it does.
    fn look(&mut self, before: Unwatched) {
        self.inotify = self.inotify.take().or_else(|| (self.ask)().ok());
        let watched: HashSet<_> = self.folders.values().map(|folder| folder.as_ref().map(FilePath::as_str)).collect();
        let mut left_out = (!watched.contains(&None)).then_some(None);
        let mut seen = 0_u64;
        let walked = self.workspace.walk(vec![None], &mut |found| {
            match found.kind {
                Kind::File if watched.contains(&parent(&found.path)) => {}
                Kind::File => seen = seen.wrapping_add(found.mark()),
                Kind::Folder if watched.contains(&Some(found.path.as_str())) => {}
                Kind::Folder => left_out = Some(Some(found.path)),
            }
            true
        });
        if seen != before.seen {
            self.changes.everything();
        }
        let is_partial = left_out.is_some() || walked == Walked::NotAll;
        self.unwatched = is_partial.then(|| Unwatched { seen, next: Instant::now() + LOOKS });
        if left_out.is_some_and(|folder| self.try_to_watch(folder).is_ok()) {
            self.unwatched = None;
            self.start_over();
            self.follow();
        }
    }
}

/// Why the kernel does not watch a folder.
enum NotWatched {
    /// It is no more, or is no folder.
    Gone,
    /// The kernel watches as many as it may.
    Full,
}

/// Whether a folder is another, or in it.
fn is_inside(folder: Option<&FilePath>, other: &FilePath) -> bool {
    let rest = folder.and_then(|folder| folder.as_str().strip_prefix(other.as_str()));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The folder of a file; none for the workspace itself.
fn parent(file: &FilePath) -> Option<&str> {
    file.as_str().rsplit_once('/').map(|(folder, _)| folder)
}

/// Does nothing for a while; whether there still is somebody to work for.
fn rests(line: &OwnedFd, patience: Duration) -> bool {
    wait(line, None, Some(patience))
}

/// Waits for news, or until patience ends; whether there still is somebody to work for.
fn wait(line: &OwnedFd, news: Option<BorrowedFd<'_>>, patience: Option<Duration>) -> bool {
    let patience = patience.map(|patience| Timespec {
        tv_sec: i64::try_from(patience.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: patience.subsec_nanos().into(),
    });
    let mut awaited = vec![PollFd::new(line, PollFlags::IN)];
    awaited.extend(news.map(|news| PollFd::from_borrowed_fd(news, PollFlags::IN)));
    // An interruption is as good as news.
    let _ = poll(&mut awaited, patience.as_ref());
    awaited[0].revents().is_empty()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tokio::time::timeout;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn where_the_kernel_watches_for_nobody_changes_are_found_by_looking() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("inner")).expect("a folder");
        fs::write(folder.path().join("inner/file"), "one").expect("written");
        let workspace = Workspace::open(folder.path(), None).expect("a workspace");
        let watcher = Watcher::asking(Arc::new(workspace), || Err(io::Error::from_raw_os_error(libc::EMFILE)));
        let mut watch = watcher.start(std::future::pending()).expect("it watches");
        for text in ["two", "three"] {
            fs::write(folder.path().join("inner/file"), text).expect("written");
            assert_eq!(timeout(PATIENCE, watch.recv()).await.expect("it looks"), Some(Changed::Everything));
        }
        fs::remove_file(folder.path().join("inner/file")).expect("removed");
        assert_eq!(timeout(PATIENCE, watch.recv()).await.expect("it looks"), Some(Changed::Everything));
    }
}
