//! Real boxes for code: of this machine with its tools, or on Podman with those of the image.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use interview::question::Language;
use interview::run::Verdict;
use sandbox::{Bubblewrap, Docker, Settings};
use service::ports::Sandbox;
use service::runs::{CaseResult, RunRequest, Runner, Summary, ToolPaths, Toolchains};
use tempfile::TempDir;
use tokio::sync::mpsc;

use crate::podman_service::Podman;

/// A runner in real boxes. Its folder and its engine go with it.
pub(crate) struct Bench {
    runner: Runner,
    _podman: Option<Podman>,
    _boxes: TempDir,
}

impl Bench {
    /// Boxes of this machine.
    pub(crate) async fn bubblewrap() -> Self {
        let boxes = tempfile::tempdir().expect("there is room for boxes");
        let settings = Settings { root: boxes.path().to_owned(), ..Settings::default() };
        Self::with(Arc::new(Bubblewrap::new(settings)), Some(toolchains().await), None, boxes).await
    }

    /// Boxes on Podman; none where it cannot be.
    pub(crate) async fn podman() -> Option<Self> {
        let podman = Podman::start()?;
        let boxes = tempfile::tempdir().expect("there is room for notes");
        let sandbox = Docker::new(podman.settings(boxes.path().to_owned()));
        Some(Self::with(Arc::new(sandbox), None, Some(podman), boxes).await)
    }

    async fn with(
        sandbox: Arc<dyn Sandbox>,
        toolchains: Option<Toolchains>,
        podman: Option<Podman>,
        boxes: TempDir,
    ) -> Self {
        let runner = Runner::new(sandbox, toolchains, 1);
        runner.learn().await.expect("the boxes' tools are known");
        assert_eq!(runner.offered(), Language::ALL, "a tool is missing: run make setup, then make sandbox-image");
        Self { runner, _podman: podman, _boxes: boxes }
    }

    pub(crate) async fn run(&self, request: RunRequest) -> (Summary, Vec<CaseResult>) {
        let (sender, mut receiver) = mpsc::channel(64);
        let receive = async {
            let mut results = Vec::new();
            while let Some(result) = receiver.recv().await {
                results.push(result);
            }
            results
        };
        let (summary, results) = tokio::join!(self.runner.execute(request, sender), receive);
        (summary.expect("this machine can run code in boxes"), results)
    }

    /// The first case that did not pass; the rest is not run.
    pub(crate) async fn first_failure(&self, request: RunRequest) -> Option<CaseResult> {
        let (sender, mut receiver) = mpsc::channel::<CaseResult>(1);
        let receive = async {
            while let Some(result) = receiver.recv().await {
                if result.outcome != Verdict::Passed {
                    return Some(result);
                }
            }
            None
        };
        let mut receive = Box::pin(receive);
        let execute = self.runner.execute(request, sender);
        tokio::pin!(execute);
        tokio::select! {
            failure = &mut receive => failure,
            summary = &mut execute => {
                summary.expect("this machine can run code in boxes");
                receive.await
            }
        }
    }
}

/// The tools of this machine, warmed up.
pub(crate) async fn toolchains() -> Toolchains {
    let toolchains = Toolchains::prepare(&ToolPaths::installed(&tools())).expect("the tools' folder can be written");
    toolchains.warm().await.expect("every language warms up");
    toolchains
}

#[expect(clippy::disallowed_methods, reason = "a test has no configuration; it looks where `make setup` puts things")]
fn tools() -> PathBuf {
    let cache = || env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home_cache = || env::var_os("HOME").map(|home| Path::new(&home).join(".cache"));
    let usual = || cache().or_else(home_cache).unwrap_or_default().join("interviewlm/tools");
    env::var_os("INTERVIEWLM_TOOLS_DIR").map_or_else(usual, PathBuf::from)
}
