//! Edits by others than the candidate's editor: the assistant's, how they are taken back, and what happened on disk.

use std::collections::HashMap;

use interview::chat::{EditUndone, MessageId};
use interview::editor::history::History;
use interview::editor::operation::utf16_length;
use interview::editor::{Change, Created, Edited, PathOnly, Text, Via};
use interview::fact::{ChatFact, EditorFact, Fact, QuestionFact};
use interview::{Actor, Event, FilePath, Stage};

use super::workspace;

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

/// What one call of the assistant's did to a file, so that it can be taken back.
#[derive(Clone, Debug)]
enum Done {
    /// The file changed; it came to this revision, and said this before.
    Changed { rev: u64, before: Text },
    /// The file came to be, and said this.
    Created { text: String },
}

#[derive(Clone, Debug)]
struct AssistantEdit {
    message: MessageId,
    path: FilePath,
    done: Done,
}

/// Which edits of the assistant's can still be taken back. Folded from the log like everything else.
#[derive(Debug, Default)]
pub(super) struct AssistantEdits {
    open_call: Option<(MessageId, String)>,
    by_call: HashMap<String, AssistantEdit>,
}

impl AssistantEdits {
    /// Folds one event in, before the stage does.
    pub fn apply(&mut self, event: &Event, before: &Stage) {
        match &event.fact {
            Fact::Chat(fact) => self.apply_chat(fact),
            Fact::Editor(fact) => self.apply_editor(event.actor, fact, before),
            // Its files are others, even where they have the same names.
            Fact::Question(QuestionFact::Opened(_)) => self.by_call.clear(),
            Fact::Question(QuestionFact::Closed(_)) | Fact::Session(_) | Fact::Terminal(_) | Fact::Run(_) => {}
        }
    }

    fn apply_chat(&mut self, fact: &ChatFact) {
        match fact {
            ChatFact::CalledTool(called) if called.name == "edit_file" => {
                self.open_call = Some((called.message, called.call.clone()));
            }
            ChatFact::CalledTool(_) => self.open_call = None,
            ChatFact::ToolReturned(_) | ChatFact::Answered(_) | ChatFact::Failed(_) => self.open_call = None,
            ChatFact::EditUndone(undone) => {
                self.by_call.remove(&undone.call);
            }
            ChatFact::Asked(_) | ChatFact::Streamed(_) => {}
        }
    }

    fn apply_editor(&mut self, actor: Actor, fact: &EditorFact, before: &Stage) {
        match fact {
            // What one of its commands did on disk is not one edit, and is not taken back as one.
            EditorFact::Edited(edited) if actor == Actor::Assistant && edited.via == Via::Assistant => {
                let Some(file) = before.editor.file(&edited.path) else { return };
                self.note(&edited.path, Done::Changed { rev: edited.rev, before: file.text.clone() });
            }
            EditorFact::Created(created) if actor == Actor::Assistant => {
                self.note(&created.path, Done::Created { text: created.text.clone() });
            }
            EditorFact::Renamed(renamed) => {
                for edit in self.by_call.values_mut().filter(|edit| edit.path == renamed.from) {
                    edit.path = renamed.to.clone();
                }
            }
            EditorFact::Deleted(deleted) => self.by_call.retain(|_, edit| edit.path != deleted.path),
            EditorFact::Created(_) | EditorFact::Edited(_) | EditorFact::Opened(_) | EditorFact::Selected(_) => {}
        }
    }

    fn note(&mut self, path: &FilePath, done: Done) {
        let Some((message, call)) = &self.open_call else { return };
        self.by_call.insert(call.clone(), AssistantEdit { message: *message, path: path.clone(), done });
    }

    /// The facts that take the edit of a call back, or why it cannot be.
    pub fn undo(&self, call: &str, stage: &Stage, history: &History) -> Result<(EditorFact, EditUndone), String> {
        let gone = || "this edit can no longer be taken back".to_owned();
        let edit = self.by_call.get(call).ok_or_else(gone)?;
        let file = stage.editor.file(&edit.path).ok_or_else(gone)?;
        let path = edit.path.clone();
        let fact = match &edit.done {
            Done::Changed { rev, before } => EditorFact::Edited(Edited {
                changes: history.take_back(&path, *rev, before).ok_or_else(gone)?,
                path,
                rev: file.rev + 1,
                via: Via::Undo,
                from: None,
            }),
            Done::Created { text } if file.text.to_string() == *text => EditorFact::Deleted(PathOnly { path }),
            Done::Created { .. } => {
                return Err(format!("{path} has changed since the assistant made it; delete it if you do not want it"));
            }
        };
        workspace::check(&stage.editor, &fact)?;
        Ok((fact, EditUndone { message: edit.message, call: call.to_owned() }))
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

    /// The fact that this edit is on that stage, if it fits there.
    pub fn fact(&self, stage: &Stage) -> Result<EditorFact, String> {
        let fact = self.placed(stage)?;
        workspace::check(&stage.editor, &fact)?;
        Ok(fact)
    }

    fn placed(&self, stage: &Stage) -> Result<EditorFact, String> {
        let file = stage.editor.file(&self.path);
        let (file, changes) = match (&self.what, file) {
            (Rewrite::Whole(content), None) => {
                return Ok(EditorFact::Created(Created { path: self.path.clone(), text: content.clone() }));
            }
            (Rewrite::Replace { .. }, None) => return Err(format!("there is no file {}", self.path)),
            (Rewrite::Whole(content), Some(file)) => (file, difference(&file.text.to_string(), content)),
            (Rewrite::Replace { old, new }, Some(file)) => (file, replacement(&file.text.to_string(), old, new)?),
        };
        Ok(EditorFact::Edited(Edited {
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
    use interview::chat::{CalledTool, ToolReturned};
    use interview::editor::Renamed;
    use interview::ids::ProblemSlug;
    use interview::question::{Language, Opened, StartingFile};

    use super::super::room::fold_history;
    use super::*;

    /// A room's fold, driven by facts.
    #[derive(Default)]
    struct Log {
        stage: Stage,
        history: History,
        edits: AssistantEdits,
    }

    impl Log {
        fn push(&mut self, actor: Actor, fact: impl Into<Fact>) {
            let event = Event { seq: self.stage.next, at: self.stage.at, actor, fact: fact.into() };
            self.edits.apply(&event, &self.stage);
            fold_history(&mut self.history, &self.stage, &event, None);
            self.stage.apply(&event);
        }

        fn opens(files: &[(&str, &str)], order: u32) -> QuestionFact {
            let files =
                files.iter().map(|(at, text)| StartingFile { path: path(at), text: (*text).to_owned() }).collect();
            let question = ProblemSlug::parse("rate-limiter").expect("a slug");
            let (title, language) = ("A question".to_owned(), Language::Python);
            QuestionFact::Opened(Opened { question, order, title, language, files })
        }

        fn assistant_writes(&mut self, call: &str, at: &str, content: &str) {
            let (message, input) = (MessageId(0), serde_json::json!({ "path": at, "content": content }));
            let edit = FileEdit::parse(&input).expect("an edit").fact(&self.stage).expect("it fits");
            let called = CalledTool { message, call: call.to_owned(), name: "edit_file".to_owned(), input };
            self.push(Actor::Assistant, ChatFact::CalledTool(called));
            self.push(Actor::Assistant, edit);
            let returned = ToolReturned { message, call: call.to_owned(), output: String::new(), failed: false };
            self.push(Actor::System, ChatFact::ToolReturned(returned));
        }

        fn undo(&mut self, call: &str) -> Result<(), String> {
            let (fact, undone) = self.edits.undo(call, &self.stage, &self.history)?;
            self.push(Actor::Candidate, fact);
            self.push(Actor::Candidate, ChatFact::EditUndone(undone));
            Ok(())
        }

        fn text(&self, at: &str) -> Option<String> {
            self.stage.editor.file(&path(at)).map(|file| file.text.to_string())
        }
    }

    fn path(at: &str) -> FilePath {
        FilePath::parse(at).expect("a path")
    }

    #[test]
    fn an_edit_is_taken_back_once_and_what_was_typed_since_stays() {
        let mut log = Log::default();
        log.push(Actor::System, Log::opens(&[("a.py", "one two\n")], 0));
        log.assistant_writes("call", "a.py", "one 2\n");
        let changes = vec![Change::new(0, 0, "# ")];
        let edited = Edited { path: path("a.py"), rev: 2, changes, via: Via::Typing, from: None };
        log.push(Actor::Candidate, EditorFact::Edited(edited));
        assert_eq!(log.undo("call"), Ok(()));
        assert_eq!(log.text("a.py").as_deref(), Some("# one two\n"));
        assert!(log.undo("call").is_err());
    }

    #[test]
    fn an_edit_is_taken_back_where_its_file_is_now_called_otherwise() {
        let mut log = Log::default();
        log.push(Actor::System, Log::opens(&[("a.py", "one\n")], 0));
        log.assistant_writes("call", "a.py", "two\n");
        log.push(Actor::Candidate, EditorFact::Renamed(Renamed { from: path("a.py"), to: path("b.py") }));
        assert_eq!(log.undo("call"), Ok(()));
        assert_eq!(log.text("b.py").as_deref(), Some("one\n"));
    }

    #[test]
    fn another_file_of_the_same_name_is_left_alone() {
        for leave in [Log::opens(&[("a.py", "other\n")], 1).into(), {
            Fact::from(EditorFact::Deleted(PathOnly { path: path("a.py") }))
        }] {
            let mut log = Log::default();
            log.push(Actor::System, Log::opens(&[("a.py", "one\n")], 0));
            log.assistant_writes("old", "a.py", "two\n");
            log.push(Actor::System, leave);
            log.assistant_writes("new", "a.py", "other, too\n");
            let edited = Edited { path: path("a.py"), rev: 1, changes: Vec::new(), via: Via::Typing, from: None };
            log.push(Actor::Candidate, EditorFact::Edited(edited));
            assert!(log.undo("old").is_err());
            assert_eq!(log.text("a.py").as_deref(), Some("other, too\n"));
        }
    }

    #[test]
    fn a_file_that_the_assistant_made_is_removed_only_while_it_says_what_it_said() {
        let mut log = Log::default();
        log.push(Actor::System, Log::opens(&[], 0));
        log.assistant_writes("make", "new.py", "one\n");
        log.assistant_writes("change", "new.py", "two\n");
        assert!(log.undo("make").is_err());
        assert_eq!(log.text("new.py").as_deref(), Some("two\n"));
        assert_eq!(log.undo("change"), Ok(()));
        assert_eq!(log.undo("make"), Ok(()));
        assert_eq!(log.text("new.py"), None);
    }

    #[test]
    fn the_assistant_writes_only_what_the_workspace_has_room_for() {
        let refused = |files: &[(&str, &str)], input: serde_json::Value| {
            let mut log = Log::default();
            log.push(Actor::System, Log::opens(files, 0));
            FileEdit::parse(&input).expect("an edit").fact(&log.stage).unwrap_err()
        };
        let beside = refused(&[("a.py", "x")], serde_json::json!({ "path": "a.py/b.py", "content": "" }));
        assert!(beside.contains("cannot both be there"), "{beside}");
        let above = refused(&[("a/b.py", "x")], serde_json::json!({ "path": "a", "content": "" }));
        assert!(above.contains("cannot both be there"), "{above}");
        let large = "x".repeat(1 << 20);
        let grown = refused(&[("a.py", &large)], serde_json::json!({ "path": "a.py", "content": format!("{large}x") }));
        assert!(grown.contains("1 MiB"), "{grown}");
        let made = refused(&[], serde_json::json!({ "path": "a.py", "content": format!("{large}x") }));
        assert!(made.contains("1 MiB"), "{made}");
        let names: Vec<String> = (0..200).map(|number| format!("{number}.py")).collect();
        let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
        let another = refused(&many, serde_json::json!({ "path": "another.py", "content": "" }));
        assert!(another.contains("at most 200 files"), "{another}");
    }

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
