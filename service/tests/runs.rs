//! Runs in a scripted box: what goes in, what comes out, and what is made of it. No program is started.

#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use interview::FilePath;
use interview::question::{Language, StartingFile};
use interview::run::Verdict;
use interview::terminal::Size;
use service::ports::{Changed, Exit, Jail, Limits, Outfit, Program, Ran, Sandbox, SandboxError, Shell};
use service::runs::{CaseResult, RunCase, RunError, RunRequest, Runner, Summary, Task, ToolPaths, Toolchains, Urgency};
use tokio::sync::mpsc;

type Script = Box<dyn Fn(&Program) -> Result<Ran, SandboxError> + Send + Sync>;

/// A box in which programs do what a test says.
struct Scripted {
    script: Script,
    diary: Mutex<Diary>,
    /// The tools that it brings along.
    outfit: Mutex<Option<Outfit>>,
}

#[derive(Default)]
struct Diary {
    limits: Option<Limits>,
    written: Vec<(String, String)>,
    programs: Vec<Program>,
    stops: u32,
}

struct ScriptedSandbox(Arc<Scripted>);

impl std::fmt::Debug for Scripted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scripted")
    }
}

#[async_trait]
impl Sandbox for ScriptedSandbox {
    async fn start(&self, limits: Limits) -> Result<Arc<dyn Jail>, SandboxError> {
        self.0.diary.lock().unwrap().limits = Some(limits);
        let jail: Arc<dyn Jail> = self.0.clone();
        Ok(jail)
    }
    async fn check(&self) -> Result<(), SandboxError> {
        Ok(())
    }
    async fn outfit(&self) -> Result<Option<Outfit>, SandboxError> {
        Ok(self.0.outfit.lock().unwrap().clone())
    }
}

#[async_trait]
impl Jail for Scripted {
    async fn write(&self, path: &FilePath, text: &str) -> Result<(), SandboxError> {
        if path.as_str().starts_with("blocked") {
            return Err(SandboxError::NotWritable(path.clone(), "a folder is in its place".into()));
        }
        self.diary.lock().unwrap().written.push((path.to_string(), text.to_owned()));
        Ok(())
    }
    async fn remove(&self, _: &FilePath) -> Result<(), SandboxError> {
        Err(SandboxError::Stopped)
    }
    async fn read(&self, path: &FilePath) -> Result<String, SandboxError> {
        Err(SandboxError::NoFile(path.clone()))
    }
    async fn list(&self) -> Result<Vec<FilePath>, SandboxError> {
        Ok(Vec::new())
    }
    async fn watch(&self) -> Result<mpsc::Receiver<Changed>, SandboxError> {
        Err(SandboxError::Stopped)
    }
    async fn shell(&self, _: Size) -> Result<Shell, SandboxError> {
        Err(SandboxError::Stopped)
    }
    async fn run(&self, program: Program) -> Result<Ran, SandboxError> {
        self.diary.lock().unwrap().programs.push(program.clone());
        // A program takes its time, and others go on meanwhile.
        tokio::task::yield_now().await;
        (self.script)(&program)
    }
    async fn stop(&self) {
        self.diary.lock().unwrap().stops += 1;
    }
}

fn ended(exit: Exit) -> Ran {
    Ran {
        exit,
        stdout: Vec::new(),
        stderr: Vec::new(),
        report: Vec::new(),
        wall_millis: 7,
        cpu_millis: 5,
        peak_bytes: 4096,
    }
}

fn reported(report: &str) -> Ran {
    Ran { report: report.as_bytes().to_vec(), ..ended(Exit::Status(0)) }
}

fn case(name: &str, input: &str, expected: &str) -> RunCase {
    RunCase { limit_millis: 1_000, ..RunCase::own(name, input, expected) }
}

fn request(language: Language, task: Task, cases: Vec<RunCase>) -> RunRequest {
    let files = vec![StartingFile { path: task.entry(language), text: "code".into() }];
    let (urgency, total_millis) = (Urgency::Usual, None);
    RunRequest { language, task, files, cases, limits: Limits::default(), urgency, total_millis }
}

fn function(language: Language, cases: Vec<RunCase>) -> RunRequest {
    request(language, Task::Function { name: "add".into() }, cases)
}

fn program(language: Language, cases: Vec<RunCase>) -> RunRequest {
    request(language, Task::Program { main: Task::usual_main(language) }, cases)
}

fn tool_paths(home: &Path) -> ToolPaths {
    ToolPaths { system: home.to_owned(), tools: home.to_owned(), home: home.join("home") }
}

/// Puts a program of the system's in that place.
fn install(program: &Path) {
    fs::create_dir_all(program.parent().unwrap()).unwrap();
    symlink("/usr/bin/env", program).unwrap();
}

/// Tools that exist, though nobody ever starts them.
fn toolchains(home: &Path) -> Toolchains {
    let paths = tool_paths(home);
    for program in ["python3", "node/bin/node", "bin/esbuild", "go/bin/go", "rust/bin/rustc"] {
        install(&home.join(program));
    }
    Toolchains::prepare(&paths).unwrap()
}

fn scripted(script: impl Fn(&Program) -> Result<Ran, SandboxError> + Send + Sync + 'static) -> Arc<Scripted> {
    Arc::new(Scripted { script: Box::new(script), diary: Mutex::default(), outfit: Mutex::default() })
}

struct Outcome {
    summary: Result<Summary, RunError>,
    results: Vec<CaseResult>,
    scripted: Arc<Scripted>,
}

impl Outcome {
    fn diary(&self) -> std::sync::MutexGuard<'_, Diary> {
        self.scripted.diary.lock().unwrap()
    }
    fn outcomes(&self) -> Vec<Verdict> {
        self.results.iter().map(|result| result.outcome).collect()
    }
    fn said(&self, place: usize) -> &str {
        self.results[place].stderr.as_deref().unwrap_or_default()
    }
}

async fn execute(
    request: RunRequest,
    script: impl Fn(&Program) -> Result<Ran, SandboxError> + Send + Sync + 'static,
) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let scripted = scripted(script);
    let runner = Runner::new(Arc::new(ScriptedSandbox(scripted.clone())), Some(toolchains(folder.path())), 1);
    let (sender, mut receiver) = mpsc::channel(100);
    let summary = runner.execute(request, sender).await;
    let mut results = Vec::new();
    while let Some(result) = receiver.recv().await {
        results.push(result);
    }
    Outcome { summary, results, scripted }
}

#[tokio::test]
async fn a_case_passes_when_the_result_is_the_expected_one() {
    let cases = vec![case("adds", "2,3", "5"), case("adds more", "[2, 4]", "5")];
    let outcome = execute(function(Language::Python, cases), |program| {
        let given: Vec<i64> = serde_json::from_slice(&program.stdin).unwrap();
        Ok(reported(&format!("\n{{\"result\":{}}}\n", given.iter().sum::<i64>())))
    })
    .await;
    assert_eq!(outcome.summary.as_ref().unwrap(), &Summary { passed: 1, failed: 1 });
    assert_eq!(outcome.outcomes(), [Verdict::Passed, Verdict::Failed]);
    assert_eq!(outcome.results[1].got.as_deref(), Some("6"));
    assert_eq!(outcome.results[0].millis, 7);
    assert_eq!(outcome.diary().stops, 1);
}

#[tokio::test]
async fn nothing_and_an_empty_list_are_the_same_where_a_language_says_so() {
    let cases = vec![case("a", "1", "[]"), case("b", "1", "null"), case("c", "1", "0")];
    let outcome = execute(function(Language::Go, cases), |program| {
        Ok(if program.stdin.is_empty() { ended(Exit::Status(0)) } else { reported(r#"{"result":null,"filled":[]}"#) })
    })
    .await;
    assert_eq!(outcome.outcomes(), [Verdict::Passed, Verdict::Passed, Verdict::Failed]);
    assert_eq!(outcome.results[2].got.as_deref(), Some("[]"));
}

#[tokio::test]
async fn no_expected_value_enters_the_box() {
    let secret = "\"the-expected-value\"";
    for language in Language::ALL {
        let outcome =
            execute(function(language, vec![case("a", "1", secret)]), |_| Ok(reported("{\"result\":1}"))).await;
        let diary = outcome.diary();
        let everything = format!("{:?} {:?}", diary.programs, diary.written);
        let inputs: String =
            diary.programs.iter().map(|one| String::from_utf8_lossy(&one.stdin).into_owned()).collect();
        assert!(!everything.contains("the-expected-value") && !inputs.contains("the-expected-value"), "{language}");
    }
}

#[tokio::test]
async fn every_placeholder_of_every_language_is_filled() {
    for language in Language::ALL {
        for request in [function(language, vec![case("a", "1", "1")]), program(language, vec![case("a", "1", "1")])] {
            let outcome = execute(request, |_| Ok(ended(Exit::Status(0)))).await;
            for program in &outcome.diary().programs {
                let words = program.argv.iter().chain(program.env.iter().map(|(_, value)| value));
                for word in words {
                    assert!(!word.contains(['{', '}']) && !word.is_empty(), "{language}: {word:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_deleted_file_that_must_be_there_is_put_back() {
    let outcome = execute(program(Language::Go, vec![case("a", "", "")]), |_| Ok(ended(Exit::Status(0)))).await;
    let written: Vec<String> = outcome.diary().written.iter().map(|(path, _)| path.clone()).collect();
    assert_eq!(written, ["main.go", "go.mod"]);
}

#[tokio::test]
async fn code_is_prepared_once_and_its_fault_is_told_for_every_case() {
    let cases = vec![case("a", "1", "1"), case("b", "1", "1"), case("c", "1", "1")];
    let outcome = execute(function(Language::Go, cases), |_| {
        Ok(Ran { stderr: b"solution.go:3:1: syntax error".to_vec(), ..ended(Exit::Status(1)) })
    })
    .await;
    assert_eq!(outcome.outcomes(), [Verdict::Error; 3]);
    assert_eq!(outcome.said(2), "solution.go:3:1: syntax error");
    assert_eq!(outcome.diary().programs.len(), 1);
    assert_eq!(outcome.diary().stops, 1);
}

#[tokio::test]
async fn every_way_to_end_has_its_verdict() {
    let ways = [
        (Exit::TimedOut, Verdict::TimedOut),
        (Exit::CpuLimit, Verdict::TimedOut),
        (Exit::Idle, Verdict::Idle),
        (Exit::OutOfMemory, Verdict::OutOfMemory),
        (Exit::OutputLimit, Verdict::OutputLimit),
        (Exit::DiskLimit, Verdict::DiskLimit),
        (Exit::TooManyProcesses, Verdict::TooManyProcesses),
        (Exit::Killed, Verdict::Killed),
        (Exit::Signal(9), Verdict::Killed),
        (Exit::Status(137), Verdict::Killed),
        (Exit::Signal(11), Verdict::Error),
        (Exit::Status(1), Verdict::Error),
    ];
    let figures = |exit: &Exit| match exit {
        Exit::Killed | Exit::Status(137) => (None, Some(9)),
        Exit::Signal(signal) => (None, u8::try_from(*signal).ok()),
        Exit::Status(status) => (u8::try_from(*status).ok(), None),
        _ => (None, None),
    };
    for (exit, verdict) in ways {
        for request in [
            function(Language::Python, vec![case("a", "1", "1")]),
            program(Language::Python, vec![case("a", "1", "1")]),
        ] {
            let ending = exit.clone();
            let outcome = execute(request, move |_| Ok(ended(ending.clone()))).await;
            assert_eq!(outcome.outcomes(), [verdict]);
            let told = outcome.results[0].figures;
            assert_eq!((told.cpu_ms, (told.status, told.signal)), (Some(5), figures(&exit)));
            assert!(!outcome.said(0).is_empty());
        }
    }
}

#[tokio::test]
async fn a_runtime_that_says_it_has_no_memory_is_out_of_memory() {
    let signs = [
        (
            Language::JavaScript,
            Exit::Signal(6),
            "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n",
        ),
        (Language::Rust, Exit::Signal(6), "memory allocation of 8 bytes failed\n"),
        (Language::Go, Exit::Status(2), "fatal error: runtime: out of memory\n"),
        (Language::Python, Exit::Status(1), "Traceback (most recent call last):\nMemoryError\n"),
    ];
    for (language, exit, sign) in signs {
        let outcome = execute(program(language, vec![case("a", "1", "1")]), move |_| {
            Ok(Ran { stderr: sign.as_bytes().to_vec(), ..ended(exit.clone()) })
        })
        .await;
        assert_eq!(outcome.outcomes(), [Verdict::OutOfMemory], "{sign}");
    }
    for caught in
        ["Traceback (most recent call last):\nMemoryError\nValueError: after that\n", "it said\nMemoryError: no\n\nbye"]
    {
        let outcome = execute(program(Language::Python, vec![case("a", "1", "1")]), move |_| {
            Ok(Ran { stderr: caught.as_bytes().to_vec(), ..ended(Exit::Status(1)) })
        })
        .await;
        assert_eq!(outcome.outcomes(), [Verdict::Error], "it ended with something else: {caught}");
    }
    let thrown = r#"{"error":{"type":"MemoryError","message":"","trace":"MemoryError"}}"#;
    let outcome = execute(function(Language::Python, vec![case("a", "1", "1")]), |_| Ok(reported(thrown))).await;
    assert_eq!(outcome.outcomes(), [Verdict::OutOfMemory]);
}

#[tokio::test]
async fn a_pair_that_ran_out_of_what_it_shares_is_tried_again_one_by_one() {
    let cases = ["1", "2", "3"].map(|input| case(input, input, "0")).to_vec();
    let tries = Arc::new(Mutex::new(0));
    let outcome = execute(function(Language::Python, cases), move |program| {
        *tries.lock().unwrap() += 1;
        let greedy = program.stdin == b"[1]";
        let together = *tries.lock().unwrap() <= 2;
        Ok(if greedy || together { ended(Exit::OutOfMemory) } else { reported("{\"result\":0}") })
    })
    .await;
    assert_eq!(outcome.outcomes(), [Verdict::OutOfMemory, Verdict::Passed, Verdict::Passed]);
    assert_eq!(outcome.diary().programs.len(), 5);
}

#[tokio::test]
async fn hidden_cases_come_after_the_visible_ones_and_never_beside_one() {
    let hidden = |name: &str| RunCase { hidden: true, ..case(name, "1", "0") };
    let cases = vec![hidden("h"), case("v", "2", "0")];
    let outcome = execute(function(Language::Python, cases), |_| Ok(ended(Exit::OutOfMemory))).await;
    let names: Vec<&str> = outcome.results.iter().map(|result| result.name.as_str()).collect();
    assert_eq!(names, ["v", "h"]);
    assert_eq!(outcome.diary().programs.len(), 2, "a pair would have been tried again");
}

#[tokio::test]
async fn what_a_function_prints_does_not_disturb_the_verdict() {
    let outcome = execute(function(Language::Python, vec![case("a", "1", "1")]), |_| {
        Ok(Ran { stdout: b"{\"result\":2}\n".to_vec(), ..reported("{\"result\":1}") })
    })
    .await;
    assert_eq!(outcome.outcomes(), [Verdict::Passed]);
    assert_eq!(outcome.results[0].stdout.as_deref(), Some("{\"result\":2}\n"));
}

#[tokio::test]
async fn a_program_is_judged_by_what_it_prints() {
    let cases = vec![case("a", "x", "hello\nworld\n"), case("b", "x", "hello")];
    let outcome = execute(program(Language::JavaScript, cases), |_| {
        Ok(Ran { stdout: b"hello  \nworld".to_vec(), ..ended(Exit::Status(0)) })
    })
    .await;
    assert_eq!(outcome.outcomes(), [Verdict::Passed, Verdict::Failed]);
    assert_eq!(outcome.results[1].got.as_deref(), Some("hello  \nworld"));
}

#[tokio::test]
async fn long_texts_are_cut_between_characters_and_the_reason_is_kept() {
    let outcome = execute(function(Language::Python, vec![case("a", "1", "1")]), |_| {
        let long = "é".repeat(20_000).into_bytes();
        Ok(Ran { stdout: [b"a".to_vec(), long.clone()].concat(), stderr: long, ..ended(Exit::TimedOut) })
    })
    .await;
    let result = &outcome.results[0];
    let stdout = result.stdout.as_deref().unwrap();
    assert!(stdout.len() <= 16 << 10 && stdout.starts_with("aé") && stdout.contains("cut"));
    assert!(outcome.said(0).len() <= 16 << 10);
    assert!(outcome.said(0).ends_with("took longer than 1000 ms and was stopped"));
}

#[tokio::test]
async fn an_own_case_that_is_not_json_is_an_error_and_the_others_go_on() {
    let cases = vec![case("a", "ada", "1"), case("b", "1", "hello"), case("c", "1", "1")];
    let outcome = execute(function(Language::Python, cases), |_| Ok(reported("{\"result\":1}"))).await;
    assert_eq!(outcome.outcomes(), [Verdict::Error, Verdict::Error, Verdict::Passed]);
    assert!(outcome.said(0).contains("input") && outcome.said(1).contains("double quotes"));
}

#[tokio::test]
async fn files_that_cannot_be_written_are_the_candidates_error() {
    let mut request = function(Language::Python, vec![case("a", "1", "1")]);
    request.files.push(StartingFile { path: FilePath::parse("blocked/x").unwrap(), text: String::new() });
    let outcome = execute(request, |_| Ok(reported("{\"result\":1}"))).await;
    assert_eq!(outcome.outcomes(), [Verdict::Error]);
    assert_eq!(outcome.diary().stops, 1);
}

#[tokio::test]
async fn a_broken_box_is_an_error_of_the_run_and_is_stopped() {
    let outcome = execute(function(Language::Python, vec![case("a", "1", "1")]), |_| {
        Err(SandboxError::Unavailable("no more boxes".into()))
    })
    .await;
    assert!(matches!(&outcome.summary, Err(RunError::Unavailable(reason)) if reason.contains("no more boxes")));
    assert_eq!(outcome.diary().stops, 2, "the box and the one that was to take its place");
}

#[tokio::test]
async fn a_case_that_ends_its_box_is_killed_and_the_others_go_on_in_a_fresh_one() {
    for language in [Language::Python, Language::Go] {
        let cases = ["1", "2", "3"].map(|input| case(input, input, "0")).to_vec();
        let outcome = execute(function(language, cases), |program| match program.stdin.as_slice() {
            b"[2]" => Err(SandboxError::Unavailable("the box has ended".into())),
            b"" => Ok(ended(Exit::Status(0))),
            _ => Ok(reported("{\"result\":0}")),
        })
        .await;
        assert_eq!(outcome.outcomes(), [Verdict::Passed, Verdict::Killed, Verdict::Passed]);
        assert!(outcome.said(1).contains("ended its whole sandbox"), "{}", outcome.said(1));
        assert_eq!(outcome.summary.as_ref().unwrap(), &Summary { passed: 2, failed: 1 });
    }
}

#[tokio::test]
async fn code_that_ends_its_box_while_it_is_prepared_is_killed_in_every_case() {
    let cases = vec![case("a", "1", "1"), case("b", "1", "1")];
    let outcome = execute(function(Language::Go, cases), |program| match program.argv[0].as_str() {
        "true" => Ok(ended(Exit::Status(0))),
        _ => Err(SandboxError::Stopped),
    })
    .await;
    assert_eq!(outcome.outcomes(), [Verdict::Killed, Verdict::Killed]);
}

#[tokio::test]
async fn a_box_that_ended_once_without_the_codes_fault_costs_nothing() {
    let tries = Mutex::new(0);
    let outcome = execute(function(Language::Python, vec![case("a", "1", "1")]), move |program| {
        *tries.lock().unwrap() += usize::from(!program.stdin.is_empty());
        match (*tries.lock().unwrap(), program.stdin.is_empty()) {
            (1, false) => Err(SandboxError::Unavailable("the engine was restarted".into())),
            (_, true) => Ok(ended(Exit::Status(0))),
            _ => Ok(reported("{\"result\":1}")),
        }
    })
    .await;
    assert_eq!(outcome.outcomes(), [Verdict::Passed]);
}

#[tokio::test]
async fn own_cases_that_take_all_the_time_leave_none_for_the_rest() {
    let cases = ["1", "2", "3"].map(|input| case(input, input, "0")).to_vec();
    let request = RunRequest { total_millis: Some(0), ..function(Language::Python, cases) };
    let outcome = execute(request, |_| Ok(reported("{\"result\":0}"))).await;
    assert_eq!(outcome.outcomes(), [Verdict::TimedOut; 3]);
    assert!(outcome.diary().programs.is_empty());
}

#[tokio::test]
async fn a_run_that_decides_goes_before_those_that_wait() {
    let folder = tempfile::tempdir().unwrap();
    let order = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&order);
    let scripted = scripted(move |program| {
        seen.lock().unwrap().push(String::from_utf8_lossy(&program.stdin).into_owned());
        Ok(reported("{\"result\":0}"))
    });
    let runner = Runner::new(Arc::new(ScriptedSandbox(scripted)), Some(toolchains(folder.path())), 1);
    let run = |input: &str, urgency: Urgency| {
        let request = RunRequest { urgency, ..function(Language::Python, vec![case(input, input, "0")]) };
        let (sender, receiver) = mpsc::channel(1);
        let runner = &runner;
        async move {
            let summary = runner.execute(request, sender).await;
            drop(receiver);
            summary.unwrap()
        }
    };
    // They ask in this order, and the first still runs when the last one asks.
    tokio::join!(
        run("1", Urgency::Usual),
        run("2", Urgency::Usual),
        run("3", Urgency::Usual),
        run("4", Urgency::Decides),
    );
    assert_eq!(*order.lock().unwrap(), ["[1]", "[4]", "[2]", "[3]"]);
}

#[tokio::test]
async fn a_result_far_longer_than_the_expected_one_is_wrong_and_is_not_read() {
    // Nested too deeply to be read: it would be an error if it were.
    let long = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let short = format!("{}{}", "[".repeat(500), "]".repeat(500));
    for (result, verdict) in [(long, Verdict::Failed), (short, Verdict::Error)] {
        let report = format!("{{\"result\":{result}}}");
        let outcome =
            execute(function(Language::Python, vec![case("a", "1", "1")]), move |_| Ok(reported(&report))).await;
        assert_eq!(outcome.outcomes(), [verdict]);
    }
    let numbers = vec!["1"; 300_000].join(",");
    let outcome = execute(function(Language::Go, vec![case("a", "1", "[1]")]), move |program| {
        let report = format!("{{\"result\":[{numbers}],\"filled\":[{numbers}]}}");
        Ok(if program.stdin.is_empty() { ended(Exit::Status(0)) } else { reported(&report) })
    })
    .await;
    assert_eq!(outcome.outcomes(), [Verdict::Failed]);
    let got = outcome.results[0].got.as_deref().unwrap();
    assert!(got.starts_with("[1,1,") && got.ends_with("(the rest was cut)") && got.len() <= 16 << 10);
}

#[tokio::test]
async fn a_box_may_take_as_long_as_its_longest_case() {
    let slow = RunCase { limit_millis: 50_000, ..case("a", "1", "1") };
    let outcome = execute(function(Language::Python, vec![slow]), |_| Ok(reported("{\"result\":1}"))).await;
    assert!(outcome.diary().limits.unwrap().wall_millis > 50_000);
    assert!(outcome.diary().programs[0].wall_millis > 50_000);
}

#[tokio::test]
async fn a_box_that_lacks_a_tool_is_told_from_code_that_does_not_compile() {
    for is_there in [false, true] {
        let outcome = execute(program(Language::Rust, vec![case("a", "1", "1")]), move |program| {
            let is_look = program.argv[0] == "test";
            Ok(ended(Exit::Status(if !is_look { 127 } else { i32::from(!is_there) })))
        })
        .await;
        if is_there {
            assert_eq!(outcome.outcomes(), [Verdict::Error]);
        } else {
            let refused = outcome.summary.as_ref().unwrap_err().to_string();
            assert!(refused.contains("Rust cannot be run here"), "{refused}");
            assert!(outcome.results.is_empty());
        }
        assert_eq!(outcome.diary().stops, 1);
    }
}

#[tokio::test]
async fn a_language_without_its_tools_is_refused_before_a_box_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    install(&folder.path().join("python3"));
    let toolchains = Toolchains::prepare(&tool_paths(folder.path())).unwrap();
    assert_eq!(toolchains.languages(), [Language::Python]);
    let scripted = scripted(|_| Err(SandboxError::Stopped));
    let runner = Runner::new(Arc::new(ScriptedSandbox(scripted.clone())), Some(toolchains), 1);
    let (sender, _receiver) = mpsc::channel(1);
    let refused = runner.execute(function(Language::Go, vec![case("a", "1", "1")]), sender).await;
    assert!(matches!(refused, Err(RunError::NoTools { language: Language::Go, tool: "go" })));
    assert!(scripted.diary.lock().unwrap().limits.is_none());
}

#[tokio::test]
async fn boxes_that_bring_their_tools_along_are_asked_for_them_at_every_run() {
    let scripted = scripted(|_| Ok(ended(Exit::Status(1))));
    let runner = Runner::new(Arc::new(ScriptedSandbox(scripted.clone())), None, 1);
    assert_eq!((runner.offered(), runner.tool_title(Language::Go).as_str()), (Language::ALL.to_vec(), "Go"));
    let go = || function(Language::Go, vec![case("a", "1", "1")]);
    let refused = runner.execute(go(), mpsc::channel(1).0).await;
    assert!(matches!(refused, Err(RunError::Unavailable(_))), "nobody knows what the boxes have: {refused:?}");

    let tools = |tools: &[(&str, &str)]| {
        let tools = tools.iter().map(|(name, version)| ((*name).into(), (*version).into())).collect();
        *scripted.outfit.lock().unwrap() = Some(Outfit { tools });
    };
    tools(&[("python", "3.14.1"), ("node", "26.0.0"), ("a lathe", "1")]);
    let refused = runner.execute(go(), mpsc::channel(1).0).await;
    assert!(matches!(refused, Err(RunError::NoTools { language: Language::Go, tool: "go" })), "{refused:?}");
    assert_eq!(runner.offered(), [Language::Python, Language::JavaScript]);
    assert_eq!(runner.tool_title(Language::Python), "Python 3.14.1");

    tools(&[("go", "1.99.1")]);
    let (sender, _receiver) = mpsc::channel(1);
    assert_eq!(runner.execute(go(), sender).await.unwrap(), Summary { passed: 0, failed: 1 });
    let diary = scripted.diary.lock().unwrap();
    let program = &diary.programs[0];
    let places = ["/opt/interviewlm/go", "/opt/interviewlm/platform/go-cache/go1.99.1"];
    assert!(places.iter().all(|place| program.argv.iter().any(|word| word == place)), "{:?}", program.argv);
    assert!(program.mounts.is_empty(), "nothing of this machine is lent: {:?}", program.mounts);
}

#[tokio::test]
async fn where_nothing_can_be_run_every_language_is_offered() {
    let scripted = scripted(|_| Err(SandboxError::Stopped));
    *scripted.outfit.lock().unwrap() = Some(Outfit::default());
    let runner = Runner::new(Arc::new(ScriptedSandbox(scripted)), None, 1);
    runner.learn().await.unwrap();
    assert_eq!(runner.offered(), Language::ALL);
}
