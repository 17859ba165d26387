//! What the practice assistant says to a message, and the call it makes for it.

use serde_json::{Value, json};

use super::results;
use super::wish::Wish;
use crate::ports::assistant::{Block, Call, Prompt, Turn};

/// What it says, and the tool it then uses.
#[derive(Debug)]
pub struct Answer {
    /// What it says.
    pub text: String,
    /// The call, if it makes one.
    pub call: Option<Call>,
}

impl Answer {
    /// The answer to a prompt.
    pub fn to(prompt: &Prompt) -> Self {
        let question = prompt.turns.iter().rev().find_map(|turn| match turn {
            Turn::Candidate(question) => Some(question.as_str()),
            Turn::Assistant(_) | Turn::Results(_) => None,
        });
        let wish = Wish::of(question.unwrap_or_default());
        if let [.., Turn::Assistant(blocks), Turn::Results(outputs)] = &prompt.turns[..] {
            return results::answer(prompt, &wish, blocks, outputs);
        }
        let mut answer = first(prompt, wish);
        if !prompt.turns.iter().any(|turn| matches!(turn, Turn::Assistant(_))) {
            answer.text.insert_str(0, INTRODUCTION);
        }
        answer
    }

    /// An answer without a call.
    pub fn saying(text: impl Into<String>) -> Self {
        Self { text: text.into(), call: None }
    }

    /// An answer that uses a tool, or says that it would need it.
    pub fn calling(prompt: &Prompt, text: impl Into<String>, tool: &str, input: Value) -> Self {
        if !may_use(prompt, tool) {
            return Self::saying(format!(
                "For that I would need the tool `{tool}`, which I do not have in this interview."
            ));
        }
        let call = Call { id: next_id(prompt), name: tool.to_owned(), input };
        Self { text: text.into(), call: Some(call) }
    }
}

/// Whether a tool is offered.
pub fn may_use(prompt: &Prompt, tool: &str) -> bool {
    prompt.tools.iter().any(|offered| offered.name == tool)
}

const INTRODUCTION: &str = "*I am the practice assistant: not a language model, but this problem's own hints and a few \
                            tools.*\n\n";

fn first(prompt: &Prompt, wish: Wish) -> Answer {
    match wish {
        Wish::Hint => Answer::saying(hint(prompt)),
        Wish::Files => Answer::calling(prompt, "Here are your files.", "list_files", json!({})),
        Wish::Read(path) => Answer::calling(prompt, format!("Reading `{path}`."), "read_file", json!({ "path": path })),
        Wish::Comment(wish) if may_use(prompt, "edit_file") => {
            let text = format!("First I read `{}`, to find the place.", wish.path);
            Answer::calling(prompt, text, "read_file", json!({ "path": wish.path }))
        }
        Wish::Comment(wish) => Answer::calling(prompt, "", "edit_file", json!({ "path": wish.path })),
        Wish::Tests => Answer::calling(prompt, "Running the tests.", "run_tests", json!({})),
        Wish::Command(command) => {
            Answer::calling(prompt, format!("Running `{command}`."), "run_command", json!({ "command": command }))
        }
        Wish::Replace { path, old, new } => {
            let input = json!({ "path": path, "old": old, "new": new });
            Answer::calling(prompt, format!("This is the change to `{path}`."), "edit_file", input)
        }
        Wish::Write { path, content } => {
            let input = json!({ "path": path, "content": content });
            Answer::calling(prompt, format!("This is the new `{path}`."), "edit_file", input)
        }
        Wish::EditSomewhere => Answer::saying(
            "In which file? Name it in the same message, for example: in `main.py`, replace `a < b` with `a <= b`.",
        ),
        Wish::CommentOfUnknownText => Answer::saying(
            "I cannot write the text for you. Put it into quotes, for example: add the comment `Both ends move inwards.` \
             to `main.py`.",
        ),
        Wish::Pleasantry => Answer::saying(format!("At your service. {}", abilities(prompt))),
        Wish::Unclear => Answer::saying(format!("That is more than I understand. {}", abilities(prompt))),
    }
}

/// The first hint that was not given yet. What was given is read from the conversation, which outlives a restart.
fn hint(prompt: &Prompt) -> String {
    let all = prompt.hints.len();
    let given = (1..=all).rev().find(|number| was_said(prompt, prompt.hints[number - 1].trim())).unwrap_or(0);
    let Some(hint) = prompt.hints.get(given) else {
        return match prompt.hints.last() {
            Some(last) => format!("I have no more hints. This was the last one:\n\n{}", last.trim()),
            None => "This problem has no hints.".to_owned(),
        };
    };
    let more = if given + 1 < all { "\n\nAsk again for the next one." } else { "\n\nThat was the last one." };
    format!("**Hint {} of {all}**\n\n{}{more}", given + 1, hint.trim())
}

fn was_said(prompt: &Prompt, words: &str) -> bool {
    prompt.turns.iter().any(|turn| match turn {
        Turn::Assistant(blocks) => {
            blocks.iter().any(|block| matches!(block, Block::Text(text) if text.contains(words)))
        }
        Turn::Candidate(_) | Turn::Results(_) => false,
    })
}

/// What it can do with the tools it has.
fn abilities(prompt: &Prompt) -> String {
    let examples = [
        ("list_files", "`what files are there`"),
        ("read_file", "`read main.py`"),
        ("run_tests", "`run the tests`"),
        ("run_command", "``run `python3 main.py` ``"),
        ("edit_file", "``in main.py, replace `a < b` with `a <= b` ``"),
    ];
    let offered =
        examples.iter().filter(|(tool, _)| may_use(prompt, tool)).map(|(_, example)| format!("\n- {example}"));
    format!("You can say, for example:\n\n- `give me a hint`{}", offered.collect::<String>())
}

/// An id that no earlier call has: one more than the highest.
fn next_id(prompt: &Prompt) -> String {
    let calls = prompt.turns.iter().flat_map(|turn| match turn {
        Turn::Assistant(blocks) => blocks.as_slice(),
        Turn::Candidate(_) | Turn::Results(_) => &[],
    });
    let numbers = calls.filter_map(|block| match block {
        Block::Call(call) => call.id.strip_prefix("practice-")?.parse::<u64>().ok(),
        Block::Text(_) | Block::Opaque(_) => None,
    });
    format!("practice-{}", numbers.max().map_or(1, |highest| highest + 1))
}
