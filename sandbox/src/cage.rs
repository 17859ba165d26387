//! One box: its folders, its group, its account, and the promise that all of them go when it does.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use async_trait::async_trait;
use interview::FilePath;
use interview::terminal::Size;
use service::ports::{Changed, Jail, Limits, Program, Ran, SandboxError, Shell};
use tokio::sync::{mpsc, watch};
use tokio::task::spawn_blocking;

use crate::cgroup::Group;
use crate::files::{Space, Workspace};
use crate::ground::Ground;
use crate::lodging::Lodging;
use crate::walls::Wall;
use crate::watch::Watcher;
use crate::{run, shell};

/// A box made with bubblewrap.
pub(crate) struct Cage {
    pub(crate) ground: Arc<Ground>,
    pub(crate) lodging: Lodging,
    pub(crate) group: Group,
    pub(crate) limits: Limits,
    /// None once the box is stopped: an open folder would keep its disk.
    workspace: Mutex<Option<Arc<Workspace>>>,
    stop: watch::Sender<Life>,
    next_program: AtomicU64,
}

/// Whether a box may still be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    Running,
    Stopped,
    /// It is stopped, and nothing of it is left.
    Removed,
}

impl Cage {
    /// An empty box.
    pub(crate) async fn make(ground: Arc<Ground>, limits: Limits) -> Result<Self, SandboxError> {
        let number = ground.number();
        let account = ground.take_account(number).map_err(unavailable)?;
        let lodging = Lodging { folder: ground.folder().join(format!("box-{number}")), account };
        // It is whole before anybody waits for it: if nobody does any more, it goes as every box goes.
        let make = {
            move || {
                let made = ground.require_room().and_then(|()| ground.group.child(&format!("box-{number}")));
                let group = match made {
                    Ok(group) => group,
                    Err(error) => {
                        ground.give_back(lodging.account);
                        return Err(error);
                    }
                };
                let limited = match ground.walls.has(Wall::Counts) {
                    true => group.limit(limits),
                    false => Ok(()),
                };
                match limited.and_then(|()| lodging.make(limits, ground.walls)) {
                    Ok(workspace) => Ok(Self::of(ground, lodging, group, limits, workspace)),
                    Err(error) => {
                        // Nobody will own it: what cannot be removed now, the end of the server removes.
                        if group.remove().and_then(|()| lodging.remove()).is_ok() {
                            ground.give_back(lodging.account);
                        }
                        Err(error)
                    }
                }
            }
        };
        blocking(make).await?.map_err(unavailable)
    }

    fn of(ground: Arc<Ground>, lodging: Lodging, group: Group, limits: Limits, workspace: Workspace) -> Self {
        let workspace = Mutex::new(Some(Arc::new(workspace)));
        let (stop, _) = watch::channel(Life::Running);
        Self { ground, lodging, group, limits, workspace, stop, next_program: AtomicU64::new(0) }
    }

    /// A group for one program.
    pub(crate) fn program_group(&self) -> Result<Group, SandboxError> {
        let number = self.next_program.fetch_add(1, Ordering::Relaxed);
        let group = self.group.child(&format!("program-{number}")).map_err(|error| self.failed(error))?;
        let limited = if self.ground.walls.has(Wall::Counts) { group.limit_sockets() } else { Ok(()) };
        match limited {
            Ok(()) => Ok(group),
            Err(error) => {
                group.remove_if_empty();
                Err(self.failed(error))
            }
        }
    }

    /// Resolves when the box is stopped or gone.
    pub(crate) fn end(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut life = self.stop.subscribe();
        async move {
            // An error means that the box is gone, which ends it as well.
            let _ = life.wait_for(|life| *life != Life::Running).await;
        }
    }

    /// Why something failed: because the box was stopped, or by itself.
    pub(crate) fn failed(&self, error: io::Error) -> SandboxError {
        match self.alive() {
            Ok(()) => unavailable(error),
            Err(stopped) => stopped,
        }
    }

    pub(crate) fn alive(&self) -> Result<(), SandboxError> {
        match *self.stop.borrow() {
            Life::Running => Ok(()),
            Life::Stopped | Life::Removed => Err(SandboxError::Stopped),
        }
    }

    async fn with_files<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Workspace) -> Result<T, SandboxError> + Send + 'static,
    ) -> Result<T, SandboxError> {
        let workspace = self.workspace()?;
        blocking(move || work(&workspace)).await?
    }

    /// Whether there is room on its disk.
    pub(crate) fn space(&self) -> Result<Space, SandboxError> {
        self.workspace()?.space().map_err(|error| self.failed(error))
    }

    fn workspace(&self) -> Result<Arc<Workspace>, SandboxError> {
        let workspace = self.workspace.lock().unwrap_or_else(PoisonError::into_inner);
        workspace.clone().ok_or(SandboxError::Stopped)
    }

    /// Lets go of the box, so that nothing of ours holds it. Says how it stood before.
    fn let_go(&self) -> Life {
        self.workspace.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.stop.send_replace(Life::Stopped)
    }

    /// Removes the box; a form of doing so that outlives it.
    fn removal(&self) -> impl FnOnce() -> Life + Send + use<> {
        let (ground, group, lodging) = (Arc::clone(&self.ground), self.group.clone(), self.lodging.clone());
        move || {
            let removed = group.remove().and_then(|()| lodging.remove());
            match removed {
                Ok(()) => {
                    ground.give_back(lodging.account);
                    Life::Removed
                }
                Err(error) => {
                    tracing::error!(%error, folder = %lodging.folder.display(), "a box could not be removed");
                    Life::Stopped
                }
            }
        }
    }
}

#[async_trait]
impl Jail for Cage {
    async fn write(&self, path: &FilePath, text: &str) -> Result<(), SandboxError> {
        let (path, text) = (path.clone(), text.to_owned());
        self.with_files(move |workspace| workspace.write(&path, &text)).await
    }

    async fn remove(&self, path: &FilePath) -> Result<(), SandboxError> {
        let path = path.clone();
        self.with_files(move |workspace| workspace.remove(&path)).await
    }

    async fn read(&self, path: &FilePath) -> Result<String, SandboxError> {
        let path = path.clone();
        self.with_files(move |workspace| workspace.read(&path)).await
    }

    async fn list(&self) -> Result<Vec<FilePath>, SandboxError> {
        self.with_files(Workspace::list).await
    }

    async fn watch(&self) -> Result<mpsc::Receiver<Changed>, SandboxError> {
        let workspace = self.workspace()?;
        let watcher = blocking(move || Watcher::begin(workspace)).await?;
        watcher.start(self.end()).map_err(|error| self.failed(error))
    }

    async fn shell(&self, size: Size) -> Result<Shell, SandboxError> {
        self.alive()?;
        shell::open(self, size).await
    }

    async fn run(&self, program: Program) -> Result<Ran, SandboxError> {
        self.alive()?;
        run::run(self, program).await
    }

    async fn stop(&self) {
        self.let_go();
        // It fails only if the runtime is going down; then dropping the box finishes the work.
        if let Ok(life) = blocking(self.removal()).await {
            self.stop.send_replace(life);
        }
    }
}

impl Drop for Cage {
    fn drop(&mut self) {
        if self.let_go() == Life::Removed {
            return;
        }
        // Dropping happens anywhere, also where nothing may block. What the thread cannot finish, the next server sweeps.
        let removal = self.removal();
        if let Err(error) = thread::Builder::new().name("sandbox sweeper".into()).spawn(removal) {
            tracing::error!(%error, "a box could not be removed");
        }
    }
}

impl fmt::Debug for Cage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cage").field("folder", &self.lodging.folder).finish_non_exhaustive()
    }
}

/// Does what blocks, where it may.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, SandboxError> {
    spawn_blocking(work).await.map_err(|error| SandboxError::Unavailable(error.to_string()))
}

pub(crate) fn unavailable(error: io::Error) -> SandboxError {
    SandboxError::Unavailable(error.to_string())
}
