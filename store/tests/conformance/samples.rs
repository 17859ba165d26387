//! Entries and rows to keep: whole, valid and boring, for each test to change the one thing that it is about.

use interview::chat::{Asked, MessageId};
use interview::fact::{ChatFact, SessionFact, TerminalFact};
use interview::ids::ProblemSlug;
use interview::question::Language;
use interview::session::{Capture, Empty};
use interview::terminal::Bytes;
use interview::{Actor, Event, Fact, InterviewId, Offset, Origin, Seq};
use service::ports::catalog::{Account, Assessment, AssistantMode, Interview, InterviewState, Invitation, Login};
use service::ports::{Catalog, Entry, Source};

pub(crate) fn interview_id(text: &str) -> InterviewId {
    InterviewId::parse(text).unwrap()
}

pub(crate) fn entry(seq: u64, actor: Actor, fact: impl Into<Fact>) -> Entry {
    Entry { event: Event { seq: Seq(seq), at: Offset(seq * 10), actor, fact: fact.into() }, source: None }
}

pub(crate) fn focused(seq: u64) -> Entry {
    entry(seq, Actor::Candidate, SessionFact::Focused(Empty {}))
}

pub(crate) fn sent(seq: u64, origin: &str, n: u64) -> Entry {
    Entry { source: Some(Source { origin: Origin::parse(origin).unwrap(), n }), ..focused(seq) }
}

pub(crate) fn asked(seq: u64, text: &str) -> Entry {
    entry(seq, Actor::Candidate, ChatFact::Asked(Asked { message: MessageId(0), text: text.to_owned() }))
}

pub(crate) fn printed(seq: u64, data: &str) -> Entry {
    entry(seq, Actor::System, TerminalFact::Printed(Bytes { data: data.to_owned() }))
}

pub(crate) fn account(id: &str, email: &str) -> Account {
    Account {
        id: id.to_owned(),
        email: email.to_owned(),
        name: "Ada".to_owned(),
        password_hash: "$argon2id$v=19$".to_owned(),
        created_at: 1_700_000_000_000,
    }
}

pub(crate) fn login(token_hash: &str, account: &str, expires_at: u64) -> Login {
    Login { token_hash: token_hash.to_owned(), account: account.to_owned(), expires_at }
}

pub(crate) fn assessment(id: &str, title: &str) -> Assessment {
    Assessment {
        id: id.to_owned(),
        title: title.to_owned(),
        problems: vec![ProblemSlug::parse("two-sum").unwrap(), ProblemSlug::parse("lru-cache").unwrap()],
        languages: vec![Language::Go, Language::Python],
        minutes: 60,
        assistant: AssistantMode::Propose,
        budget_messages: 40,
        budget_microusd: 2_000_000,
        required_consents: vec![Capture::Editor, Capture::Terminal],
        created_at: 1_700_000_000_000,
    }
}

pub(crate) fn invitation(token_hash: &str, assessment: &str) -> Invitation {
    Invitation {
        token_hash: token_hash.to_owned(),
        assessment: assessment.to_owned(),
        name: "Ömer".to_owned(),
        email: Some("oemer@example.org".to_owned()),
        created_at: 1_700_000_000_000,
        expires_at: 1_800_000_000_000,
        interview: None,
    }
}

pub(crate) fn interview(id: &str, assessment: &str) -> Interview {
    Interview {
        id: interview_id(id),
        assessment: assessment.to_owned(),
        candidate: "Ömer".to_owned(),
        email: None,
        candidate_token_hash: "c0ffee".to_owned(),
        language: Language::TypeScript,
        started_at: 1_700_000_000_000,
        deadline_at: 1_700_003_600_000,
        state: InterviewState::Running,
        ended_at: None,
        tests_passed: 0,
        tests_total: 0,
    }
}

/// Stores an interview as the use cases do: by taking up an invitation to its assessment.
pub(crate) async fn start(store: &impl Catalog, interview: &Interview) {
    let token_hash = format!("token of {}", interview.id);
    store.put_invitation(&invitation(&token_hash, &interview.assessment)).await.unwrap();
    store.take_invitation(&token_hash, interview).await.unwrap();
}
