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
use std::sync::Arc;

use sandbox::{Bubblewrap, Settings};
use service::ports::{Jail, Limits, Sandbox as _};

use support::{Root, soon};

/// A sandbox of its own for one test.
struct Bench {
    sandbox: Bubblewrap,
    root: Root,
}

impl Bench {
    fn new() -> Self {
        let root = Root::new();
        // As closed as a server's own folders may be.
        std::fs::set_permissions(root.path(), std::fs::Permissions::from_mode(0o700)).expect("permissions");
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
