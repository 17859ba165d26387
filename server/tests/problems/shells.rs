//! What a candidate's shell has: the tools of every language, and what they need to work without a network.

use interview::question::{Language, StartingFile};
use sandbox::{Bubblewrap, Settings};
use service::ports::{Exit, Limits, Program, Sandbox as _};
use service::runs::ShellTools;

use crate::bank;
use crate::bench::toolchains;

/// Runs a line with the files of a problem's reference, in a box as a room has it.
async fn typed(language: Language, problem: &str, line: &str) -> (Exit, String) {
    let folder = tempfile::tempdir().expect("there is room for boxes");
    let ShellTools { mounts, path, env } = toolchains().await.for_shells();
    let sandbox = Bubblewrap::new(Settings { root: folder.path().to_owned(), mounts, path, env });
    let jail = sandbox.start(Limits::default()).await.expect("this machine can run code in boxes");
    let bank = bank();
    let problem = bank.all().find(|one| one.slug.as_str() == problem).expect("the problem is there");
    for StartingFile { path, text } in problem.reference(language).expect("the language is offered") {
        jail.write(path, text).await.expect("it is written");
    }
    let program = Program {
        argv: ["bash", "-c", line].map(String::from).to_vec(),
        env: Vec::new(),
        stdin: Vec::new(),
        wall_millis: 30_000,
        output_bytes: 64 << 10,
        mounts: Vec::new(),
    };
    let ran = jail.run(program).await.expect("it runs");
    jail.stop().await;
    (ran.exit, String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned())
}

#[tokio::test]
async fn a_program_in_every_language_runs_from_a_shell() {
    let log = "printf 'window=60 top=1\\n7 GET /x 200 5\\n'";
    for (language, run) in [
        (Language::Python, "python3 main.py"),
        (Language::JavaScript, "node main.js"),
        (Language::TypeScript, "node main.ts"),
        (Language::Go, "go run ."),
        (Language::Rust, "cargo run --quiet"),
    ] {
        let (exit, said) = typed(language, "access-log", &format!("{log} | {run}")).await;
        let printed = "window 0\n  /x count=1 errors=0 p95=5\nskipped 0\n";
        assert_eq!((exit, said.as_str()), (Exit::Status(0), printed), "{language}");
    }
}

#[tokio::test]
async fn tests_of_a_function_in_rust_are_run_by_cargo_without_a_network() {
    let test = "#[test] fn no_calendar_leaves_the_day_free() {\n\
                let day = Span { start: \"09:00\".into(), end: \"17:00\".into() };\n\
                assert_eq!(find_slots(&[], &day, 30, 0), [day]);\n}";
    let line = format!("echo '{test}' >> src/lib.rs && cargo fmt && cargo test --offline");
    let (exit, said) = typed(Language::Rust, "meeting-slots", &line).await;
    assert_eq!(exit, Exit::Status(0), "{said}");
    assert!(said.contains("test no_calendar_leaves_the_day_free ... ok"), "{said}");
}
