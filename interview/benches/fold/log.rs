//! A long interview as it might go: mostly typing, some shell, some conversation, a run now and then.

use interview::chat::{Answered, Asked, CalledTool, MessageId, Stop, Streamed, ToolReturned};
use interview::editor::{Change, Edited, PathOnly, Selected, Via};
use interview::fact::{ChatFact, EditorFact, QuestionFact, RunFact, TerminalFact};
use interview::ids::ProblemSlug;
use interview::question::{Language, Opened, StartingFile};
use interview::run::{CaseFinished, Figures, Finished, Purpose, Requested, RunId, Verdict};
use interview::terminal::{Bytes, Size};
use interview::{Actor, Event, Fact, FilePath, Offset, Seq};

/// A small generator of chance, always the same.
pub struct Chance(pub u64);

impl Chance {
    /// A number below that.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % limit as u64) as usize
    }
}

const FILES: [&str; 4] = ["main.py", "limiter.py", "tests/test_main.py", "README.md"];

struct Writer {
    chance: Chance,
    events: Vec<Event>,
    at: u64,
    lengths: [usize; FILES.len()],
    revisions: [u64; FILES.len()],
    file: usize,
    cursor: usize,
    message: u64,
    run: u64,
}

/// A log of so many events.
pub fn of(length: usize) -> Vec<Event> {
    let mut writer = Writer {
        chance: Chance(42),
        events: Vec::with_capacity(length + 500),
        at: 0,
        lengths: [0; FILES.len()],
        revisions: [0; FILES.len()],
        file: 0,
        cursor: 0,
        message: 0,
        run: 0,
    };
    writer.open();
    while writer.events.len() < length {
        match writer.chance.below(1000) {
            0..600 => writer.type_word(),
            600..700 => writer.delete(),
            700..800 => writer.select(),
            800..990 => writer.print(),
            990..994 => writer.converse(),
            994..996 => writer.test(),
            996..998 => writer.paste(),
            _ => writer.turn(),
        }
    }
    writer.events.truncate(length);
    writer.events
}

impl Writer {
    fn put(&mut self, actor: Actor, fact: impl Into<Fact>) {
        self.at += self.chance.below(120) as u64;
        let seq = Seq(self.events.len() as u64);
        self.events.push(Event { seq, at: Offset(self.at), actor, fact: fact.into() });
    }

    fn path(&self) -> FilePath {
        FilePath::parse(FILES[self.file]).expect("a plain path")
    }

    fn open(&mut self) {
        let text = "def solve(words):\n    return None\n".repeat(40);
        self.lengths = [text.len(); FILES.len()];
        let file =
            |path: &&str| StartingFile { path: FilePath::parse(*path).expect("a plain path"), text: text.clone() };
        let question = Opened {
            question: ProblemSlug::parse("rate-limiter").expect("a plain name"),
            order: 0,
            title: "Rate limiter".into(),
            language: Language::Python,
            files: FILES.iter().map(file).collect(),
        };
        self.put(Actor::System, QuestionFact::Opened(question));
        self.put(Actor::System, TerminalFact::Opened(Size { cols: 120, rows: 30 }));
    }

    fn edit(&mut self, removed: usize, inserted: &str, via: Via) {
        let (offset, removed) = (self.cursor, removed.min(self.lengths[self.file] - self.cursor));
        self.revisions[self.file] += 1;
        self.lengths[self.file] = self.lengths[self.file] + inserted.len() - removed;
        let changes = vec![Change::new(offset, removed, inserted)];
        let edited = Edited { path: self.path(), rev: self.revisions[self.file], changes, via, from: None };
        self.put(Actor::Candidate, EditorFact::Edited(edited));
    }

    fn type_word(&mut self) {
        for _ in 0..self.chance.below(9) {
            let letter = char::from(b'a' + self.chance.below(26) as u8).to_string();
            self.edit(0, &letter, Via::Typing);
            self.cursor += 1;
        }
        let space = if self.chance.below(6) == 0 { "\n    " } else { " " };
        self.edit(0, space, Via::Typing);
    }

    fn delete(&mut self) {
        let most = if self.lengths[self.file] > 8_000 { 120 } else { 12 };
        let removed = self.chance.below(most);
        self.edit(removed, "", Via::Typing);
    }

    fn paste(&mut self) {
        self.edit(0, &"a pasted line of some length = 42\n".repeat(12), Via::Paste);
    }

    fn select(&mut self) {
        self.cursor = self.chance.below(self.lengths[self.file] + 1);
        let ranges = vec![(self.cursor, self.cursor)];
        self.put(Actor::Candidate, EditorFact::Selected(Selected { path: self.path(), ranges }));
    }

    fn turn(&mut self) {
        self.file = self.chance.below(FILES.len());
        self.cursor = 0;
        self.put(Actor::Candidate, EditorFact::Opened(PathOnly { path: self.path() }));
    }

    fn print(&mut self) {
        let lines = 1 + self.chance.below(12);
        for line in 0..lines {
            let data = format!(
                "\u{1b}[32mPASSED\u{1b}[0m tests/test_main.py::test_{line}\u{1b}[K \u{1b}[1;34m[{line}%]\u{1b}[0m in 0.0{line}s\r\n"
            );
            self.put(Actor::System, TerminalFact::Printed(Bytes { data }));
        }
    }

    fn converse(&mut self) {
        let message = MessageId(self.message);
        self.message += 1;
        self.put(Actor::Candidate, ChatFact::Asked(Asked { message, text: "How would you test this?".into() }));
        let call = format!("call_{}", message.0);
        let input = serde_json::json!({ "path": "main.py" });
        self.put(
            Actor::Assistant,
            ChatFact::CalledTool(CalledTool { message, call: call.clone(), name: "read_file".into(), input }),
        );
        let output = "def solve(words):\n".repeat(30);
        self.put(Actor::Assistant, ChatFact::ToolReturned(ToolReturned { message, call, output, failed: false }));
        for _ in 0..40 + self.chance.below(80) {
            self.put(
                Actor::Assistant,
                ChatFact::Streamed(Streamed { message, text: "a few words of the answer ".into() }),
            );
        }
        self.put(
            Actor::Assistant,
            ChatFact::Answered(Answered {
                message,
                model: "practice".into(),
                stop: Stop::EndTurn,
                input_tokens: 900,
                output_tokens: 400,
                cache_read_tokens: 0,
                cache_write_tokens: 0,
                cost_microusd: 1,
                first_token_ms: 300,
                total_ms: 4_000,
            }),
        );
    }

    fn test(&mut self) {
        let run = RunId(self.run);
        self.run += 1;
        let as_of = Seq(self.events.len() as u64);
        self.put(Actor::Candidate, RunFact::Requested(Requested { run, as_of, purpose: Purpose::Tests }));
        for case in 0..10 {
            let text = || Some("[1, 2, 3, 4, 5, 6, 7, 8]".repeat(4));
            self.put(
                Actor::System,
                RunFact::CaseFinished(CaseFinished {
                    run,
                    case: format!("case {case}"),
                    hidden: case > 3,
                    outcome: Verdict::Passed,
                    ms: 12,
                    figures: Figures { cpu_ms: Some(9), peak_bytes: Some(9 << 20), status: Some(0), signal: None },
                    input: text(),
                    expected: text(),
                    got: text(),
                    stdout: None,
                    stderr: None,
                }),
            );
        }
        self.put(Actor::System, RunFact::Finished(Finished { run, passed: 10, failed: 0, ms: 120 }));
    }
}
