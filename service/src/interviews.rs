//! Interviews from the link to the list: who may start one, who may enter it, and how it went.

mod statistics;

pub use statistics::Statistics;

use std::sync::Arc;

use interview::fact::SessionFact;
use interview::question::Language;
use interview::session::{Capture, Consented, Started};
use interview::{Actor, InterviewId, Offset, Seq};
use serde::{Deserialize, Serialize};

use crate::assessments::check_name;
use crate::live::opened;
use crate::ports::catalog::{Assessment, Interview, InterviewFilter, InterviewState, Invitation, Page, Taken};
use crate::ports::{Catalog, Clock, Draft, Entry, Events, PortError};
use crate::problems::Bank;
use crate::runs::Runner;
use crate::tokens;
use statistics::Counter;

/// Which wording of the consent is agreed to; it changes when the wording does.
pub const TERMS: &str = "2026-11";

/// Why an interview cannot be started or entered.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No such link.
    #[error("this link is not known; check that it is complete, or ask whoever invited you for a new one")]
    Unknown,
    /// The link is too old.
    #[error("this link has expired; ask whoever invited you for a new one")]
    Expired,
    /// The interview is over.
    #[error("this interview is finished; nothing more is needed from you")]
    Finished,
    /// A required consent is missing.
    #[error("this interview needs your consent to record: {0}")]
    ConsentMissing(String),
    /// Something in the request is not right.
    #[error("{0}")]
    Invalid(String),
    /// The log or the tables cannot be reached.
    #[error("the interview cannot be started right now; try again in a moment")]
    Unavailable(#[from] PortError),
}

/// What a candidate is asked before the start.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StartRequest {
    /// Their name; the invitation's when absent.
    #[serde(default)]
    pub name: Option<String>,
    /// What they agree to have recorded.
    #[serde(default)]
    pub consent: Vec<Capture>,
    /// The language they choose; the assessment's first when absent.
    #[serde(default)]
    pub language: Option<Language>,
}

/// An interview that the candidate may enter with that token.
#[derive(Clone, Debug)]
pub struct Entrance {
    /// Which.
    pub interview: InterviewId,
    /// What opens it; for the candidate's cookie.
    pub candidate_token: String,
}

/// What lies behind a link.
#[derive(Clone, Debug)]
pub struct Behind {
    /// The invitation.
    pub invitation: Invitation,
    /// What it invites to.
    pub assessment: Assessment,
    /// What the candidate may choose from: the assessment's languages, as far as they can be run.
    pub languages: Vec<Language>,
    /// The interview it has started, if it did.
    pub interview: Option<Interview>,
    /// Whether it is too old to start.
    pub is_expired: bool,
}

/// The use cases of interviews.
pub struct Interviews {
    catalog: Arc<dyn Catalog>,
    events: Arc<dyn Events>,
    clock: Arc<dyn Clock>,
    bank: Arc<Bank>,
    runner: Arc<Runner>,
}

impl Interviews {
    /// Interviews in those tables and that log.
    pub fn new(
        catalog: Arc<dyn Catalog>,
        events: Arc<dyn Events>,
        clock: Arc<dyn Clock>,
        bank: Arc<Bank>,
        runner: Arc<Runner>,
    ) -> Self {
        Self { catalog, events, clock, bank, runner }
    }

    /// What lies behind a link.
    pub async fn look_behind(&self, token: &str) -> Result<Behind, StartError> {
        if !tokens::is_plausible(token) {
            return Err(StartError::Unknown);
        }
        let invitation = self.catalog.invitation(&tokens::hash(token)).await?.ok_or(StartError::Unknown)?;
        let assessment = self.catalog.assessment(&invitation.assessment).await?.ok_or(StartError::Unknown)?;
        let interview = match &invitation.interview {
            Some(interview) => self.catalog.interview(interview).await?,
            None => None,
        };
        let is_expired = invitation.interview.is_none() && invitation.expires_at <= self.clock.unix_millis();
        let languages = self.languages(&assessment);
        Ok(Behind { invitation, assessment, languages, interview, is_expired })
    }

    /// The languages of an assessment that can be run; all of them, where none can: the interview is held all the same.
    fn languages(&self, assessment: &Assessment) -> Vec<Language> {
        let offered = self.runner.offered();
        let can_be_run: Vec<_> =
            assessment.languages.iter().copied().filter(|language| offered.contains(language)).collect();
        if can_be_run.is_empty() { assessment.languages.clone() } else { can_be_run }
    }

    /// Starts the interview behind a link, or enters it again.
    pub async fn start(&self, token: &str, request: StartRequest) -> Result<Entrance, StartError> {
        let behind = self.look_behind(token).await?;
        // The same link always gives the same key, so that a candidate can come back from another browser.
        let candidate_token = tokens::hash(&format!("candidate:{token}"));
        if let Some(interview) = behind.interview {
            return match interview.state {
                InterviewState::Running => Ok(Entrance { interview: interview.id, candidate_token }),
                InterviewState::Submitted | InterviewState::Ended => Err(StartError::Finished),
            };
        }
        if behind.is_expired {
            return Err(StartError::Expired);
        }
        let interview = self.make(&behind, &request, &candidate_token)?;
        self.open_log(&interview, &behind.assessment, &request).await?;
        match self.catalog.take_invitation(&behind.invitation.token_hash, &interview).await? {
            Taken::Now => Ok(Entrance { interview: interview.id, candidate_token }),
            Taken::Before(interview) => Ok(Entrance { interview, candidate_token }),
        }
    }

    fn make(&self, behind: &Behind, request: &StartRequest, candidate_token: &str) -> Result<Interview, StartError> {
        let assessment = &behind.assessment;
        let missing: Vec<&str> = assessment
            .required_consents
            .iter()
            .filter(|capture| !request.consent.contains(capture))
            .map(|capture| capture.as_str())
            .collect();
        if !missing.is_empty() {
            return Err(StartError::ConsentMissing(missing.join(", ")));
        }
        let name = request.name.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or(&behind.invitation.name);
        let candidate = check_name(name).map_err(StartError::Invalid)?;
        let language = match request.language {
            Some(language) if behind.languages.contains(&language) => language,
            Some(language) => return Err(StartError::Invalid(format!("{language} is not offered in this interview"))),
            None => *behind.languages.first().ok_or(StartError::Unknown)?,
        };
        let started_at = self.clock.unix_millis();
        Ok(Interview {
            id: InterviewId::parse(uuid::Uuid::now_v7().to_string()).expect("a UUID is an id"),
            assessment: assessment.id.clone(),
            candidate,
            email: behind.invitation.email.clone(),
            candidate_token_hash: tokens::hash(candidate_token),
            language,
            started_at,
            deadline_at: started_at + u64::from(assessment.minutes) * 60_000,
            state: InterviewState::Running,
            ended_at: None,
            tests_passed: 0,
            tests_total: 0,
        })
    }

    async fn open_log(
        &self,
        interview: &Interview,
        assessment: &Assessment,
        request: &StartRequest,
    ) -> Result<(), StartError> {
        let problem = assessment.problems.first().and_then(|slug| self.bank.problem(slug));
        let problem = problem.ok_or_else(|| StartError::Invalid("the first problem is no longer there".to_owned()))?;
        let opened = opened(problem, 0, interview.language);
        let started = Started {
            time_limit_ms: u64::from(assessment.minutes) * 60_000,
            language: interview.language,
            question: problem.slug.clone(),
            files: opened.files.clone(),
        };
        let captures = Capture::ALL.into_iter().filter(|capture| request.consent.contains(capture)).collect();
        let drafts = [
            Draft::by(Actor::System, SessionFact::Started(started)),
            Draft::by(Actor::Candidate, SessionFact::Consented(Consented { terms: TERMS.to_owned(), captures })),
            Draft::by(Actor::System, interview::fact::QuestionFact::Opened(opened)),
        ];
        let entries: Vec<Entry> = drafts
            .into_iter()
            .zip(0..)
            .map(|(draft, seq)| Entry { event: draft.at(Seq(seq), Offset(0)), source: None })
            .collect();
        Ok(self.events.append(&interview.id, &entries).await?)
    }

    /// The interview, when that token opens it for its candidate.
    pub async fn enter(&self, interview: &InterviewId, candidate_token: &str) -> Result<Option<Interview>, PortError> {
        let hash = tokens::hash(candidate_token);
        Ok(self.catalog.interview(interview).await?.filter(|interview| interview.candidate_token_hash == hash))
    }

    /// The interview with that id, for a reviewer.
    pub async fn find(&self, interview: &InterviewId) -> Result<Option<Interview>, PortError> {
        self.catalog.interview(interview).await
    }

    /// A page of interviews, for a reviewer.
    pub async fn list(&self, filter: &InterviewFilter) -> Result<Page<Interview>, PortError> {
        self.catalog.interviews(filter).await
    }

    /// What an interview's log amounts to.
    pub async fn statistics(&self, interview: &InterviewId) -> Result<Statistics, PortError> {
        let mut counter = Counter::default();
        let mut next = Seq(0);
        loop {
            let entries = self.events.read(interview, next, 2_000).await?;
            let Some(last) = entries.last() else { return Ok(counter.statistics()) };
            next = last.event.seq.next();
            for entry in &entries {
                counter.count(&entry.event);
            }
        }
    }
}
