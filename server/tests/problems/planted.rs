//! What a candidate may leave in the workspace to be taken for a part of the harness: nothing of it is.

use interview::FilePath;
use interview::question::{Language, StartingFile};
use interview::run::Verdict;
use service::ports::Limits;
use service::runs::{RunCase, RunRequest, Task, Urgency};

use crate::bench::Bench;
use crate::told;

/// A wrong function and a wrong program in each language: both give 3 where 2 is expected.
const WRONG: [(Language, &str, &str, &str); 5] = [
    (Language::Python, "answer", "def answer(x):\n    return 3\n", "print(3)\n"),
    (Language::JavaScript, "answer", "export const answer = (x) => 3;\n", "console.log(3);\n"),
    (Language::TypeScript, "answer", "export const answer = (x: unknown) => 3;\n", "console.log(3 as number);\n"),
    (
        Language::Go,
        "Answer",
        "package solution\n\nfunc Answer(x any) any { return 3 }\n",
        "package main\n\nimport \"os\"\n\nfunc main() { os.Stdout.WriteString(\"3\\n\") }\n",
    ),
    (
        Language::Rust,
        "answer",
        "pub fn answer(x: i64) -> i64 {\n    x * 3\n}\n",
        "fn main() {\n    println!(\"3\");\n}\n",
    ),
];

const PYTHON: &str =
    "import os\ntry:\n    os.write(3, b'{\"result\": 2}\\n')\nexcept OSError:\n    pass\nprint(2)\nos._exit(0)\n";
const NODE: &str =
    "try { require('fs').writeSync(3, '{\"result\": 2}\\n') } catch {}\nconsole.log(2);\nprocess.exit(0);\n";
const SHELL: &str = "#!/bin/sh\necho '{\"result\": 2}' >&3\necho 2\nexit 0\n";
const PACKAGE: &str = r##"{"type":"module","private":true,"main":"./evil.cjs","imports":{"#node":"./evil.cjs"},
"scripts":{"preinstall":"node evil.cjs","start":"node evil.cjs","test":"node evil.cjs"}}"##;
const CARGO: &str = "[build]\nrustc = \"./rustc\"\nrustc-wrapper = \"./rustc\"\n[env]\nPATH = { value = \"/workspace\", force = true }\n";
const RUST_BUILD: &str = "fn main() {\n    println!(\"cargo::rustc-env=ANSWER=2\");\n}\n";

/// What some tool of the language reads by itself where it is asked to test, to install or to build.
const PLANTED: [(&str, &str); 21] = [
    ("conftest.py", PYTHON),
    ("sitecustomize.py", PYTHON),
    ("usercustomize.py", PYTHON),
    ("json.py", PYTHON),
    ("importlib/util.py", PYTHON),
    ("pytest.ini", "[pytest]\naddopts = -p conftest\n"),
    ("package.json", PACKAGE),
    ("evil.cjs", NODE),
    (".npmrc", "node-options=--require ./evil.cjs\nscript-shell=./sh\n"),
    ("node_modules/.bin/node", SHELL),
    ("node_modules/.bin/esbuild", SHELL),
    ("node_modules/fs/index.js", NODE),
    ("node", SHELL),
    ("python3", SHELL),
    ("go", SHELL),
    ("sh", SHELL),
    ("rustc", SHELL),
    (".cargo/config.toml", CARGO),
    ("rust-toolchain.toml", "[toolchain]\npath = \"/workspace\"\n"),
    ("build.rs", RUST_BUILD),
    (".interviewlm/main.go", "package main\n\nfunc main() { println(2) }\n"),
];

fn request(task: Task, language: Language, text: &str) -> RunRequest {
    let own = (task.entry(language), text);
    let planted = PLANTED.map(|(path, text)| (FilePath::parse(path).expect("a path"), text));
    let files = planted.into_iter().chain([own]).map(|(path, text)| StartingFile { path, text: text.into() });
    let case = RunCase { limit_millis: 20_000, ..RunCase::own("the case", "1", "2") };
    RunRequest {
        language,
        task,
        files: files.collect(),
        cases: vec![case],
        limits: Limits::default(),
        urgency: Urgency::Usual,
        total_millis: None,
    }
}

#[tokio::test]
async fn nothing_that_lies_in_the_workspace_speaks_for_a_harness() {
    let bench = Bench::bubblewrap().await;
    for (language, name, function, program) in WRONG {
        let tasks = [
            (Task::Function { name: name.into() }, function),
            (Task::Program { main: Task::usual_main(language) }, program),
        ];
        for (task, text) in tasks {
            let (_, results) = bench.run(request(task.clone(), language, text)).await;
            let said = told(&results[0]);
            assert_eq!(results[0].outcome, Verdict::Failed, "{language}, {task:?}: {said}");
            assert_eq!(results[0].got.as_deref().map(str::trim), Some("3"), "{language}, {task:?}: {said}");
        }
    }
}
