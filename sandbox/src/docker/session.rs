//! A program in a box, from its preparation to the end of everything it started.
//!
//! Each has a group of its own as a number. A program without rights can neither change nor leave its group, so by it even
//! what has changed its session, its parent and its environment is found and ended.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use service::ports::SandboxError;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use super::answers::{Begun, End, News, Usage};
use super::container::Container;
use super::engine::Order;
use super::keeper::{Keeper, NoAnswer};

/// How long an engine may take to bring a program to life.
const START_PATIENCE: Duration = Duration::from_secs(30);
/// How much a program may write to its channel for results.
const REPORT_LIMIT_BYTES: usize = 8 << 20;

/// How much of a program's input goes over at once.
const INPUT_PIECE_BYTES: usize = 256 << 10;

/// Tells the start of a program the name of its channel. Other programs of the box could read it on a command line, but not
/// in an environment: theirs is another group.
const CHANNEL_NAME: &str = "INTERVIEWLM_CHANNEL";
/// Offers itself to be ended when memory lacks.
const OFFER: &str = "echo 1000 2>/dev/null >/proc/self/oom_score_adj; ";
/// Opens what it is given to read. It comes from the keeper: an engine that meets a program which does not want its input
/// may drop the output that was on its way.
const INPUT: &str = "exec <\"$INTERVIEWLM_CHANNEL-input\" || exit 125; ";
/// Opens the channel for results and says on it who it is.
const CHANNEL: &str = "exec 3>\"$INTERVIEWLM_CHANNEL\" || exit 125; echo $$ >&3; ";
/// Closes the channel again.
const NO_RESULTS: &str = "exec 3>&-; ";
/// Becomes the program.
const BECOME: &str = "unset INTERVIEWLM_CHANNEL; exec \"$@\"";

/// How far a program has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Waiting,
    Began,
    Ended,
    /// More results came than may.
    ReportedTooMuch,
    /// Nobody tells any more, or its own process cannot be found.
    Lost,
}

/// A program that is prepared, or runs. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Session {
    keeper: Arc<Keeper>,
    runtime: Handle,
    number: u64,
    /// Its name at the engine.
    pub(super) program: String,
    stage: watch::Receiver<Stage>,
    report: Arc<Mutex<Vec<u8>>>,
    /// What was noted before it began.
    pub(super) before: Usage,
    has_ended: bool,
}

/// Why a program could not be ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NotEnded {
    /// Something of it is left: its box is not to be trusted any more.
    Alive,
    /// Nobody answers.
    NoAnswer(NoAnswer),
}

/// What kind of program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// The shell, on a terminal.
    Shell,
    /// A program with a channel for results, and what it is given to read.
    Program(&'a [u8]),
}

impl Session {
    /// Prepares a program.
    pub(super) async fn prepare(
        container: &Container,
        kind: Kind<'_>,
        argv: &[String],
        env: &[(String, String)],
    ) -> Result<Self, SandboxError> {
        let keeper = container.keeper()?;
        let number = keeper.number();
        let (stage, report) = follow(keeper.listen(number));
        let mut session = Self {
            runtime: Handle::current(),
            number,
            program: String::new(),
            stage,
            report,
            before: Usage::default(),
            has_ended: false,
            keeper,
        };
        let begun = session.keeper.ask::<Begun>("begin", json!([number])).await;
        let Begun { pipe, usage } = begun.map_err(|why| container.no_answer(why))?;
        session.before = usage;
        let steps: &[&str] = match kind {
            Kind::Shell => &[OFFER, CHANNEL, NO_RESULTS, BECOME],
            Kind::Program([]) => &[OFFER, CHANNEL, BECOME],
            Kind::Program(_) => &[OFFER, INPUT, CHANNEL, BECOME],
        };
        if let Kind::Program(input) = kind {
            for piece in input.chunks(INPUT_PIECE_BYTES) {
                let letters: String = piece.iter().copied().map(char::from).collect();
                let given = session.keeper.ask::<()>("give", json!([number, letters])).await;
                given.map_err(|why| container.no_answer(why))?;
            }
        }
        let start = ["/bin/sh", "-c", &steps.concat(), "start"].map(String::from);
        let terminal = [("TERM", "xterm-256color"), ("COLORTERM", "truecolor")];
        let given = env.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let env = terminal.into_iter().chain(given).chain([(CHANNEL_NAME, pipe.as_str())]);
        let order = Order {
            argv: start.into_iter().chain(argv.iter().cloned()).collect(),
            env: env.map(|(name, value)| format!("{name}={value}")).collect(),
            user: format!("1000:{number}"),
            has_terminal: kind == Kind::Shell,
        };
        session.program = container.engine().prepare(container.id(), order).await?;
        Ok(session)
    }

    /// Resolves when it runs.
    pub(super) async fn begun(&self) -> Result<(), SandboxError> {
        let mut stage = self.stage.clone();
        let begun = timeout(START_PATIENCE, stage.wait_for(|stage| *stage != Stage::Waiting)).await;
        match begun.map(|stage| stage.map_or(Stage::Lost, |stage| *stage)) {
            Ok(Stage::Lost | Stage::Waiting) => Err(lost()),
            Ok(Stage::Began | Stage::Ended | Stage::ReportedTooMuch) => Ok(()),
            Err(_) => Err(SandboxError::Unavailable("the container engine did not start the program".into())),
        }
    }

    /// Resolves when its own process has ended, or it has to be ended; says which.
    pub(super) fn over(&self) -> impl Future<Output = Stage> + Send + use<> {
        let mut stage = self.stage.clone();
        async move {
            let over = stage.wait_for(|stage| !matches!(stage, Stage::Waiting | Stage::Began)).await;
            over.map_or(Stage::Lost, |stage| *stage)
        }
    }

    /// What the kernel has noted by now.
    pub(super) async fn usage(&self) -> Option<Usage> {
        self.keeper.ask("usage", json!([])).await.ok()
    }

    /// Ends all that is left of it.
    pub(super) async fn end(&mut self) -> Result<Usage, NotEnded> {
        let ended = self.keeper.ask::<End>("end", json!([self.number])).await;
        self.has_ended = true;
        self.keeper.ignore(self.number);
        match ended {
            Ok(End { is_dead: true, usage }) => Ok(usage),
            Ok(End { is_dead: false, .. }) => Err(NotEnded::Alive),
            Err(why) => Err(NotEnded::NoAnswer(why)),
        }
    }

    /// The results so far.
    pub(super) fn take_report(&self) -> Vec<u8> {
        std::mem::take(&mut *self.report.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.keeper.ignore(self.number);
        if self.has_ended {
            return;
        }
        let (keeper, number) = (Arc::clone(&self.keeper), self.number);
        self.runtime.spawn(async move {
            // It fails if the box has ended, and the program with it.
            let _ = keeper.ask::<End>("end", json!([number])).await;
        });
    }
}

/// What is said of a program that nobody can follow.
pub(super) fn lost() -> SandboxError {
    SandboxError::Unavailable("the box has ended, or lost sight of its program".into())
}

/// Gathers what a program reports, whoever is busy with something else.
fn follow(mut news: mpsc::Receiver<News>) -> (watch::Receiver<Stage>, Arc<Mutex<Vec<u8>>>) {
    let (stage, watched) = watch::channel(Stage::Waiting);
    let report = Arc::new(Mutex::new(Vec::new()));
    let gathered = Arc::clone(&report);
    tokio::spawn(async move {
        while let Some(news) = news.recv().await {
            let next = match news {
                News::Began => Stage::Began,
                News::Ended => Stage::Ended,
                News::Lost => Stage::Lost,
                News::Report(bytes) => match gather(&gathered, &bytes) {
                    true => continue,
                    false => Stage::ReportedTooMuch,
                },
                News::Files(_) | News::Everything => continue,
            };
            stage.send_if_modified(|stage| {
                let is_over = !matches!(stage, Stage::Waiting | Stage::Began);
                if !is_over {
                    *stage = next;
                }
                !is_over
            });
        }
        stage.send_if_modified(|stage| {
            let is_lost = matches!(stage, Stage::Waiting | Stage::Began);
            if is_lost {
                *stage = Stage::Lost;
            }
            is_lost
        });
    });
    (watched, report)
}

/// Adds to the results as much as may be; whether that was all.
fn gather(report: &Mutex<Vec<u8>>, bytes: &[u8]) -> bool {
    let mut report = report.lock().unwrap_or_else(PoisonError::into_inner);
    let room = REPORT_LIMIT_BYTES - report.len();
    report.extend_from_slice(&bytes[..bytes.len().min(room)]);
    bytes.len() <= room
}
