//! Runs of the code against cases, and how each came out. It does not run anything.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::event::{Offset, Seq};
use crate::fact::RunFact;

/// A run: dense, from zero, within one interview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub u64);

/// What a run is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The candidate ran the question's cases.
    Tests,
    /// The candidate ran cases of their own; these never count.
    OwnCases,
    /// The assistant ran the question's cases.
    Assistant,
    /// The platform ran the question's cases when it was left.
    Final,
}

/// Somebody asked for a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requested {
    /// Which run.
    pub run: RunId,
    /// The files as they stood after this event are run.
    pub as_of: Seq,
    /// What it is for.
    pub purpose: Purpose,
}

/// How a case came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The output is the expected one.
    Passed,
    /// The output is another.
    Failed,
    /// The program did not compile, threw, or ended with an error.
    Error,
    /// It took longer than it may.
    TimedOut,
    /// It waited for something that never came.
    Idle,
    /// It used more memory than it may.
    OutOfMemory,
    /// It printed more than it may.
    OutputLimit,
    /// It wrote more to the disk than it may.
    DiskLimit,
    /// It started more processes than it may.
    TooManyProcesses,
    /// Something from outside ended it.
    Killed,
}

impl Verdict {
    /// The verdict in words, for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Passed => "Passed",
            Self::Failed => "Failed",
            Self::Error => "Error",
            Self::TimedOut => "Timed out",
            Self::Idle => "Idle",
            Self::OutOfMemory => "Out of memory",
            Self::OutputLimit => "Too much output",
            Self::DiskLimit => "Disk full",
            Self::TooManyProcesses => "Too many processes",
            Self::Killed => "Killed",
        }
    }
}

/// One case is done. A hidden case reaches a candidate without its name and texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseFinished {
    /// Which run.
    pub run: RunId,
    /// The case's name.
    pub case: String,
    /// Whether the candidate may not see it.
    pub hidden: bool,
    /// How it came out.
    pub outcome: Verdict,
    /// How long it took, in milliseconds; nothing for a candidate where the case is hidden.
    pub ms: u64,
    /// What else was measured; nothing in old recordings.
    #[serde(flatten)]
    pub figures: Figures,
    /// What went in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// What should have come out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What came out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub got: Option<String>,
    /// What the program printed on the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdout: Option<String>,
    /// Its complaints: a compiler's message, an exception with its line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stderr: Option<String>,
}

/// What was measured of a program, where there was one and it could be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// How much processor time it took, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_ms: Option<u32>,
    /// The most memory that it used, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_bytes: Option<u64>,
    /// The status that it ended with by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u8>,
    /// The signal that ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<u8>,
}

/// All cases are done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finished {
    /// Which run.
    pub run: RunId,
    /// How many passed.
    pub passed: u32,
    /// How many did not.
    pub failed: u32,
    /// How long it took in all, in milliseconds.
    pub ms: u64,
}

/// The run could not be completed, through no fault of the code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abandoned {
    /// Which run.
    pub run: RunId,
    /// Why, in a sentence.
    pub reason: String,
    /// Why, for programs; nothing in old recordings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Fault>,
}

/// Why a run could not be completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// There was no box that works.
    Unavailable,
    /// The boxes lack a tool of the language.
    NoTools,
    /// The server was restarted meanwhile.
    Interrupted,
}

/// How far a run is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Progress {
    /// Cases are still coming in.
    Running,
    /// All cases are done.
    Finished {
        /// How many passed.
        passed: u32,
        /// How many did not.
        failed: u32,
        /// How long it took in all.
        ms: u64,
    },
    /// Broken off.
    Abandoned {
        /// Why.
        reason: String,
    },
}

/// A run with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its id.
    pub run: RunId,
    /// When it was asked for.
    pub requested_at: Offset,
    /// Whose files it ran.
    pub as_of: Seq,
    /// What it is for.
    pub purpose: Purpose,
    /// The cases that are done, in order.
    pub cases: Vec<CaseFinished>,
    /// How far it is.
    pub progress: Progress,
}

impl Run {
    /// How many cases passed and how many did not, for a complete run of the question's own cases.
    pub fn counted(&self) -> Option<(u32, u32)> {
        match (&self.progress, self.purpose) {
            (Progress::Finished { passed, failed, .. }, Purpose::Tests | Purpose::Assistant | Purpose::Final) => {
                Some((*passed, *failed))
            }
            (Progress::Finished { .. }, Purpose::OwnCases) => None,
            (Progress::Running | Progress::Abandoned { .. }, _) => None,
        }
    }
}

/// All runs so far. Runs are shared between copies until they change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Runs {
    /// In the order they were asked for.
    pub runs: Vec<Arc<Run>>,
}

impl Runs {
    /// Folds one fact in.
    pub fn apply(&mut self, at: Offset, fact: &RunFact) {
        match fact {
            RunFact::Requested(requested) => self.runs.push(Arc::new(Run {
                run: requested.run,
                requested_at: at,
                as_of: requested.as_of,
                purpose: requested.purpose,
                cases: Vec::new(),
                progress: Progress::Running,
            })),
            RunFact::CaseFinished(case) => {
                if let Some(run) = self.run(case.run) {
                    run.cases.push(case.clone());
                }
            }
            RunFact::Finished(finished) => {
                if let Some(run) = self.run(finished.run) {
                    run.progress =
                        Progress::Finished { passed: finished.passed, failed: finished.failed, ms: finished.ms };
                }
            }
            RunFact::Abandoned(abandoned) => {
                if let Some(run) = self.run(abandoned.run) {
                    run.progress = Progress::Abandoned { reason: abandoned.reason.clone() };
                }
            }
        }
    }

    fn run(&mut self, id: RunId) -> Option<&mut Run> {
        self.runs.iter_mut().rev().find(|run| run.run == id).map(Arc::make_mut)
    }

    /// The last run that anybody asked for.
    pub fn last(&self) -> Option<&Run> {
        self.runs.last().map(Arc::as_ref)
    }

    /// The id of the next run.
    pub fn next_run(&self) -> RunId {
        RunId(self.runs.last().map_or(0, |run| run.run.0 + 1))
    }
}
