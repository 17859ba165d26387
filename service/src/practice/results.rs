//! What the practice assistant says when its tool has come back: done, failed, or turned down by the candidate.

use interview::chat::REJECTED;

use super::answer::{Answer, may_use};
use super::comment;
use super::wish::Wish;
use crate::ports::assistant::{Block, Call, Prompt, ToolOutput};

/// The most lines of a tool's output that are repeated.
const MOST_LINES: usize = 40;

/// The answer to the results of the latest call.
pub fn answer(prompt: &Prompt, wish: &Wish, blocks: &[Block], outputs: &[ToolOutput]) -> Answer {
    let call = blocks.iter().rev().find_map(|block| match block {
        Block::Call(call) => Some(call),
        Block::Text(_) | Block::Opaque(_) => None,
    });
    let output = call.and_then(|call| outputs.iter().find(|output| output.call == call.id));
    let (Some(call), Some(output)) = (call, output) else {
        return Answer::saying("I did not get an answer to that. Ask me again.");
    };
    if output.failed {
        return Answer::saying(failed(call, output.text.trim()));
    }
    match (call.name.as_str(), wish) {
        ("read_file", Wish::Comment(wish)) => match comment::edit(wish, &output.text) {
            Some(input) => {
                Answer::calling(prompt, format!("This is the change to `{}`.", wish.path), "edit_file", input)
            }
            None => Answer::saying(format!(
                "`{}` does not say `{}` anywhere, so I do not know where the comment belongs.",
                wish.path,
                wish.beside.as_deref().unwrap_or_default()
            )),
        },
        ("read_file", _) => Answer::saying(read(&path(call), &output.text)),
        ("list_files", _) => Answer::saying(files(&output.text)),
        ("edit_file", _) => Answer::saying(edited(prompt, &path(call))),
        ("run_tests", _) => Answer::saying(tested(&output.text)),
        _ => Answer::saying(format!("It ended like this:\n\n{}", fenced(&output.text))),
    }
}

fn failed(call: &Call, reason: &str) -> String {
    let reason = reason.trim_end_matches('.');
    match call.name.as_str() {
        _ if reason == REJECTED => format!("All right, I leave `{}` as it is.", path(call)),
        "edit_file" if reason.contains("occur") => format!(
            "I could not change `{}`: {reason}. The passage must stand in the file exactly once, letter by letter.",
            path(call)
        ),
        "edit_file" => format!("`{}` is not changed: {reason}.", path(call)),
        "run_tests" => format!("The tests could not be run: {reason}."),
        _ => format!("That did not work: {reason}."),
    }
}

fn edited(prompt: &Prompt, path: &str) -> String {
    let next = if may_use(prompt, "run_tests") { " Say `run the tests` to see what it does." } else { "" };
    format!("`{path}` is changed.{next}")
}

fn files(text: &str) -> String {
    let names: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    match &names[..] {
        [] => "There are no files yet.".to_owned(),
        names => names.iter().take(MOST_LINES).map(|name| format!("- `{name}`\n")).collect(),
    }
}

fn read(path: &str, text: &str) -> String {
    if text.trim().is_empty() {
        return format!("`{path}` is empty.");
    }
    let count = text.lines().count();
    let lines = if count == 1 { "one line".to_owned() } else { format!("{count} lines") };
    let todo = text.lines().position(|line| line.contains("TODO"));
    let todo = todo.map_or(String::new(), |line| format!(" Line {} still says TODO.", line + 1));
    format!("`{path}` has {lines}.{todo}\n\n{}", fenced(text))
}

/// A run in a few words: the first line of the result counts, each further one that begins with a dash is a case.
fn tested(text: &str) -> String {
    let number = |word: &str| {
        let before = text.lines().next()?.split(word).next()?;
        before.trim_end().rsplit(|c: char| !c.is_ascii_digit()).next()?.parse::<u64>().ok()
    };
    let (Some(passed), Some(failed)) = (number("passed"), number("failed")) else {
        return format!("The tests say:\n\n{}", fenced(text));
    };
    match (passed, failed) {
        (0, 0) => "There are no tests to run.".to_owned(),
        (1, 0) => "The one test passes.".to_owned(),
        (_, 0) => format!("All {passed} tests pass."),
        (_, _) => {
            let all = passed + failed;
            format!("{passed} of {all} tests pass. The first that does not:\n\n{}", fenced(&first_failure(text)))
        }
    }
}

fn first_failure(text: &str) -> String {
    let is_case = |line: &&str| line.starts_with("- ");
    let passes = |line: &str| line.to_lowercase().ends_with(": passed");
    let mut lines = text.lines().skip_while(|line| !is_case(line) || passes(line));
    let first = lines.next().unwrap_or_default().trim_start_matches("- ");
    let rest = lines.take_while(|line| !is_case(line));
    std::iter::once(first).chain(rest).collect::<Vec<_>>().join("\n")
}

fn path(call: &Call) -> String {
    call.input["path"].as_str().unwrap_or("the file").to_owned()
}

/// Text as a block of code, shortened, behind a fence that it does not contain.
fn fenced(text: &str) -> String {
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    let mut lines: Vec<_> = text.trim_end().lines().take(MOST_LINES).collect();
    if text.trim_end().lines().count() > MOST_LINES {
        lines.push("…");
    }
    format!("{fence}\n{}\n{fence}", lines.join("\n"))
}
