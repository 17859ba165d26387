//! The engines that are asked: a fresh one for every test.

use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use sandbox::{Bubblewrap, Docker, DockerSettings, Settings};
use service::ports::{Jail, Limits, Sandbox};
use tempfile::TempDir;

use crate::support::{PATIENCE, Root, soon};

/// The image of the boxes.
const IMAGE: &str = "localhost/interviewlm-sandbox:latest";

/// The service, with mounts of its own: the container runtime looks at every group that is mounted anywhere, and trips
/// over those of bubblewrap's boxes that go away at that moment.
const SERVICE: &str = "grep -o ' [^ ]*/boxes/[^ ]* ' /proc/self/mountinfo | xargs -r umount -l 2>/dev/null
    exec podman --runtime runc system service --time 0 \"$0\"";

/// A sandbox of its own for one test.
pub(crate) struct Bench {
    sandbox: Box<dyn Sandbox>,
    podman: Option<Podman>,
    _root: Root,
}

/// Podman's service, which ends with its owner.
pub(crate) struct Podman {
    service: Child,
    folder: TempDir,
}

impl Bench {
    /// Boxes of this machine.
    pub(crate) fn bubblewrap() -> Self {
        let root = Root::new();
        let settings = Settings { root: root.boxes(), ..Settings::default() };
        Self { sandbox: Box::new(Bubblewrap::new(settings)), podman: None, _root: root }
    }

    /// Boxes on Podman; none where it cannot be.
    pub(crate) fn podman() -> Option<Self> {
        let podman = Podman::start()?;
        let root = Root::new();
        let sandbox = Docker::new(podman.settings(&root));
        Some(Self { sandbox: Box::new(sandbox), podman: Some(podman), _root: root })
    }

    /// Whether something of ours lives in its boxes.
    pub(crate) fn has_keepers(&self) -> bool {
        self.podman.is_some()
    }

    pub(crate) async fn start(&self) -> Arc<dyn Jail> {
        self.start_with(Limits::default()).await
    }

    pub(crate) async fn start_with(&self, limits: Limits) -> Arc<dyn Jail> {
        soon(self.sandbox.start(limits)).await.expect("a box")
    }
}

impl Podman {
    /// Starts the service; none, with the reason printed, where that is impossible.
    pub(crate) fn start() -> Option<Self> {
        if let Some(reason) = missing() {
            eprintln!("not asked of Podman: {reason}");
            return None;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let podman = Self { service: serve(&folder), folder };
        podman.wait();
        Some(podman)
    }

    /// Starts the service again.
    pub(crate) fn restart(&mut self) {
        self.service = serve(&self.folder);
        self.wait();
    }

    fn wait(&self) {
        let begun = Instant::now();
        while UnixStream::connect(self.folder.path().join("podman.sock")).is_err() {
            assert!(begun.elapsed() < PATIENCE, "podman's service does not answer");
            std::thread::yield_now();
        }
    }

    /// How a server reaches it.
    pub(crate) fn settings(&self, root: &Root) -> DockerSettings {
        DockerSettings {
            host: format!("unix://{}", self.folder.path().join("podman.sock").display()),
            root: root.boxes(),
        }
    }

    /// Ends the service at once.
    pub(crate) fn kill(&mut self) {
        let _ = self.service.kill();
        let _ = self.service.wait();
    }
}

impl Drop for Podman {
    fn drop(&mut self) {
        self.kill();
    }
}

fn serve(folder: &TempDir) -> Child {
    Command::new("unshare")
        .args(["--mount", "--propagation", "private", "sh", "-c", SERVICE])
        .arg(format!("unix://{}", folder.path().join("podman.sock").display()))
        // It leaves a note where it stands when a box runs out of memory.
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("podman starts")
}

/// Why Podman cannot be asked.
fn missing() -> Option<String> {
    let succeeds = |program: &str, arguments: &[&str]| {
        let ran = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
        ran.is_ok_and(|status| status.success())
    };
    if !rustix::process::geteuid().is_root() {
        return Some("it needs root".into());
    }
    if !succeeds("podman", &["--version"])
        || !succeeds("runc", &["--version"])
        || !succeeds("unshare", &["--mount", "true"])
    {
        return Some("podman or runc is not installed, or nothing may be mounted".into());
    }
    assert!(succeeds("podman", &["image", "exists", IMAGE]), "there is no image {IMAGE}: run make sandbox-image");
    None
}
