//! What a candidate's shell has: the tools of every language, and what they need to work without a network.

use std::sync::Arc;

use interview::FilePath;
use interview::question::{Language, StartingFile};
use sandbox::{Bubblewrap, Docker, Settings};
use service::ports::{Exit, Jail, Limits, Program, Sandbox};
use service::runs::ShellTools;
use tempfile::TempDir;

use crate::bank;
use crate::bench::toolchains;
use crate::podman_service::Podman;

/// A tool, files for it, a line that uses it, and what that prints last.
type Tool = (&'static str, &'static [(&'static str, &'static str)], &'static str, &'static str);

/// What candidates know from their own machines.
const TOOLS: &[Tool] = &[
    ("python", &[], "python -c 'print(6 * 7)'", "42"),
    (
        "pytest",
        &[("test_it.py", "def test_it():\n    assert 1 + 1 == 2\n")],
        "pytest -q | grep -o '1 passed'",
        "1 passed",
    ),
    ("node", &[], "node -e 'console.log(6 * 7)'", "42"),
    (
        "npm test",
        &[
            ("package.json", r#"{"type":"module","scripts":{"test":"node --test"}}"#),
            ("it.test.js", "import test from 'node:test';\ntest('it', () => {});\n"),
        ],
        "npm test | grep -o 'pass 1'",
        "pass 1",
    ),
    (
        "tsc",
        &[("good.ts", "export const a: number = 1;\n"), ("bad.ts", "export const a: number = 'one';\n")],
        "tsc --noEmit good.ts && ! tsc --noEmit bad.ts && tsc good.ts && node -p '1' && ls good.js",
        "good.js",
    ),
    ("tsx", &[("it.ts", "enum Colour { Red = 42 }\nconsole.log(Colour.Red as number);\n")], "tsx it.ts", "42"),
    (
        "go test",
        &[
            ("go.mod", "module it\n\ngo 1.21\n"),
            ("it_test.go", "package it\n\nimport \"testing\"\n\nfunc TestIt(t *testing.T) {}\n"),
        ],
        "go test ./... | grep -o '^ok'",
        "ok",
    ),
    (
        "git",
        &[("it.txt", "one\n")],
        "git init -q . && git add it.txt && git -c user.name=me -c user.email=me@here commit -qm first && git log --format=%s",
        "first",
    ),
    ("vim", &[("it.txt", "one\n")], "vim -es -c 's/one/two/' -c wq it.txt; cat it.txt", "two"),
    ("nano", &[], "nano --version | grep -o 'GNU nano'", "GNU nano"),
    ("less", &[("it.txt", "one\n")], "less -F it.txt", "one"),
    ("make", &[("Makefile", "it:\n\t@echo made\n")], "make it", "made"),
];

/// Says what of the ordinary tools does not work in a room's box.
async fn failing(jail: &dyn Jail) -> Vec<String> {
    let mut complaints = Vec::new();
    for (tool, files, line, told) in TOOLS {
        for (path, text) in *files {
            jail.write(&FilePath::parse(*path).expect("a path"), text).await.expect("it is written");
        }
        let (exit, said) = entered(jail, &format!("source /etc/interview.bashrc; {line}")).await;
        if exit != Exit::Status(0) || said.lines().last() != Some(told) {
            complaints.push(format!("{tool}: {exit:?}: {said}"));
        }
    }
    complaints
}

#[tokio::test]
async fn the_shell_of_a_box_has_the_ordinary_tools() {
    let folder = tempfile::tempdir().expect("there is room for boxes");
    let failing = failing(room(&folder).await.as_ref()).await;
    assert!(failing.is_empty(), "make setup brings what is missing:\n{}", failing.join("\n"));
}

#[tokio::test]
async fn the_shell_of_a_container_has_the_ordinary_tools() {
    let Some(podman) = Podman::start() else { return };
    let folder = tempfile::tempdir().expect("there is room for notes");
    let sandbox = Docker::new(podman.settings(folder.path().to_owned()));
    let jail = sandbox.start(Limits::default()).await.expect("Podman has boxes");
    let failing = failing(jail.as_ref()).await;
    jail.stop().await;
    assert!(failing.is_empty(), "make sandbox-image brings what is missing:\n{}", failing.join("\n"));
}

/// A box as a room has it.
async fn room(folder: &TempDir) -> Arc<dyn Jail> {
    let ShellTools { mounts, path, env } = toolchains().await.for_shells();
    let sandbox = Bubblewrap::new(Settings { root: folder.path().to_owned(), mounts, path, env });
    sandbox.start(Limits::default()).await.expect("this machine can run code in boxes")
}

/// Runs a line with the files of a problem's reference, in a box as a room has it.
async fn typed(language: Language, problem: &str, line: &str) -> (Exit, String) {
    let folder = tempfile::tempdir().expect("there is room for boxes");
    let jail = room(&folder).await;
    let bank = bank();
    let problem = bank.all().find(|one| one.slug.as_str() == problem).expect("the problem is there");
    for StartingFile { path, text } in problem.reference(language).expect("the language is offered") {
        jail.write(path, text).await.expect("it is written");
    }
    let told = entered(jail.as_ref(), line).await;
    jail.stop().await;
    told
}

/// Runs a line, and answers how it ended and all that it said.
async fn entered(jail: &dyn Jail, line: &str) -> (Exit, String) {
    let program = Program {
        argv: ["bash", "-c", line].map(String::from).to_vec(),
        env: Vec::new(),
        stdin: Vec::new(),
        wall_millis: 30_000,
        output_bytes: 64 << 10,
        mounts: Vec::new(),
    };
    let ran = jail.run(program).await.expect("it runs");
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
