//! What is told of a call, on a channel that nothing else uses.

use std::backtrace::Backtrace;
use std::fs::File;
use std::io::Write as _;
use std::os::fd::FromRawFd as _;
use std::panic::{self, PanicHookInfo};
use std::process;
use std::sync::Mutex;
use std::thread;

use crate::Json;
use crate::record::Fields;

const REPORT: i32 = 3;
const MOST_FRAMES: usize = 10;

unsafe extern "C" {
    safe fn fcntl(descriptor: i32, command: i32, ...) -> i32;
}
const SET_FLAGS: i32 = 2;
const CLOSE_ON_EXEC: i32 = 1;

/// The last panic of the thread that the function is called on.
static PANIC: Mutex<Option<Failure>> = Mutex::new(None);

/// Why there is no result.
pub struct Failure {
    kind: &'static str,
    message: String,
    trace: String,
}

impl Failure {
    /// Something that the platform says in its own words.
    pub(crate) fn refused(message: &str) -> Self {
        Self { kind: "Refused", message: message.into(), trace: message.into() }
    }

    /// The function returned an error.
    pub(crate) fn returned(error: &str) -> Self {
        let trace = format!("the function returned an error: {error}");
        Self { kind: "error", message: error.into(), trace }
    }
}

/// The channel. What the candidate starts does not inherit it.
pub(crate) fn open() -> File {
    fcntl(REPORT, SET_FLAGS, CLOSE_ON_EXEC);
    // SAFETY: the platform opens this descriptor for us, and nothing else in this program owns it.
    unsafe { File::from_raw_fd(REPORT) }
}

/// Remembers panics of the function's own thread; those of others are printed as usual.
pub(crate) fn listen_for_panics() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if thread::current().name() == Some("main") {
            let failure = describe(info);
            if let Ok(mut panic) = PANIC.lock() {
                *panic = Some(failure);
            }
        } else {
            usual(info);
        }
    }));
}

/// The panic that ended the function.
pub(crate) fn panicked() -> Failure {
    let told = PANIC.lock().ok().and_then(|mut panic| panic.take());
    told.unwrap_or_else(|| Failure::refused("the function panicked"))
}

fn describe(info: &PanicHookInfo<'_>) -> Failure {
    let message = info.payload_as_str().unwrap_or("a panic whose payload is not text").to_owned();
    let place = info.location().filter(|place| !place.file().starts_with('/'));
    let place = place.map_or_else(String::new, |place| format!(" at {place}"));
    let mut trace = format!("panicked{place}: {message}");
    for frame in frames(&Backtrace::force_capture().to_string()) {
        trace += &format!("\n    at {frame}");
    }
    Failure { kind: "panic", message, trace }
}

/// The frames that lie in the candidate's files, innermost first: a line with the function, then one with its place.
fn frames(backtrace: &str) -> Vec<String> {
    let of_theirs = backtrace.split("at /interview/src/call.rs").next().unwrap_or_default();
    let lines: Vec<&str> = of_theirs.lines().map(str::trim).collect();
    let own = lines.windows(2).filter_map(|pair| {
        let place = pair[1].strip_prefix("at ")?;
        let place = place.strip_prefix("./").or_else(|| place.strip_prefix("/workspace/"))?;
        let (place, _column) = place.rsplit_once(':')?;
        let (_number, name) = pair[0].split_once(": ")?;
        (!place.starts_with(".interviewlm/")).then(|| format!("{name} ({place})"))
    });
    own.take(MOST_FRAMES).collect()
}

/// Says how the call came out, and ends the program.
pub(crate) fn tell(mut report: File, outcome: Result<Json, Failure>) -> ! {
    let strange = outcome.as_ref().ok().and_then(Json::strange_number);
    let outcome = match strange {
        Some(number) => Err(Failure::refused(&format!("the function returned {number}, which is not a JSON number"))),
        None => outcome,
    };
    let is_told = outcome.is_ok();
    let answer = match outcome {
        Ok(result) => Fields::from([("result", result)]),
        Err(Failure { kind, message, trace }) => {
            let text = |text: &str| Json::String(text.into());
            let error = [("type", text(kind)), ("message", text(&message)), ("trace", text(&trace))];
            Fields::from([("error", Fields::from(error).into_json())])
        }
    };
    let is_written = report.write_all(format!("\n{}\n", answer.into_json()).as_bytes()).is_ok();
    process::exit(if is_told && is_written { 0 } else { 1 })
}
