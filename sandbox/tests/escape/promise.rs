//! A promise, and how it is checked.

use std::fmt::{self, Debug};
use std::io;

use sandbox::Wall;
use service::ports::Limits;

use crate::places::Host;

/// Says to this program that it is the stranger's.
pub(crate) const ATTEMPT: &str = "ATTEMPT";
const BEGUN: &str = "attempt: begun";
const HELD: &str = "attempt: held: ";
const BROKE_OUT: &str = "attempt: broke out: ";

/// Where a wall may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A bare process.
    Bare,
    /// A process of `bwrap --unshare-all` that sees the host's files.
    Naive,
}

/// What of a box has to be taken away for an attempt to succeed in it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Held {
    /// All of these walls: each of them would hold alone.
    By(&'static [Wall]),
    /// Nothing that can be taken away, for this reason.
    Always(&'static str),
}

/// What came of an attempt, with a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Held(String),
    BrokeOut(String),
}

/// Something that no program in a box can do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Promise {
    /// The test's path in this program.
    pub(crate) name: &'static str,
    /// Where it can be done.
    pub(crate) broken: &'static [Place],
    /// What holds in a box.
    pub(crate) held: Held,
    /// What the box may use.
    pub(crate) limits: Limits,
    /// Tries it.
    pub(crate) attempt: fn() -> Outcome,
}

/// Writes a test for each promise: its name, the places where its wall is missing, the limits of its box if they are not
/// the usual ones, what holds in a box, and the attempt.
macro_rules! promises {
    ($($name:ident, broken $broken:expr, held $held:expr, $(within $limits:expr,)? by $attempt:expr;)*) => { $(
        #[test]
        fn $name() {
            let limits = [$($limits,)? service::ports::Limits::default()][0];
            let (_, name) = concat!(module_path!(), "::", stringify!($name)).split_once("::").expect("a module's path");
            let held = $held;
            crate::promise::Promise { name, broken: &$broken, held, limits, attempt: $attempt }.check();
        }
    )* };
}

impl Promise {
    pub(crate) fn check(self) {
        if std::env::var_os(ATTEMPT).is_some() {
            println!("\n{BEGUN}");
            println!("\n{}", (self.attempt)());
            return;
        }
        let host = Host::new();
        // Much of what root can do nobody else can, with or without walls.
        if rustix::process::geteuid().is_root() && !host.has_wall_of_its_own(self.name) {
            for place in self.broken {
                let said = host.try_in(*place, self.name);
                if is_refused_by_the_machine(self.name, &said) {
                    println!("this machine has that wall itself ({place:?}): {said}");
                    continue;
                }
                assert!(said.contains(BROKE_OUT), "without its wall ({place:?}) it holds as well: {said}");
            }
        }
        match self.held {
            Held::By(walls) => self.require_a_way_out_without(walls, &host),
            Held::Always(why) => println!("no wall of ours can be taken away: {why}"),
        }
        let said = host.try_boxed(self.limits, self.name);
        assert!(has_held(self.name, &said), "{said}");
    }

    /// Tries it in a box of ours from which these walls are missing.
    fn require_a_way_out_without(&self, walls: &'static [Wall], host: &Host) {
        // Without root there are fewer walls to begin with.
        if !rustix::process::geteuid().is_root() || host.has_wall_of_its_own(self.name) {
            return;
        }
        let said = host.try_boxed_without(walls, self.limits, self.name);
        if !is_refused_by_the_machine(self.name, &said) {
            assert!(said.contains(BROKE_OUT), "without {walls:?} a box holds as well: {said}");
        }
    }
}

/// Whether an attempt was made, and what is said of it is that it held.
pub(crate) fn has_held(name: &str, said: &str) -> bool {
    let is_ended = ENDS.iter().any(|(ended, why)| name.starts_with(ended) && said.starts_with(why));
    let is_told = said.contains(HELD) || is_ended && !said.contains("panicked");
    said.contains(BEGUN) && !said.contains(BROKE_OUT) && is_told
}

/// Attempts that are answered by an end of the whole program, and with which.
const ENDS: [(&str, &str); 5] = [
    ("resources::memory", "OutOfMemory "),
    ("resources::shared_memory", "OutOfMemory "),
    ("resources::files_have_a_largest_size", "DiskLimit "),
    ("kernel::calls_of_32_bits", "Signal("),
    // In a container it ends the thread that makes it.
    ("kernel::calls_of_32_bits", "Idle "),
];

/// Whether an attempt failed without our wall because this machine's kernel was built or set up without what it needs.
fn is_refused_by_the_machine(name: &str, said: &str) -> bool {
    let held = |errno: i32| {
        let number = format!("(os error {errno})");
        said.lines().any(|line| line.starts_with(HELD) && line.ends_with(&number))
    };
    let is_switched_off = match name {
        "kernel::rings_to_the_kernel_cannot_be_made" => held(libc::EPERM),
        "kernel::calls_of_32_bits_end_the_program" => said.contains(BEGUN) && said.starts_with("signal: 11 "),
        _ => false,
    };
    !said.contains(BROKE_OUT) && (is_switched_off || held(libc::ENOSYS))
}

impl Outcome {
    /// A success is a way out.
    pub(crate) fn of<T: Debug>(result: io::Result<T>) -> Self {
        match result {
            Ok(success) => Self::BrokeOut(format!("{success:?}")),
            Err(error) => Self::Held(error.to_string()),
        }
    }

    /// It is a way out if this is so.
    pub(crate) fn broke_out_if(is_so: bool, what: impl Debug) -> Self {
        if is_so { Self::BrokeOut(format!("{what:?}")) } else { Self::Held(format!("{what:?}")) }
    }

    /// A way out if one of several is.
    pub(crate) fn any(outcomes: impl IntoIterator<Item = Self>) -> Self {
        let mut last = Self::Held("nothing was tried".into());
        for outcome in outcomes {
            if matches!(outcome, Self::BrokeOut(_)) {
                return outcome;
            }
            last = outcome;
        }
        last
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Held(why) => write!(f, "{HELD}{why}"),
            Self::BrokeOut(how) => write!(f, "{BROKE_OUT}{how}"),
        }
    }
}

/// Makes a system call whose pointers are null or to what lives on. It is a way out if the kernel did more than refuse: an
/// error about its arguments means that it looked at them.
pub(crate) fn call(number: libc::c_long, arguments: [usize; 6]) -> Outcome {
    let [a, b, c, d, e, f] = arguments;
    // SAFETY: the callers pass numbers, null, or pointers to texts and numbers that outlive the call.
    let answer = unsafe { libc::syscall(number, a, b, c, d, e, f) };
    let error = io::Error::last_os_error();
    match (answer, error.raw_os_error()) {
        (-1, Some(libc::EPERM | libc::ENOSYS)) => Outcome::Held(error.to_string()),
        (-1, _) => Outcome::BrokeOut(format!("the kernel looked at it: {error}")),
        (answer, _) => Outcome::BrokeOut(format!("it answered {answer}")),
    }
}
