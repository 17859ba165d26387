//! Any log: what people, programs and clients may do in an interview, made into events one after the other.

use interview::chat::{self, MessageId};
use interview::editor::{self, Change, PastedFrom, Text, Via};
use interview::fact::{ChatFact, EditorFact, QuestionFact, RunFact, SessionFact, TerminalFact};
use interview::ids::ProblemSlug;
use interview::question::{self, Language, Outcome, StartingFile};
use interview::run::{self, Purpose, RunId, Verdict};
use interview::session::{self, Capture, EndReason};
use interview::terminal::{Bytes, Closed, Size};
use interview::{Actor, Event, Fact, FilePath, Offset, Origin, Seq, Stage};
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

use crate::screen::any_print;

const PATHS: &[&str] = &["main.py", "src/lib.ts", "größe.go", "notes/日本.md"];
const TEXTS: &[&str] =
    &["", "a", "\n", "def solve():\n    pass\n", "😀", "👩‍👩‍👧\r\n", "é", "ﷺ\t", "x = 'Ω'\n", "\u{2028}"];

/// What may happen next; choices are made when it is known what there is to choose from.
#[derive(Clone, Debug)]
enum Act {
    Session(SessionFact),
    Question(QuestionFact),
    File(EditorFact),
    Edit { file: Index, from: Index, length: usize, text: String, via: Via, pasted: PastedFrom },
    Select { file: Index, from: Index, to: Index },
    Terminal(TerminalFact),
    Chat(u64, ChatFact),
    Run(u64, RunFact),
}

/// A log of up to `most` events.
pub fn any_log(most: usize) -> impl Strategy<Value = Vec<Event>> {
    let gap = prop_oneof![4 => Just(0u64), 4 => 1u64..200, 1 => 4_000u64..20_000];
    let actor = select(&[Actor::Candidate, Actor::Assistant, Actor::Reviewer, Actor::System][..]);
    proptest::collection::vec((gap, actor, any_act()), 0..most).prop_map(|acts| {
        let mut stage = Stage::default();
        let mut events: Vec<Event> = Vec::new();
        for (gap, actor, act) in acts {
            let event = Event { seq: stage.next, at: Offset(stage.at.0 + gap), actor, fact: settle(act, &stage) };
            stage.apply(&event);
            events.push(event);
        }
        events
    })
}

fn settle(act: Act, stage: &Stage) -> Fact {
    match act {
        Act::Session(fact) => fact.into(),
        Act::Question(fact) => fact.into(),
        Act::File(fact) => fact.into(),
        Act::Terminal(fact) => fact.into(),
        Act::Chat(message, fact) => in_exchange(MessageId(message), fact).into(),
        Act::Run(run, fact) => in_run(RunId(run), fact).into(),
        Act::Edit { file, from, length, text, via, pasted } => {
            let (path, rev, known) = any_file(&file, stage);
            let start = boundary(&known, from.index(known.len() + 1));
            let end = boundary(&known, (start + length).min(known.len()));
            let from = (via == Via::Paste).then_some(pasted);
            let changes = vec![Change::new(start, end - start, text)];
            EditorFact::Edited(editor::Edited { path, rev: rev + 1, changes, via, from }).into()
        }
        Act::Select { file, from, to } => {
            let (path, _, text) = any_file(&file, stage);
            let ranges = vec![(from.index(text.len() + 1), to.index(text.len() + 1))];
            EditorFact::Selected(editor::Selected { path, ranges }).into()
        }
    }
}

/// One of the files, or now and then one that does not exist.
fn any_file(which: &Index, stage: &Stage) -> (FilePath, u64, Text) {
    let index = which.index(stage.editor.files.len() + 1);
    match stage.editor.files.iter().nth(index) {
        Some((path, file)) => (path.clone(), file.rev, file.text.clone()),
        None => (FilePath::parse("nowhere.txt").unwrap(), 6, Text::from("")),
    }
}

/// The nearest offset at or before that is not inside a character.
pub fn boundary(text: &Text, offset: usize) -> usize {
    (0..=offset).rev().find(|offset| text.is_boundary(*offset)).unwrap_or_default()
}

pub fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![6 => select(TEXTS).prop_map(str::to_owned), 1 => "\\PC{0,20}"]
}

fn any_path() -> impl Strategy<Value = FilePath> {
    select(PATHS).prop_map(|path| FilePath::parse(path).unwrap())
}

fn any_files() -> impl Strategy<Value = Vec<StartingFile>> {
    proptest::collection::vec((any_path(), any_text()), 0..4)
        .prop_map(|files| files.into_iter().map(|(path, text)| StartingFile { path, text }).collect())
}

fn any_act() -> impl Strategy<Value = Act> {
    let via = select(
        &[Via::Typing, Via::Paste, Via::Completion, Via::Undo, Via::Redo, Via::Format, Via::Assistant, Via::Disk][..],
    );
    let pasted = select(&[PastedFrom::Editor, PastedFrom::Assistant, PastedFrom::Terminal, PastedFrom::Outside][..]);
    let edit = (any::<Index>(), any::<Index>(), 0usize..6, any_text(), via, pasted)
        .prop_map(|(file, from, length, text, via, pasted)| Act::Edit { file, from, length, text, via, pasted });
    let selection =
        (any::<Index>(), any::<Index>(), any::<Index>()).prop_map(|(file, from, to)| Act::Select { file, from, to });
    prop_oneof![
        10 => edit,
        2 => selection,
        8 => any_terminal().prop_map(Act::Terminal),
        4 => (0u64..3, any_chat()).prop_map(|(message, fact)| Act::Chat(message, fact)),
        4 => (0u64..3, any_run()).prop_map(|(run, fact)| Act::Run(run, fact)),
        3 => any_file_fact().prop_map(Act::File),
        2 => any_session().prop_map(Act::Session),
        1 => any_question().prop_map(Act::Question),
    ]
}

fn any_file_fact() -> impl Strategy<Value = EditorFact> {
    prop_oneof![
        3 => (any_path(), any_text()).prop_map(|(path, text)| EditorFact::Created(editor::Created { path, text })),
        1 => any_path().prop_map(|path| EditorFact::Deleted(editor::PathOnly { path })),
        1 => (any_path(), any_path()).prop_map(|(from, to)| EditorFact::Renamed(editor::Renamed { from, to })),
        1 => any_path().prop_map(|path| EditorFact::Opened(editor::PathOnly { path })),
        // What no honest client sends, and a fold must bear all the same.
        1 => (any_path(), 0usize..50, 0usize..50, any_text()).prop_map(|(path, offset, removed, text)| {
            let changes = vec![Change::new(offset, removed, text)];
            EditorFact::Edited(editor::Edited { path, rev: 3, changes, via: Via::Typing, from: None })
        }),
    ]
}

fn any_session() -> impl Strategy<Value = SessionFact> {
    let tab = select(&["tab-a", "tab-b"][..]).prop_map(|tab| session::Tab { tab: Origin::parse(tab).unwrap() });
    prop_oneof![
        1 => (any_files(), any_language()).prop_map(|(files, language)| SessionFact::Started(session::Started {
            time_limit_ms: 3_600_000,
            language,
            question: ProblemSlug::parse("access-log").unwrap(),
            files,
        })),
        1 => subsequence(Capture::ALL.to_vec(), 0..=4).prop_map(|captures| SessionFact::Consented(session::Consented { terms: "2026-01".into(), captures })),
        3 => tab.clone().prop_map(SessionFact::Joined),
        3 => tab.prop_map(SessionFact::Left),
        2 => Just(SessionFact::Focused(session::Empty {})),
        2 => Just(SessionFact::Blurred(session::Empty {})),
        1 => Just(SessionFact::Submitted(session::Empty {})),
        1 => any_end().prop_map(|reason| SessionFact::Ended(session::Ended { reason })),
    ]
}

fn any_language() -> impl Strategy<Value = Language> {
    select(&Language::ALL[..])
}

fn any_end() -> impl Strategy<Value = EndReason> {
    select(&[EndReason::Submitted, EndReason::TimedOut, EndReason::Abandoned, EndReason::Closed][..])
}

fn any_question() -> impl Strategy<Value = QuestionFact> {
    let slug = select(&["access-log", "rate-limiter"][..]).prop_map(|slug| ProblemSlug::parse(slug).unwrap());
    prop_oneof![
        (slug.clone(), 0u32..3, any_files(), any_language()).prop_map(|(question, order, files, language)| {
            QuestionFact::Opened(question::Opened { question, order, title: "A title".into(), language, files })
        }),
        (slug, select(&[Outcome::Solved, Outcome::Partial, Outcome::Unsolved][..]))
            .prop_map(|(question, outcome)| QuestionFact::Closed(question::Closed { question, outcome })),
    ]
}

fn any_terminal() -> impl Strategy<Value = TerminalFact> {
    let size = (0u16..40, 0u16..20).prop_map(|(cols, rows)| Size { cols, rows });
    prop_oneof![
        12 => any_print().prop_map(|data| TerminalFact::Printed(Bytes { data })),
        2 => any_text().prop_map(|data| TerminalFact::Typed(Bytes { data: data + "\r" })),
        2 => size.clone().prop_map(TerminalFact::Resized),
        1 => size.prop_map(TerminalFact::Opened),
        1 => proptest::option::of(-1i32..256).prop_map(|code| TerminalFact::Closed(Closed { code })),
    ]
}

fn any_chat() -> impl Strategy<Value = ChatFact> {
    let message = MessageId(0);
    let call = select(&["one", "two"][..]).prop_map(str::to_owned);
    prop_oneof![
        2 => any_text().prop_map(move |text| ChatFact::Asked(chat::Asked { message, text })),
        4 => any_text().prop_map(move |text| ChatFact::Streamed(chat::Streamed { message, text })),
        1 => call.clone().prop_map(move |call| {
            let input = serde_json::json!({ "path": "main.py", "lines": [1, 2.5, null] });
            ChatFact::CalledTool(chat::CalledTool { message, call, name: "read_file".into(), input })
        }),
        1 => call.clone().prop_map(move |call| ChatFact::EditUndone(chat::EditUndone { message, call })),
        1 => (call, any_text(), any::<bool>()).prop_map(move |(call, output, failed)| {
            ChatFact::ToolReturned(chat::ToolReturned { message, call, output, failed })
        }),
        1 => (any::<u32>(), any_stop()).prop_map(move |(tokens, stop)| ChatFact::Answered(chat::Answered {
            message,
            model: "practice".into(),
            stop,
            input_tokens: tokens.into(),
            output_tokens: 2,
            cache_read_tokens: 3,
            cache_write_tokens: 4,
            cost_microusd: 5,
            first_token_ms: 6,
            total_ms: 7,
        })),
        1 => (0u64..3).prop_map(move |cost_microusd| {
            ChatFact::Failed(chat::Failed { message, reason: "it broke".into(), cost_microusd })
        }),
    ]
}

fn any_stop() -> impl Strategy<Value = chat::Stop> {
    use chat::Stop::{EndTurn, MaxTokens, ModelContextWindowExceeded, PauseTurn, Refusal, StopSequence, ToolUse};
    select(&[EndTurn, MaxTokens, ModelContextWindowExceeded, PauseTurn, Refusal, StopSequence, ToolUse][..])
}

fn any_verdict() -> impl Strategy<Value = Verdict> {
    use Verdict::{
        DiskLimit, Error, Failed, Idle, Killed, OutOfMemory, OutputLimit, Passed, TimedOut, TooManyProcesses,
    };
    let limits = [DiskLimit, Idle, Killed, OutOfMemory, OutputLimit, TimedOut, TooManyProcesses];
    prop_oneof![2 => select(&[Passed, Failed, Error][..]), 1 => select(limits.to_vec())]
}

fn in_exchange(message: MessageId, mut fact: ChatFact) -> ChatFact {
    match &mut fact {
        ChatFact::Asked(body) => body.message = message,
        ChatFact::Streamed(body) => body.message = message,
        ChatFact::CalledTool(body) => body.message = message,
        ChatFact::ToolReturned(body) => body.message = message,
        ChatFact::Answered(body) => body.message = message,
        ChatFact::Failed(body) => body.message = message,
        ChatFact::EditUndone(body) => body.message = message,
    }
    fact
}

fn any_run() -> impl Strategy<Value = RunFact> {
    let run = RunId(0);
    let purpose = select(&[Purpose::Tests, Purpose::OwnCases, Purpose::Assistant, Purpose::Final][..]);
    let secret = proptest::option::of("secret [a-z]{3}");
    prop_oneof![
        2 => (purpose, 0u64..9).prop_map(move |(purpose, as_of)| {
            RunFact::Requested(run::Requested { run, as_of: Seq(as_of), purpose })
        }),
        4 => (any::<bool>(), any_verdict(), any_figures(), proptest::collection::vec(secret, 5)).prop_map(move |(hidden, outcome, figures, mut texts)| {
            let mut text = || texts.pop().flatten();
            RunFact::CaseFinished(run::CaseFinished {
                run,
                case: "secret name".into(),
                hidden,
                outcome,
                ms: SECRET_NUMBER,
                figures,
                input: text(),
                expected: text(),
                got: text(),
                stdout: text(),
                stderr: text(),
            })
        }),
        1 => (0u32..3, 0u32..3).prop_map(move |(passed, failed)| RunFact::Finished(run::Finished { run, passed, failed, ms: 30 })),
        1 => Just(RunFact::Abandoned(run::Abandoned {
            run,
            reason: "no box was free".into(),
            code: Some(run::Fault::Unavailable),
        })),
    ]
}

/// What no candidate may see of a hidden case.
pub const SECRET_NUMBER: u64 = 987_654;

fn any_figures() -> impl Strategy<Value = run::Figures> {
    let small = || proptest::option::of(any::<u8>());
    (proptest::option::of(Just(987_654)), proptest::option::of(Just(SECRET_NUMBER)), small(), small())
        .prop_map(|(cpu_ms, peak_bytes, status, signal)| run::Figures { cpu_ms, peak_bytes, status, signal })
}

fn in_run(run: RunId, mut fact: RunFact) -> RunFact {
    match &mut fact {
        RunFact::Requested(body) => body.run = run,
        RunFact::CaseFinished(body) => body.run = run,
        RunFact::Finished(body) => body.run = run,
        RunFact::Abandoned(body) => body.run = run,
    }
    fact
}
