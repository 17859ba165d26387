//! Runs one program in a container to its end, and says how it ended.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bollard::container::{AttachContainerResults, LogOutput};
use futures::{Stream, StreamExt as _};
use service::ports::{Exit, Limits, Program, Ran, SandboxError};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::answers::Usage;
use super::container::Container;
use super::session::{Kind, Session, Stage, lost};

/// Where the image has what the platform adds.
const PLATFORM: &str = "/opt/interviewlm/";
/// How often it is looked at what a program does.
const LOOKS: Duration = Duration::from_millis(50);
/// The least that counts as work, in microseconds; looking itself takes some.
const WORK_MICROS: u64 = 2_000;
/// How long the last words of a program may be on their way.
const LAST_WORDS: Duration = Duration::from_secs(10);
/// How long the news that a program has begun may be on its way.
const NEWS_PATIENCE: Duration = Duration::from_secs(2);
/// What is added to the number of the signal that ended a program, as by a shell.
const BY_SIGNAL: i32 = 128;
/// The highest signal.
const SIGNALS: i32 = 64;

type Output = Pin<Box<dyn Stream<Item = Result<LogOutput, bollard::errors::Error>> + Send>>;

/// Why we stopped following a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Finished,
    SaidTooMuch,
    TimedOut,
    WorkedTooMuch,
    DidNothing,
    Lost,
    Stopped,
}

/// What a program has said so far.
struct Said {
    output: Output,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    limit_bytes: usize,
    /// Whether some of it had to be dropped.
    is_too_much: bool,
    /// How many bytes came, for those who watch over it meanwhile.
    heard: Arc<AtomicU64>,
}

/// Runs a program in a box.
pub(super) async fn run(container: &Container, program: Program) -> Result<Ran, SandboxError> {
    for (_, target) in &program.mounts {
        if !target.starts_with(PLATFORM) {
            let reason = format!("{target} is not in the image, and a container takes in nothing later");
            return Err(SandboxError::Unavailable(reason));
        }
    }
    let kind = Kind::Program(&program.stdin);
    let mut session = Session::prepare(container, kind, &program.argv, &program.env).await?;
    // Letting go of the line would take the output with it.
    let AttachContainerResults { output, input: _line } = container.engine().execute(&session.program).await?;
    let limit_bytes = usize::try_from(program.output_bytes.min(container.limits.output_bytes)).unwrap_or(usize::MAX);
    let mut said = Said::new(output, limit_bytes);
    let heard = Arc::clone(&said.heard);
    tokio::select! {
        begun = session.begun() => begun?,
        reason = said.hear_refusal() => return Err(reason),
    }

    let began = Instant::now();
    let wall = Duration::from_millis(program.wall_millis.min(container.limits.wall_millis));
    let ending = tokio::select! {
        stage = session.over() => Ending::of(stage),
        () = said.hear_too_much() => Ending::SaidTooMuch,
        ending = watch_over(&session, container.limits, &heard) => ending,
        () = sleep(wall) => Ending::TimedOut,
        () = container.end() => Ending::Stopped,
    };
    let wall_millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    if ending == Ending::Stopped {
        return Err(SandboxError::Stopped);
    }
    let (usage, report) = match session.end().await {
        Ok(ended) => ended,
        Err(why) => return Err(container.not_ended(why).await),
    };
    let ending = match said.hear_the_rest(ending).await {
        Ending::Finished if report.is_too_much => Ending::SaidTooMuch,
        ending => ending,
    };
    let exit = match ending {
        Ending::Finished => judge(container.engine().exit_code(&session.program).await?, session.before, usage),
        Ending::SaidTooMuch => Exit::OutputLimit,
        Ending::TimedOut => Exit::TimedOut,
        Ending::WorkedTooMuch => Exit::CpuLimit,
        Ending::DidNothing => Exit::Idle,
        Ending::Lost => return Err(lost()),
        Ending::Stopped => return Err(SandboxError::Stopped),
    };
    let cpu_micros = usage.cpu_micros.saturating_sub(session.before.cpu_micros);
    Ok(Ran {
        exit,
        stdout: said.stdout,
        stderr: said.stderr,
        report: report.bytes,
        wall_millis,
        cpu_millis: cpu_micros / 1000,
        peak_bytes: usage.peak_bytes,
    })
}

impl Ending {
    fn of(stage: Stage) -> Self {
        match stage {
            Stage::Ended => Self::Finished,
            Stage::ReportedTooMuch => Self::SaidTooMuch,
            Stage::Waiting | Stage::Began | Stage::Lost => Self::Lost,
        }
    }
}

/// What the end means. What the kernel noted explains a failure; it does not turn a success into one.
fn judge(code: i32, before: Usage, after: Usage) -> Exit {
    match code {
        0 => Exit::Status(0),
        _ if after.out_of_memory > before.out_of_memory => Exit::OutOfMemory,
        _ if after.refused_forks > before.refused_forks => Exit::TooManyProcesses,
        _ if after.is_full || code == BY_SIGNAL + libc::SIGXFSZ => Exit::DiskLimit,
        _ if code == BY_SIGNAL + libc::SIGKILL => Exit::Killed,
        _ if (BY_SIGNAL + 1..=BY_SIGNAL + SIGNALS).contains(&code) => Exit::Signal(code - BY_SIGNAL),
        _ => Exit::Status(code),
    }
}

impl Said {
    fn new(output: Output, limit_bytes: usize) -> Self {
        let heard = Arc::default();
        Self { output, stdout: Vec::new(), stderr: Vec::new(), limit_bytes, is_too_much: false, heard }
    }

    /// Resolves when the program has said more than it may; then what was heard is as much as may be.
    async fn hear_too_much(&mut self) {
        self.hear().await;
        if !self.is_too_much {
            // It has closed its streams. That is no end yet.
            std::future::pending().await
        }
    }

    /// Resolves when the line was closed and nothing has begun: then what was said is the engine's.
    async fn hear_refusal(&mut self) -> SandboxError {
        self.hear().await;
        if self.is_too_much {
            // It has begun.
            return std::future::pending().await;
        }
        // That it has begun comes another way, and may come later.
        sleep(NEWS_PATIENCE).await;
        let said = String::from_utf8_lossy(&self.stderr).trim().to_owned();
        SandboxError::Unavailable(format!("the container engine did not start a program: {said}"))
    }

    /// Hears what was on its way when everything of the program was ended.
    async fn hear_the_rest(&mut self, ending: Ending) -> Ending {
        // What has not come by then does not come.
        let _ = timeout(LAST_WORDS, self.hear()).await;
        if self.is_too_much { Ending::SaidTooMuch } else { ending }
    }

    /// Listens until the line is closed, or more was said than may be.
    async fn hear(&mut self) {
        while !self.is_too_much
            && let Some(Ok(piece)) = self.output.next().await
        {
            self.take(piece);
        }
    }

    /// Adds a piece, as much of it as may be.
    fn take(&mut self, piece: LogOutput) {
        let (heard, bytes) = match piece {
            LogOutput::StdOut { message } | LogOutput::Console { message } => (&mut self.stdout, message),
            LogOutput::StdErr { message } => (&mut self.stderr, message),
            LogOutput::StdIn { .. } => return,
        };
        self.heard.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        let room = self.limit_bytes - heard.len();
        heard.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.is_too_much |= bytes.len() > room;
    }
}

/// Resolves when a program has worked for longer than it may, or has neither worked nor printed for too long.
async fn watch_over(session: &Session, limits: Limits, heard: &AtomicU64) -> Ending {
    let mut looks = interval(LOOKS);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let idle = Duration::from_millis(limits.idle_millis);
    let (mut worked, mut said, mut last_alive) = (session.before.cpu_micros, 0, Instant::now());
    loop {
        looks.tick().await;
        let Some(now) = session.usage().await else { return Ending::Lost };
        if now.cpu_micros.saturating_sub(session.before.cpu_micros) > limits.cpu_millis.saturating_mul(1000) {
            return Ending::WorkedTooMuch;
        }
        let looking = u64::try_from(last_alive.elapsed().as_micros() / 100).unwrap_or(u64::MAX);
        let said_now = heard.load(Ordering::Relaxed);
        if now.cpu_micros >= worked + WORK_MICROS + looking || said_now > said {
            (worked, said, last_alive) = (now.cpu_micros, said_now, Instant::now());
        } else if last_alive.elapsed() > idle {
            return Ending::DidNothing;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;
    use futures::stream;

    use super::*;

    #[test]
    fn too_much_is_too_much_even_before_it_is_known_that_the_program_has_begun() {
        let piece = LogOutput::StdOut { message: b"eleven bytes".to_vec().into() };
        let mut said = Said::new(Box::pin(stream::iter([Ok(piece)]).chain(stream::pending())), 11);
        let begun = async { tokio::task::yield_now().await };
        let heard = async {
            tokio::select! { biased; _ = said.hear_refusal() => panic!("it was not refused"), () = begun => {} }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(heard);
        assert_eq!(said.stdout, b"eleven byte");
        assert_eq!(said.hear_too_much().now_or_never(), Some(()));
        assert_eq!(runtime.block_on(said.hear_the_rest(Ending::Finished)), Ending::SaidTooMuch);
    }

    #[test]
    fn what_was_noted_explains_a_failure_and_never_a_success() {
        let before = Usage { out_of_memory: 3, refused_forks: 5, ..Usage::default() };
        let starved = Usage { out_of_memory: 4, ..before };
        assert_eq!(judge(0, before, starved), Exit::Status(0));
        assert_eq!(judge(137, before, starved), Exit::OutOfMemory);
        assert_eq!(judge(137, before, before), Exit::Killed);
        assert_eq!(judge(1, before, Usage { refused_forks: 6, ..before }), Exit::TooManyProcesses);
        assert_eq!(judge(1, before, Usage { is_full: true, ..before }), Exit::DiskLimit);
        assert_eq!(judge(139, before, before), Exit::Signal(11));
        assert_eq!(judge(255, before, before), Exit::Status(255));
    }
}
