//! A whole server on a port of its own, with its data in a folder that goes with it.

use std::future::pending;
use std::process::Stdio;
use std::sync::Arc;

use server::configuration::Configuration;
use server::health::Health;
use server::routes::{App, serve};
use server::wiring;
use service::Service;
use service::live::Outside;
use service::ports::Clock;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

use crate::visitor::Visitor;

pub const EMAIL: &str = "owner@example.com";
pub const PASSWORD: &str = "a long enough password";

pub struct House {
    pub url: String,
    pub service: Arc<Service>,
    /// Where everything is kept.
    pub data: TempDir,
}

/// The settings that every test server has.
pub fn settings(url: &str, data: &std::path::Path) -> Vec<(String, String)> {
    let problems = concat!(env!("CARGO_MANIFEST_DIR"), "/../problems");
    let mut pairs: Vec<(String, String)> =
        std::env::vars().filter(|(name, _)| name == "HOME" || name == "INTERVIEWLM_TOOLS_DIR").collect();
    pairs.extend(
        [
            ("INTERVIEWLM_DATA_DIR", data.to_str().unwrap()),
            ("INTERVIEWLM_PROBLEMS_DIR", problems),
            ("INTERVIEWLM_PUBLIC_URL", url),
            ("INTERVIEWLM_OWNER_EMAIL", EMAIL),
            ("INTERVIEWLM_OWNER_PASSWORD", PASSWORD),
            ("LEPTOS_HASH_FILES", "false"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    pairs
}

/// The real server as a process of its own, listening at that address; it goes with its handle.
pub async fn start_process(url: &str, data: &std::path::Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
    let address = url.trim_start_matches("http://");
    command.env_clear().envs(settings(url, data)).env("LEPTOS_SITE_ADDR", address).env("RUST_LOG", "error");
    let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).current_dir(data).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        if line.contains("is running at") {
            return child;
        }
    }
    panic!("the server did not start");
}

/// The same use cases by another clock.
fn by_clock(service: &Service, clock: Arc<dyn Clock>) -> Arc<Service> {
    let real = service.outside.clone();
    let outside = Outside {
        events: real.events.clone(),
        catalog: real.catalog.clone(),
        sandbox: real.sandbox.clone(),
        assistant: real.assistant.clone(),
        clock,
        bank: real.bank.clone(),
        runner: real.runner.clone(),
        limits: real.limits,
    };
    Arc::new(Service::new(outside, 7))
}

impl House {
    /// With the built-in assistant.
    pub async fn open() -> Self {
        Self::open_with(&[]).await
    }

    /// With more settings.
    pub async fn open_with(more: &[(&str, &str)]) -> Self {
        Self::open_by(None, more).await
    }

    /// With more settings, by a clock of the test's own.
    pub async fn open_by(clock: Option<Arc<dyn Clock>>, more: &[(&str, &str)]) -> Self {
        let data = TempDir::new().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut pairs = settings(&url, data.path());
        pairs.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let configuration = Configuration::from_pairs(pairs).unwrap();
        let mut service = wiring::build(&configuration).await.unwrap();
        if let Some(clock) = clock {
            service = by_clock(&service, clock);
        }
        wiring::prepare(&configuration, &service).await.unwrap();
        let app = App {
            service: service.clone(),
            public_url: url.as_str().into(),
            health: Health::default(),
            site: configuration.site.clone(),
            proxies: configuration.proxies,
        };
        tokio::spawn(serve(listener, app, pending()));
        Self { url, service, data }
    }

    /// Somebody without any cookie.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(&self.url)
    }

    /// A signed-in reviewer.
    pub async fn reviewer(&self) -> Visitor {
        let mut reviewer = self.visitor();
        let credentials = serde_json::json!({ "email": EMAIL, "password": PASSWORD });
        reviewer.post("/api/auth/login", &credentials).await.gives(204);
        reviewer
    }

    /// A candidate who has started an interview of an assessment with these particulars, and its id.
    pub async fn candidate(&self, reviewer: &mut Visitor, particulars: serde_json::Value) -> (Visitor, String) {
        let mut assessment = serde_json::json!({
            "title": "Backend engineer", "problems": ["rate-limiter"], "languages": ["python"], "minutes": 60,
            "assistant": "agent", "budget_messages": 10, "budget_microusd": 1_000_000,
            "required_consents": ["editor", "terminal", "assistant"],
        });
        if let (Some(whole), Some(more)) = (assessment.as_object_mut(), particulars.as_object()) {
            whole.extend(more.clone());
        }
        let assessment = reviewer.post("/api/assessments", &assessment).await.gives(201).json();
        let path = format!("/api/assessments/{}/invitations", assessment["id"].as_str().unwrap());
        let invited = reviewer.post(&path, &serde_json::json!({ "name": "Ada" })).await.gives(201).json();
        let mut candidate = self.visitor();
        let path = format!("/api/interview/start/{}", invited["token"].as_str().unwrap());
        let consent = serde_json::json!({ "consent": ["editor", "terminal", "assistant", "focus"] });
        let started = candidate.post(&path, &consent).await.gives(200).json();
        (candidate, started["id"].as_str().unwrap().to_owned())
    }
}

impl House {
    /// Waits until an interview has ended.
    pub async fn ended(&self, interview: &str) {
        self.seen(interview, "session.ended", 1).await;
    }

    /// Waits until the log holds so many events of a kind.
    pub async fn seen(&self, interview: &str, kind: &str, count: usize) {
        let id = interview::InterviewId::parse(interview).unwrap();
        let room = self.service.rooms.room(&id).await.unwrap();
        let (_, mut tap) = room.watch(interview::masking::Viewer::Reviewer).await.unwrap();
        let waiting = async {
            loop {
                let entries = self.service.outside.events.read(&id, interview::Seq(0), 100_000).await.unwrap();
                if entries.iter().filter(|entry| entry.event.fact.kind() == kind).count() >= count {
                    return;
                }
                tap.next().await.expect("the room stays while somebody watches");
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(60), waiting).await.expect("it happens within a minute");
    }
}
