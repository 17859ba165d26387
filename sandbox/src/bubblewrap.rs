//! The sandbox of this machine: every box is bubblewrap's namespaces, a cgroup and a filter of system calls.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use service::ports::{Exit, Jail, Limits, Program, Sandbox, SandboxError};
use tokio::sync::OnceCell;

use crate::cage::{Cage, blocking};
use crate::ground::Ground;
#[cfg(feature = "without-walls")]
use crate::walls::Wall;
use crate::walls::Walls;

/// Where boxes live and which toolchains they share.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The folder of all boxes; made if it is missing. Servers may share it.
    pub root: PathBuf,
    /// Read-only folders or files of the host, and where each is seen in every box.
    pub mounts: Vec<(PathBuf, String)>,
    /// Folders as seen in a box that are searched for programs before the system's.
    pub path: Vec<String>,
    /// More environment for every program.
    pub env: Vec<(String, String)>,
}

/// Makes boxes with bubblewrap.
///
/// Making this never fails: a machine that cannot isolate says so when it is checked or asked for a box.
#[derive(Debug)]
pub struct Bubblewrap {
    settings: Settings,
    walls: Walls,
    /// None while something stands in the way; whoever asks for a box tries again.
    ground: OnceCell<Arc<Ground>>,
    proven: OnceCell<()>,
}

impl Bubblewrap {
    /// Removes what dead servers left under the same root, and prepares for boxes.
    pub fn new(settings: Settings) -> Self {
        Self::with(settings, Walls::default())
    }

    /// Boxes that lack these walls.
    #[cfg(feature = "without-walls")]
    pub fn without(walls: &'static [Wall], settings: Settings) -> Self {
        // A first look would find what is missing.
        let proven = if walls.is_empty() { OnceCell::new() } else { OnceCell::new_with(Some(())) };
        Self { proven, ..Self::with(settings, Walls::without(walls)) }
    }

    fn with(settings: Settings, walls: Walls) -> Self {
        let ground = Ground::prepare(settings.clone(), walls).map(Arc::new).inspect_err(|reason| {
            tracing::warn!(reason, "there are no boxes yet");
        });
        Self { settings, walls, ground: OnceCell::new_with(ground.ok()), proven: OnceCell::new() }
    }

    async fn make(&self, limits: Limits) -> Result<Arc<Cage>, SandboxError> {
        let ground = self.ground.get_or_try_init(|| async {
            let (settings, walls) = (self.settings.clone(), self.walls);
            let prepared = blocking(move || Ground::prepare(settings, walls)).await?;
            prepared.map(Arc::new).map_err(SandboxError::Unavailable)
        });
        Ok(Arc::new(Cage::make(Arc::clone(ground.await?), limits).await?))
    }

    /// Runs a program in a box and looks whether the box was one.
    async fn prove(&self) -> Result<(), SandboxError> {
        let cage = self.make(Limits::default()).await?;
        let argv = ["/bin/sh", "-c", "test $$ -lt 10 && ! test -e /root && echo isolated"];
        let program = Program {
            argv: argv.map(String::from).to_vec(),
            env: Vec::new(),
            stdin: Vec::new(),
            wall_millis: 30_000,
            output_bytes: 4096,
            mounts: Vec::new(),
        };
        let ran = cage.run(program).await;
        cage.stop().await;
        let ran = ran?;
        if ran.exit != Exit::Status(0) || ran.stdout != b"isolated\n" {
            return Err(SandboxError::Unavailable(format!("a first program did not run as it should: {:?}", ran.exit)));
        }
        Ok(())
    }
}

#[async_trait]
impl Sandbox for Bubblewrap {
    async fn start(&self, limits: Limits) -> Result<Arc<dyn Jail>, SandboxError> {
        self.check().await?;
        Ok(self.make(limits).await?)
    }

    async fn check(&self) -> Result<(), SandboxError> {
        self.proven.get_or_try_init(|| self.prove()).await.map(|_| ())
    }

    async fn close(&self) {
        if let Some(ground) = self.ground.get() {
            let ground = Arc::clone(ground);
            // It fails only if the runtime is going down; then the next server sweeps.
            let _ = blocking(move || ground.clear()).await;
        }
    }
}
