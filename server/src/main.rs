//! Starts the server: reads the configuration, wires the pieces, says how to begin, and serves until it is told to stop.
//! Asked to, it erases an interview instead.

#![recursion_limit = "512"]

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use server::commands::{self, Command};
use server::configuration::Configuration;
use server::health::Health;
use server::jobs;
use server::routes::{self, App};
use server::wiring::{self, FirstSteps};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::timeout;
use tracing_subscriber::EnvFilter;

/// How long answers that are under way may take when the server is told to stop.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is said before the reason, when the server cannot serve.
const NOT_STARTED: &str = "The server did not start";

#[tokio::main]
async fn main() -> ExitCode {
    let command = match Command::parse(std::env::args_os().skip(1)) {
        Ok(command) => command,
        Err(error) => return refuse(NOT_STARTED, &error),
    };
    let configuration = match Configuration::from_environment() {
        Ok(configuration) => configuration,
        Err(error) => return refuse(NOT_STARTED, &error.into()),
    };
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(&configuration.log_filter))
        .with_writer(std::io::stderr)
        .init();
    let (done, failed) = match command {
        Command::Serve => (serve(configuration).await, NOT_STARTED),
        Command::Erase(interview) => {
            let erased = commands::erase(&configuration, &interview).await;
            (erased.map(|text| tell(&text)), "Nothing was erased")
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(failed, &error),
    }
}

#[expect(clippy::print_stderr, reason = "this is where the operator looks when something fails")]
fn refuse(what: &str, error: &anyhow::Error) -> ExitCode {
    eprintln!("{what}: {error:#}.");
    ExitCode::FAILURE
}

async fn serve(configuration: Configuration) -> anyhow::Result<()> {
    let service = wiring::build(&configuration).await?;
    let first_steps = wiring::prepare(&configuration, &service).await?;
    let address = configuration.site.site_addr;
    let listener =
        TcpListener::bind(address).await.with_context(|| format!("LEPTOS_SITE_ADDR: {address} cannot be used"))?;
    let app = App {
        service: service.clone(),
        public_url: configuration.public_url.as_str().into(),
        health: Health::default(),
        site: configuration.site.clone(),
        proxies: configuration.proxies,
    };
    let sweeper = tokio::spawn(jobs::end_overdue(service.clone()));
    announce(&configuration.public_url, &first_steps);
    let (tell, told) = oneshot::channel();
    let patience = async {
        told_to_stop().await;
        let _ = tell.send(());
        // A second word ends what the first let finish.
        let _ = timeout(PATIENCE, told_to_stop()).await;
    };
    tokio::select! {
        served = routes::serve(listener, app, async { drop(told.await) }) => served?,
        () = patience => tracing::warn!("stopped with answers under way"),
    }
    sweeper.abort();
    service.rooms.close().await;
    service.outside.sandbox.close().await;
    Ok(())
}

/// Tells whoever started the server how to begin. A standard output that nobody reads is no reason to stop.
fn announce(public_url: &str, first: &FirstSteps) {
    let invitation = match &first.invitation {
        Some(invitation) => format!("Invite a candidate with    {invitation}"),
        None => format!("Invite a candidate from    {public_url}/dashboard"),
    };
    let password = first.password.as_deref().unwrap_or("the one in INTERVIEWLM_OWNER_PASSWORD");
    let email = &first.email;
    let text = format!(
        "\nInterviewLM is running at  {public_url}\n{invitation}\nReview at                  {public_url}/login\n  \
         e-mail                   {email}\n  password                 {password}\n"
    );
    tell(&text);
}

/// Says something to the operator.
fn tell(text: &str) {
    let mut output = std::io::stdout().lock();
    let _ = writeln!(output, "{text}").and_then(|()| output.flush());
}

async fn told_to_stop() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
