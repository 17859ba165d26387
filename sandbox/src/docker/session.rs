//! A program in a box, from its preparation to the end of everything it started.
//!
//! Each has a group of its own as a number. A program without rights can neither change nor leave its group, so by it even
//! what has changed its session, its parent and its environment is found and ended.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use service::ports::SandboxError;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
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
    /// Its results, once nothing more can come.
    report: Option<JoinHandle<Report>>,
    /// What was noted before it began.
    pub(super) before: Usage,
    has_ended: bool,
}

/// What a program has written to its channel for results.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) bytes: Vec<u8>,
    /// Whether some of it had to be dropped.
    pub(super) is_too_much: bool,
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
            report: Some(report),
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

    /// Ends all that is left of it; answers what it cost, and its results.
    pub(super) async fn end(&mut self) -> Result<(Usage, Report), NotEnded> {
        let ended = self.keeper.ask::<End>("end", json!([self.number])).await;
        self.has_ended = true;
        self.keeper.ignore(self.number);
        let report = match self.report.take() {
            Some(report) => report.await.unwrap_or_default(),
            None => Report::default(),
        };
        match ended {
            Ok(End { is_dead: true, usage }) => Ok((usage, report)),
            Ok(End { is_dead: false, .. }) => Err(NotEnded::Alive),
            Err(why) => Err(NotEnded::NoAnswer(why)),
        }
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

/// Gathers what a program reports, whoever is busy with something else. The results are all there when nobody can tell any
/// more.
fn follow(mut news: mpsc::Receiver<News>) -> (watch::Receiver<Stage>, JoinHandle<Report>) {
    let (stage, watched) = watch::channel(Stage::Waiting);
    let report = tokio::spawn(async move {
        let mut report = Report::default();
        while let Some(news) = news.recv().await {
            let next = match news {
                News::Began => Stage::Began,
                News::Ended => Stage::Ended,
                News::Lost => Stage::Lost,
                News::Report(bytes) => {
                    report.add(&bytes);
                    if !report.is_too_much {
                        continue;
                    }
                    Stage::ReportedTooMuch
                }
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
        report
    });
    (watched, report)
}

impl Report {
    /// Adds a piece, as much of it as may be.
    fn add(&mut self, piece: &[u8]) {
        let room = REPORT_LIMIT_BYTES - self.bytes.len();
        self.bytes.extend_from_slice(&piece[..piece.len().min(room)]);
        self.is_too_much |= piece.len() > room;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn results_that_are_still_on_their_way_when_a_program_has_ended_are_not_lost() {
        let (teller, news) = mpsc::channel(300);
        let (stage, report) = follow(news);
        for _ in 0..200 {
            teller.try_send(News::Report(b"piece ".to_vec())).expect("room");
        }
        teller.try_send(News::Ended).expect("room");
        assert_eq!(*stage.borrow(), Stage::Waiting, "nothing of it was heard yet");
        drop(teller);
        assert_eq!(report.await.expect("no panic"), Report { bytes: b"piece ".repeat(200), is_too_much: false });
        assert_eq!(*stage.borrow(), Stage::Ended);
    }

    #[tokio::test]
    async fn too_many_results_are_known_even_if_they_come_after_the_end() {
        let (teller, news) = mpsc::channel(3);
        let (_stage, report) = follow(news);
        for news in [News::Ended, News::Report(vec![b'x'; REPORT_LIMIT_BYTES]), News::Report(vec![b'x'])] {
            teller.try_send(news).expect("room");
        }
        drop(teller);
        let report = report.await.expect("no panic");
        assert!(report.is_too_much && report.bytes.len() == REPORT_LIMIT_BYTES);
    }
}
