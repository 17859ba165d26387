//! The engine at the other end of a line: each question has a time by which it is answered, and a sentence for when not.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use bollard::container::AttachContainerResults;
use bollard::errors::Error;
use bollard::exec::{CreateExecOptions, StartExecOptions, StartExecResults};
use bollard::query_parameters::{
    AttachContainerOptionsBuilder, CreateContainerOptionsBuilder, ListContainersOptionsBuilder,
    RemoveContainerOptionsBuilder, ResizeExecOptionsBuilder, StartContainerOptions,
};
use interview::terminal::Size;
use service::ports::{Limits, SandboxError};
use tokio::time::{sleep, timeout};

use super::DockerSettings;
use super::hijack::{self, Line};
use super::image::{self, IMAGE, Image};
use super::plan::{self, OWNER, Ways};
use crate::seccomp::profile;

/// How long an engine may take for one answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long it may take to notice that a program has ended, and how often it is asked.
const EXIT_PATIENCE: Duration = Duration::from_secs(10);
const EXIT_LOOKS: Duration = Duration::from_millis(10);
/// The runtime that gives a box a kernel of its own.
const OWN_KERNEL: &str = "runsc";
/// The file with the filter of system calls, for engines that want one.
const PROFILE: &str = "seccomp.json";
/// An engine that takes the filter as a file beside it, and does not count files.
const PODMAN: &str = "Podman Engine";

/// A container engine.
#[derive(Debug)]
pub(super) struct Engine {
    client: bollard::Docker,
    host: String,
    ways: Ways,
    /// What the image has to carry.
    languages: String,
}

/// A program to start in a box.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) argv: Vec<String>,
    pub(super) env: Vec<String>,
    /// The account and the group, as numbers.
    pub(super) user: String,
    pub(super) has_terminal: bool,
}

impl Engine {
    /// Connects, and learns the engine's ways.
    pub(super) async fn reach(settings: &DockerSettings) -> Result<Self, SandboxError> {
        let host = settings.host.clone();
        let away = |error: Error| SandboxError::Unavailable(away(&host, &error));
        let client = bollard::Docker::connect_with_host(&host).map_err(away)?.with_timeout(PATIENCE);
        let negotiated = timeout(PATIENCE, client.negotiate_version()).await.map_err(|_| slow("answer"))?;
        let client = negotiated.map_err(away)?;
        let version = timeout(PATIENCE, client.version()).await.map_err(|_| slow("answer"))?.map_err(away)?;
        let is_podman = version.components.iter().flatten().any(|component| component.name == PODMAN);
        let info = timeout(PATIENCE, client.info()).await.map_err(|_| slow("answer"))?.map_err(away)?;
        let has_own_kernel = info.runtimes.is_some_and(|runtimes| runtimes.contains_key(OWN_KERNEL));
        let processors = info.ncpu.unwrap_or(1);
        let profile = profile::docker();
        let seccomp = if is_podman { write_profile(&settings.root, &profile)? } else { profile };
        let runtime = has_own_kernel.then(|| OWN_KERNEL.to_owned());
        let ways = Ways { seccomp, runtime, counts_files: !is_podman, processors };
        Ok(Self { client, host, ways, languages: settings.languages.clone() })
    }

    /// The image that the boxes are made from; an error where it is missing, or of another version.
    pub(super) async fn image(&self) -> Result<Image, SandboxError> {
        let found = match timeout(PATIENCE, self.client.inspect_image(IMAGE)).await {
            Ok(Ok(found)) => found,
            Ok(Err(Error::DockerResponseServerError { status_code: 404, .. })) => return Err(image::missing()),
            Ok(Err(error)) => return Err(self.refusal("look at the image of boxes", &error)),
            Err(_) => return Err(slow("look at the image of boxes")),
        };
        Image::of(found, &self.languages)
    }

    /// Whether programs meet a kernel of the runtime's own.
    pub(super) fn has_own_kernel(&self) -> bool {
        self.ways.runtime.is_some()
    }

    /// Makes a container of that name for a box.
    pub(super) async fn create(&self, name: &str, owner: &str, limits: Limits) -> Result<(), SandboxError> {
        let body = plan::container(&self.ways, &self.image().await?.id, owner, limits);
        let options = CreateContainerOptionsBuilder::new().name(name).build();
        match timeout(PATIENCE, self.client.create_container(Some(options), body)).await {
            Ok(Ok(created)) => plan::heed(&created.warnings).map_err(SandboxError::Unavailable),
            // It was removed meanwhile.
            Ok(Err(Error::DockerResponseServerError { status_code: 404, .. })) => Err(image::missing()),
            Ok(Err(error)) => Err(self.refusal("make a box", &error)),
            Err(_) => Err(slow("make a box")),
        }
    }

    /// Takes hold of the streams of a container's first process.
    pub(super) async fn attach(&self, id: &str) -> Result<AttachContainerResults, SandboxError> {
        let options = AttachContainerOptionsBuilder::new().stream(true).stdin(true).stdout(true).stderr(true).build();
        self.ask("attach to a box", self.client.attach_container(id, Some(options))).await
    }

    /// Starts a container.
    pub(super) async fn start(&self, id: &str) -> Result<(), SandboxError> {
        self.ask("start a box", self.client.start_container(id, None::<StartContainerOptions>)).await
    }

    /// Removes a container with all that runs in it; that there is none is fine.
    pub(super) async fn remove(&self, id: &str) -> Result<(), SandboxError> {
        let options = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
        match timeout(PATIENCE, self.client.remove_container(id, Some(options))).await {
            Ok(Ok(())) => Ok(()),
            // It is gone already, or going.
            Ok(Err(Error::DockerResponseServerError { status_code: 404 | 409, .. })) => Ok(()),
            Ok(Err(error)) => Err(self.refusal("remove a box", &error)),
            Err(_) => Err(slow("remove a box")),
        }
    }

    /// Removes all boxes of one owner.
    pub(super) async fn sweep(&self, owner: &str) -> Result<(), SandboxError> {
        let filters = HashMap::from([("label".to_owned(), vec![format!("{OWNER}={owner}")])]);
        let options = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
        for found in self.ask("list boxes", self.client.list_containers(Some(options))).await? {
            let Some(id) = found.id else { continue };
            tracing::info!(container = id, "removing what a dead server left");
            self.remove(&id).await?;
        }
        Ok(())
    }

    /// Prepares a program; answers its id.
    pub(super) async fn prepare(&self, container: &str, order: Order) -> Result<String, SandboxError> {
        let options = CreateExecOptions {
            attach_stdin: Some(order.has_terminal),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            tty: Some(order.has_terminal),
            env: Some(order.env),
            cmd: Some(order.argv),
            user: Some(order.user),
            working_dir: Some("/workspace".into()),
            ..CreateExecOptions::default()
        };
        Ok(self.ask("prepare a program", self.client.create_exec(container, options)).await?.id)
    }

    /// Starts a prepared program without a terminal.
    pub(super) async fn execute(&self, program: &str) -> Result<AttachContainerResults, SandboxError> {
        let options = StartExecOptions { detach: false, tty: false, output_capacity: None };
        match self.ask("start a program", self.client.start_exec(program, Some(options))).await? {
            StartExecResults::Attached { output, input } => Ok(AttachContainerResults { output, input }),
            StartExecResults::Detached => {
                Err(SandboxError::Unavailable("the container engine let go of a program".into()))
            }
        }
    }

    /// Starts a prepared program on its terminal.
    pub(super) async fn execute_on_terminal(&self, program: &str) -> Result<Line, SandboxError> {
        let version = self.client.client_version();
        let path = format!("/v{}.{}/exec/{program}/start", version.major_version, version.minor_version);
        let started = hijack::post(&self.host, &path, r#"{"Detach":false,"Tty":true}"#);
        match timeout(PATIENCE, started).await {
            Ok(Ok(line)) => Ok(line),
            Ok(Err(error)) => {
                Err(SandboxError::Unavailable(format!("the container engine could not start a shell: {error}")))
            }
            Err(_) => Err(slow("start a shell")),
        }
    }

    /// Changes the size of a program's terminal.
    pub(super) async fn resize(&self, program: &str, size: Size) -> Result<(), SandboxError> {
        let size = size.clamped();
        let options = ResizeExecOptionsBuilder::new().h(size.rows.into()).w(size.cols.into()).build();
        self.ask("resize a terminal", self.client.resize_exec(program, options)).await
    }

    /// The exit status of a program that has ended, once the engine knows.
    pub(super) async fn exit_code(&self, program: &str) -> Result<i32, SandboxError> {
        let known = async {
            loop {
                let found = self.ask("tell how a program ended", self.client.inspect_exec(program)).await?;
                if let (Some(false), Some(code)) = (found.running, found.exit_code) {
                    return Ok(i32::try_from(code).unwrap_or(i32::MAX));
                }
                sleep(EXIT_LOOKS).await;
            }
        };
        timeout(EXIT_PATIENCE, known).await.map_err(|_| slow("tell how a program ended"))?
    }

    async fn ask<T>(&self, what: &str, answer: impl Future<Output = Result<T, Error>>) -> Result<T, SandboxError> {
        match timeout(PATIENCE, answer).await {
            Ok(answer) => answer.map_err(|error| self.refusal(what, &error)),
            Err(_) => Err(slow(what)),
        }
    }

    fn refusal(&self, what: &str, error: &Error) -> SandboxError {
        SandboxError::Unavailable(match error {
            Error::DockerResponseServerError { message, .. } => {
                format!("the container engine could not {what}: {}", message.trim())
            }
            other => away(&self.host, other),
        })
    }
}

fn away(host: &str, error: &Error) -> String {
    format!("the container engine at {host} cannot be reached: {error}")
}

fn slow(what: &str) -> SandboxError {
    let seconds = PATIENCE.as_secs();
    SandboxError::Unavailable(format!("the container engine took more than {seconds} seconds to {what}"))
}

/// Leaves the filter where an engine on this machine finds it; answers the place.
fn write_profile(root: &Path, profile: &str) -> Result<String, SandboxError> {
    let complain = |error: std::io::Error| {
        SandboxError::Unavailable(format!("{} cannot be used for boxes: {error}", root.display()))
    };
    fs::create_dir_all(root).map_err(complain)?;
    let file = root.canonicalize().map_err(complain)?.join(PROFILE);
    let draft = file.with_extension(format!("{}-draft", std::process::id()));
    fs::write(&draft, profile).map_err(complain)?;
    fs::rename(&draft, &file).map_err(complain)?;
    Ok(file.display().to_string())
}
