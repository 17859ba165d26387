//! The use cases over ports in memory, and an interview under way in them.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use interview::fact::EditorFact;
use interview::fact::Fact;
use interview::masking::Viewer;
use interview::question::Language;
use interview::session::Capture;
use interview::wire::ClientFact;
use interview::{Event, FilePath, InterviewId, Origin, Seq};
use service::Service;
use service::assessments::NewAssessment;
use service::interviews::StartRequest;
use service::live::{Outside, Room};
use service::ports::catalog::AssistantMode;
use service::ports::{Entry, Jail, Limits, Sandbox, SandboxError};
use service::problems::Bank;
use service::runs::Runner;
use store::Memory;

use crate::clock::HandClock;
use crate::script::Script;

pub const FILE: &str = "solution.py";
pub const MINUTES: u32 = 60;
pub const TIME_LIMIT: u64 = MINUTES as u64 * 60_000;

/// A machine that has no boxes: runs are abandoned, and everything else goes on.
struct NoBoxes;

#[async_trait]
impl Sandbox for NoBoxes {
    async fn start(&self, _: Limits) -> Result<Arc<dyn Jail>, SandboxError> {
        Err(SandboxError::Unavailable("a test has no boxes".to_owned()))
    }

    async fn check(&self) -> Result<(), SandboxError> {
        Ok(())
    }
}

pub struct House {
    pub service: Service,
    pub clock: Arc<HandClock>,
    pub script: Arc<Script>,
}

pub fn assessment() -> NewAssessment {
    NewAssessment {
        title: "Backend engineer".to_owned(),
        problems: vec!["rate-limiter".to_owned(), "meeting-slots".to_owned()],
        languages: vec![Language::Python],
        minutes: MINUTES,
        assistant: AssistantMode::Agent,
        budget_messages: 10,
        budget_microusd: 1_000_000,
        required_consents: Capture::ALL.to_vec(),
    }
}

pub fn origin(name: &str) -> Origin {
    Origin::parse(name).unwrap()
}

pub fn path(name: &str) -> FilePath {
    FilePath::parse(name).unwrap()
}

impl House {
    pub fn open() -> Self {
        Self::open_with(Arc::new(NoBoxes))
    }

    pub fn open_with(sandbox: Arc<dyn Sandbox>) -> Self {
        let (store, clock, script) =
            (Arc::new(Memory::new()), Arc::new(HandClock::default()), Arc::new(Script::default()));
        let bank = Bank::load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../problems"))).unwrap();
        let outside = Outside {
            events: store.clone(),
            catalog: store,
            sandbox: sandbox.clone(),
            assistant: script.clone(),
            clock: clock.clone(),
            bank: Arc::new(bank),
            runner: Arc::new(Runner::new(sandbox, None, 1)),
            limits: Limits::default(),
        };
        Self { service: Service::new(outside, 7), clock, script }
    }

    /// An interview that has just started.
    pub async fn interview(&self, assessment: NewAssessment) -> InterviewId {
        let assessment = self.service.assessments.create(assessment).await.unwrap();
        let invited = self.service.assessments.invite(&assessment.id, "Ada", None).await.unwrap();
        let agreed = StartRequest { consent: Capture::ALL.to_vec(), ..StartRequest::default() };
        self.service.interviews.start(&invited.token, agreed).await.unwrap().interview
    }

    /// An interview that has just started, and its room.
    pub async fn room(&self, assessment: NewAssessment) -> (InterviewId, Room) {
        let id = self.interview(assessment).await;
        let room = self.service.rooms.room(&id).await.unwrap();
        (id, room)
    }

    pub async fn entries(&self, id: &InterviewId) -> Vec<Entry> {
        self.service.outside.events.read(id, Seq(0), 1_000_000).await.unwrap()
    }

    pub async fn log(&self, id: &InterviewId) -> Vec<Event> {
        self.entries(id).await.into_iter().map(|entry| entry.event).collect()
    }

    /// Waits until the log holds so many events of a kind, and answers the last of them.
    pub async fn seen(&self, id: &InterviewId, kind: &str, count: usize) -> Event {
        let room = self.service.rooms.room(id).await.unwrap();
        let (_, mut tap) = room.watch(Viewer::Reviewer).await.unwrap();
        loop {
            let log = self.log(id).await;
            if let Some(event) = log.iter().filter(|event| event.fact.kind() == kind).nth(count - 1) {
                return event.clone();
            }
            tap.next().await.expect("the room stays while somebody watches");
        }
    }
}

/// What a candidate typed at the beginning of the file at that time of their own clock.
pub fn typed(n: u64, t: u64, rev: u64, text: &str) -> ClientFact {
    let body = serde_json::json!({ "path": FILE, "rev": rev, "changes": [[0, 0, text]], "via": "typing" });
    ClientFact { n, t, fact: Fact::decode("editor.edited", 1, body).unwrap() }
}

/// When each event of a kind happened.
pub fn times(log: &[Event], kind: &str) -> Vec<u64> {
    log.iter().filter(|event| event.fact.kind() == kind).map(|event| event.at.0).collect()
}

pub fn kinds(log: &[Event]) -> Vec<&'static str> {
    log.iter().map(|event| event.fact.kind()).collect()
}

/// Who edited what, in order.
pub fn edits(log: &[Event]) -> Vec<&Event> {
    log.iter()
        .filter(|event| matches!(event.fact, Fact::Editor(EditorFact::Edited(_) | EditorFact::Created(_))))
        .collect()
}
