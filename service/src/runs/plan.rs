//! The programs of a run: what prepares the code once, and what is run for each case.

use interview::FilePath;
use interview::question::StartingFile;
use serde_json::Value;

use super::languages::{self, Commands, Manifest};
use super::{RunCase, RunRequest, Task, Toolchains, arguments, same};
use crate::ports::{Limits, Program};

const PREPARE_MILLIS: u64 = 30_000;
const PREPARE_OUTPUT_BYTES: u64 = 256 << 10;

/// How a request is carried out.
pub(super) struct Plan {
    manifest: &'static Manifest,
    task: Task,
    prepare: Option<Program>,
    run: Program,
}

/// One case, ready to be tried.
pub(super) enum Trial {
    /// The function of that name is called, and must give this value.
    Function { name: String, expected: Value, program: Program },
    /// The program must print the expected text.
    Program { program: Program },
    /// The case itself makes no sense; this is why.
    Refused(String),
}

impl Trial {
    /// What there is to run.
    pub(super) fn program(&self) -> Option<Program> {
        match self {
            Self::Function { program, .. } | Self::Program { program } => Some(program.clone()),
            Self::Refused(_) => None,
        }
    }
}

impl Plan {
    /// The plan for `request` with the tools that are here.
    pub(super) fn new(request: &RunRequest, toolchains: &Toolchains) -> Self {
        let manifest = languages::of(request.language);
        let commands = match request.task {
            Task::Function { .. } => &manifest.function,
            Task::Program { .. } => &manifest.program,
        };
        let Commands { prepare, run } = commands;
        let fill = |text: &String| toolchains.fill(request.language, &fill_task(text, &request.task));
        let program = |argv: &[String]| Program {
            argv: argv.iter().map(fill).collect(),
            env: manifest.env.iter().map(|(name, value)| (name.clone(), fill(value))).collect(),
            stdin: Vec::new(),
            wall_millis: PREPARE_MILLIS,
            output_bytes: PREPARE_OUTPUT_BYTES,
            mounts: toolchains.mounts(request.language),
        };
        Self {
            manifest,
            task: request.task.clone(),
            prepare: (!prepare.is_empty()).then(|| program(prepare)),
            run: Program { output_bytes: request.limits.output_bytes, ..program(run) },
        }
    }

    /// What the box may use: as asked for, with enough time for the longest of its programs.
    pub(super) fn limits(&self, request: &RunRequest) -> Limits {
        let longest = request.cases.iter().map(|case| self.wall_millis(case)).max().unwrap_or_default();
        Limits { wall_millis: longest.max(PREPARE_MILLIS), ..request.limits }
    }

    /// What is done once, before the first case.
    pub(super) fn prepare(&self) -> Option<Program> {
        self.prepare.clone()
    }

    /// A program that does nothing: what shows that a box works.
    pub(super) fn nothing(&self) -> Program {
        Program { argv: vec!["true".into()], wall_millis: PREPARE_MILLIS, ..self.run.clone() }
    }

    /// Looks whether a program is there.
    pub(super) fn look_for(&self, place: &str) -> Program {
        let argv = ["test", "-x", place].map(String::from).to_vec();
        Program { argv, wall_millis: PREPARE_MILLIS, ..self.run.clone() }
    }

    /// The candidate's files, and those that must not be missing.
    pub(super) fn files(&self, candidate: &[StartingFile]) -> Vec<StartingFile> {
        let is_there = |path: &FilePath| candidate.iter().any(|file| file.path == *path);
        let missing = self.manifest.files.iter().filter(|(path, _)| !is_there(path));
        let put_back = missing.map(|(path, text)| StartingFile { path: path.clone(), text: text.clone() });
        candidate.iter().cloned().chain(put_back).collect()
    }

    /// What the language says on stderr when it could not have more memory.
    pub(super) fn signs_of_no_memory(&self) -> &'static [String] {
        &self.manifest.signs_of_no_memory
    }

    /// How a case is tried.
    pub(super) fn trial(&self, case: &RunCase) -> Trial {
        match &self.task {
            Task::Function { name } => match function_trial(case) {
                Ok((input, expected)) => {
                    Trial::Function { name: name.clone(), expected, program: self.program(case, input) }
                }
                Err(reason) => Trial::Refused(reason),
            },
            Task::Program { .. } => Trial::Program { program: self.program(case, case.input.clone()) },
        }
    }

    fn program(&self, case: &RunCase, stdin: String) -> Program {
        Program { stdin: stdin.into_bytes(), wall_millis: self.wall_millis(case), ..self.run.clone() }
    }

    fn wall_millis(&self, case: &RunCase) -> u64 {
        case.limit_millis + self.manifest.startup_millis
    }
}

fn function_trial(case: &RunCase) -> Result<(String, Value), String> {
    let input = arguments::parse(&case.input).map_err(|error| format!("the input of this case: {error}"))?;
    let expected = same::parse_json(&case.expected)
        .map_err(|_| "the expected result of this case is not JSON: text needs \"double quotes\"".to_owned())?;
    Ok((input, expected))
}

fn fill_task(text: &str, task: &Task) -> String {
    match task {
        Task::Function { name } => text.replace("{function}", name),
        Task::Program { main } => text.replace("{main}", main.as_str()),
    }
}
