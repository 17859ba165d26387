//! Real boxes on this machine: it needs bubblewrap, and control over cgroups.

mod isolation;
mod limits;
mod run;
mod shell;
mod stop;
mod watch;

#[path = "../support/patience.rs"]
mod patience;
#[path = "../support/shared.rs"]
mod support;
#[path = "../support/traces.rs"]
mod traces;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use sandbox::{Bubblewrap, Settings};
use service::ports::{Jail, Limits, Sandbox as _};
use tempfile::TempDir;

use support::{PATIENCE, soon};
use traces::folders;

/// A sandbox of its own for one test.
struct Bench {
    sandbox: Bubblewrap,
    root: Root,
}

/// The folder of a bench. It goes last, and waits for what its sandbox still has to remove.
struct Root(TempDir);

impl Root {
    fn path(&self) -> &Path {
        self.0.path()
    }

    fn boxes(&self) -> PathBuf {
        self.path().join("boxes")
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        let begun = Instant::now();
        while !folders(&self.boxes()).is_empty() && begun.elapsed() < PATIENCE && !std::thread::panicking() {
            std::thread::yield_now();
        }
    }
}

impl Bench {
    fn new() -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        // As closed as a server's own folders may be.
        std::fs::set_permissions(root.path(), std::fs::Permissions::from_mode(0o700)).expect("permissions");
        let root = Root(root);
        let sandbox = Bubblewrap::new(Settings { root: root.boxes(), ..Settings::default() });
        Self { sandbox, root }
    }

    async fn start(&self) -> Arc<dyn Jail> {
        self.start_with(Limits::default()).await
    }

    async fn start_with(&self, limits: Limits) -> Arc<dyn Jail> {
        soon(self.sandbox.start(limits)).await.expect("a box")
    }
}
