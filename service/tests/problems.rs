//! Folders of the bank that are right, and each way in which one can be wrong.

#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

use std::fs;
use std::path::Path;

use interview::ids::ProblemSlug;
use interview::question::Language;
use service::problems::{Bank, Difficulty, Kind};
use service::runs::Task;

const MANIFEST: &str = r#"
title = "Add"
summary = "Add two numbers."
difficulty = "easy"
minutes = 10
tags = ["numbers"]
languages = ["python", "go"]
kind = "function"
[function]
python = "add"
go = "Add"
"#;

const CASES: &str = r#"
[[case]]
name = "small"
input = "[2, 3]"
expected = "5"
[[case]]
name = "in the seed's form"
input = "2,3"
expectedOutput = "5"
weight = 1.5
limit_ms = 500
[[case]]
name = "secret"
input = "[1, 1]"
expected = "2"
hidden = true
"#;

/// A bank of one right problem, in which a test then breaks something.
fn bank() -> tempfile::TempDir {
    let bank = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("add/problem.toml", MANIFEST),
        ("add/prompt.md", "# Add\n"),
        ("add/hints.md", "## 1\n\nA nudge.\n\n## 2\n\nMore.\n\n## 3\n\nNearly there.\n"),
        ("add/cases.toml", CASES),
        ("add/starter/python/solution.py", "def add(a, b):\n    return 0\n"),
        ("add/reference/python/solution.py", "def add(a, b):\n    return a + b\n"),
        ("add/starter/go/solution.go", "package solution\n"),
        ("add/starter/go/inner/more.go", "package inner\n"),
        ("add/reference/go/solution.go", "package solution\n"),
    ] {
        write(bank.path(), path, text);
    }
    bank
}

fn write(bank: &Path, path: &str, text: impl AsRef<[u8]>) {
    let file = bank.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

fn complaint(bank: &Path) -> String {
    Bank::load(bank).unwrap_err().to_string()
}

#[test]
fn a_right_folder_is_read_whole() {
    let dir = bank();
    let bank = Bank::load(dir.path()).unwrap();
    let problem = bank.problem(&ProblemSlug::parse("add").unwrap()).unwrap();
    assert_eq!((problem.title.as_str(), problem.difficulty, problem.minutes), ("Add", Difficulty::Easy, 10));
    assert_eq!((problem.kind, &problem.languages), (Kind::Function, &vec![Language::Python, Language::Go]));
    assert_eq!(problem.hints, ["A nudge.", "More.", "Nearly there."]);
    assert_eq!(problem.task(Language::Go), Some(&Task::Function { name: "Add".into() }));
    assert_eq!(problem.main_file(Language::Python).unwrap().as_str(), "solution.py");
    let paths: Vec<&str> = problem.starter(Language::Go).unwrap().iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["inner/more.go", "solution.go"]);
    assert!(problem.reference(Language::Python).unwrap()[0].text.contains("a + b"));
    assert!(problem.starter(Language::JavaScript).is_none());
    assert_eq!(bank.all().count(), 1);
}

#[test]
fn a_case_has_its_defaults_and_both_forms_of_input() {
    let dir = bank();
    let bank = Bank::load(dir.path()).unwrap();
    let cases = &bank.all().next().unwrap().cases;
    let read: Vec<_> = cases.iter().map(|case| (case.input.as_str(), case.weight, case.limit_millis)).collect();
    assert_eq!(read, [("[2, 3]", 1.0, 2_000), ("[2,3]", 1.5, 500), ("[1, 1]", 2.0, 2_000)]);
    assert_eq!(cases.iter().map(|case| case.hidden).collect::<Vec<_>>(), [false, false, true]);
}

#[test]
fn a_project_names_its_main_files() {
    let dir = bank();
    let manifest = MANIFEST.split("kind =").next().unwrap().replace(", \"go\"", "");
    write(dir.path(), "add/problem.toml", format!("{manifest}kind = \"project\"\n"));
    assert!(complaint(dir.path()).contains("name the main file under [project] main for python"));
    write(
        dir.path(),
        "add/problem.toml",
        format!("{manifest}kind = \"project\"\n[project]\nmain = {{ python = \"src/app.py\" }}\n"),
    );
    assert!(complaint(dir.path()).contains("starter/python/src/app.py: is missing"));
    write(dir.path(), "add/starter/python/src/app.py", "");
    write(dir.path(), "add/reference/python/src/app.py", "");
    let bank = Bank::load(dir.path()).unwrap();
    assert_eq!(bank.all().next().unwrap().main_file(Language::Python).unwrap().as_str(), "src/app.py");
}

#[test]
fn each_wrong_file_is_named_with_what_to_do() {
    let wrong: [(&str, &str, &str); 16] = [
        ("add/problem.toml", "title = ", "problem.toml"),
        ("add/problem.toml", &MANIFEST.replace("\"Add\"", "\" \""), "a title"),
        ("add/problem.toml", &MANIFEST.replace("\"easy\"", "\"trivial\""), "trivial"),
        ("add/problem.toml", &MANIFEST.replace("minutes = 10", "minutes = 0"), "minutes"),
        ("add/problem.toml", &MANIFEST.replace("minutes", "minuets"), "minuets"),
        ("add/problem.toml", &MANIFEST.replace("[\"python\", \"go\"]", "[]"), "at least one language"),
        ("add/problem.toml", &MANIFEST.replace("\"go\"]", "\"cobol\"]"), "cobol"),
        ("add/problem.toml", &MANIFEST.replace("go = \"Add\"", ""), "name the function under [function] for go"),
        ("add/problem.toml", &MANIFEST.replace("\"Add\"\n", "\"Add Two\"\n"), "Add Two"),
        ("add/prompt.md", "\n", "write the task"),
        ("add/hints.md", "## 1\n\nOne.\n\n## 3\n\nThree.\n", "three hints"),
        ("add/hints.md", "## 1\n\n## 2\n\nTwo.\n\n## 3\n\nThree.\n", "three hints"),
        ("add/cases.toml", "", "at least one [[case]]"),
        ("add/cases.toml", &CASES.replace("\"[2, 3]\"", "\"[2, 3\""), "\"small\": input"),
        ("add/cases.toml", &CASES.replace("expected = \"5\"", "expected = \"five\""), "expected must be JSON"),
        ("add/cases.toml", &CASES.replace("\"secret\"", "\"small\""), "two cases are called \"small\""),
    ];
    for (file, text, advice) in wrong {
        let dir = bank();
        write(dir.path(), file, text);
        let said = complaint(dir.path());
        let is_told = said.contains(advice) && (said.contains(file) || file.ends_with("problem.toml"));
        assert!(is_told, "{file}: {said}");
    }
}

#[test]
fn a_wrong_weight_or_limit_is_refused() {
    for (right, wrong) in [("weight = 1.5", "weight = -1"), ("limit_ms = 500", "limit_ms = 0")] {
        let dir = bank();
        write(dir.path(), "add/cases.toml", CASES.replace(right, wrong));
        assert!(complaint(dir.path()).contains("in the seed's form"));
    }
}

#[test]
fn a_missing_file_is_named() {
    for file in ["problem.toml", "prompt.md", "hints.md", "cases.toml", "starter/go/solution.go", "reference/python"] {
        let dir = bank();
        let path = dir.path().join("add").join(file);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap();
        } else {
            fs::remove_file(path).unwrap();
        }
        assert!(complaint(dir.path()).contains(file), "{file}");
    }
}

#[test]
fn a_file_that_is_not_text_is_refused_and_what_tools_leave_is_not_read() {
    let dir = bank();
    write(dir.path(), "add/starter/python/__pycache__/solution.pyc", [0xff, 0xfe]);
    assert!(Bank::load(dir.path()).is_ok());
    write(dir.path(), "add/starter/python/logo.png", [0xff, 0xfe]);
    assert!(complaint(dir.path()).contains("logo.png"));
}

#[test]
fn a_bank_without_problems_is_refused() {
    assert!(complaint(tempfile::tempdir().unwrap().path()).contains("no problem"));
}
