//! Edits by others than the candidate's editor: the assistant's, and what happened on disk.

use std::collections::HashMap;

use interview::editor::{Change, Text, Via};
use interview::fact::{ChatFact, EditorFact, Fact};
use interview::{Event, FilePath, Stage};

use interview::editor::operation::utf16_length;

/// The smallest single change from one text to another.
pub(super) fn difference(old: &str, new: &str) -> Vec<Change> {
    if old == new {
        return Vec::new();
    }
    let prefix: usize = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let (old_rest, new_rest) = (&old[prefix..], &new[prefix..]);
    let suffix: usize =
        old_rest.chars().rev().zip(new_rest.chars().rev()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let removed = utf16_length(&old_rest[..old_rest.len() - suffix]);
    let inserted = &new_rest[..new_rest.len() - suffix];
    vec![Change::new(utf16_length(&old[..prefix]), removed, inserted)]
}

/// An edit that the assistant made, so that it can be taken back.
#[derive(Clone, Debug)]
pub(super) struct AssistantEdit {
    pub path: FilePath,
    pub rev: u64,
    pub before: Text,
}

/// Which edits the assistant's calls made. Folded from the log like everything else.
#[derive(Debug, Default)]
pub(super) struct AssistantEdits {
    open_call: Option<String>,
    by_call: HashMap<String, AssistantEdit>,
}

impl AssistantEdits {
    /// Folds one event in, before the stage does.
    pub fn apply(&mut self, event: &Event, before: &Stage) {
        match &event.fact {
            Fact::Chat(ChatFact::CalledTool(called)) => self.open_call = Some(called.call.clone()),
            Fact::Chat(ChatFact::ToolReturned(_)) => self.open_call = None,
            // What one of its commands did on disk is not one edit, and is not taken back as one.
            Fact::Editor(EditorFact::Edited(edited)) if edited.via == Via::Assistant => {
                let (Some(call), Some(file)) = (&self.open_call, before.editor.file(&edited.path)) else { return };
                let edit = AssistantEdit { path: edited.path.clone(), rev: edited.rev, before: file.text.clone() };
                self.by_call.insert(call.clone(), edit);
            }
            Fact::Editor(_)
            | Fact::Chat(_)
            | Fact::Session(_)
            | Fact::Question(_)
            | Fact::Terminal(_)
            | Fact::Run(_) => {}
        }
    }

    /// Takes the edit of a call out: it can be taken back once.
    pub fn take(&mut self, call: &str) -> Option<AssistantEdit> {
        self.by_call.remove(call)
    }
}

/// What the assistant's `edit_file` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileEdit {
    pub path: FilePath,
    pub what: Rewrite,
}

/// How a file is to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rewrite {
    /// This passage, which must stand there exactly once, becomes that.
    Replace { old: String, new: String },
    /// The whole file says this.
    Whole(String),
}

impl FileEdit {
    /// Reads the tool's input.
    pub fn parse(input: &serde_json::Value) -> Result<Self, String> {
        let text = |name: &str| input.get(name).and_then(|value| value.as_str()).map(str::to_owned);
        let path = text("path").ok_or("`path` is missing")?;
        let path = FilePath::parse(path).map_err(|error| error.to_string())?;
        let what = match (text("old"), text("new"), text("content")) {
            (Some(old), Some(new), None) if !old.is_empty() => Rewrite::Replace { old, new },
            (None, None, Some(content)) => Rewrite::Whole(content),
            (_, _, _) => return Err("give either `old` (not empty) and `new`, or `content`".to_owned()),
        };
        Ok(Self { path, what })
    }

    /// The fact that this edit is on that stage.
    pub fn fact(&self, stage: &Stage) -> Result<EditorFact, String> {
        let file = stage.editor.file(&self.path);
        let (file, changes) = match (&self.what, file) {
            (Rewrite::Whole(content), None) => {
                let created = interview::editor::Created { path: self.path.clone(), text: content.clone() };
                return Ok(EditorFact::Created(created));
            }
            (Rewrite::Replace { .. }, None) => return Err(format!("there is no file {}", self.path)),
            (Rewrite::Whole(content), Some(file)) => (file, difference(&file.text.to_string(), content)),
            (Rewrite::Replace { old, new }, Some(file)) => (file, replacement(&file.text.to_string(), old, new)?),
        };
        Ok(EditorFact::Edited(interview::editor::Edited {
            path: self.path.clone(),
            rev: file.rev + 1,
            changes,
            via: Via::Assistant,
            from: None,
        }))
    }
}

fn replacement(text: &str, old: &str, new: &str) -> Result<Vec<Change>, String> {
    let mut found = text.match_indices(old);
    match (found.next(), found.next()) {
        (Some((index, _)), None) => Ok(vec![Change::new(utf16_length(&text[..index]), utf16_length(old), new)]),
        (None, _) => Err("`old` does not occur in the file; read it again".to_owned()),
        (Some(_), Some(_)) => Err("`old` occurs more than once; give more of the lines around it".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_turns_one_text_into_the_other() {
        for (old, new) in
            [("", "a"), ("a", ""), ("abc", "abXc"), ("😀b", "😁b"), ("aaa", "aa"), ("x\ny\n", "x\nz\ny\n")]
        {
            let mut text = Text::from(old);
            text.apply(&difference(old, new));
            assert_eq!(text.to_string(), new);
        }
    }

    #[test]
    fn a_passage_that_occurs_twice_is_not_guessed_at() {
        assert!(replacement("a b a", "a", "c").is_err());
        assert!(replacement("a b a", "z", "c").is_err());
        assert_eq!(replacement("a b", "b", "c"), Ok(vec![Change::new(2, 1, "c")]));
    }
}
