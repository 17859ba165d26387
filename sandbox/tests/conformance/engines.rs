//! The engines that are asked: a fresh one for every test.

use std::sync::Arc;

use sandbox::{Bubblewrap, Docker, Settings};
use service::ports::{Jail, Limits, Sandbox};

use crate::podman_service::Podman;
use crate::support::{Root, soon};

/// A sandbox of its own for one test.
pub(crate) struct Bench {
    sandbox: Box<dyn Sandbox>,
    podman: Option<Podman>,
    _root: Root,
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
        let sandbox = Docker::new(podman.settings(root.boxes()));
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
