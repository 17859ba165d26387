//! From what a program did to a verdict, with the words that explain it.

use interview::run::{Figures, Verdict};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::plan::Trial;
use super::{CaseResult, Exit, Ran, RunCase, crash, same};

/// How much of one text is kept.
const TEXT_LIMIT_BYTES: usize = 16 << 10;
const CUT: &str = "\n… (the rest was cut)";

const ABORTED: i32 = 6;
const KILLED: i32 = 9;

/// A verdict and its words.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Judged {
    outcome: Verdict,
    millis: u64,
    figures: Figures,
    got: Option<String>,
    stdout: Option<String>,
    stderr: Option<String>,
}

/// A result may be so many times as long as the expected one to be compared with it, and as long as this.
const LONGER_TIMES: usize = 4;
const LONGER_BYTES: usize = 64 << 10;

/// What a harness says on the channel for results. The values are left as text: a few megabytes of it become hundreds when
/// they are read.
#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(default, borrow)]
    result: Option<&'a RawValue>,
    /// The result in a language's other reading: in Go, nothing and an empty list are the same.
    #[serde(default, borrow)]
    filled: Option<&'a RawValue>,
    error: Option<Thrown>,
}

/// A result as it is shown, or why it cannot be.
enum Compared {
    As(Verdict, String),
    Unreadable,
}

#[derive(Deserialize)]
struct Thrown {
    #[serde(rename = "type")]
    kind: String,
    trace: String,
}

impl Answer<'_> {
    /// Whether it is the expected one, and the reading that is shown. One that is far too long is not read at all.
    fn compare(&self, expected: &Value) -> Compared {
        let longest = same::show(expected).len() * LONGER_TIMES + LONGER_BYTES;
        let text = self.result.map_or("null", RawValue::get);
        if text.len() > longest {
            return Compared::As(Verdict::Failed, clip(text, TEXT_LIMIT_BYTES));
        }
        let Ok(result) = same::parse_json(text) else { return Compared::Unreadable };
        let filled = self.filled.map(RawValue::get).filter(|text| text.len() <= longest);
        let filled = filled.and_then(|text| same::parse_json(text).ok());
        let is_filled = |filled: &Value| !same::is_same_json(expected, &result) || same::is_same_json(expected, filled);
        let shown = filled.filter(is_filled).unwrap_or(result);
        let verdict = if same::is_same_json(expected, &shown) { Verdict::Passed } else { Verdict::Failed };
        Compared::As(verdict, clip(&same::show(&shown), TEXT_LIMIT_BYTES))
    }
}

impl Judged {
    /// An error before anything was run.
    pub(super) fn error(note: String) -> Self {
        let figures = Figures::default();
        Self { outcome: Verdict::Error, millis: 0, figures, got: None, stdout: None, stderr: Some(note) }
    }

    /// What `ran` says by itself, with a note of ours.
    fn new(outcome: Verdict, ran: &Ran, note: Option<&str>) -> Self {
        Self {
            outcome,
            millis: ran.wall_millis,
            figures: figures(ran),
            got: None,
            stdout: some_text(&ran.stdout),
            stderr: noted(&ran.stderr, note),
        }
    }

    /// The result of that case.
    pub(super) fn of(self, case: &RunCase) -> CaseResult {
        CaseResult {
            name: case.name.clone(),
            hidden: case.hidden,
            outcome: self.outcome,
            millis: self.millis,
            figures: self.figures,
            input: clip(case.input.trim(), TEXT_LIMIT_BYTES),
            expected: clip(&shown(case.expected.trim()), TEXT_LIMIT_BYTES),
            got: self.got,
            stdout: self.stdout,
            stderr: self.stderr,
        }
    }
}

/// A fault in preparing, if there was one: it is the same for every case.
pub(super) fn prepared(ran: &Ran, limit_millis: u64, signs: &[String]) -> Option<Judged> {
    let judged = match fault(ran, limit_millis, signs) {
        Some((outcome, note)) => Judged::new(outcome, ran, Some(&format!("preparing the code {note}"))),
        None if ran.exit == Exit::Status(0) => return None,
        None => Judged::new(Verdict::Error, ran, Some("")),
    };
    Some(Judged { stdout: None, ..judged })
}

/// What is told of a case for which the run had no time left.
pub(super) fn too_late() -> Judged {
    let note = "the cases before this one took all the time that the run has; run fewer at once".to_owned();
    Judged { outcome: Verdict::TimedOut, ..Judged::error(note) }
}

/// What is told of code with which its box ended, every time.
pub(super) fn ended_its_box(what: &str) -> Judged {
    let note = format!("{what} ended its whole sandbox, and was ended with it");
    Judged { outcome: Verdict::Killed, ..Judged::error(note) }
}

/// How a case came out. Without `ran`, there was nothing to run. `signs` on stderr say that there was no more memory.
pub(super) fn tried(case: &RunCase, trial: &Trial, ran: Option<&Ran>, signs: &[String]) -> Judged {
    match (trial, ran) {
        (Trial::Refused(reason), _) => Judged::error(reason.clone()),
        (Trial::Function { name, expected, .. }, Some(ran)) => called(name, expected, case, ran, signs),
        (Trial::Program { .. }, Some(ran)) => printed(case, ran, signs),
        (Trial::Function { .. } | Trial::Program { .. }, None) => Judged::error("nothing was run".into()),
    }
}

/// Whether another program in the same box may have been the reason.
pub(super) fn is_shared_fault(ran: &Ran) -> bool {
    matches!(ran.exit, Exit::OutOfMemory | Exit::DiskLimit | Exit::TooManyProcesses)
        || signal(&ran.exit) == Some(KILLED)
}

fn called(name: &str, expected: &Value, case: &RunCase, ran: &Ran, signs: &[String]) -> Judged {
    let report = String::from_utf8_lossy(&ran.report);
    let told = report.lines().rfind(|line| !line.trim().is_empty());
    let answer = told.map(serde_json::from_str::<Answer<'_>>);
    if let Some((outcome, note)) = fault(ran, case.limit_millis, signs) {
        let thrown = answer.and_then(Result::ok).and_then(|answer| answer.error);
        let trace = thrown.map_or_else(String::new, |thrown| thrown.trace + "\n");
        return Judged::new(outcome, ran, Some(&format!("{trace}`{name}` {note}")));
    }
    match answer {
        Some(Ok(Answer { error: Some(thrown), .. })) => {
            let outcome = if thrown.kind == "MemoryError" { Verdict::OutOfMemory } else { Verdict::Error };
            Judged::new(outcome, ran, Some(&thrown.trace))
        }
        Some(Ok(answer)) => match answer.compare(expected) {
            Compared::As(outcome, got) => Judged { got: Some(got), ..Judged::new(outcome, ran, None) },
            Compared::Unreadable => unreadable(name, ran),
        },
        Some(Err(_)) => unreadable(name, ran),
        None => {
            let note = format!("the program ended ({}) before `{name}` returned", ending(&ran.exit));
            Judged::new(Verdict::Error, ran, Some(&note))
        }
    }
}

fn unreadable(name: &str, ran: &Ran) -> Judged {
    let note = format!("the result of `{name}` is too large or nested too deeply to be read");
    Judged::new(Verdict::Error, ran, Some(&note))
}

fn printed(case: &RunCase, ran: &Ran, signs: &[String]) -> Judged {
    let stdout = String::from_utf8_lossy(&ran.stdout);
    let judged = match fault(ran, case.limit_millis, signs) {
        Some((outcome, note)) => Judged::new(outcome, ran, Some(&format!("the program {note}"))),
        None if ran.exit != Exit::Status(0) => {
            Judged::new(Verdict::Error, ran, Some(&format!("the program ended with {}", ending(&ran.exit))))
        }
        None if same::is_same_text(&case.expected, &stdout) => Judged::new(Verdict::Passed, ran, None),
        None => Judged::new(Verdict::Failed, ran, None),
    };
    Judged { got: Some(clip(&stdout, TEXT_LIMIT_BYTES)), stdout: None, ..judged }
}

/// A fault that needs no look at the output: its verdict, and what the program did.
fn fault(ran: &Ran, limit_millis: u64, signs: &[String]) -> Option<(Verdict, String)> {
    let (outcome, note) = match ran.exit {
        Exit::TimedOut => {
            return Some((Verdict::TimedOut, format!("took longer than {limit_millis} ms and was stopped")));
        }
        Exit::CpuLimit => (Verdict::TimedOut, "took more processor time than it may and was stopped"),
        Exit::Idle => (Verdict::Idle, "neither worked nor printed for too long and was stopped"),
        Exit::OutputLimit => (Verdict::OutputLimit, "printed more than it may and was stopped"),
        Exit::DiskLimit => (Verdict::DiskLimit, "wrote more to the disk than it may"),
        Exit::TooManyProcesses => (Verdict::TooManyProcesses, "started more processes or threads than it may"),
        Exit::OutOfMemory => (Verdict::OutOfMemory, "used more memory than it may"),
        Exit::Status(_) | Exit::Signal(_) | Exit::Killed if lacks_memory(ran, signs) => {
            (Verdict::OutOfMemory, "used more memory than it may")
        }
        Exit::Status(_) | Exit::Signal(_) | Exit::Killed if signal(&ran.exit) == Some(KILLED) => {
            (Verdict::Killed, "was ended from outside")
        }
        Exit::Status(_) | Exit::Signal(_) | Exit::Killed => return None,
    };
    Some((outcome, note.to_owned()))
}

fn lacks_memory(ran: &Ran, signs: &[String]) -> bool {
    let said = String::from_utf8_lossy(&ran.stderr);
    let last = said.trim_end().lines().next_back().unwrap_or_default();
    let has_sign = signs.iter().any(|sign| match sign.strip_prefix('\n') {
        Some(sign) => last.starts_with(sign),
        None => said.contains(sign),
    });
    has_sign && matches!(ran.exit, Exit::Status(1 | 2) | Exit::Signal(ABORTED) | Exit::Status(134))
}

fn figures(ran: &Ran) -> Figures {
    let small = |number: i32| u8::try_from(number).ok();
    let signal = signal(&ran.exit).and_then(small);
    let status = match ran.exit {
        Exit::Status(status) if signal.is_none() => small(status),
        _ => None,
    };
    let cpu_ms = Some(u32::try_from(ran.cpu_millis).unwrap_or(u32::MAX));
    Figures { cpu_ms, peak_bytes: Some(ran.peak_bytes), status, signal }
}

/// The signal that ended a program, also when something between us and it has made a status of it.
fn signal(exit: &Exit) -> Option<i32> {
    match exit {
        Exit::Signal(signal) => Some(*signal),
        Exit::Status(status @ 129..=159) => Some(*status - 128),
        Exit::Killed => Some(KILLED),
        Exit::Status(_)
        | Exit::TimedOut
        | Exit::CpuLimit
        | Exit::Idle
        | Exit::OutOfMemory
        | Exit::DiskLimit
        | Exit::OutputLimit
        | Exit::TooManyProcesses => None,
    }
}

fn ending(exit: &Exit) -> String {
    match (signal(exit), exit) {
        (Some(11), _) => "a segmentation fault".into(),
        (Some(signal), _) => format!("signal {signal}"),
        (None, Exit::Status(status)) => format!("exit status {status}"),
        (None, other) => format!("{other:?}"),
    }
}

/// JSON as people write it, anything else as it is.
fn shown(text: &str) -> String {
    same::parse_json(text).map_or_else(|_| text.to_owned(), |value| same::show(&value))
}

fn some_text(bytes: &[u8]) -> Option<String> {
    (!bytes.is_empty()).then(|| clip(&String::from_utf8_lossy(bytes), TEXT_LIMIT_BYTES))
}

/// What a program complained of, with a note of ours at the end; the note is never cut away.
fn noted(stderr: &[u8], note: Option<&str>) -> Option<String> {
    let Some(note) = note else { return some_text(stderr) };
    let note = clip(note, TEXT_LIMIT_BYTES - (1 << 10));
    let said = String::from_utf8_lossy(stderr);
    let said = clip(&crash::readable(&said), TEXT_LIMIT_BYTES - note.len() - 1);
    match (said.trim_end(), note.as_str()) {
        ("", _) => Some(note),
        (said, "") => Some(said.to_owned()),
        (said, note) => Some(format!("{said}\n{note}")),
    }
}

fn clip(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let kept = limit.saturating_sub(CUT.len());
    let end = (0..=kept).rev().find(|place| text.is_char_boundary(*place)).unwrap_or(0);
    format!("{}{CUT}", &text[..end])
}
