//! The question bank: a folder per problem, read at start-up. It refuses a folder that is not right, and says what to do.
//!
//! Reference solutions and hidden cases are in here: nothing of this type goes to a browser as it is.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use interview::FilePath;
use interview::ids::ProblemSlug;
use interview::question::{Language, StartingFile};
use serde::{Deserialize, Serialize};

use crate::runs::{RunCase, Task};

mod cases;
mod folder;
mod hints;
mod manifest;

/// How hard a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Difficulty {
    /// For warming up.
    Easy,
    /// For most interviews.
    Medium,
    /// For experienced candidates with time.
    Hard,
}

impl fmt::Display for Difficulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Easy => "Easy",
            Self::Medium => "Medium",
            Self::Hard => "Hard",
        })
    }
}

/// What the candidate writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One function, from JSON arguments to a JSON result.
    Function,
    /// One program, from text to text.
    Stdio,
    /// Several files with one program, from text to text.
    Project,
}

/// What a candidate's code is tried with.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// What goes in: the JSON array of the arguments, or text.
    pub input: String,
    /// What must come out: JSON, or text.
    pub expected: String,
    /// Whether the candidate may not see it.
    pub hidden: bool,
    /// How much it counts for the score.
    pub weight: f64,
    /// How long it may take, in milliseconds.
    pub limit_millis: u64,
}

/// What a language needs of a problem: what to start from, what is run, and how it is done.
#[derive(Clone, Debug)]
struct Edition {
    task: Task,
    starter: Vec<StartingFile>,
    reference: Vec<StartingFile>,
}

/// One problem of the bank.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Its name in addresses and in the log: its folder's.
    pub slug: ProblemSlug,
    /// Its title.
    pub title: String,
    /// It in one sentence.
    pub summary: String,
    /// How hard it is.
    pub difficulty: Difficulty,
    /// How long it takes, in minutes.
    pub minutes: u32,
    /// What it is about.
    pub tags: Vec<String>,
    /// In which languages it can be answered, in the order they are offered.
    pub languages: Vec<Language>,
    /// What the candidate writes.
    pub kind: Kind,
    /// The task, in Markdown.
    pub prompt: String,
    /// Three hints in Markdown, from a nudge to nearly there.
    pub hints: Vec<String>,
    /// All cases, the hidden ones too.
    pub cases: Vec<Case>,
    editions: BTreeMap<Language, Edition>,
}

impl Problem {
    /// What the candidate opens in that language, where it is offered.
    pub fn starter(&self, language: Language) -> Option<&[StartingFile]> {
        self.editions.get(&language).map(|edition| edition.starter.as_slice())
    }

    /// Files that pass every case. They never leave the server.
    pub fn reference(&self, language: Language) -> Option<&[StartingFile]> {
        self.editions.get(&language).map(|edition| edition.reference.as_slice())
    }

    /// What is run in that language, where it is offered.
    pub fn task(&self, language: Language) -> Option<&Task> {
        self.editions.get(&language).map(|edition| &edition.task)
    }

    /// The file that the candidate sees first in that language.
    pub fn main_file(&self, language: Language) -> Option<FilePath> {
        self.task(language).map(|task| task.entry(language))
    }

    /// All cases, ready for a run.
    pub fn run_cases(&self) -> Vec<RunCase> {
        self.cases.iter().map(RunCase::from).collect()
    }
}

impl From<&Case> for RunCase {
    fn from(case: &Case) -> Self {
        Self {
            name: case.name.clone(),
            input: case.input.clone(),
            expected: case.expected.clone(),
            hidden: case.hidden,
            limit_millis: case.limit_millis,
        }
    }
}

/// Why the bank cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BankError {
    /// A file or folder is missing or cannot be read.
    #[error("{file} cannot be read: {source}", file = file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file does not say what it must.
    #[error("{file}: {advice}", file = file.display())]
    Malformed {
        /// Which.
        file: PathBuf,
        /// What is wrong, and what to do.
        advice: String,
    },
}

impl BankError {
    fn unreadable(file: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Unreadable { file: file.to_owned(), source }
    }

    fn malformed(file: &Path, advice: impl Into<String>) -> Self {
        Self::Malformed { file: file.to_owned(), advice: advice.into() }
    }
}

/// All problems.
#[derive(Clone, Debug)]
pub struct Bank {
    problems: BTreeMap<ProblemSlug, Problem>,
}

impl Bank {
    /// Reads every folder of `dir`. One that is not right fails the whole.
    pub fn load(dir: &Path) -> Result<Self, BankError> {
        let mut problems = BTreeMap::new();
        for entry in std::fs::read_dir(dir).map_err(BankError::unreadable(dir))? {
            let path = entry.map_err(BankError::unreadable(dir))?.path();
            if path.is_dir() && !folder::is_ignored(&path) {
                let problem = folder::load(&path)?;
                problems.insert(problem.slug.clone(), problem);
            }
        }
        if problems.is_empty() {
            return Err(BankError::malformed(dir, "holds no problem: each is a folder with a problem.toml"));
        }
        Ok(Self { problems })
    }

    /// The problem of that name.
    pub fn problem(&self, slug: &ProblemSlug) -> Option<&Problem> {
        self.problems.get(slug)
    }

    /// All problems, by name.
    pub fn all(&self) -> impl Iterator<Item = &Problem> {
        self.problems.values()
    }
}
