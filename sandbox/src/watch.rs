//! Tells which files of a workspace may have changed.
//!
//! It watches every folder that [`Workspace::walk`] visits, and reports names, never contents: whoever listens reads the
//! file and compares. What it cannot tell exactly becomes [`Changed::Everything`].

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::os::fd::AsRawFd as _;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use inotify::{EventMask, EventOwned, EventStream, Inotify, WatchDescriptor, WatchMask, Watches};
use interview::FilePath;
use service::ports::Changed;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::files::{FILES_LIMIT, Found, Workspace, is_skipped, join};

/// How long changes are gathered before they are told.
const BURST: Duration = Duration::from_millis(50);
/// How many changes may wait for a slow listener; the kernel keeps the rest, or says that it could not.
const WAITING: usize = 64;
/// How many folders are watched.
const FOLDERS_LIMIT: usize = 2_000;

/// Watches from now on, until the receiver is dropped or the box ends.
pub(crate) fn watch(
    workspace: Arc<Workspace>,
    end: impl Future<Output = ()> + Send + 'static,
) -> io::Result<mpsc::Receiver<Changed>> {
    let inotify = Inotify::init()?;
    let mut watcher = Watcher {
        workspace,
        watches: inotify.watches(),
        folders: HashMap::new(),
        changes: Changes::Files(BTreeSet::new()),
    };
    watcher.follow(None)?;
    watcher.changes = Changes::Files(BTreeSet::new());
    let stream = inotify.into_event_stream([0; 16 << 10])?;
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        let listener = sender.clone();
        tokio::select! {
            () = watcher.tell(stream, sender) => {}
            () = listener.closed() => {}
            () = end => {}
        }
    });
    Ok(receiver)
}

/// What has changed since it was last told.
#[derive(Debug)]
enum Changes {
    Files(BTreeSet<FilePath>),
    Everything,
}

#[derive(Debug)]
struct Watcher {
    workspace: Arc<Workspace>,
    watches: Watches,
    /// Which folder each watch is for; none for the workspace itself.
    folders: HashMap<WatchDescriptor, Option<FilePath>>,
    changes: Changes,
}

impl Watcher {
    /// Gathers and tells, until nobody listens.
    async fn tell(mut self, stream: EventStream<[u8; 16 << 10]>, sender: mpsc::Sender<Changed>) {
        let mut stream = pin!(stream);
        while let Some(event) = stream.next().await {
            self.note(event);
            let burst = Instant::now() + BURST;
            while let Ok(Some(event)) = tokio::time::timeout_at(burst, stream.next()).await {
                self.note(event);
            }
            for changed in self.changes.take() {
                if sender.send(changed).await.is_err() {
                    return;
                }
            }
        }
    }

    fn note(&mut self, event: io::Result<EventOwned>) {
        let Ok(event) = event else { return self.changes.everything() };
        if event.mask.contains(EventMask::Q_OVERFLOW) {
            self.changes.everything();
            // Folders may have come unseen.
            return self.follow_or_miss(None);
        }
        if event.mask.contains(EventMask::IGNORED) {
            self.folders.remove(&event.wd);
            return;
        }
        let Some(folder) = self.folders.get(&event.wd) else { return };
        let name = event.name.as_ref().and_then(|name| name.to_str());
        let Some(path) = name.and_then(|name| join(folder.as_ref(), name)) else { return };
        if !event.mask.contains(EventMask::ISDIR) {
            self.changes.add(path);
        } else if !is_skipped(path.name()) {
            self.note_folder(event.mask, path);
        }
    }

    fn note_folder(&mut self, mask: EventMask, path: FilePath) {
        if mask.intersects(EventMask::CREATE | EventMask::MOVED_TO) {
            self.follow_or_miss(Some(path));
        } else if mask.contains(EventMask::MOVED_FROM) {
            // The files went with it, and nobody tells their names.
            self.forget(&path);
            self.changes.everything();
        }
    }

    fn follow_or_miss(&mut self, folder: Option<FilePath>) {
        if self.follow(folder).is_err() {
            // It is gone already, or cannot be watched.
            self.changes.everything();
        }
    }

    /// Watches a folder and those inside it. What is in there already counts as changed: it may have come before the watch.
    fn follow(&mut self, folder: Option<FilePath>) -> io::Result<()> {
        let workspace = Arc::clone(&self.workspace);
        self.add_watch(folder.clone())?;
        let mut files = 0;
        workspace.walk(folder.as_ref(), &mut |found| {
            match found {
                Found::File(path) => {
                    files += 1;
                    self.changes.add(path);
                }
                Found::Folder(path) => {
                    if self.add_watch(Some(path)).is_err() {
                        self.changes.everything();
                    }
                }
            }
            if files == FILES_LIMIT {
                self.changes.everything();
            }
            self.folders.len() < FOLDERS_LIMIT
        });
        Ok(())
    }

    /// Watches one folder, by the handle that was opened safely rather than by a path that may have changed its meaning.
    fn add_watch(&mut self, folder: Option<FilePath>) -> io::Result<()> {
        let opened = self.workspace.open_folder(folder.as_ref())?;
        let mask = WatchMask::CLOSE_WRITE | WatchMask::CREATE | WatchMask::DELETE | WatchMask::MOVE;
        let mask = mask | WatchMask::ONLYDIR | WatchMask::EXCL_UNLINK;
        let watch = self.watches.add(format!("/proc/self/fd/{}", opened.as_raw_fd()), mask)?;
        self.folders.insert(watch, folder);
        Ok(())
    }

    /// Stops watching a folder that has moved away, and those inside it.
    fn forget(&mut self, folder: &FilePath) {
        let inside = |path: &FilePath| {
            path.as_str().strip_prefix(folder.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let gone = |(watch, path): (&WatchDescriptor, &Option<FilePath>)| {
            path.as_ref().is_some_and(inside).then(|| watch.clone())
        };
        for watch in self.folders.iter().filter_map(gone).collect::<Vec<_>>() {
            self.folders.remove(&watch);
            // It fails if the folder is gone, and its watch with it.
            let _ = self.watches.remove(watch);
        }
    }
}

impl Changes {
    fn add(&mut self, path: FilePath) {
        match self {
            Self::Files(files) if files.len() < FILES_LIMIT => {
                files.insert(path);
            }
            Self::Files(_) => self.everything(),
            Self::Everything => {}
        }
    }

    fn everything(&mut self) {
        *self = Self::Everything;
    }

    fn take(&mut self) -> Vec<Changed> {
        match std::mem::replace(self, Self::Files(BTreeSet::new())) {
            Self::Files(files) => files.into_iter().map(Changed::File).collect(),
            Self::Everything => vec![Changed::Everything],
        }
    }
}
