//! Conversations with the practice assistant.

use interview::chat::{REJECTED, Stop};
use serde_json::json;

use super::*;
use crate::ports::assistant::{Call, Tool, ToolOutput, Turn};

const ALL: [&str; 5] = ["list_files", "read_file", "edit_file", "run_tests", "run_command"];

/// A room, the conversation in it, and what the assistant last did.
struct Room {
    prompt: Prompt,
    call: Option<Call>,
}

impl Room {
    fn with(tools: &[&'static str]) -> Self {
        let tool = |name: &&'static str| Tool { name, description: "", schema: json!({}) };
        let hints = ["Sort first.", "Then scan once.\n", "Keep the last end."].map(str::to_owned).to_vec();
        Self { prompt: Prompt { tools: tools.iter().map(tool).collect(), hints, ..Prompt::default() }, call: None }
    }

    async fn ask(&mut self, question: &str) -> String {
        self.prompt.turns.push(Turn::Candidate(question.to_owned()));
        self.listen().await
    }

    async fn returns(&mut self, text: &str, failed: bool) -> String {
        let call = self.call.take().expect("a call").id;
        self.prompt.turns.push(Turn::Results(vec![ToolOutput { call, text: text.to_owned(), failed }]));
        self.listen().await
    }

    async fn listen(&mut self) -> String {
        let mut pieces = Practice.answer(self.prompt.clone()).await;
        let (mut text, mut called) = (String::new(), None);
        while let Some(piece) = pieces.recv().await {
            match piece {
                Piece::Text(more) => text.push_str(&more),
                Piece::Call(call) => called = Some(call),
                Piece::Done { stop, blocks, usage } => {
                    assert_eq!(usage, Usage::default());
                    assert_eq!(stop == Stop::ToolUse, called.is_some());
                    assert!(matches!(&blocks[0], Block::Text(said) if *said == text));
                    self.prompt.turns.push(Turn::Assistant(blocks));
                    self.call = called.take();
                }
                Piece::Failed { reason, .. } => panic!("{reason}"),
            }
        }
        text
    }

    fn called(&self) -> (&str, serde_json::Value) {
        let call = self.call.as_ref().expect("a call");
        (&call.name, call.input.clone())
    }
}

#[tokio::test]
async fn it_says_once_that_it_is_no_language_model() {
    let mut room = Room::with(&ALL);
    assert!(room.ask("hello").await.contains("not a language model"));
    assert!(!room.ask("hello").await.contains("not a language model"));
    assert!(!Practice.is_language_model());
    assert_eq!(Practice.cost_microusd(Usage { output_tokens: 1_000_000, ..Usage::default() }), 0);
}

#[tokio::test]
async fn it_gives_one_hint_after_another() {
    let mut room = Room::with(&[]);
    assert!(room.ask("I am stuck").await.contains("Hint 1 of 3**\n\nSort first."));
    room.ask("thanks").await;
    assert!(room.ask("another hint please").await.contains("Hint 2 of 3**\n\nThen scan once.\n\nAsk again"));
    assert!(room.ask("help").await.contains("Keep the last end.\n\nThat was the last one."));
    assert!(room.ask("hint").await.contains("no more hints"));
    room.prompt.hints.clear();
    assert!(room.ask("hint").await.contains("has no hints"));
}

#[tokio::test]
async fn a_candidate_s_own_words_do_not_use_up_a_hint() {
    let mut room = Room::with(&[]);
    assert!(room.ask("Is \"Sort first.\" the hint?").await.contains("Hint 1 of 3"));
}

#[tokio::test]
async fn it_lists_and_reads_files() {
    let mut room = Room::with(&ALL);
    room.ask("what files are there?").await;
    assert_eq!(room.called(), ("list_files", json!({})));
    assert_eq!(room.returns("main.py\nutil.py", false).await, "- `main.py`\n- `util.py`\n");
    room.ask("read util.py").await;
    assert_eq!(room.called(), ("read_file", json!({ "path": "util.py" })));
    let text = room.returns("def f():\n    # TODO ```\n", false).await;
    assert_eq!(text, "`util.py` has 2 lines. Line 2 still says TODO.\n\n````\ndef f():\n    # TODO ```\n````");
    room.ask("read gone.py").await;
    assert_eq!(room.returns("there is no file gone.py", true).await, "That did not work: there is no file gone.py.");
}

#[tokio::test]
async fn it_runs_the_tests_and_says_how_they_went() {
    let mut room = Room::with(&ALL);
    room.ask("run the tests").await;
    assert_eq!(room.called(), ("run_tests", json!({})));
    assert_eq!(room.returns("5 passed, 0 failed\n- a: Passed\n", false).await, "All 5 tests pass.");
    room.ask("run the tests").await;
    let result = "1 passed, 2 failed\n- a: Passed\n- b: Failed\n  input: 1 2\n  got: 4\n- c: Timed out\n";
    let text = room.returns(result, false).await;
    assert_eq!(text, "1 of 3 tests pass. The first that does not:\n\n```\nb: Failed\n  input: 1 2\n  got: 4\n```");
    room.ask("run the tests").await;
    assert!(room.returns("no capacity", true).await.contains("could not be run: no capacity."));
}

#[tokio::test]
async fn it_proposes_the_edit_it_was_told() {
    let mut room = Room::with(&ALL);
    room.ask("edit main.py: replace `a < b` with `a <= b`").await;
    assert_eq!(room.called(), ("edit_file", json!({ "path": "main.py", "old": "a < b", "new": "a <= b" })));
    assert!(room.returns("main.py is changed", false).await.starts_with("`main.py` is changed."));
    room.ask("remove `a` from main.py").await;
    assert_eq!(room.returns(REJECTED, true).await, "All right, I leave `main.py` as it is.");
    room.ask("remove `a` from main.py").await;
    let text = room.returns("`old` occurs more than once; give more of the lines around it", true).await;
    assert!(text.contains("exactly once"), "{text}");
    room.ask("put this into new.py:\n```python\nx = 1\n```").await;
    assert_eq!(room.called(), ("edit_file", json!({ "path": "new.py", "content": "x = 1\n" })));
}

#[tokio::test]
async fn it_reads_a_file_before_it_puts_a_comment_in() {
    let mut room = Room::with(&ALL);
    room.ask("add the docstring `Adds.` to `solve` in main.py").await;
    assert_eq!(room.called(), ("read_file", json!({ "path": "main.py" })));
    room.returns("def solve(a):\n    return a\n", false).await;
    let new = "def solve(a):\n    \"\"\"Adds.\"\"\"\n";
    assert_eq!(room.called(), ("edit_file", json!({ "path": "main.py", "old": "def solve(a):\n", "new": new })));
    assert!(room.returns("main.py is changed", false).await.contains("is changed"));
}

#[tokio::test]
async fn it_runs_a_command() {
    let mut room = Room::with(&ALL);
    room.ask("run `ls -l`").await;
    assert_eq!(room.called(), ("run_command", json!({ "command": "ls -l" })));
    assert!(room.returns("exit status 0, 3 ms\n", false).await.ends_with("```\nexit status 0, 3 ms\n```"));
}

#[tokio::test]
async fn a_tool_it_does_not_have_is_not_called() {
    let requests = [
        ("what files are there", "list_files"),
        ("read main.py", "read_file"),
        ("run the tests", "run_tests"),
        ("run `ls`", "run_command"),
        ("in main.py replace `a` with `b`", "edit_file"),
        ("add the comment `x` to main.py", "edit_file"),
    ];
    for (request, tool) in requests {
        let mut room = Room::with(&ALL.into_iter().filter(|name| *name != tool).collect::<Vec<_>>());
        let text = room.ask(request).await;
        assert!(room.call.is_none() && text.contains(&format!("`{tool}`")), "{text}");
    }
}

#[tokio::test]
async fn no_two_calls_have_the_same_id() {
    let mut room = Room::with(&ALL);
    let mut ids = std::collections::BTreeSet::new();
    for _ in 0..12 {
        room.ask("run the tests").await;
        assert!(ids.insert(room.call.as_ref().expect("a call").id.clone()));
        room.returns("1 passed, 0 failed", false).await;
        room.prompt.turns.drain(..room.prompt.turns.len() - 4);
    }
}

#[tokio::test]
async fn what_it_does_not_understand_it_says() {
    let mut room = Room::with(&["read_file"]);
    let text = room.ask("Write me a poem.").await;
    assert!(
        text.contains("more than I understand") && text.contains("read main.py") && !text.contains("run the tests")
    );
    assert!(room.ask("replace `a` with `b`").await.contains("In which file?"));
    assert!(room.ask("add a comment to main.py").await.contains("text"));
}
