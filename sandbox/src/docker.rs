//! The sandbox of a container engine: every box is a container on Docker, Podman or whatever speaks their protocol.
//!
//! It takes no promise of the engine's for granted that it can ask for by name, and it starts no box with a promise left
//! out: what an engine does not understand is an error, never a weaker wall.

mod answers;
mod changes;
mod claim;
mod container;
mod engine;
mod hijack;
mod keeper;
mod plan;
mod program;
mod session;
mod shell;

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use service::ports::{Exit, Jail, Limits, Program, Sandbox, SandboxError};
use tokio::sync::OnceCell;

use claim::Claim;
use container::Container;
use engine::Engine;
use plan::CHANNELS;

/// Which engine, and what belongs to this server on it.
#[derive(Clone, Debug)]
pub struct DockerSettings {
    /// Where the engine listens: `unix:///path` or `tcp://host:port`.
    pub host: String,
    /// A folder for what marks this server's boxes; made if it is missing. Servers may share it.
    pub root: PathBuf,
}

/// Makes boxes on a container engine.
///
/// Making this never fails: an engine that is away says so when it is asked for a box, and is asked again the next time.
#[derive(Debug)]
pub struct Docker {
    settings: DockerSettings,
    ground: OnceCell<Arc<Ground>>,
    proven: OnceCell<()>,
}

/// What all boxes of one server share.
#[derive(Debug)]
struct Ground {
    engine: Engine,
    claim: Claim,
}

impl Docker {
    /// Boxes on the engine at that place.
    pub fn new(settings: DockerSettings) -> Self {
        Self { settings, ground: OnceCell::new(), proven: OnceCell::new() }
    }

    /// Reaches the engine, and sweeps what dead servers left on it.
    async fn ground(&self) -> Result<&Arc<Ground>, SandboxError> {
        self.ground
            .get_or_try_init(|| async {
                let engine = Engine::reach(&self.settings).await?;
                let (claim, dead) = Claim::take(&self.settings.root).map_err(SandboxError::Unavailable)?;
                for owner in dead {
                    engine.sweep(owner.name()).await?;
                    owner.forget();
                }
                Ok(Arc::new(Ground { engine, claim }))
            })
            .await
    }

    async fn make(&self, limits: Limits) -> Result<Arc<Container>, SandboxError> {
        let ground = self.ground().await?;
        Ok(Arc::new(Container::make(Arc::clone(ground), limits).await?))
    }

    /// Runs a program in a box and looks whether the box was one.
    async fn prove(&self) -> Result<(), SandboxError> {
        let container = self.make(Limits::default()).await?;
        let look = format!(
            "test $$ -lt 100 && ! touch /etc/x 2>/dev/null && grep -q '^Seccomp:.2$' /proc/self/status && \
             grep -q '^NoNewPrivs:.1$' /proc/self/status && grep -q '^CapBnd:.0*$' /proc/self/status && \
             test $(ls /sys/class/net | grep -vc '^lo$') = 0 && ! ls {CHANNELS} >/dev/null 2>&1 && echo isolated"
        );
        let program = Program {
            argv: ["/bin/sh", "-c", &look].map(String::from).to_vec(),
            env: Vec::new(),
            stdin: Vec::new(),
            wall_millis: 30_000,
            output_bytes: 4096,
            mounts: Vec::new(),
        };
        let ran = container.run(program).await;
        container.stop().await;
        let ran = ran?;
        if ran.exit != Exit::Status(0) || ran.stdout != b"isolated\n" {
            let reason = "the container engine does not keep what it was asked for: \
                          a first program found a capability, a network, a writable system, an open folder of channels or no \
                          filter of system calls";
            return Err(SandboxError::Unavailable(format!("{reason} ({:?})", ran.exit)));
        }
        Ok(())
    }
}

#[async_trait]
impl Sandbox for Docker {
    async fn start(&self, limits: Limits) -> Result<Arc<dyn Jail>, SandboxError> {
        self.check().await?;
        Ok(self.make(limits).await?)
    }

    async fn check(&self) -> Result<(), SandboxError> {
        self.proven.get_or_try_init(|| self.prove()).await.map(|_| ())
    }
}
