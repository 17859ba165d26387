//! One box: its folders, its group, its account, and the promise that all of them go when it does.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use async_trait::async_trait;
use interview::FilePath;
use interview::terminal::Size;
use service::ports::{Changed, Jail, Limits, Program, Ran, SandboxError, Shell};
use tokio::sync::{mpsc, watch};
use tokio::task::spawn_blocking;

use crate::cgroup::Group;
use crate::child::Account;
use crate::files::Workspace;
use crate::ground::{Ground, erase, make_folder};
use crate::{run, shell};

/// A box made with bubblewrap.
pub(crate) struct Cage {
    pub(crate) ground: Arc<Ground>,
    pub(crate) lodging: Lodging,
    pub(crate) group: Group,
    pub(crate) limits: Limits,
    workspace: Arc<Workspace>,
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

/// Where a box lives on the host, and as whom.
#[derive(Clone, Debug)]
pub(crate) struct Lodging {
    folder: PathBuf,
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

    /// What programs see as their home: caches and histories, kept out of the workspace.
    pub(crate) fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    fn make(&self) -> io::Result<Workspace> {
        make_folder(&self.folder, 0o700)?;
        for (folder, mode) in [(self.workspace(), 0o755), (self.temporary(), 0o1777), (self.home(), 0o755)] {
            make_folder(&folder, mode)?;
            if let Some(Account(id)) = self.account {
                std::os::unix::fs::chown(&folder, Some(id), Some(id))?;
            }
        }
        Workspace::open(&self.workspace(), self.account)
    }
}

impl Cage {
    /// An empty box.
    pub(crate) async fn make(ground: Arc<Ground>, limits: Limits) -> Result<Self, SandboxError> {
        let number = ground.number();
        let lodging =
            Lodging { folder: ground.folder().join(format!("box-{number}")), account: ground.account(number) };
        let make = {
            let (ground, lodging) = (Arc::clone(&ground), lodging.clone());
            move || {
                let group = ground.group.child(&format!("box-{number}"))?;
                group.limit(limits)?;
                Ok((group, lodging.make()?))
            }
        };
        let (group, workspace) = blocking(make).await?.map_err(unavailable)?;
        let workspace = Arc::new(workspace);
        let (stop, _) = watch::channel(Life::Running);
        Ok(Self { ground, lodging, group, limits, workspace, stop, next_program: AtomicU64::new(0) })
    }

    /// A group for one program.
    pub(crate) fn program_group(&self) -> Result<Group, SandboxError> {
        let number = self.next_program.fetch_add(1, Ordering::Relaxed);
        self.group.child(&format!("program-{number}")).map_err(|error| self.failed(error))
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
        self.alive()?;
        let workspace = Arc::clone(&self.workspace);
        blocking(move || work(&workspace)).await?
    }

    /// Removes the box; a form of doing so that outlives it.
    fn removal(&self) -> impl FnOnce() -> Life + Send + use<> {
        let (ground, group, folder) = (Arc::clone(&self.ground), self.group.clone(), self.lodging.folder.clone());
        move || {
            let removed = group.remove().and_then(|()| erase(&folder));
            drop(ground);
            match removed {
                Ok(()) => Life::Removed,
                Err(error) => {
                    tracing::error!(%error, folder = %folder.display(), "a box could not be removed");
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
        self.alive()?;
        crate::watch::watch(Arc::clone(&self.workspace), self.end()).map_err(|error| self.failed(error))
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
        self.stop.send_replace(Life::Stopped);
        // It fails only if the runtime is going down; then dropping the box finishes the work.
        if let Ok(life) = blocking(self.removal()).await {
            self.stop.send_replace(life);
        }
    }
}

impl Drop for Cage {
    fn drop(&mut self) {
        if self.stop.send_replace(Life::Stopped) == Life::Removed {
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
