//! Runs one program to its end, and says how it ended.
//!
//! Whatever the program does, this returns in about the time it was given, with no more than it may print, and nothing of
//! the program is left running.

use std::future::pending;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use service::ports::{Exit, Limits, Program, Ran, SandboxError};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::unix::pipe::Receiver;
use tokio::process::{Child, ChildStdin};
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::cage::{Cage, blocking};
use crate::cgroup::{Group, Usage};
use crate::child::Session;
use crate::files::Space;
use crate::launch::{Launch, exit_code, pipe};

/// How much a program may write to its channel for results.
const REPORT_LIMIT_BYTES: u64 = 8 << 20;
/// How much bubblewrap may say about a start.
const STATUS_LIMIT_BYTES: u64 = 64 << 10;
/// What a shell answers for a command that it cannot find.
const NOT_FOUND: i32 = 127;

/// How bubblewrap begins when a program could not be started in a box that was ready.
const NOT_STARTED: &[u8] = b"bwrap: execvp ";
/// What is added to the number of the signal that ended a program, as by a shell.
const BY_SIGNAL: i32 = 128;
/// The highest signal.
const SIGNALS: i32 = 64;
/// How often it is looked at what a program does.
const LOOKS: Duration = Duration::from_millis(25);
/// The least that counts as work.
const WORK_MICROS: u64 = 1_000;

/// A program that runs, with everything that it says.
struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    report: Receiver,
    status: Receiver,
    said: Said,
}

/// What a program has said so far.
#[derive(Debug, Default)]
struct Said {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    report: Vec<u8>,
    status: Vec<u8>,
}

/// Why we stopped following a program.
enum Ending {
    Finished,
    SaidTooMuch,
    TimedOut,
    WorkedTooMuch,
    DidNothing,
    Stopped,
}

/// What the kernel has noted about a program that has ended.
#[derive(Clone, Copy, Debug)]
struct Notes {
    usage: Usage,
    refused_forks: u64,
    disk: Space,
}

/// More came than may.
struct TooMuch;

/// A program's group, removed in the end even if nobody waits for the program any more.
struct Guard(Option<Group>);

/// Runs a program in a box.
pub(crate) async fn run(cage: &Cage, program: Program) -> Result<Ran, SandboxError> {
    let group = cage.program_group()?;
    let guard = Guard(Some(group.clone()));
    let refused_before = cage.group.refused_forks();
    let began = Instant::now();
    let mut running = start(cage, &group, &program).await.map_err(|error| cage.failed(error))?;

    let wall = Duration::from_millis(program.wall_millis.min(cage.limits.wall_millis));
    let output_bytes = program.output_bytes.min(cage.limits.output_bytes);
    let heard = AtomicU64::new(0);
    let ending = tokio::select! {
        ending = running.follow(&program.stdin, output_bytes, &heard) => ending,
        ending = watch_over(&group, cage.limits, &heard) => ending,
        () = sleep(wall) => Ending::TimedOut,
        () = cage.end() => Ending::Stopped,
    };
    let wall_millis = millis(began.elapsed());
    let refused_forks = group.refused_forks() + cage.group.refused_forks() - refused_before;
    let killed = {
        let group = group.clone();
        blocking(move || group.kill()).await?
    };
    killed.map_err(|error| cage.failed(error))?;
    running.reap().await;

    let usage = group.usage();
    guard.remove().await?;
    let exit = running.judge(ending, Notes { usage, refused_forks, disk: cage.space()? })?;
    let Said { stdout, stderr, report, .. } = running.said;
    let (cpu_millis, peak_bytes) = (usage.cpu_micros / 1000, usage.peak_bytes);
    Ok(Ran { exit, stdout, stderr, report, wall_millis, cpu_millis, peak_bytes })
}

async fn start(cage: &Cage, group: &Group, program: &Program) -> std::io::Result<Running> {
    let (report, report_end) = pipe()?;
    let launch = Launch {
        argv: &program.argv,
        env: &program.env,
        mounts: &program.mounts,
        session: Session::None,
        limits: cage.limits,
        report: Some(report_end),
    };
    let (mut command, status) = launch.command(&cage.ground, &cage.lodging, group)?;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = cage.ground.launcher.spawn(command).await?;
    Ok(Running { stdin: child.stdin.take(), child, report, status, said: Said::default() })
}

impl Running {
    /// Feeds it and listens until it has ended and everything it said is heard.
    async fn follow(&mut self, input: &[u8], output_bytes: u64, heard: &AtomicU64) -> Ending {
        let Self { child, stdin, report, status, said } = self;
        let (stdin, mut stdout, mut stderr) = (stdin.take(), child.stdout.take(), child.stderr.take());
        let ended = async {
            match child.wait().await {
                Ok(_) => Ok(()),
                // The kernel does not say; the wall limit will.
                Err(_) => pending().await,
            }
        };
        let all = tokio::try_join!(
            feed(stdin, input),
            hear(stdout.as_mut(), &mut said.stdout, output_bytes, heard),
            hear(stderr.as_mut(), &mut said.stderr, output_bytes, heard),
            hear(Some(report), &mut said.report, REPORT_LIMIT_BYTES, heard),
            hear(Some(status), &mut said.status, STATUS_LIMIT_BYTES, heard),
            ended,
        );
        match all {
            Ok(_) => Ending::Finished,
            Err(TooMuch) => Ending::SaidTooMuch,
        }
    }

    /// Collects what the kernel keeps of a program that has ended or was killed.
    async fn reap(&mut self) {
        let _ = self.child.wait().await;
    }

    /// What the end means. What the kernel noted explains a failure; it does not turn a success into one.
    fn judge(&mut self, ending: Ending, notes: Notes) -> Result<Exit, SandboxError> {
        match ending {
            Ending::Stopped => return Err(SandboxError::Stopped),
            Ending::TimedOut => return Ok(Exit::TimedOut),
            Ending::WorkedTooMuch => return Ok(Exit::CpuLimit),
            Ending::DidNothing => return Ok(Exit::Idle),
            Ending::SaidTooMuch => return Ok(Exit::OutputLimit),
            Ending::Finished => {}
        }
        match exit_code(&self.said.status) {
            Some(0) => Ok(Exit::Status(0)),
            _ if notes.usage.out_of_memory > 0 => Ok(Exit::OutOfMemory),
            _ if notes.refused_forks > 0 => Ok(Exit::TooManyProcesses),
            Some(code) if notes.disk == Space::Full || code == BY_SIGNAL + libc::SIGXFSZ => Ok(Exit::DiskLimit),
            // Bubblewrap reports a signal as a shell does, and a shell in between does the same.
            Some(code) if code == BY_SIGNAL + libc::SIGKILL => Ok(Exit::Killed),
            Some(code) if (BY_SIGNAL + 1..=BY_SIGNAL + SIGNALS).contains(&code) => Ok(Exit::Signal(code - BY_SIGNAL)),
            Some(code) => Ok(Exit::Status(code)),
            None if self.said.stderr.starts_with(NOT_STARTED) => {
                self.said.stderr.drain(..NOT_STARTED.len());
                Ok(Exit::Status(NOT_FOUND))
            }
            None => Err(SandboxError::Unavailable(String::from_utf8_lossy(&self.said.stderr).trim().to_owned())),
        }
    }
}

impl Guard {
    async fn remove(mut self) -> Result<(), SandboxError> {
        let Some(group) = self.0.take() else { return Ok(()) };
        if let Err(error) = blocking(move || group.remove()).await? {
            tracing::warn!(%error, "a program's group is left to its box");
        }
        Ok(())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(group) = self.0.take() {
            group.remove_if_empty();
        }
    }
}

/// Resolves when a program has worked for longer than it may, or has neither worked nor said anything for too long.
async fn watch_over(group: &Group, limits: Limits, heard: &AtomicU64) -> Ending {
    let mut looks = interval(LOOKS);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let idle = Duration::from_millis(limits.idle_millis);
    let (mut worked, mut said, mut last_alive) = (0, 0, Instant::now());
    loop {
        looks.tick().await;
        let now = group.usage().cpu_micros;
        if now > limits.cpu_millis.saturating_mul(1000) {
            return Ending::WorkedTooMuch;
        }
        let said_now = heard.load(Ordering::Relaxed);
        if now >= worked + WORK_MICROS || said_now > said {
            (worked, said, last_alive) = (now, said_now, Instant::now());
        } else if last_alive.elapsed() > idle {
            return Ending::DidNothing;
        }
    }
}

/// Gives a program its input. It need not read it.
async fn feed(stdin: Option<ChildStdin>, input: &[u8]) -> Result<(), TooMuch> {
    if let Some(mut stdin) = stdin {
        let _ = stdin.write_all(input).await;
    }
    Ok(())
}

/// Reads a stream to its end, or until it is too long; then `said` holds as much as may be. All bytes are counted at once.
async fn hear(
    stream: Option<&mut (impl AsyncRead + Unpin)>,
    said: &mut Vec<u8>,
    limit_bytes: u64,
    heard: &AtomicU64,
) -> Result<(), TooMuch> {
    let Some(stream) = stream else { return Ok(()) };
    let mut stream = stream.take(limit_bytes + 1);
    // What cannot be read has ended.
    while let Ok(length @ 1..) = stream.read_buf(said).await {
        heard.fetch_add(length as u64, Ordering::Relaxed);
    }
    if said.len() as u64 > limit_bytes {
        said.pop();
        return Err(TooMuch);
    }
    Ok(())
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
