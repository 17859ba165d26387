//! Arguments and results on their way through each language: what goes in comes out unchanged.

use interview::question::{Language, StartingFile};
use interview::run::Verdict;
use service::ports::Limits;
use service::runs::{RunCase, RunRequest, Task, Urgency};

use crate::bench::Bench;
use crate::told;

/// A function that gives its argument back.
const ECHOES: [(Language, &str, &str); 5] = [
    (Language::Python, "echo", "def echo(x):\n    return x\n"),
    (Language::JavaScript, "echo", "export const echo = (x) => x;\n"),
    (Language::TypeScript, "echo", "export const echo = (x: unknown): unknown => x;\n"),
    (Language::Go, "Echo", "package solution\n\nfunc Echo(x any) any { return x }\n"),
    (Language::Rust, "echo", "use interview::Json;\n\npub fn echo(x: Json) -> Json {\n    x\n}\n"),
];

const VALUES: [&str; 12] = [
    "null",
    "[true, false]",
    "9007199254740991",
    "-0.1e-3",
    "1.5E+3",
    r#""""#,
    r#""a \"quoted\" \\ and /, a tab\t and a line\n""#,
    r#""caf\u00e9 \ud83d\ude00 é 😀 \u0000""#,
    "[]",
    "{}",
    r#"{"z": 1, "": {"a": [1, [2, [3, {}]]]}, "é": null}"#,
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
];

#[tokio::test]
async fn values_go_through_every_language_unchanged() {
    let bench = Bench::bubblewrap().await;
    for (language, name, text) in ECHOES {
        let task = Task::Function { name: name.into() };
        let files = vec![StartingFile { path: task.entry(language), text: text.into() }];
        let cases = VALUES.map(|value| RunCase::own(value, format!("[{value}]"), value)).to_vec();
        let request = RunRequest {
            language,
            task,
            files,
            cases,
            limits: Limits::default(),
            urgency: Urgency::Usual,
            total_millis: None,
        };
        let (_, results) = bench.run(request).await;
        for result in results {
            assert_eq!(result.outcome, Verdict::Passed, "{language}, {}", told(&result));
        }
    }
}

#[tokio::test]
async fn a_function_in_rust_takes_and_gives_the_types_of_rust() {
    let bench = Bench::bubblewrap().await;
    let imports = "use std::collections::*;\nuse interview::record;\n\nrecord! {\n    #[derive(Clone)]\n    \
                   pub struct Place {\n        r#type: char,\n        at: (i8, f32),\n        note: Option<String>,\n    }\n}\n";
    for (signature, returned, body, input, expected) in [
        ("a: u64, b: &str, c: &[i32]", "String", "format!(\"{a}{b}{c:?}\")", r#"[18, "x", [1, 2]]"#, r#""18x[1, 2]""#),
        (
            "a: Vec<Place>",
            "(usize, Vec<Place>)",
            "(a.len(), a)",
            r#"[[{"type": "x", "at": [1, 0.5]}]]"#,
            r#"[1, [{"type": "x", "at": [1, 0.5], "note": null}]]"#,
        ),
        (
            "a: &BTreeMap<String, Vec<u8>>",
            "Vec<String>",
            "a.keys().rev().cloned().collect::<Vec<_>>()",
            r#"[{"a": [1], "b": []}]"#,
            r#"["b", "a"]"#,
        ),
        ("a: HashMap<u8, bool>", "HashMap<u8, bool>", "a", r#"[{"7": true}]"#, r#"{"7": true}"#),
        (
            "a: HashSet<String>, b: [f64; 2]",
            "(HashSet<String>, f64)",
            "(a, b[0] + b[1])",
            r#"[["x", "x"], [1, 2.5]]"#,
            r#"[["x"], 3.5]"#,
        ),
        ("a: Option<&Place>", "Option<i8>", "a.map(|place| place.at.0)", "[null]", "null"),
        (
            "a: i64, _: i64, _: i64, _: i64, _: i64, b: i64",
            "Result<i64, String>",
            "Ok(a * b)",
            "[2, 0, 0, 0, 0, 21]",
            "42",
        ),
        ("", "()", "()", "[]", "null"),
    ] {
        let task = Task::Function { name: "answer".into() };
        let text = format!("{imports}\npub fn answer({signature}) -> {returned} {{\n    {body}\n}}\n");
        let files = vec![StartingFile { path: task.entry(Language::Rust), text }];
        let cases = vec![RunCase::own("the case", input, expected)];
        let request = RunRequest {
            language: Language::Rust,
            task,
            files,
            cases,
            limits: Limits::default(),
            urgency: Urgency::Usual,
            total_millis: None,
        };
        let (_, results) = bench.run(request).await;
        assert_eq!(results[0].outcome, Verdict::Passed, "{signature}: {}", told(&results[0]));
    }
}
