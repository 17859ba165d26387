//! Runs code against cases: files go into a fresh box, outputs come out, and the comparison happens out here.
//!
//! Expected values never enter a box. A timeout or too little memory is a verdict; only a box that cannot be had is an error.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use futures::future::try_join_all;
use interview::FilePath;
use interview::question::{Language, StartingFile};
use interview::run::{CaseFinished, Figures, RunId, Verdict};
use tokio::sync::{AcquireError, Semaphore, SemaphorePermit, mpsc};
use tokio::time::Instant;

use crate::ports::{Exit, Jail, Limits, Program, Ran, Sandbox, SandboxError};

pub mod arguments;
mod crash;
mod judge;
mod languages;
mod plan;
pub mod same;
pub mod toolchains;
mod tools;

pub use languages::fingerprint;
pub use toolchains::{ShellTools, ToolPaths, ToolchainError, Toolchains};

use judge::Judged;
use plan::{Plan, Trial};

/// How many cases of one run are tried at once.
const LANES: usize = 2;

/// How often a step that ends its box is tried.
const TRIES: usize = 2;

/// The status with which a shell says that a program does not exist.
const NOT_FOUND: i32 = 127;

/// What is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// One function, called with JSON arguments.
    Function {
        /// Its name.
        name: String,
    },
    /// A program, fed with text.
    Program {
        /// The file it starts from.
        main: FilePath,
    },
}

impl Task {
    /// The file that is run.
    pub fn entry(&self, language: Language) -> FilePath {
        match self {
            Self::Function { .. } => languages::of(language).function_file.clone(),
            Self::Program { main } => main.clone(),
        }
    }

    /// The file that a program starts from when nobody says another.
    pub fn usual_main(language: Language) -> FilePath {
        languages::of(language).main_file.clone()
    }
}

/// A case to be tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunCase {
    /// What it is called.
    pub name: String,
    /// What goes in: the arguments as JSON, or text.
    pub input: String,
    /// What must come out: JSON, or text.
    pub expected: String,
    /// Whether the candidate may not see it.
    pub hidden: bool,
    /// How long it may take, in milliseconds.
    pub limit_millis: u64,
}

impl RunCase {
    /// A case that a candidate wrote.
    pub fn own(name: impl Into<String>, input: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { name: name.into(), input: input.into(), expected: expected.into(), hidden: false, limit_millis: 2_000 }
    }
}

/// Code, and what to try it with.
#[derive(Clone, Debug)]
pub struct RunRequest {
    /// The language it is written in.
    pub language: Language,
    /// What is run.
    pub task: Task,
    /// The files as they stood when the run was asked for.
    pub files: Vec<StartingFile>,
    /// The cases.
    pub cases: Vec<RunCase>,
    /// What the box may use.
    pub limits: Limits,
    /// Whether it goes before others.
    pub urgency: Urgency,
    /// How long all cases together may take, in milliseconds, where that is not left to each of them.
    pub total_millis: Option<u64>,
}

/// Whether a run goes before others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// It waits for its turn.
    Usual,
    /// The end of an interview waits for it.
    Decides,
}

/// How a case came out. Texts are at most 16 KiB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseResult {
    /// The case's name.
    pub name: String,
    /// Whether the candidate may not see it.
    pub hidden: bool,
    /// How it came out.
    pub outcome: Verdict,
    /// How long it took, in milliseconds.
    pub millis: u64,
    /// What else was measured, where something ran.
    pub figures: Figures,
    /// What went in.
    pub input: String,
    /// What should have come out.
    pub expected: String,
    /// What came out, when something did.
    pub got: Option<String>,
    /// What a function printed on the way.
    pub stdout: Option<String>,
    /// Complaints: the program's own, the compiler's, an exception with its line, or why it was stopped.
    pub stderr: Option<String>,
}

impl CaseResult {
    /// The fact that it becomes in the log.
    pub fn finished(self, run: RunId) -> CaseFinished {
        CaseFinished {
            run,
            case: self.name,
            hidden: self.hidden,
            outcome: self.outcome,
            ms: self.millis,
            figures: self.figures,
            input: Some(self.input),
            expected: Some(self.expected),
            got: self.got,
            stdout: self.stdout,
            stderr: self.stderr,
        }
    }
}

/// How a whole run came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many cases passed.
    pub passed: u32,
    /// How many did not.
    pub failed: u32,
}

/// Why a run could not be done, through no fault of the code.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// No box, or not the tools for the language; the text is for the server's log.
    #[error("code cannot be run now: {0}")]
    Unavailable(String),
    /// This machine or the image of its boxes lacks what the language needs; to try again does not help.
    #[error("{language} cannot be run here, because its tool {tool} is missing")]
    NoTools {
        /// Which language.
        language: Language,
        /// What is missing.
        tool: &'static str,
    },
}

impl From<SandboxError> for RunError {
    fn from(error: SandboxError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<SandboxError> for Broken {
    fn from(_: SandboxError) -> Self {
        Self::Box
    }
}

/// Runs code, a few runs at a time.
pub struct Runner {
    sandbox: Arc<dyn Sandbox>,
    /// The tools of the boxes as far as is known: this machine's from the start, an image's when it was asked.
    known: RwLock<Option<Arc<Toolchains>>>,
    places: Semaphore,
    /// What runs that nobody's result depends on pass before they wait for a place: however many of them there are, one
    /// that decides waits for those under way alone.
    gate: Semaphore,
}

impl Runner {
    /// A runner with `at_once` places; more runs wait for one, so that time limits stay fair. Boxes that bring their own
    /// tools need no others.
    pub fn new(sandbox: Arc<dyn Sandbox>, toolchains: Option<Toolchains>, at_once: usize) -> Self {
        let known = RwLock::new(toolchains.map(Arc::new));
        let places = || Semaphore::new(at_once.max(1));
        Self { sandbox, known, places: places(), gate: places() }
    }

    /// Asks the boxes which tools they have. An image may be another one by now, so every run asks again.
    pub async fn learn(&self) -> Result<(), RunError> {
        if let Some(outfit) = self.sandbox.outfit().await? {
            let toolchains = Arc::new(Toolchains::of_image(&outfit));
            *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(toolchains);
        }
        Ok(())
    }

    fn known(&self) -> Option<Arc<Toolchains>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The languages to offer: those that boxes can run. All of them, where that is not known or there are none: then there
    /// can be interviews at least.
    pub fn offered(&self) -> Vec<Language> {
        let known = self.known().map(|toolchains| toolchains.languages());
        known.filter(|languages| !languages.is_empty()).unwrap_or_else(|| Language::ALL.to_vec())
    }

    /// The language with the version that runs it, where that is known: `Python 3.11.2`, `TypeScript on Node 24.19.0`.
    pub fn tool_title(&self, language: Language) -> String {
        self.known().map_or_else(|| language.title().to_owned(), |toolchains| toolchains.title(language))
    }

    /// Tries the code with every case and reports each as soon as it is known: in order, the visible ones before the
    /// hidden. Somebody must be receiving; when the receiver is dropped the run breaks off. The box is gone when this
    /// returns.
    pub async fn execute(
        &self,
        mut request: RunRequest,
        on_case: mpsc::Sender<CaseResult>,
    ) -> Result<Summary, RunError> {
        self.learn().await?;
        let unknown = || RunError::Unavailable("the boxes do not say which tools they have".into());
        let toolchains = self.known().ok_or_else(unknown)?;
        toolchains.require(request.language)?;
        // What a hidden case leaves in the box must not be found by one whose output the candidate sees.
        request.cases.sort_by_key(|case| case.hidden);
        let _place = self.place(request.urgency).await?;
        let plan = Plan::new(&request, &toolchains);
        let limits = plan.limits(&request);
        let jail = self.sandbox.start(limits).await?;
        let tools = toolchains.tools(request.language);
        let sandbox = self.sandbox.as_ref();
        let mut run = Run { sandbox, limits, jail, plan, request, tools, on_case, summary: Summary::default() };
        let done = run.finish().await;
        run.jail.stop().await;
        done.map(|()| run.summary)
    }

    async fn place(&self, urgency: Urgency) -> Result<(Option<SemaphorePermit<'_>>, SemaphorePermit<'_>), RunError> {
        let closed = |error: AcquireError| RunError::Unavailable(error.to_string());
        let passed = match urgency {
            Urgency::Usual => Some(self.gate.acquire().await.map_err(closed)?),
            Urgency::Decides => None,
        };
        Ok((passed, self.places.acquire().await.map_err(closed)?))
    }

    /// Runs one program beside a copy of these files. Nothing comes back but what it says; the box is gone when this
    /// returns.
    pub async fn try_out(&self, files: &[StartingFile], program: Program, limits: Limits) -> Result<Ran, RunError> {
        let _place = self.place(Urgency::Usual).await?;
        let jail = self.sandbox.start(limits).await?;
        for file in files {
            jail.write(&file.path, &file.text).await?;
        }
        let ran = jail.run(program).await?;
        jail.stop().await;
        Ok(ran)
    }
}

/// One run under way.
struct Run<'a> {
    sandbox: &'a dyn Sandbox,
    limits: Limits,
    /// Another one once a program has ended the first with itself.
    jail: Arc<dyn Jail>,
    plan: Plan,
    request: RunRequest,
    /// What the language needs, and where the box should have it.
    tools: Vec<(&'static str, String)>,
    on_case: mpsc::Sender<CaseResult>,
    summary: Summary,
}

/// Whether anybody still wants to know.
enum Listening {
    Yes,
    No,
}

/// Why a step could not be done.
enum Broken {
    /// Its box has ended. That may be a program's doing, so it says nothing about the next box.
    Box,
    /// It cannot be done in any box.
    Everything(RunError),
}

impl Run<'_> {
    async fn finish(&mut self) -> Result<(), RunError> {
        match self.begin().await? {
            Some(fault) => {
                let cases = self.request.cases.clone();
                self.report_same(&cases, &fault).await;
                Ok(())
            }
            None => self.try_cases().await,
        }
    }

    /// Brings the code into the box; answers what is wrong with it. Code that ends its box while it is prepared gets another,
    /// in case it was not the code.
    async fn begin(&mut self) -> Result<Option<Judged>, RunError> {
        for _ in 0..TRIES {
            match self.lay_out().await {
                Ok(fault) => return Ok(fault),
                Err(Broken::Everything(error)) => return Err(error),
                Err(Broken::Box) => self.renew().await?,
            }
        }
        Ok(Some(judge::ended_its_box("preparing the code")))
    }

    /// A fresh box in the place of one that has ended; an error if there is none that works.
    async fn renew(&mut self) -> Result<(), RunError> {
        self.jail.stop().await;
        self.jail = self.sandbox.start(self.limits).await?;
        self.jail.run(self.plan.nothing()).await?;
        Ok(())
    }

    async fn lay_out(&self) -> Result<Option<Judged>, Broken> {
        match self.write_files().await? {
            Some(fault) => Ok(Some(fault)),
            None => self.prepare().await,
        }
    }

    async fn write_files(&self) -> Result<Option<Judged>, Broken> {
        for file in self.plan.files(&self.request.files) {
            match self.jail.write(&file.path, &file.text).await {
                Ok(()) => {}
                Err(error @ (SandboxError::NotWritable(..) | SandboxError::NotText(_))) => {
                    return Ok(Some(Judged::error(error.to_string())));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    async fn prepare(&self) -> Result<Option<Judged>, Broken> {
        let Some(program) = self.plan.prepare() else { return Ok(None) };
        let limit_millis = program.wall_millis;
        let ran = self.jail.run(program).await?;
        self.require_tools(&ran).await?;
        Ok(judge::prepared(&ran, limit_millis, self.plan.signs_of_no_memory()))
    }

    async fn report_same(&mut self, cases: &[RunCase], fault: &Judged) {
        for case in cases {
            if let Listening::No = self.report(case, fault.clone()).await {
                return;
            }
        }
    }

    /// Tries the cases two by two, never a hidden one beside a visible one. Two share the box's memory and processes: when
    /// one of a pair runs out of them, the pair is tried again one by one, and so is the rest. A case that ends its box twice
    /// is told so; the rest goes on in a fresh one.
    async fn try_cases(&mut self) -> Result<(), RunError> {
        let cases = self.request.cases.clone();
        let mut rest = cases.as_slice();
        let (mut lanes, mut tries) = (LANES, 0);
        let deadline = self.request.total_millis.map(|millis| Instant::now() + Duration::from_millis(millis));
        while let Some(first) = rest.first() {
            if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                self.report_same(rest, &judge::too_late()).await;
                return Ok(());
            }
            let together = rest.iter().take(lanes).take_while(|case| case.hidden == first.hidden).count();
            let (now, later) = rest.split_at(together);
            let trials: Vec<Trial> = now.iter().map(|case| self.plan.trial(case)).collect();
            let judged = match try_join_all(trials.iter().map(|trial| self.run_trial(trial))).await {
                Ok(runs) if now.len() > 1 && runs.iter().flatten().any(judge::is_shared_fault) => {
                    lanes = 1;
                    continue;
                }
                Ok(runs) => {
                    let signs = self.plan.signs_of_no_memory();
                    let tried = now.iter().zip(&trials).zip(&runs);
                    tried.map(|((case, trial), ran)| judge::tried(case, trial, ran.as_ref(), signs)).collect()
                }
                Err(Broken::Everything(error)) => return Err(error),
                Err(Broken::Box) => {
                    self.renew().await?;
                    if let Some(fault) = self.begin().await? {
                        self.report_same(rest, &fault).await;
                        return Ok(());
                    }
                    tries += usize::from(now.len() == 1);
                    lanes = 1;
                    if tries < TRIES {
                        continue;
                    }
                    vec![judge::ended_its_box("the program")]
                }
            };
            tries = 0;
            for (case, judged) in now.iter().zip(judged) {
                if let Listening::No = self.report(case, judged).await {
                    return Ok(());
                }
            }
            rest = later;
        }
        Ok(())
    }

    async fn run_trial(&self, trial: &Trial) -> Result<Option<Ran>, Broken> {
        match trial.program() {
            Some(program) => {
                let ran = self.jail.run(program).await?;
                self.require_tools(&ran).await?;
                Ok(Some(ran))
            }
            None => Ok(None),
        }
    }

    /// Refuses to judge where a program was not found because the box, an older image's perhaps, lacks a tool.
    async fn require_tools(&self, ran: &Ran) -> Result<(), Broken> {
        if ran.exit != Exit::Status(NOT_FOUND) {
            return Ok(());
        }
        for (tool, place) in &self.tools {
            if self.jail.run(self.plan.look_for(place)).await?.exit != Exit::Status(0) {
                let language = self.request.language;
                return Err(Broken::Everything(RunError::NoTools { language, tool }));
            }
        }
        Ok(())
    }

    async fn report(&mut self, case: &RunCase, judged: Judged) -> Listening {
        let result = judged.of(case);
        match self.on_case.send(result.clone()).await {
            Ok(()) => {
                match result.outcome {
                    Verdict::Passed => self.summary.passed += 1,
                    _ => self.summary.failed += 1,
                }
                Listening::Yes
            }
            Err(_) => Listening::No,
        }
    }
}
