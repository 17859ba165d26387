//! Podman's service, for tests that ask a container engine: as root, with the image that `make sandbox-image` makes.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use sandbox::DockerSettings;
use tempfile::TempDir;
use tokio::time::Instant;

/// The image of the boxes.
const IMAGE: &str = "localhost/interviewlm-sandbox:latest";
/// How long the service may take to answer, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// The service, with mounts of its own: the container runtime looks at every group that is mounted anywhere, and trips
/// over those of bubblewrap's boxes that go away at that moment.
const SERVICE: &str = "grep -o ' [^ ]*/boxes/[^ ]* ' /proc/self/mountinfo | xargs -r umount -l 2>/dev/null
    exec podman --runtime runc system service --time 0 \"$0\"";

/// The service, which ends with its owner.
pub(crate) struct Podman {
    service: Option<Child>,
    folder: TempDir,
}

impl Podman {
    /// Starts the service; none, with the reason printed, where that is impossible.
    pub(crate) fn start() -> Option<Self> {
        if let Some(reason) = missing() {
            eprintln!("not asked of Podman: {reason}");
            return None;
        }
        let mut podman = Self { service: None, folder: tempfile::tempdir().expect("a temporary folder") };
        podman.serve();
        Some(podman)
    }

    /// Has the service run, and waits until it answers.
    pub(crate) fn serve(&mut self) {
        let place = self.folder.path().join("podman.sock");
        let service = Command::new("unshare")
            .args(["--mount", "--propagation", "private", "sh", "-c", SERVICE])
            .arg(format!("unix://{}", place.display()))
            // It leaves a note where it stands when a box runs out of memory.
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        self.service = Some(service.expect("podman starts"));
        let begun = Instant::now();
        while UnixStream::connect(&place).is_err() {
            assert!(begun.elapsed() < PATIENCE, "podman's service does not answer");
            thread::yield_now();
        }
    }

    /// How a server reaches it that keeps its own notes in that folder.
    pub(crate) fn settings(&self, root: PathBuf) -> DockerSettings {
        let host = format!("unix://{}", self.folder.path().join("podman.sock").display());
        DockerSettings { host, root, languages: service::runs::fingerprint() }
    }

    /// Ends the service at once.
    pub(crate) fn kill(&mut self) {
        if let Some(mut service) = self.service.take() {
            let _ = service.kill();
            let _ = service.wait();
        }
    }
}

impl Drop for Podman {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Why Podman cannot be asked.
fn missing() -> Option<&'static str> {
    let succeeds = |program: &str, arguments: &[&str]| {
        let ran = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
        ran.is_ok_and(|status| status.success())
    };
    if !fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0) {
        return Some("it needs root");
    }
    if !succeeds("podman", &["--version"])
        || !succeeds("runc", &["--version"])
        || !succeeds("unshare", &["--mount", "true"])
    {
        return Some("podman or runc is not installed, or nothing may be mounted");
    }
    assert!(succeeds("podman", &["image", "exists", IMAGE]), "there is no image {IMAGE}: run make sandbox-image");
    None
}
