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
mod image;
mod keeper;
mod plan;
mod program;
mod session;
mod shell;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use service::ports::{Exit, Jail, Limits, Outfit, Program, Sandbox, SandboxError};
use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout};

use claim::Claim;
use container::Container;
use engine::Engine;
use plan::CHANNELS;

/// How long it takes at most to make a box, or to say that there is none.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long it is told that there was no first box, to whoever asks, before it is tried again.
const FAILURE_HOLDS: Duration = Duration::from_secs(3);

/// Prints the limits as a program finds them: a word and a number on each line, whichever version the control groups are.
const MEASURE: &str = "cd /sys/fs/cgroup 2>/dev/null; \
    say() { for file; do [ -r $file ] && read -r value <$file && echo $word $value && return; done; }; \
    word=memory; say memory.max memory/memory.limit_in_bytes; word=swap; say memory.swap.max; \
    word=memory_and_swap; say memory/memory.memsw.limit_in_bytes; word=processes; say pids.max pids/pids.max; \
    df -B1 --output=size /workspace /tmp /home/candidate /dev/shm | sed -n 's/^ *\\([0-9]*\\)$/disk \\1/p'";

/// Which engine, and what belongs to this server on it.
#[derive(Clone, Debug)]
pub struct DockerSettings {
    /// Where the engine listens: `unix:///path` or `tcp://host:port`.
    pub host: String,
    /// A folder for what marks this server's boxes; made if it is missing. Servers may share it.
    pub root: PathBuf,
    /// The name of how languages are run, which the image has to carry: [`service::runs::fingerprint`].
    pub languages: String,
}

/// Makes boxes on a container engine.
///
/// Making this never fails: an engine that is away says so when it is asked for a box, and is asked again the next time.
#[derive(Debug)]
pub struct Docker {
    settings: DockerSettings,
    ground: OnceCell<Arc<Ground>>,
    proven: OnceCell<()>,
    /// Why there was no first box the last time, and when.
    failure: Mutex<Option<(Instant, String)>>,
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
        Self { settings, ground: OnceCell::new(), proven: OnceCell::new(), failure: Mutex::new(None) }
    }

    /// Reaches the engine, and sweeps what dead servers left on it.
    async fn ground(&self) -> Result<&Arc<Ground>, SandboxError> {
        self.ground
            .get_or_try_init(|| async {
                let engine = Engine::reach(&self.settings).await?;
                let (claim, dead) = Claim::take(&self.settings.root).map_err(SandboxError::Unavailable)?;
                for owner in dead {
                    match engine.sweep(owner.name()).await {
                        Ok(()) => owner.forget(),
                        // It must not keep this server from having boxes; the next one tries again.
                        Err(error) => tracing::warn!(%error, owner = owner.name(), "boxes of a dead server stay"),
                    }
                }
                Ok(Arc::new(Ground { engine, claim }))
            })
            .await
    }

    async fn make(&self, limits: Limits) -> Result<Arc<Container>, SandboxError> {
        let ground = self.ground().await?;
        Ok(Arc::new(Container::make(Arc::clone(ground), limits).await?))
    }

    /// Makes a first box, once. Those who wait for it all hear why it failed, and do not try one after another.
    async fn be_proven(&self) -> Result<(), SandboxError> {
        let proof = || async {
            if let Some(reason) = self.recent_failure() {
                return Err(SandboxError::Unavailable(reason));
            }
            self.prove().await.inspect_err(|error| self.note_failure(error))
        };
        self.proven.get_or_try_init(proof).await.map(|_| ())
    }

    /// Does something, or fails in time.
    async fn in_time<T>(&self, work: impl Future<Output = Result<T, SandboxError>>) -> Result<T, SandboxError> {
        let late = |_| {
            let seconds = PATIENCE.as_secs();
            let reason = format!("the container engine took more than {seconds} seconds to make a box");
            Err(SandboxError::Unavailable(reason)).inspect_err(|error| self.note_failure(error))
        };
        timeout(PATIENCE, work).await.unwrap_or_else(late)
    }

    fn note_failure(&self, error: &SandboxError) {
        let reason = match error {
            SandboxError::Unavailable(reason) => reason.clone(),
            other => other.to_string(),
        };
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), reason));
    }

    fn recent_failure(&self) -> Option<String> {
        let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.as_ref().filter(|(at, _)| at.elapsed() < FAILURE_HOLDS).map(|(_, reason)| reason.clone())
    }

    /// Runs a program in a box and looks whether the box was one.
    async fn prove(&self) -> Result<(), SandboxError> {
        let container = self.make(Limits::default()).await?;
        let look = format!(
            "test $$ -lt 100 && ! touch /etc/x 2>/dev/null && grep -q '^Seccomp:.2$' /proc/self/status && \
             grep -q '^NoNewPrivs:.1$' /proc/self/status && grep -q '^CapBnd:.0*$' /proc/self/status && \
             test $(ls /sys/class/net | grep -vc '^lo$') = 0 && ! ls {CHANNELS} >/dev/null 2>&1 && echo isolated"
        );
        let look = format!("{look} && {{ {MEASURE}; }}");
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
        let said = String::from_utf8_lossy(&ran.stdout);
        let Some(measured) = said.strip_prefix("isolated\n").filter(|_| ran.exit == Exit::Status(0)) else {
            let reason = "the container engine does not keep what it was asked for: \
                          a first program found a capability, a network, a writable system, an open folder of channels or no \
                          filter of system calls";
            return Err(SandboxError::Unavailable(format!("{reason} ({:?})", ran.exit)));
        };
        plan::compare(measured, Limits::default(), self.ground().await?.engine.has_own_kernel()).map_err(|limit| {
            let reason = format!("the container engine does not keep the limit that it was asked for: {limit}");
            SandboxError::Unavailable(reason)
        })
    }
}

#[async_trait]
impl Sandbox for Docker {
    async fn start(&self, limits: Limits) -> Result<Arc<dyn Jail>, SandboxError> {
        let jail = self.in_time(async {
            self.be_proven().await?;
            self.make(limits).await
        });
        Ok(jail.await?)
    }

    async fn check(&self) -> Result<(), SandboxError> {
        self.in_time(self.be_proven()).await
    }

    async fn outfit(&self) -> Result<Option<Outfit>, SandboxError> {
        let image = self.in_time(async {
            self.be_proven().await?;
            self.ground().await?.engine.image().await
        });
        Ok(Some(image.await?.outfit))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::future::join_all;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{UnixListener, UnixStream};
    use tokio::time::{advance, sleep};

    use super::*;

    /// An engine that thinks for twenty seconds before it answers anything. Counts who comes.
    async fn think(listener: UnixListener, came: &AtomicUsize) {
        loop {
            let (line, _) = listener.accept().await.expect("somebody");
            came.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(answer_slowly(line));
        }
    }

    async fn answer_slowly(mut line: UnixStream) {
        while line.read(&mut [0; 64 << 10]).await.is_ok_and(|length| length > 0) {
            sleep(Duration::from_secs(20)).await;
            let body = r#"{"ApiVersion":"1.44","Version":"1"}"#;
            let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}", body.len());
            if line.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await.is_err() {
                return;
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_engine_is_told_in_time_to_all_who_wait_and_is_asked_again_later() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let place = root.path().join("engine.sock");
        let engine = UnixListener::bind(&place).expect("a socket");
        let settings = DockerSettings {
            host: format!("unix://{}", place.display()),
            root: root.path().into(),
            languages: "now".into(),
        };
        let (docker, came) = (Docker::new(settings), AtomicUsize::new(0));
        let asking = async {
            let begun = Instant::now();
            for told in join_all((0..5).map(|_| docker.start(Limits::default()))).await {
                let told = told.expect_err("no box").to_string();
                assert!(told.contains("took more than 30 seconds"), "{told}");
            }
            assert_eq!(begun.elapsed().as_secs(), 30, "for all of them together");
            let so_far = came.load(Ordering::Relaxed);
            assert!(docker.check().await.is_err());
            assert_eq!((begun.elapsed().as_secs(), came.load(Ordering::Relaxed)), (30, so_far), "it is known by now");
            advance(FAILURE_HOLDS).await;
            assert!(docker.check().await.is_err());
            assert!(came.load(Ordering::Relaxed) > so_far, "it may be better by now");
        };
        tokio::select! { () = think(engine, &came) => {}, () = asking => {} }
    }
}
