//! One box on an engine: a container whose first process is the keeper, and the promise that it goes when it should.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use interview::FilePath;
use interview::terminal::Size;
use serde_json::json;
use service::ports::{Changed, Jail, Limits, Program, Ran, SandboxError, Shell};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;

use super::answers::{letters, path_from};
use super::engine::Engine;
use super::keeper::{Keeper, NoAnswer};
use super::session::NotEnded;
use super::{Ground, changes, program, shell};

/// How many files are listed at most.
const FILES_LIMIT: usize = 2_000;
/// The largest text that is written: the keeper holds it several times in the memory of the box.
const WRITE_LIMIT_BYTES: usize = 4 << 20;

/// After what pauses something is removed that the engine may not have made yet.
const LATE_REMOVALS: [Duration; 3] = [Duration::from_secs(5), Duration::from_secs(30), Duration::from_secs(120)];

/// A box on a container engine.
pub(super) struct Container {
    ground: Arc<Ground>,
    id: String,
    pub(super) limits: Limits,
    /// None once the box is stopped: whoever holds the keeper holds the box.
    keeper: Mutex<Option<Arc<Keeper>>>,
    stop: watch::Sender<Life>,
    runtime: Handle,
}

/// Whether a box may still be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    Running,
    Stopped,
    /// It is stopped, and nothing of it is left.
    Removed,
}

impl Container {
    /// An empty box.
    pub(super) async fn make(ground: Arc<Ground>, limits: Limits) -> Result<Self, SandboxError> {
        // Whoever waits for it may give up; the engine does not.
        let making = tokio::spawn(Self::make_whole(ground, limits));
        making.await.map_err(|error| SandboxError::Unavailable(error.to_string()))?
    }

    async fn make_whole(ground: Arc<Ground>, limits: Limits) -> Result<Self, SandboxError> {
        let id = ground.claim.next_name();
        let (stop, _) = watch::channel(Life::Running);
        // From here on, dropping it removes it: it has a name before the engine knows of it.
        let made = Self { ground, id, limits, keeper: Mutex::new(None), stop, runtime: Handle::current() };
        let created = made.engine().create(&made.id, &made.ground.claim.owner, limits).await;
        if let Err(error) = created {
            // The engine may still be making it.
            made.runtime.spawn(made.late_removal());
            return Err(error);
        }
        let streams = made.engine().attach(&made.id).await?;
        made.engine().start(&made.id).await?;
        let keeper = Keeper::attend(streams);
        // Its first answer means that it is there.
        keeper.ask::<serde_json::Value>("usage", json!([])).await.map_err(|why| made.no_answer(why))?;
        *made.keeper.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(keeper));
        Ok(made)
    }

    /// The engine that it is on.
    pub(super) fn engine(&self) -> &Engine {
        &self.ground.engine
    }

    /// Its name at the engine.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Its first process.
    pub(super) fn keeper(&self) -> Result<Arc<Keeper>, SandboxError> {
        self.keeper.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or(SandboxError::Stopped)
    }

    /// Resolves when the box is stopped or gone.
    pub(super) fn end(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut life = self.stop.subscribe();
        async move {
            // An error means that the box is gone, which ends it as well.
            let _ = life.wait_for(|life| *life != Life::Running).await;
        }
    }

    /// Why the keeper did not answer: because the box was stopped, or by itself.
    pub(super) fn no_answer(&self, why: NoAnswer) -> SandboxError {
        if *self.stop.borrow() != Life::Running {
            return SandboxError::Stopped;
        }
        SandboxError::Unavailable(match why {
            NoAnswer::Refused(reason) | NoAnswer::Failed(reason) => format!("the box could not do it: {reason}"),
            NoAnswer::Gone => "the box has ended".into(),
            NoAnswer::Slow => "the box does not answer".into(),
        })
    }

    /// Why something failed: because the box was stopped, or by itself.
    pub(super) fn failed(&self, error: SandboxError) -> SandboxError {
        if *self.stop.borrow() == Life::Running { error } else { SandboxError::Stopped }
    }

    /// Why a program could not be ended. A box in which that happens is removed.
    pub(super) async fn not_ended(&self, why: NotEnded) -> SandboxError {
        match why {
            NotEnded::NoAnswer(why) => self.no_answer(why),
            NotEnded::Alive => {
                self.take_away().await;
                SandboxError::Unavailable("a program could not be ended, so its box was".into())
            }
        }
    }

    /// A form of removing it that outlives it.
    pub(super) fn removal(&self) -> impl Future<Output = ()> + Send + use<> {
        let (ground, id) = (Arc::clone(&self.ground), self.id.clone());
        async move {
            if let Err(error) = ground.engine.remove(&id).await {
                tracing::error!(%error, container = id, "a box could not be removed");
            }
        }
    }

    /// The same for one that the engine may only make later.
    fn late_removal(&self) -> impl Future<Output = ()> + Send + use<> {
        let (ground, id) = (Arc::clone(&self.ground), self.id.clone());
        async move {
            for pause in LATE_REMOVALS {
                sleep(pause).await;
                // It is logged by the removal that comes at once.
                let _ = ground.engine.remove(&id).await;
            }
        }
    }

    /// A form of asking the engine that outlives it.
    pub(super) fn shared_ground(&self) -> Arc<Ground> {
        Arc::clone(&self.ground)
    }

    async fn take_away(&self) {
        self.let_go();
        match self.engine().remove(&self.id).await {
            Ok(()) => {
                self.stop.send_replace(Life::Removed);
            }
            Err(error) => tracing::error!(%error, container = self.id, "a box could not be removed"),
        }
    }

    /// Lets go of the box. Says how it stood before.
    fn let_go(&self) -> Life {
        self.keeper.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.stop.send_replace(Life::Stopped)
    }
}

#[async_trait]
impl Jail for Container {
    async fn write(&self, path: &FilePath, text: &str) -> Result<(), SandboxError> {
        if text.len() > WRITE_LIMIT_BYTES {
            return Err(SandboxError::NotWritable(path.clone(), "it is larger than 4 MiB".into()));
        }
        self.keeper()?.ask("write", json!([letters(path), text])).await.map_err(|why| match why {
            NoAnswer::Refused(reason) => SandboxError::NotWritable(path.clone(), reason),
            other => self.no_answer(other),
        })
    }

    async fn remove(&self, path: &FilePath) -> Result<(), SandboxError> {
        self.keeper()?.ask("remove", json!([letters(path)])).await.map_err(|why| match why {
            NoAnswer::Refused(reason) => SandboxError::NotWritable(path.clone(), reason),
            other => self.no_answer(other),
        })
    }

    async fn read(&self, path: &FilePath) -> Result<String, SandboxError> {
        self.keeper()?.ask("read", json!([letters(path)])).await.map_err(|why| match why {
            NoAnswer::Refused(reason) if reason == "no_file" => SandboxError::NoFile(path.clone()),
            NoAnswer::Refused(_) => SandboxError::NotText(path.clone()),
            other => self.no_answer(other),
        })
    }

    async fn list(&self) -> Result<Vec<FilePath>, SandboxError> {
        let names: Vec<String> = self.keeper()?.ask("list", json!([])).await.map_err(|why| self.no_answer(why))?;
        let mut files: Vec<FilePath> = names.iter().filter_map(|name| path_from(name)).collect();
        files.truncate(FILES_LIMIT);
        files.sort();
        Ok(files)
    }

    async fn watch(&self) -> Result<mpsc::Receiver<Changed>, SandboxError> {
        changes::watch(self.keeper()?, self.end()).await.map_err(|why| self.no_answer(why))
    }

    async fn shell(&self, size: Size) -> Result<Shell, SandboxError> {
        shell::open(self, size).await.map_err(|error| self.failed(error))
    }

    async fn run(&self, program: Program) -> Result<Ran, SandboxError> {
        program::run(self, program).await.map_err(|error| self.failed(error))
    }

    async fn stop(&self) {
        self.take_away().await;
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        if self.let_go() == Life::Removed {
            return;
        }
        self.runtime.spawn(self.removal());
    }
}

impl fmt::Debug for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Container").field("id", &self.id).finish_non_exhaustive()
    }
}
