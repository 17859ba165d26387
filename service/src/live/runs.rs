//! Runs of a room: the files as they stand go to a fresh box, and every case comes back as a fact.

use std::sync::Arc;
use std::time::Duration;

use interview::fact::RunFact;
use interview::masking::mask_case;
use interview::run::{Abandoned, Fault, Finished, Progress, Purpose, Requested, Run, RunId, Verdict};
use interview::wire::{Begun, OwnCase};
use interview::{Actor, Seq};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::room::{Inner, RoomTask, Voice};
use super::{Outside, Reply, RoomError};
use crate::ports::Draft;
use crate::runs::{CaseResult, RunCase, RunError, RunRequest, Urgency};

/// Most cases of the candidate's own in one run, and the most that one may hold.
const OWN_CASE_LIMIT: usize = 20;
const OWN_CASE_BYTES: usize = 64 * 1024;

/// How long the candidate's own cases may take together: as long as two thirds of them at their limit, two at once.
const OWN_CASES_MILLIS: u64 = 15_000;

/// The run under way.
pub(super) struct Running {
    run: RunId,
    /// The assistant waits for it.
    for_assistant: Option<oneshot::Sender<Result<String, String>>>,
}

impl RoomTask {
    pub(super) fn run(&mut self, cases: Option<Vec<OwnCase>>, reply: Reply<Begun>) {
        let begun = match (self.may_run(), cases) {
            (Err(error), _) => Err(error),
            (Ok(()), None) => self.start_run(Purpose::Tests, None),
            (Ok(()), Some(cases)) => own_cases(cases).and_then(|cases| self.start_run(Purpose::OwnCases, Some(cases))),
        };
        self.tail.when_durable(self.stage.next, move || {
            let _ = reply.send(begun.map(Begun::Run));
        });
    }

    pub(super) fn run_for_assistant(&mut self, reply: oneshot::Sender<Result<String, String>>) {
        let begun = self.may_run().and_then(|()| self.start_run(Purpose::Assistant, None));
        match (begun, &mut self.running) {
            (Ok(_), Some(running)) => running.for_assistant = Some(reply),
            (Ok(_), None) => {}
            (Err(error), _) => {
                let _ = reply.send(Err(error.to_string()));
            }
        }
    }

    fn may_run(&self) -> Result<(), RoomError> {
        if !self.may_still_write() || self.closing.is_some() {
            return Err(RoomError::Ended);
        }
        if self.running.is_some() {
            return Err(RoomError::NotNow("a run is under way; wait for it to end".to_owned()));
        }
        Ok(())
    }

    /// Starts a run of the question's cases, or of others.
    pub(super) fn start_run(&mut self, purpose: Purpose, cases: Option<Vec<RunCase>>) -> Result<RunId, RoomError> {
        let missing = || RoomError::NotNow("there is no question on the table".to_owned());
        let question = self.stage.questions.current().ok_or_else(missing)?;
        let problem = self.outside.bank.problem(&question.question).ok_or_else(missing)?;
        let request = RunRequest {
            language: question.language,
            task: problem.task(question.language).ok_or_else(missing)?.clone(),
            files: self.stage.editor.texts(),
            cases: cases.unwrap_or_else(|| problem.run_cases()),
            limits: self.outside.limits,
            urgency: if purpose == Purpose::Final { Urgency::Decides } else { Urgency::Usual },
            // How many there are, and how long each takes, is the candidate's choice.
            total_millis: (purpose == Purpose::OwnCases).then_some(OWN_CASES_MILLIS),
        };
        let run = self.stage.runs.next_run();
        let as_of = Seq(self.stage.next.0.saturating_sub(1));
        let actor = match purpose {
            Purpose::Tests | Purpose::OwnCases => Actor::Candidate,
            Purpose::Assistant => Actor::Assistant,
            Purpose::Final => Actor::System,
        };
        self.append(Draft::by(actor, RunFact::Requested(Requested { run, as_of, purpose })));
        self.running = Some(Running { run, for_assistant: None });
        tokio::spawn(execute(self.voice.clone(), self.outside.clone(), run, request));
        Ok(run)
    }

    /// The run's last fact: whoever sees it may run again.
    pub(super) fn run_ended(&mut self, fact: RunFact) {
        self.append(Draft::by(Actor::System, fact));
        let Some(running) = self.running.take() else { return };
        if let Some(reply) = running.for_assistant {
            let told = self.stage.runs.runs.iter().find(|run| run.run == running.run).map(|run| told(run));
            let _ = reply.send(told.unwrap_or_else(|| Err("the run is lost".to_owned())));
        }
        self.note_progress();
        self.go_on_closing();
    }

    /// After a restart: a run that was under way did not come to its end.
    pub(super) fn break_off_run(&mut self) {
        let unfinished: Vec<RunId> =
            self.stage.runs.runs.iter().filter(|run| run.progress == Progress::Running).map(|run| run.run).collect();
        for run in unfinished {
            let reason = "the run was interrupted by a restart; run again".to_owned();
            let code = Some(Fault::Interrupted);
            self.append(Draft::by(Actor::System, RunFact::Abandoned(Abandoned { run, reason, code })));
        }
    }
}

fn own_cases(cases: Vec<OwnCase>) -> Result<Vec<RunCase>, RoomError> {
    if cases.is_empty() || cases.len() > OWN_CASE_LIMIT {
        return Err(RoomError::NotNow(format!("give 1 to {OWN_CASE_LIMIT} cases")));
    }
    let is_large = |case: &OwnCase| case.name.len() + case.input.len() + case.expected.len() > OWN_CASE_BYTES;
    if cases.iter().any(is_large) {
        return Err(RoomError::NotNow("a case may hold at most 64 KiB".to_owned()));
    }
    Ok(cases.into_iter().map(|case| RunCase::own(case.name, case.input, case.expected)).collect())
}

async fn execute(voice: Voice, outside: Arc<Outside>, run: RunId, request: RunRequest) {
    let started = Instant::now();
    let (on_case, mut results) = mpsc::channel::<CaseResult>(32);
    let report = async {
        while let Some(result) = results.recv().await {
            let case = result.finished(run);
            let drafts = vec![Draft::by(Actor::System, RunFact::CaseFinished(case))];
            if !voice.tell(Inner::Append { drafts, reply: None }).await {
                break;
            }
        }
    };
    let (summary, ()) = tokio::join!(outside.runner.execute(request, on_case), report);
    let fact = match summary {
        Ok(summary) => {
            let ms = millis(started.elapsed());
            let finished = Finished { run, passed: summary.passed, failed: summary.failed, ms };
            RunFact::Finished(finished)
        }
        Err(error) => {
            tracing::error!(%error, "a run was abandoned");
            let (code, reason) = match error {
                RunError::Unavailable(_) => {
                    let reason = "the sandbox is unavailable right now; your work is safe, run again in a moment";
                    (Fault::Unavailable, reason.to_owned())
                }
                RunError::NoTools { language, .. } => {
                    let reason = "cannot be run on this server; your work is safe, tell your interviewer";
                    (Fault::NoTools, format!("{language} {reason}"))
                }
            };
            RunFact::Abandoned(Abandoned { run, reason, code: Some(code) })
        }
    };
    voice.tell(Inner::RunEnded { fact }).await;
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// A run in words for the assistant, hidden cases masked.
fn told(run: &Run) -> Result<String, String> {
    let (passed, failed) = match &run.progress {
        Progress::Finished { passed, failed, .. } => (*passed, *failed),
        Progress::Abandoned { reason } => return Err(reason.clone()),
        Progress::Running => return Err("the run did not end".to_owned()),
    };
    let mut text = format!("{passed} passed, {failed} failed\n");
    for case in run.cases.iter().cloned().map(mask_case) {
        text.push_str(&format!("- {}: {}\n", case.case, case.outcome.title()));
        if case.outcome == Verdict::Passed {
            continue;
        }
        let parts = [("input", case.input), ("expected", case.expected), ("got", case.got), ("stderr", case.stderr)];
        for (name, part) in parts {
            if let Some(part) = part {
                text.push_str(&format!("  {name}: {}\n", part.chars().take(2_000).collect::<String>()));
            }
        }
    }
    Ok(text)
}
