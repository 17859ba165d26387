//! What every file went through since it was created, so that an edit made against an old revision can be carried forward.

use std::collections::HashMap;

use crate::fact::{EditorFact, QuestionFact};
use crate::ids::{FilePath, Origin};

use super::operation::{Operation, Side};
use super::{Change, Text};

/// Why an edit cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// No such file.
    #[error("there is no file of that name")]
    NoFile,
    /// A revision that the file has not reached.
    #[error("revision {given} has not happened; the file is at {now}")]
    FutureRevision {
        /// What was claimed.
        given: u64,
        /// Where the file is.
        now: u64,
    },
    /// An offset outside the text, or inside a character.
    #[error("a change reaches outside the text, or into the middle of a character")]
    Offset,
    /// The text would be too large.
    #[error("a file may hold at most 1 MiB")]
    TooLarge,
}

/// A client's edit on its way into the log.
#[derive(Clone, Debug)]
pub struct Incoming<'a> {
    /// The tab it comes from.
    pub origin: &'a Origin,
    /// The tab's own count.
    pub n: u64,
    /// The revision it was made against.
    pub rev: u64,
    /// What changed.
    pub changes: &'a [Change],
}

/// Where an edit in the log came from, and how its tab had meant it.
#[derive(Clone, Debug)]
pub struct Authored {
    /// The tab.
    pub origin: Origin,
    /// The tab's own count.
    pub n: u64,
    /// The edit in the tab's own context, when it had to be moved; not known for what was read back from the log.
    pub meant: Option<Operation>,
}

/// An edit that fits the text as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// What to write into the log.
    pub changes: Vec<Change>,
    /// The edit as its tab meant it, when that is another.
    pub meant: Option<Operation>,
}

#[derive(Clone, Debug)]
struct Past {
    operation: Operation,
    author: Option<Authored>,
}

#[derive(Clone, Debug, Default)]
struct FileHistory {
    /// The revision before the first kept operation.
    base: u64,
    past: Vec<Past>,
}

/// The history of all files.
#[derive(Clone, Debug, Default)]
pub struct History {
    files: HashMap<FilePath, FileHistory>,
}

impl History {
    /// Folds a question's start in: its files begin anew.
    pub fn apply_question(&mut self, fact: &QuestionFact) {
        if let QuestionFact::Opened(_) = fact {
            self.files.clear();
        }
    }

    /// Folds one fact in, with its author; `before` is the file's text as it was, where there was one.
    pub fn apply(&mut self, fact: &EditorFact, author: Option<Authored>, before: Option<&Text>) {
        match fact {
            EditorFact::Edited(edited) => {
                let operation = Operation::from_changes(&edited.changes);
                self.file(&edited.path, edited.rev.saturating_sub(1)).past.push(Past { operation, author });
            }
            EditorFact::Created(created) => {
                // Replacing a file whole is an edit of everything, so that what is typed meanwhile is carried over.
                if let Some(before) = before {
                    let whole = [Change::new(0, before.len(), created.text.as_str())];
                    let operation = Operation::from_changes(&whole);
                    self.file(&created.path, 0).past.push(Past { operation, author });
                }
            }
            EditorFact::Deleted(deleted) => {
                self.files.remove(&deleted.path);
            }
            EditorFact::Renamed(renamed) => {
                if let Some(history) = self.files.remove(&renamed.from) {
                    self.files.insert(renamed.to.clone(), history);
                }
            }
            EditorFact::Opened(_) | EditorFact::Selected(_) => {}
        }
    }

    fn file(&mut self, path: &FilePath, base: u64) -> &mut FileHistory {
        self.files.entry(path.clone()).or_insert_with(|| FileHistory { base, past: Vec::new() })
    }

    /// The changes that a client's edit means for the text as it is now, at revision `now`.
    ///
    /// The client's context is the text at its revision with its own earlier edits on top: whatever others did since
    /// then (`foreign`) is carried through those own edits first, then the edit is moved behind it. Each is moved behind
    /// each, one by one and never several as one, because the client's outbox does it so and both must agree.
    pub fn transform(&self, path: &FilePath, text: &Text, now: u64, edit: &Incoming<'_>) -> Result<Placed, EditError> {
        if edit.rev > now {
            return Err(EditError::FutureRevision { given: edit.rev, now });
        }
        let operation = Operation::from_changes(edit.changes);
        let since: &[Past] = match self.files.get(path) {
            Some(history) => {
                let skip = usize::try_from(edit.rev.saturating_sub(history.base)).unwrap_or(usize::MAX);
                history.past.get(skip..).unwrap_or(&[])
            }
            None => &[],
        };
        let mut foreign: Vec<Operation> = Vec::new();
        for past in since {
            match &past.author {
                Some(author) if author.origin == *edit.origin && author.n < edit.n => {
                    let mut own = author.meant.clone().unwrap_or_else(|| past.operation.clone());
                    for other in &mut foreign {
                        let moved = other.after(&own, Side::First);
                        own = own.after(other, Side::Second);
                        *other = moved;
                    }
                }
                Some(_) | None => foreign.push(past.operation.clone()),
            }
        }
        if foreign.iter().all(Operation::is_nothing) {
            return fitting(text, edit.changes.to_vec()).map(|changes| Placed { changes, meant: None });
        }
        let moved = foreign.iter().fold(operation.clone(), |moved, other| moved.after(other, Side::Second));
        let changes = fitting(text, moved.to_changes())?;
        Ok(Placed { changes, meant: Some(operation) })
    }

    /// The changes that take back the edit that led to revision `rev`, for the text as it is now. `before` is the text
    /// as it stood before that edit. None when the file's history does not reach back to it.
    pub fn take_back(&self, path: &FilePath, rev: u64, before: &Text) -> Option<Vec<Change>> {
        let history = self.files.get(path)?;
        let index = usize::try_from(rev.checked_sub(history.base + 1)?).ok()?;
        let undone = history.past.get(index)?.operation.inverse(before);
        let mut since = Operation::default();
        for past in history.past.get(index + 1..)? {
            since = since.then(&past.operation);
        }
        Some(undone.after(&since, Side::Second).to_changes())
    }
}

/// The changes, when every one of them fits the text it meets.
fn fitting(text: &Text, changes: Vec<Change>) -> Result<Vec<Change>, EditError> {
    let mut probe = text.clone();
    for change in &changes {
        let end = change.offset.checked_add(change.removed).ok_or(EditError::Offset)?;
        if !probe.is_boundary(change.offset) || !probe.is_boundary(end) {
            return Err(EditError::Offset);
        }
        probe.apply(std::slice::from_ref(change));
    }
    if probe.len_bytes() > crate::ids::FILE_LIMIT_BYTES {
        return Err(EditError::TooLarge);
    }
    Ok(changes)
}
