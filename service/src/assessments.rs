//! Assessments and the invitations to them.

use std::sync::Arc;

use interview::ids::ProblemSlug;
use interview::question::Language;
use interview::session::Capture;
use serde::{Deserialize, Serialize};

use crate::ports::catalog::{Assessment, AssistantMode, Invitation};
use crate::ports::{Catalog, Clock, PortError};
use crate::problems::Bank;
use crate::runs::Runner;
use crate::tokens;

/// What a reviewer asks for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewAssessment {
    /// Shown to candidates.
    pub title: String,
    /// In the order they are put.
    pub problems: Vec<String>,
    /// What a candidate may choose from.
    pub languages: Vec<Language>,
    /// How long a candidate has.
    pub minutes: u32,
    /// What the assistant may do.
    pub assistant: AssistantMode,
    /// How many messages a candidate may send to it.
    pub budget_messages: u32,
    /// What it may cost in one interview, in millionths of a US dollar.
    pub budget_microusd: u64,
    /// What a candidate must agree to have recorded.
    pub required_consents: Vec<Capture>,
}

/// Why something was not made.
#[derive(Debug, thiserror::Error)]
pub enum AssessmentError {
    /// A field that does not say what it must.
    #[error("{field}: {reason}")]
    Invalid {
        /// The field's name on the wire.
        field: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// No such assessment.
    #[error("there is no such assessment")]
    Unknown,
    /// The tables cannot be reached.
    #[error("this cannot be stored right now; try again in a moment")]
    Unavailable(#[from] PortError),
}

/// An invitation that was just made. The token is not stored and not shown again.
#[derive(Clone, Debug)]
pub struct Invited {
    /// What opens it.
    pub token: String,
    /// The invitation.
    pub invitation: Invitation,
}

/// The use cases of assessments.
pub struct Assessments {
    catalog: Arc<dyn Catalog>,
    clock: Arc<dyn Clock>,
    bank: Arc<Bank>,
    runner: Arc<Runner>,
    invitation_days: u32,
}

impl Assessments {
    /// Assessments in those tables, of those problems, in the languages that can be run.
    pub fn new(
        catalog: Arc<dyn Catalog>,
        clock: Arc<dyn Clock>,
        bank: Arc<Bank>,
        runner: Arc<Runner>,
        invitation_days: u32,
    ) -> Self {
        Self { catalog, clock, bank, runner, invitation_days }
    }

    /// All of them, newest first.
    pub async fn list(&self) -> Result<Vec<Assessment>, AssessmentError> {
        Ok(self.catalog.assessments().await?)
    }

    /// One of them.
    pub async fn find(&self, id: &str) -> Result<Assessment, AssessmentError> {
        self.catalog.assessment(id).await?.ok_or(AssessmentError::Unknown)
    }

    /// Makes one.
    pub async fn create(&self, new: NewAssessment) -> Result<Assessment, AssessmentError> {
        let assessment = self.check(new)?;
        self.catalog.put_assessment(&assessment).await?;
        Ok(assessment)
    }

    /// Makes sure that there is one to invite to.
    pub async fn ensure_one(&self) -> Result<Assessment, AssessmentError> {
        if let Some(assessment) = self.catalog.assessments().await?.into_iter().next_back() {
            return Ok(assessment);
        }
        let mut problems: Vec<_> = self.bank.all().collect();
        problems.sort_by_key(|problem| (problem.difficulty, problem.slug.clone()));
        let chosen = problems.into_iter().take(2).map(|problem| problem.slug.as_str().to_owned()).collect();
        self.create(NewAssessment {
            title: "Software engineer: first interview".to_owned(),
            problems: chosen,
            languages: self.runner.offered(),
            minutes: 60,
            assistant: AssistantMode::Propose,
            budget_messages: 40,
            budget_microusd: 2_000_000,
            required_consents: vec![Capture::Editor, Capture::Terminal, Capture::Assistant],
        })
        .await
    }

    fn check(&self, new: NewAssessment) -> Result<Assessment, AssessmentError> {
        let invalid = |field, reason: &str| Err(AssessmentError::Invalid { field, reason: reason.to_owned() });
        let title = new.title.trim();
        if title.is_empty() || title.chars().count() > 120 || title.chars().any(char::is_control) {
            return invalid("title", "give it a title of 1 to 120 characters");
        }
        let problems = self.check_problems(&new)?;
        if new.languages.is_empty() {
            return invalid("languages", "choose at least one language");
        }
        let offered = self.runner.offered();
        if let Some(language) = new.languages.iter().find(|language| !offered.contains(language)) {
            return invalid("languages", &format!("{language} cannot be run on this server"));
        }
        if !(5..=480).contains(&new.minutes) {
            return invalid("minutes", "an interview takes 5 to 480 minutes");
        }
        if new.budget_messages > 1_000 {
            return invalid("budget_messages", "at most 1,000 messages");
        }
        if new.budget_microusd > 100_000_000 {
            return invalid("budget_microusd", "at most 100 dollars");
        }
        if !new.required_consents.contains(&Capture::Editor) {
            return invalid("required_consents", "the editor must be recorded: the files are the interview");
        }
        let mut languages = new.languages;
        languages.sort();
        languages.dedup();
        let required_consents =
            Capture::ALL.into_iter().filter(|capture| new.required_consents.contains(capture)).collect();
        Ok(Assessment {
            id: uuid::Uuid::now_v7().to_string(),
            title: title.to_owned(),
            problems,
            languages,
            minutes: new.minutes,
            assistant: new.assistant,
            budget_messages: new.budget_messages,
            budget_microusd: new.budget_microusd,
            required_consents,
            created_at: self.clock.unix_millis(),
        })
    }

    fn check_problems(&self, new: &NewAssessment) -> Result<Vec<ProblemSlug>, AssessmentError> {
        let invalid = |reason: String| AssessmentError::Invalid { field: "problems", reason };
        if new.problems.is_empty() || new.problems.len() > 10 {
            return Err(invalid("choose 1 to 10 problems".to_owned()));
        }
        let mut slugs = Vec::new();
        for name in &new.problems {
            let problem = ProblemSlug::parse(name.as_str()).ok().and_then(|slug| self.bank.problem(&slug));
            let problem = problem.ok_or_else(|| invalid(format!("there is no problem called {name:?}")))?;
            if slugs.contains(&problem.slug) {
                return Err(invalid(format!("{} is chosen twice", problem.title)));
            }
            if let Some(language) = new.languages.iter().find(|language| problem.starter(**language).is_none()) {
                return Err(invalid(format!("{} cannot be answered in {language}", problem.title)));
            }
            slugs.push(problem.slug.clone());
        }
        Ok(slugs)
    }

    /// Invites somebody. The link is good until it is used or too old.
    pub async fn invite(&self, assessment: &str, name: &str, email: Option<&str>) -> Result<Invited, AssessmentError> {
        let assessment = self.find(assessment).await?;
        let name = check_name(name).map_err(|reason| AssessmentError::Invalid { field: "name", reason })?;
        let email = email.map(str::trim).filter(|email| !email.is_empty()).map(str::to_owned);
        if email
            .as_ref()
            .is_some_and(|email| email.len() > 320 || !email.contains('@') || email.chars().any(char::is_whitespace))
        {
            return Err(AssessmentError::Invalid {
                field: "email",
                reason: "that is not an e-mail address".to_owned(),
            });
        }
        let token = tokens::new_token();
        let now = self.clock.unix_millis();
        let invitation = Invitation {
            token_hash: tokens::hash(&token),
            assessment: assessment.id,
            name,
            email,
            created_at: now,
            expires_at: now + u64::from(self.invitation_days) * 24 * 3_600_000,
            interview: None,
        };
        self.catalog.put_invitation(&invitation).await?;
        Ok(Invited { token, invitation })
    }
}

/// A person's name as it may be stored.
pub fn check_name(name: &str) -> Result<String, String> {
    let name = name.trim();
    if name.is_empty() {
        return Err("a name is needed".to_owned());
    }
    if name.chars().count() > 120 || name.chars().any(char::is_control) {
        return Err("a name has at most 120 characters, and no control characters".to_owned());
    }
    Ok(name.to_owned())
}
