//! What a candidate is told of each mistake, in each language.

use interview::FilePath;
use interview::question::{Language, StartingFile};
use interview::run::Verdict;
use service::ports::Limits;
use service::runs::{RunCase, RunRequest, Task, Urgency};

use crate::bench::Bench;

/// A mistake, the verdict on it, and words that must be told.
type Fault = (&'static str, Verdict, &'static [&'static str]);

/// The platform's own places and frames.
const NOTHING_OF_THE_CANDIDATES: [&str; 7] =
    ["/opt/", "/workspace/", "harness", "node:internal", "reflect.Value", ".interviewlm", "importlib"];

fn function_name(language: Language) -> &'static str {
    if language == Language::Go { "Answer" } else { "answer" }
}

fn request(language: Language, task: Task, text: &str, limit_millis: u64) -> RunRequest {
    let path: FilePath = task.entry(language);
    let files = vec![StartingFile { path, text: text.to_owned() }];
    let case = RunCase { limit_millis, ..RunCase::own("the case", "1", "2") };
    let limits = Limits { memory_bytes: 256 << 20, ..Limits::default() };
    RunRequest { language, task, files, cases: vec![case], limits, urgency: Urgency::Usual, total_millis: None }
}

async fn each_is_told(language: Language, faults: &[Fault]) {
    each_is_told_of(language, &Task::Function { name: function_name(language).into() }, faults).await;
}

async fn each_is_told_of(language: Language, task: &Task, faults: &[Fault]) {
    let bench = Bench::bubblewrap().await;
    for (text, verdict, words) in faults {
        let limit_millis = if *verdict == Verdict::TimedOut { 500 } else { 10_000 };
        let (_, results) = bench.run(request(language, task.clone(), text, limit_millis)).await;
        let result = &results[0];
        let said = result.stderr.as_deref().unwrap_or_default();
        assert_eq!(result.outcome, *verdict, "{text}\n{said}");
        for word in *words {
            assert!(said.contains(word), "{word:?} is not told of:\n{text}\nbut:\n{said}");
        }
        for word in NOTHING_OF_THE_CANDIDATES {
            assert!(!said.contains(word), "{word:?} is nothing of the candidate's, but told of:\n{text}\n{said}");
        }
    }
}

#[tokio::test]
async fn mistakes_in_python_are_told() {
    let faults: &[Fault] = &[
        ("def answer(x):\n    return x +\n", Verdict::Error, &["solution.py", "line 2", "SyntaxError"]),
        ("def answer(x):\n    y = x\n    return y[0]\n", Verdict::Error, &["line 3", "TypeError", "return y[0]"]),
        ("def answer(x):\n    while True: pass\n", Verdict::TimedOut, &["longer"]),
        ("def answer(x):\n    return len([0] * 10**9)\n", Verdict::OutOfMemory, &["memory"]),
        ("def answer(x):\n    print('{\"result\": 3}')\n    return x + 1\n", Verdict::Passed, &[]),
        ("def other(x):\n    return 2\n", Verdict::Error, &["solution.py has no function `answer`"]),
        ("def answer(x):\n    return float('nan')\n", Verdict::Error, &["`answer` returned NaN"]),
        ("def answer(x):\n    a = []\n    a.append(a)\n    return a\n", Verdict::Error, &["contains itself"]),
        ("def answer(x):\n    return {1, 2}\n", Verdict::Error, &["`set`"]),
        ("def answer(x):\n    return answer(x)\n", Verdict::Error, &["RecursionError", "line 2"]),
        ("import sys\ndef answer(x):\n    sys.exit(3)\n", Verdict::Error, &["sys.exit(3)"]),
        (
            "import os\ndef answer(x):\n    os._exit(3)\n",
            Verdict::Error,
            &["exit status 3", "before `answer` returned"],
        ),
        ("def answer(x):\n    while True: print('x' * 10000)\n", Verdict::OutputLimit, &["printed"]),
        ("async def answer(x):\n    return x + 1\n", Verdict::Passed, &[]),
        (
            "import os, signal\ndef answer(x):\n    for _ in range(1000):\n        os.fork() or signal.pause()\n",
            Verdict::TooManyProcesses,
            &["line 4", "processes"],
        ),
        ("raise ValueError('top')\n", Verdict::Error, &["line 1", "ValueError: top"]),
        (
            "def answer(x):\n    try:\n        1 / 0\n    except ZeroDivisionError:\n        raise KeyError('k')\n",
            Verdict::Error,
            &["line 3", "line 5", "KeyError"],
        ),
    ];
    each_is_told(Language::Python, faults).await;
}

#[tokio::test]
async fn mistakes_in_javascript_are_told() {
    let faults: &[Fault] = &[
        ("export function answer(x) {\n  return x +;\n}\n", Verdict::Error, &["solution.js:2", "SyntaxError"]),
        (
            "export function answer(x) {\n  return x.y.z;\n}\n",
            Verdict::Error,
            &["solution.js:2", "TypeError", "answer"],
        ),
        ("export function answer(x) {\n  for (;;);\n}\n", Verdict::TimedOut, &["longer"]),
        (
            "export function answer(x) {\n  const a = [];\n  for (;;) a.push(new Array(10000).fill(a.length));\n}\n",
            Verdict::OutOfMemory,
            &["memory"],
        ),
        ("export function answer(x) {\n  console.log('hi');\n  return x + 1;\n}\n", Verdict::Passed, &[]),
        ("export function other(x) {}\n", Verdict::Error, &["solution.js exports no function `answer`"]),
        ("function answer(x) {}\n", Verdict::Error, &["solution.js exports no function `answer`"]),
        ("export function answer(x) {\n  return [0 / 0];\n}\n", Verdict::Error, &["`answer` returned NaN"]),
        ("export function answer(x) {}\n", Verdict::Error, &["nothing (undefined)"]),
        ("export function answer(x) {\n  return [undefined];\n}\n", Verdict::Error, &["place 0"]),
        (
            "export function answer(x) {\n  const a = {};\n  a.a = a;\n  return a;\n}\n",
            Verdict::Error,
            &["contains itself"],
        ),
        ("export function answer(x) {\n  return new Map();\n}\n", Verdict::Error, &["a Map"]),
        ("export function answer(x) {\n  return answer(x);\n}\n", Verdict::Error, &["RangeError", "solution.js:2"]),
        ("export function answer(x) {\n  process.exit(3);\n}\n", Verdict::Error, &["exit status 3"]),
        ("export async function answer(x) {\n  return x + 1;\n}\n", Verdict::Passed, &[]),
        ("export async function answer(x) {\n  await new Promise(() => {});\n}\n", Verdict::Error, &["never settled"]),
        ("export function answer(x) {\n  throw 'a text';\n}\n", Verdict::Error, &["a text"]),
        ("import './missing.js';\n", Verdict::Error, &["missing.js"]),
        ("import { readFileSyncs } from 'node:fs';\n", Verdict::Error, &["readFileSyncs"]),
        ("setInterval(() => {}, 10);\nexport const answer = (x) => x + 1;\n", Verdict::Passed, &[]),
    ];
    each_is_told(Language::JavaScript, faults).await;
}

#[tokio::test]
async fn mistakes_in_typescript_are_told() {
    let faults: &[Fault] = &[
        ("export function answer(x: number) {\n  return x +;\n}\n", Verdict::Error, &["solution.ts:2", "Unexpected"]),
        (
            "interface A {\n  y: { z: number };\n}\nexport function answer(x: number) {\n  return (x as unknown as A).y.z;\n}\n",
            Verdict::Error,
            &["solution.ts:5", "TypeError", "answer"],
        ),
        ("export function answer(x: number) {\n  for (;;);\n}\n", Verdict::TimedOut, &["longer"]),
        (
            "export function answer(x: number) {\n  const a: number[][] = [];\n  for (;;) a.push(new Array(10000).fill(1));\n}\n",
            Verdict::OutOfMemory,
            &["memory"],
        ),
        ("export function other(x: number) {}\n", Verdict::Error, &["solution.ts exports no function `answer`"]),
        ("export function answer(x: number): number {\n  return x + 1;\n}\n", Verdict::Passed, &[]),
        ("import { a } from './missing';\nexport const answer = a;\n", Verdict::Error, &["missing"]),
        ("throw new Error('top');\n", Verdict::Error, &["solution.ts:1", "Error: top"]),
    ];
    each_is_told(Language::TypeScript, faults).await;
}

#[tokio::test]
async fn mistakes_in_go_are_told() {
    let faults: &[Fault] = &[
        (
            "package solution\n\nfunc Answer(x int) int {\n\treturn y\n}\n",
            Verdict::Error,
            &["solution.go:4:9: undefined: y"],
        ),
        ("package solution\n\nfunc Answer(x int) int {\n\treturn x +\n}\n", Verdict::Error, &["solution.go:5"]),
        (
            "package solution\n\nfunc Answer(x int) int {\n\tvar a []int\n\treturn a[x]\n}\n",
            Verdict::Error,
            &["solution.go:5", "index out of range", "Answer"],
        ),
        ("package solution\n\nfunc Answer(x int) int {\n\tfor {\n\t}\n}\n", Verdict::TimedOut, &["longer"]),
        (
            "package solution\n\nfunc Answer(x int) int {\n\tvar a [][]byte\n\tfor {\n\t\tb := make([]byte, 1<<20)\n\t\tfor i := range b {\n\t\t\tb[i] = 1\n\t\t}\n\t\ta = append(a, b)\n\t}\n}\n",
            Verdict::OutOfMemory,
            &["memory"],
        ),
        (
            "package solution\n\nfunc Other(x int) int { return 2 }\n",
            Verdict::Error,
            &["solution.go has no function `Answer`"],
        ),
        (
            "package solution\n\nimport \"math\"\n\nfunc Answer(x int) float64 { return math.NaN() }\n",
            Verdict::Error,
            &["NaN"],
        ),
        (
            "package solution\n\ntype T struct{ A, B *T }\n\nfunc Answer(x int) *T {\n\tt := &T{}\n\tt.A, t.B = t, t\n\treturn t\n}\n",
            Verdict::Error,
            &["contains itself"],
        ),
        (
            "package solution\n\nfunc Answer(x int) int { return Answer(x + 1) }\n",
            Verdict::Error,
            &["stack overflow", "solution.go:3"],
        ),
        (
            "package solution\n\nimport \"os\"\n\nfunc Answer(x int) int {\n\tos.Exit(3)\n\treturn 0\n}\n",
            Verdict::Error,
            &["exit status 3"],
        ),
        (
            "package solution\n\nimport \"errors\"\n\nfunc Answer(x int) (int, error) { return 0, errors.New(\"no luck\") }\n",
            Verdict::Error,
            &["no luck"],
        ),
        (
            "package solution\n\nimport \"fmt\"\n\nfunc Answer(x int) (int, error) {\n\tfmt.Println(\"hi\")\n\treturn x + 1, nil\n}\n",
            Verdict::Passed,
            &[],
        ),
        (
            "package solution\n\ntype R struct{ A []int }\n\nfunc Answer(x int) map[string]R { return map[string]R{\"a\": {}} }\n",
            Verdict::Failed,
            &[],
        ),
        ("package solution\n\nfunc Answer(x string) int { return 2 }\n", Verdict::Error, &["argument 1"]),
        ("package solution\n\nfunc Answer(x, y int) int { return 2 }\n", Verdict::Error, &["takes 2 arguments"]),
        (
            "package solution\n\nfunc Answer(x int) int {\n\tgo func() { panic(\"aside\") }()\n\tselect {}\n}\n",
            Verdict::Error,
            &["panic: aside", "solution.go:4"],
        ),
    ];
    each_is_told(Language::Go, faults).await;
}

#[tokio::test]
async fn mistakes_in_rust_are_told() {
    let faults: &[Fault] = &[
        ("pub fn answer(x: i64) -> i64 {\n    y + x\n}\n", Verdict::Error, &["E0425", "src/lib.rs:2:5", "`y`"]),
        ("pub fn answer(x: i64) -> i64 {\n    x +\n}\n", Verdict::Error, &["src/lib.rs:3", "expected expression"]),
        (
            "pub fn answer(x: &str) -> usize {\n    let y = x.to_owned();\n    drop(y);\n    y.len()\n}\n",
            Verdict::Error,
            &["E0382", "src/lib.rs:4", "borrow of moved value"],
        ),
        (
            "pub fn answer(x: usize) -> i64 {\n    let a: Vec<i64> = Vec::new();\n    inner(&a, x)\n}\n\nfn inner(a: &[i64], x: usize) -> i64 {\n    a[x]\n}\n",
            Verdict::Error,
            &["src/lib.rs:7:5", "index out of bounds", "at answer (src/lib.rs:3)"],
        ),
        ("pub fn answer(x: u32) -> u32 {\n    x - 2\n}\n", Verdict::Error, &["src/lib.rs:2", "subtract with overflow"]),
        (
            "pub fn answer(x: i64) -> i64 {\n    \"x\".parse::<i64>().unwrap() + x\n}\n",
            Verdict::Error,
            &["src/lib.rs:2", "InvalidDigit"],
        ),
        (
            "pub fn answer(x: i64) -> i64 {\n    loop {\n        std::hint::spin_loop();\n    }\n}\n",
            Verdict::TimedOut,
            &["longer"],
        ),
        (
            "pub fn answer(x: i64) -> i64 {\n    let mut a = Vec::new();\n    loop {\n        a.push(vec![x; 100_000]);\n    }\n}\n",
            Verdict::OutOfMemory,
            &["memory"],
        ),
        (
            "pub fn answer(x: i64) -> i64 {\n    let a: Vec<u8> = Vec::with_capacity(1 << 60);\n    a.len() as i64\n}\n",
            Verdict::OutOfMemory,
            &["memory allocation of"],
        ),
        ("pub fn other(x: i64) -> i64 {\n    x\n}\n", Verdict::Error, &["src/lib.rs has no function `answer`"]),
        ("fn answer(x: i64) -> i64 {\n    x\n}\n", Verdict::Error, &["`answer` in src/lib.rs is private", "pub fn"]),
        (
            "pub fn answer(x: std::rc::Rc<i64>) -> i64 {\n    *x\n}\n",
            Verdict::Error,
            &["cannot be called with JSON", "argument"],
        ),
        ("pub fn answer(x: f64) -> f64 {\n    x - f64::NAN\n}\n", Verdict::Error, &["NaN, which is not a JSON number"]),
        (
            "pub fn answer(x: i64) -> i64 {\n    answer(x + 1) + 1\n}\n",
            Verdict::Error,
            &["overflowed its stack", "before `answer` returned"],
        ),
        ("pub fn answer(x: i64) -> i64 {\n    std::process::exit(3)\n}\n", Verdict::Error, &["exit status 3"]),
        (
            "pub fn answer(x: i64) -> Result<i64, String> {\n    Err(\"no luck\".into())\n}\n",
            Verdict::Error,
            &["returned an error: no luck"],
        ),
        (
            "pub fn answer(x: i64) -> Result<i64, std::num::ParseIntError> {\n    println!(\"hi\");\n    Ok(x + 1)\n}\n",
            Verdict::Passed,
            &[],
        ),
        ("pub fn answer(x: &str) -> usize {\n    x.len()\n}\n", Verdict::Error, &["argument 1", "a text is wanted"]),
        ("pub fn answer(x: i64, y: i64) -> i64 {\n    x\n}\n", Verdict::Error, &["takes 2 arguments"]),
        (
            "pub fn answer(x: i64) -> i64 {\n    std::thread::spawn(|| panic!(\"aside\")).join().unwrap_or(x)\n}\n",
            Verdict::Failed,
            &["aside", "src/lib.rs:2"],
        ),
        (
            "mod inner;\n\npub fn answer(x: i64) -> i64 {\n    x\n}\n",
            Verdict::Error,
            &["src/lib.rs:1", "file not found for module `inner`"],
        ),
        (
            "use std::collections::HashMap;\nuse interview::{Json, record};\n\nrecord! {\n    pub struct R {\n        a: Option<char>,\n        b: (u8, [f64; 2]),\n    }\n}\n\npub fn answer(x: Json) -> HashMap<String, R> {\n    HashMap::from([(x.to_string(), R { a: None, b: (1, [0.5, 2.0]) })])\n}\n",
            Verdict::Failed,
            &[],
        ),
    ];
    each_is_told(Language::Rust, faults).await;
}

#[tokio::test]
async fn mistakes_in_programs_are_told() {
    let faults: [(Language, [Fault; 3]); 5] = [
        (
            Language::Python,
            [
                ("import sys\nprint(int(sys.stdin.read()) + 1)\n", Verdict::Passed, &[]),
                ("def f():\n    return 1 / 0\n\nf()\n", Verdict::Error, &["main.py", "line 2", "ZeroDivisionError"]),
                ("x = [0] * 10**9\n", Verdict::OutOfMemory, &["memory"]),
            ],
        ),
        (
            Language::JavaScript,
            [
                (
                    "import { readFileSync } from 'node:fs';\nconsole.log(Number(readFileSync(0)) + 1);\n",
                    Verdict::Passed,
                    &[],
                ),
                ("const f = () => null.x;\nf();\n", Verdict::Error, &["main.js:1", "TypeError", "main.js:2"]),
                ("const f = ;\n", Verdict::Error, &["main.js:1", "SyntaxError"]),
            ],
        ),
        (
            Language::TypeScript,
            [
                (
                    "import { readFileSync } from 'node:fs';\nconsole.log(Number(readFileSync(0)) + 1);\n",
                    Verdict::Passed,
                    &[],
                ),
                (
                    "interface A {\n  x: number;\n}\nconst a = null as unknown as A;\nconsole.log(a.x);\n",
                    Verdict::Error,
                    &["main.ts:5", "TypeError"],
                ),
                ("const f = ;\n", Verdict::Error, &["main.ts:1"]),
            ],
        ),
        (
            Language::Go,
            [
                (
                    "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tvar x int\n\tfmt.Scan(&x)\n\tfmt.Println(x + 1)\n}\n",
                    Verdict::Passed,
                    &[],
                ),
                (
                    "package main\n\nfunc main() {\n\tvar a []int\n\tprintln(a[1])\n}\n",
                    Verdict::Error,
                    &["index out of range", "main.main (main.go:5)"],
                ),
                (
                    "package main\n\nfunc main() {\n\tx := 1\n}\n",
                    Verdict::Error,
                    &["main.go:4", "declared and not used"],
                ),
            ],
        ),
        (
            Language::Rust,
            [
                (
                    "use std::io;\n\nfn main() {\n    let input = io::read_to_string(io::stdin()).unwrap();\n    println!(\"{}\", input.trim().parse::<i64>().unwrap() + 1);\n}\n",
                    Verdict::Passed,
                    &[],
                ),
                (
                    "fn main() {\n    let a: Vec<i64> = std::env::args().skip(1).map(|_| 1).collect();\n    println!(\"{}\", a[1]);\n}\n",
                    Verdict::Error,
                    &["src/main.rs:3", "index out of bounds"],
                ),
                ("fn main() {\n    let x: i64 = \"one\";\n}\n", Verdict::Error, &["src/main.rs:2", "mismatched types"]),
            ],
        ),
    ];
    for (language, faults) in faults {
        each_is_told_of(language, &Task::Program { main: Task::usual_main(language) }, &faults).await;
    }
}
