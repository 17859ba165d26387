//! Puts the pieces together: ports behind use cases, and what a fresh start needs.

use std::sync::Arc;

use anyhow::Context as _;
use sandbox::{Bubblewrap, Docker, DockerSettings, Pool};
use service::interviews::StartError;
use service::live::Outside;
use service::ports::{Assistant, Clock, Limits, Sandbox};
use service::practice::Practice;
use service::problems::Bank;
use service::runs::{Runner, ShellTools, ToolPaths, Toolchains};
use service::{Service, tokens};
use store::Store;

use crate::claude::prices::Prices;
use crate::claude::{ApiKey, Claude, Settings};
use crate::clock::SystemClock;
use crate::configuration::{AssistantChoice, Configuration, SandboxChoice};

/// The setting under which a generated password is kept.
const OWNER_PASSWORD: &str = "owner_password";

/// The setting under which the first invitation's token is kept.
const FIRST_INVITATION: &str = "first_invitation";

/// How long a program in a warm box may take at most. How long it really may is said with every program.
const LONGEST_MILLIS: u64 = 600_000;

/// What somebody who just started the server wants to know.
#[derive(Clone, Debug)]
pub struct FirstSteps {
    /// To sign in with.
    pub email: String,
    /// To sign in with; none when the operator chose it, who knows it already.
    pub password: Option<String>,
    /// An invitation that nobody has taken up yet.
    pub invitation: Option<String>,
}

/// Builds the use cases over the real ports.
pub async fn build(configuration: &Configuration) -> anyhow::Result<Arc<Service>> {
    std::fs::create_dir_all(&configuration.data_dir)
        .with_context(|| format!("INTERVIEWLM_DATA_DIR: {} cannot be made", configuration.data_dir.display()))?;
    let store =
        Arc::new(Store::open(&configuration.database).await.context("DATABASE_URL: the database cannot be opened")?);
    let bank =
        Bank::load(&configuration.problems_dir).context("INTERVIEWLM_PROBLEMS_DIR: the problems cannot be read")?;
    let (sandbox, toolchains) = boxes(configuration)?;
    if let Err(error) = sandbox.check().await {
        tracing::error!("{error}; nobody can run code until this is mended");
    }
    let limits = Limits { wall_millis: LONGEST_MILLIS, ..configuration.limits };
    let sandbox: Arc<dyn Sandbox> = Arc::new(Pool::new(sandbox, limits, configuration.warm_boxes));
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    let runner = Arc::new(Runner::new(sandbox.clone(), toolchains, configuration.runs_at_once));
    // What is not known yet is learnt with the first run.
    if let Err(error) = runner.learn().await {
        tracing::warn!("{error}; until it is known what boxes can run, every language is offered");
    }
    let outside = Outside {
        events: store.clone(),
        catalog: store,
        sandbox,
        assistant: assistant(&configuration.assistant)?,
        clock,
        bank: Arc::new(bank),
        runner,
        limits: configuration.limits,
    };
    Ok(Arc::new(Service::new(outside, configuration.invitation_days)))
}

/// What makes the boxes, and the tools that these borrow from this machine.
fn boxes(configuration: &Configuration) -> anyhow::Result<(Arc<dyn Sandbox>, Option<Toolchains>)> {
    let root = configuration.data_dir.canonicalize().unwrap_or_else(|_| configuration.data_dir.clone()).join("boxes");
    match &configuration.sandbox {
        SandboxChoice::Bubblewrap => {
            let paths = ToolPaths::installed(&configuration.tools_dir);
            let toolchains =
                Toolchains::prepare(&paths).context("INTERVIEWLM_TOOLS_DIR: the tools cannot be laid out")?;
            warm(&toolchains);
            let ShellTools { mounts, path, env } = toolchains.for_shells();
            Ok((Arc::new(Bubblewrap::new(sandbox::Settings { root, mounts, path, env })), Some(toolchains)))
        }
        SandboxChoice::Docker { host } => {
            let languages = service::runs::fingerprint();
            Ok((Arc::new(Docker::new(DockerSettings { host: host.clone(), root, languages })), None))
        }
    }
}

fn warm(toolchains: &Toolchains) {
    let toolchains = toolchains.clone();
    tokio::spawn(async move {
        if let Err(error) = toolchains.warm().await {
            tracing::warn!("{error}");
        }
    });
}

fn assistant(choice: &AssistantChoice) -> anyhow::Result<Arc<dyn Assistant>> {
    match choice {
        AssistantChoice::Practice => Ok(Arc::new(Practice)),
        AssistantChoice::Claude { key, base_url, model, prices_file } => {
            let key = ApiKey::new(key.reveal()).context("ANTHROPIC_API_KEY cannot be used")?;
            let prices = match prices_file {
                Some(path) => Prices::read(path).context("INTERVIEWLM_PRICES_FILE cannot be used")?,
                None => Prices::built_in(),
            };
            let mut settings = Settings::new(key, model, prices);
            settings.base_url.clone_from(base_url);
            Ok(Arc::new(Claude::new(settings).context("INTERVIEWLM_MODEL cannot be used")?))
        }
    }
}

/// Makes sure that somebody can sign in and somebody can be invited.
pub async fn prepare(configuration: &Configuration, service: &Service) -> anyhow::Result<FirstSteps> {
    let catalog = &service.outside.catalog;
    let owner = &configuration.owner;
    let chosen = owner.password.as_ref().map(|password| password.reveal().to_owned());
    let generated = match &chosen {
        Some(_) => None,
        None => Some(catalog.put_setting(OWNER_PASSWORD, &tokens::new_token()[..16]).await?),
    };
    let password = chosen.as_ref().or(generated.as_ref()).context("an owner has a password")?;
    service.accounts.ensure(&owner.email, "Owner", password).await?;
    let assessment = service.assessments.ensure_one().await?;
    let token = match catalog.setting(FIRST_INVITATION).await? {
        Some(token) => token,
        None => {
            let invited = service.assessments.invite(&assessment.id, "First candidate", None).await?;
            catalog.put_setting(FIRST_INVITATION, &invited.token).await?
        }
    };
    let is_open = match service.interviews.look_behind(&token).await {
        Ok(behind) => behind.interview.is_none() && !behind.is_expired,
        // It went with its interview, which was erased.
        Err(StartError::Unknown) => false,
        Err(error) => return Err(error.into()),
    };
    let invitation = is_open.then(|| format!("{}/interview/start/{token}", configuration.public_url));
    Ok(FirstSteps { email: owner.email.clone(), password: generated, invitation })
}
