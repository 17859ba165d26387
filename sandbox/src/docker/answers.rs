//! What the keeper of a box says, line by line. It lives among strangers: every line is taken as theirs.

use interview::FilePath;
use serde::Deserialize;
use serde_json::Value;

/// One line.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Said {
    /// It is there.
    Ready {
        #[serde(rename = "ready")]
        _ready: bool,
    },
    /// What was asked for.
    Answer { id: u64, answer: Value },
    /// It cannot be done, for this reason.
    Refused { id: u64, refused: String },
    /// Something went wrong.
    Failed { id: u64, failed: String },
    /// A program has begun.
    Began { began: u64 },
    /// A program's own process has ended.
    Ended { ended: u64 },
    /// A program's own process cannot be found.
    Lost { lost: u64 },
    /// Bytes of a program's results, a letter for each.
    Report { report: u64, bytes: String },
    /// Files may have changed: their names, a letter for each byte.
    Files { watch: u64, files: Vec<String> },
    /// Something was missed.
    Everything {
        watch: u64,
        #[serde(rename = "everything")]
        _everything: bool,
    },
}

/// What concerns one listener.
#[derive(Debug)]
pub(super) enum News {
    Began,
    Ended,
    Lost,
    Report(Vec<u8>),
    Files(Vec<String>),
    Everything,
}

/// What the kernel has noted about a box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Usage {
    pub(super) cpu_micros: u64,
    pub(super) peak_bytes: u64,
    pub(super) out_of_memory: u64,
    pub(super) refused_forks: u64,
    pub(super) is_full: bool,
}

/// A program may begin.
#[derive(Debug, Deserialize)]
pub(super) struct Begun {
    /// The name of its channel.
    pub(super) pipe: String,
    #[serde(flatten)]
    pub(super) usage: Usage,
}

/// A program has been ended.
#[derive(Debug, Deserialize)]
pub(super) struct End {
    /// Whether nothing of it is left.
    pub(super) is_dead: bool,
    #[serde(flatten)]
    pub(super) usage: Usage,
}

/// A path as the keeper is told of it: a letter for each byte of the name, which may be any.
pub(super) fn letters(path: &FilePath) -> String {
    path.on_disk().iter().copied().map(char::from).collect()
}

/// The path of what the keeper tells so, if it is one.
pub(super) fn path_from(letters: &str) -> Option<FilePath> {
    let bytes: Result<Vec<u8>, _> = letters.chars().map(u8::try_from).collect();
    FilePath::from_disk(&bytes.ok()?).ok()
}

impl Said {
    /// News, and whom they concern. Answers are none.
    pub(super) fn news(self) -> Option<(u64, News)> {
        match self {
            Self::Ready { .. } | Self::Answer { .. } | Self::Refused { .. } | Self::Failed { .. } => None,
            Self::Began { began } => Some((began, News::Began)),
            Self::Ended { ended } => Some((ended, News::Ended)),
            Self::Lost { lost } => Some((lost, News::Lost)),
            Self::Report { report, bytes } => {
                // A letter beyond a byte is nobody's result.
                let bytes = bytes.chars().filter_map(|letter| u8::try_from(letter).ok()).collect();
                Some((report, News::Report(bytes)))
            }
            Self::Files { watch, files } => Some((watch, News::Files(files))),
            Self::Everything { watch, .. } => Some((watch, News::Everything)),
        }
    }
}
