//! The question bank in real boxes, of every engine: every reference passes every case, every starter fails one, and every
//! kind of mistake is told so that a candidate can act on it.

use std::path::Path;

use interview::question::{Language, StartingFile};
use interview::run::Verdict;
use service::ports::Limits;
use service::problems::{Bank, Problem};
use service::runs::{CaseResult, RunRequest, Urgency};

#[path = "problems/bench.rs"]
mod bench;
#[path = "problems/faults.rs"]
mod faults;
#[path = "problems/planted.rs"]
mod planted;
#[path = "../../sandbox/tests/support/podman_service.rs"]
mod podman_service;
#[path = "problems/shells.rs"]
mod shells;
#[path = "problems/values.rs"]
mod values;

use bench::Bench;

fn bank() -> Bank {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../problems");
    Bank::load(&folder).unwrap_or_else(|error| panic!("{error}"))
}

fn request(problem: &Problem, language: Language, files: Option<&[StartingFile]>) -> RunRequest {
    RunRequest {
        language,
        task: problem.task(language).expect("the language is offered").clone(),
        files: files.expect("the language is offered").to_vec(),
        cases: problem.run_cases(),
        limits: Limits::default(),
        urgency: Urgency::Usual,
        total_millis: None,
    }
}

/// What the tests of this file know of a result.
fn told(result: &CaseResult) -> String {
    format!(
        "{}: {:?} after {} ms\n  expected {}\n  got      {}\n  {}",
        result.name,
        result.outcome,
        result.millis,
        result.expected,
        result.got.as_deref().unwrap_or("nothing"),
        result.stderr.as_deref().unwrap_or_default(),
    )
}

async fn every_reference_passes(bench: &Bench, language: Language) {
    let mut complaints = Vec::new();
    for problem in bank().all().filter(|problem| problem.languages.contains(&language)) {
        let (_, results) = bench.run(request(problem, language, problem.reference(language))).await;
        assert_eq!(results.len(), problem.cases.len());
        let failed = results.iter().filter(|result| result.outcome != Verdict::Passed);
        complaints.extend(failed.map(|result| format!("{} in {language}, {}", problem.slug, told(result))));
    }
    assert!(complaints.is_empty(), "references must pass:\n{}", complaints.join("\n"));
}

async fn every_starter_fails(bench: &Bench, language: Language) {
    for problem in bank().all().filter(|problem| problem.languages.contains(&language)) {
        let failure = bench.first_failure(request(problem, language, problem.starter(language))).await;
        let failure =
            failure.unwrap_or_else(|| panic!("{}: the starter in {language} passes every case", problem.slug));
        let is_plain = matches!(failure.outcome, Verdict::Failed);
        assert!(
            is_plain,
            "{}: the starter in {language} must run and answer wrongly: {}",
            problem.slug,
            told(&failure)
        );
    }
}

/// Asks the same of every language in boxes of every engine.
macro_rules! languages {
    ($($module:ident $language:ident)*) => {
        mod bubblewrap { $(mod $module {
            use crate::*;

            #[tokio::test]
            async fn every_reference_passes_every_case() {
                every_reference_passes(&Bench::bubblewrap().await, Language::$language).await;
            }

            #[tokio::test]
            async fn every_starter_runs_and_fails_a_case() {
                every_starter_fails(&Bench::bubblewrap().await, Language::$language).await;
            }
        })* }

        mod podman { $(mod $module {
            use crate::*;

            #[tokio::test]
            async fn every_reference_passes_every_case() {
                if let Some(bench) = Bench::podman().await {
                    every_reference_passes(&bench, Language::$language).await;
                }
            }

            #[tokio::test]
            async fn every_starter_runs_and_fails_a_case() {
                if let Some(bench) = Bench::podman().await {
                    every_starter_fails(&bench, Language::$language).await;
                }
            }
        })* }
    };
}

languages! {
    python Python
    javascript JavaScript
    typescript TypeScript
    go Go
    rust Rust
}
