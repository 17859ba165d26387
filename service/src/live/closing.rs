//! Leaving a question, and ending the interview: a last run of the cases, the outcome, and what comes next.

use std::sync::Arc;

use interview::fact::{QuestionFact, SessionFact};
use interview::question::{Closed, Opened, Outcome};
use interview::run::{Purpose, RunId};
use interview::session::{Empty, EndReason, Ended, Phase};
use interview::wire::{AssistantCard, OwnCase, ProblemCard, RoomCard};
use interview::{Actor, InterviewId, Offset, Stage};
use tokio::sync::watch;

use super::answer::Stopped;
use super::room::RoomTask;
use super::{Reply, RoomError};
use crate::markdown;
use crate::ports::catalog::{InterviewProgress, InterviewState};
use crate::ports::{Catalog, Draft};
use crate::problems::Problem;

/// What was typed in time may arrive so long after the time was up, by the server's clock alone.
const LATE_MILLIS: u64 = 3_000;

/// A question that is being closed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Closing {
    /// What comes after its last run.
    then: Then,
    /// Its last run, once that has begun. Only one that was begun for this is of everything that counts, and however it
    /// ends, there is no other: a box that cannot be had does not keep an interview open.
    last_run: Option<RunId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    NextQuestion,
    End(EndReason),
}

impl Closing {
    fn with(then: Then) -> Self {
        Self { then, last_run: None }
    }

    /// Whether the interview ends with it.
    pub fn is_of_interview(&self) -> bool {
        matches!(self.then, Then::End(_))
    }
}

impl RoomTask {
    pub(super) fn submit(&mut self, reply: Reply<()>) {
        match self.stage.session.phase {
            Phase::Waiting => {
                let _ = reply.send(Err(RoomError::NotNow("the interview has not started".to_owned())));
                return;
            }
            Phase::Submitted { .. } | Phase::Ended { .. } => {}
            // The time is up: it is handed in already.
            Phase::Running { .. } if !self.may_still_write() => {}
            Phase::Running { .. } => {
                self.append(Draft::by(Actor::Candidate, SessionFact::Submitted(Empty {})));
                self.note_progress();
                self.close(EndReason::Submitted);
            }
        }
        self.tail.when_durable(self.stage.next, move || {
            let _ = reply.send(Ok(()));
        });
    }

    pub(super) fn next_question(&mut self, reply: Reply<()>) {
        let answer = if !self.may_still_write() {
            Err(RoomError::Ended)
        } else if self.closing.is_some() {
            Err(RoomError::NotNow("the last run of this question is under way".to_owned()))
        } else if self.running.is_some() {
            Err(RoomError::NotNow("a run is under way; wait for it to end".to_owned()))
        } else if self.next_problem(&self.stage).is_none() {
            Err(RoomError::NotNow("this is the last question; submit when you are done".to_owned()))
        } else {
            self.stop_answer(Stopped::WithItsQuestion);
            self.begin_closing(Then::NextQuestion);
            Ok(())
        };
        let _ = reply.send(answer);
    }

    /// Begins to end the interview.
    pub(super) fn close(&mut self, reason: EndReason) {
        self.stop_answer(Stopped::ByCandidate);
        self.shell = None;
        self.begin_closing(Then::End(reason));
    }

    /// Ends the interview when its time is up, once what was typed in time and is on its way has come in.
    pub(super) fn keep_time(&mut self) {
        let Some(bell) = self.next_bell().filter(|bell| *bell <= self.now()) else { return };
        if self.late_until.is_none() {
            self.stop_answer(Stopped::ByCandidate);
            self.shell = None;
            self.closing = Some(Closing::with(Then::End(EndReason::TimedOut)));
            self.late_until = Some(bell.plus(LATE_MILLIS));
            return self.keep_time();
        }
        self.late_until = None;
        if self.running.is_none() {
            self.go_on_closing();
        }
    }

    /// When the time is up, or after that, when nothing more comes in.
    pub(super) fn next_bell(&self) -> Option<Offset> {
        self.late_until.or_else(|| self.stage.session.deadline().filter(|_| self.may_still_write()))
    }

    /// Runs the cases one last time; a run under way is waited for first.
    fn begin_closing(&mut self, then: Then) {
        self.closing = Some(Closing::with(then));
        if self.running.is_none() {
            self.go_on_closing();
        }
    }

    /// A run has ended: what comes after the last one happens now, and any other is followed by that one.
    pub(super) fn go_on_closing(&mut self) {
        let Some(closing) = self.closing.filter(|_| self.late_until.is_none()) else { return };
        if closing.last_run.is_none()
            && let Ok(run) = self.start_run(Purpose::Final, None)
        {
            self.closing = Some(Closing { last_run: Some(run), ..closing });
            return;
        }
        let last = self.stage.runs.runs.iter().rfind(|run| Some(run.run) == closing.last_run).cloned();
        self.closing = None;
        let is_solved = last.and_then(|run| run.counted()).is_some_and(|(passed, failed)| passed > 0 && failed == 0);
        let outcome = match last_counted(&self.stage) {
            _ if is_solved => Outcome::Solved,
            Some((passed, _)) if passed > 0 => Outcome::Partial,
            Some(_) | None => Outcome::Unsolved,
        };
        if let Some(question) = self.stage.questions.current().map(|question| question.question.clone()) {
            self.append(Draft::by(Actor::System, QuestionFact::Closed(Closed { question, outcome })));
        }
        match closing.then {
            Then::NextQuestion => self.open_next_question(),
            Then::End(reason) => {
                self.append(Draft::by(Actor::System, SessionFact::Ended(Ended { reason })));
                self.disk = None;
                self.note_progress();
            }
        }
    }

    fn open_next_question(&mut self) {
        let Some((order, problem)) = self.next_problem(&self.stage) else { return };
        let Some(language) = self.stage.questions.current().map(|question| question.language) else { return };
        let opened = opened(problem, order, language);
        self.append(Draft::by(Actor::System, QuestionFact::Opened(opened)));
    }

    fn next_problem(&self, stage: &Stage) -> Option<(u32, &Problem)> {
        let order = stage.questions.0.len();
        let problem = self.outside.bank.problem(self.assessment.problems.get(order)?)?;
        Some((u32::try_from(order).ok()?, problem))
    }

    /// Writes how the interview stands into the tables, beside the log.
    pub(super) fn note_progress(&mut self) {
        let (tests_passed, tests_total) = self.stage.tests();
        let (state, ended_at) = match self.stage.session.phase {
            Phase::Ended { at, .. } => {
                let since = self.now().millis_since(at);
                (InterviewState::Ended, Some(self.outside.clock.unix_millis().saturating_sub(since)))
            }
            Phase::Submitted { .. } => (InterviewState::Submitted, None),
            Phase::Waiting | Phase::Running { .. } => (InterviewState::Running, None),
        };
        let progress = InterviewProgress { state, ended_at, tests_passed, tests_total };
        let writer = self.progress.get_or_insert_with(|| {
            let (sender, receiver) = watch::channel(None);
            tokio::spawn(write_progress(self.outside.catalog.clone(), self.interview.clone(), receiver));
            sender
        });
        // The tables never know more than the log: a crash in between must not leave an interview that only they call over.
        let writer = writer.clone();
        self.tail.when_durable(self.stage.next, move || {
            writer.send_replace(Some(progress));
        });
    }

    /// What the room has besides the stage.
    pub(super) fn card(&self) -> RoomCard {
        let assistant = &self.outside.assistant;
        RoomCard {
            title: self.assessment.title.clone(),
            questions: u32::try_from(self.assessment.problems.len()).unwrap_or(u32::MAX),
            problem: self.problem_card(),
            assistant: AssistantCard {
                mode: self.assessment.assistant.as_str().to_owned(),
                model: assistant.model().to_owned(),
                is_language_model: assistant.is_language_model(),
                budget_messages: self.assessment.budget_messages,
                budget_microusd: self.assessment.budget_microusd,
            },
            sandbox: self.sandbox_card(),
        }
    }

    fn sandbox_card(&self) -> String {
        let current = self.stage.questions.current().expect("a room has a question from its start on");
        let limits = self.outside.limits;
        let runner = &self.outside.runner;
        let others = runner.offered().into_iter().filter(|language| *language != current.language);
        let others: Vec<String> = others.map(|language| runner.tool_title(language)).collect();
        let in_the_shell =
            if others.is_empty() { String::new() } else { format!(" · in the shell also {}", others.join(", ")) };
        format!(
            "{} · {} MiB of memory · {} processes · {} s for a program of a run at most · no network{in_the_shell}",
            runner.tool_title(current.language),
            limits.memory_bytes >> 20,
            limits.processes,
            limits.wall_millis / 1_000,
        )
    }

    fn problem_card(&self) -> ProblemCard {
        let current = self.stage.questions.current().expect("a room has a question from its start on");
        let problem = self.outside.bank.problem(&current.question);
        let cases = problem.map_or(&[][..], |problem| &problem.cases);
        ProblemCard {
            slug: current.question.clone(),
            title: current.title.clone(),
            prompt_html: problem.map_or_else(String::new, |problem| markdown::to_html(&problem.prompt)),
            language: current.language,
            examples: cases
                .iter()
                .filter(|case| !case.hidden)
                .map(|case| OwnCase {
                    name: case.name.clone(),
                    input: case.input.clone(),
                    expected: case.expected.clone(),
                })
                .collect(),
            hidden: u32::try_from(cases.iter().filter(|case| case.hidden).count()).unwrap_or(u32::MAX),
        }
    }
}

/// Writes the newest progress, one write after the other, so that an old one never covers a newer one. It ends after the
/// last one, when the room is gone.
async fn write_progress(
    catalog: Arc<dyn Catalog>,
    interview: InterviewId,
    mut progress: watch::Receiver<Option<InterviewProgress>>,
) {
    while progress.changed().await.is_ok() {
        let Some(newest) = progress.borrow_and_update().clone() else { continue };
        if let Err(error) = catalog.note_progress(&interview, &newest).await {
            tracing::error!(%error, %interview, "the interview's progress could not be noted");
        }
    }
}

/// The fact that puts a problem on the table.
pub(crate) fn opened(problem: &Problem, order: u32, language: interview::question::Language) -> Opened {
    Opened {
        question: problem.slug.clone(),
        order,
        title: problem.title.clone(),
        language,
        files: problem.starter(language).unwrap_or_default().to_vec(),
    }
}

fn last_counted(stage: &Stage) -> Option<(u32, u32)> {
    stage.current_runs().rev().find_map(|run| run.counted())
}
