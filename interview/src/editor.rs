//! The files: their texts, their revisions, and where the candidate looks. It does not decide who may edit what.

pub mod history;
pub mod operation;
pub mod text;

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::ser::SerializeTuple as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::event::Offset;
use crate::fact::{EditorFact, QuestionFact};
use crate::ids::FilePath;
use crate::question::StartingFile;

pub use text::Text;

/// A file came to be, or was replaced whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    /// Where.
    pub path: FilePath,
    /// What it says.
    pub text: String,
}

/// A fact about one path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathOnly {
    /// Which.
    pub path: FilePath,
}

/// A file got another path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renamed {
    /// From here.
    pub from: FilePath,
    /// To here.
    pub to: FilePath,
}

/// What made an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Via {
    /// Keys.
    Typing,
    /// The clipboard.
    Paste,
    /// The editor's suggestion.
    Completion,
    /// Taking something back.
    Undo,
    /// Doing it again.
    Redo,
    /// The formatter.
    Format,
    /// The assistant.
    Assistant,
    /// Something in the box wrote the file.
    Disk,
}

impl Via {
    /// Whether the candidate's editor makes such edits.
    pub fn is_by_hand(self) -> bool {
        match self {
            Self::Typing | Self::Paste | Self::Completion | Self::Undo | Self::Redo | Self::Format => true,
            Self::Assistant | Self::Disk => false,
        }
    }
}

/// Where a paste's text came from, when the room knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PastedFrom {
    /// Copied in the editor itself.
    Editor,
    /// Copied from the conversation.
    Assistant,
    /// Copied from the terminal.
    Terminal,
    /// From outside the room.
    Outside,
}

/// One change: at `offset`, `removed` code units go and `inserted` comes. Offsets and lengths are UTF-16 code units.
/// In JSON it is `[offset, removed, "inserted"]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where.
    pub offset: usize,
    /// How much goes.
    pub removed: usize,
    /// What comes.
    pub inserted: String,
}

impl Change {
    /// A change at that place.
    pub fn new(offset: usize, removed: usize, inserted: impl Into<String>) -> Self {
        Self { offset, removed, inserted: inserted.into() }
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(3)?;
        tuple.serialize_element(&self.offset)?;
        tuple.serialize_element(&self.removed)?;
        tuple.serialize_element(&self.inserted)?;
        tuple.end()
    }
}

impl<'de> Deserialize<'de> for Change {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Triple;
        impl<'de> Visitor<'de> for Triple {
            type Value = Change;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("[offset, removed, \"inserted\"]")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Change, A::Error> {
                let missing = || A::Error::custom("a change is [offset, removed, \"inserted\"]");
                let offset = seq.next_element()?.ok_or_else(missing)?;
                let removed = seq.next_element()?.ok_or_else(missing)?;
                let inserted = seq.next_element()?.ok_or_else(missing)?;
                Ok(Change { offset, removed, inserted })
            }
        }
        deserializer.deserialize_tuple(3, Triple)
    }
}

/// A file's text changed. `changes` apply in the order given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    /// Which file.
    pub path: FilePath,
    /// In the log: the revision after it. In a request: the revision it was made against.
    pub rev: u64,
    /// What changed.
    pub changes: Vec<Change>,
    /// What made the edit.
    pub via: Via,
    /// For a paste: where its text came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PastedFrom>,
}

/// The cursor moved: pairs of anchor and head, in UTF-16 code units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selected {
    /// Which file.
    pub path: FilePath,
    /// Where.
    pub ranges: Vec<(usize, usize)>,
}

/// One file as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct File {
    /// What it says.
    pub text: Text,
    /// How often it changed; 0 is the text it was created with.
    pub rev: u64,
}

/// All files as they stand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Editor {
    /// By path.
    pub files: BTreeMap<FilePath, File>,
    /// The file the candidate looks at.
    pub open: Option<FilePath>,
    /// Where in it the cursors are.
    pub ranges: Vec<(usize, usize)>,
    /// When a text was last edited.
    pub edited_at: Option<Offset>,
    /// When a file last came, went or got another path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_at: Option<Offset>,
}

impl Editor {
    /// Folds one fact in. An edit that does not fit the text is fitted to it: a fold cannot fail.
    pub fn apply(&mut self, at: Offset, fact: &EditorFact) {
        match fact {
            EditorFact::Created(created) => {
                let rev = self.files.get(&created.path).map_or(0, |file| file.rev + 1);
                self.files.insert(created.path.clone(), File { text: Text::from(created.text.as_str()), rev });
                self.moved_at = Some(at);
            }
            EditorFact::Deleted(deleted) => {
                if self.files.remove(&deleted.path).is_some() {
                    self.moved_at = Some(at);
                }
                if self.open.as_ref() == Some(&deleted.path) {
                    self.look_at(None);
                }
            }
            EditorFact::Renamed(renamed) => {
                if let Some(file) = self.files.remove(&renamed.from) {
                    self.files.insert(renamed.to.clone(), file);
                    self.moved_at = Some(at);
                }
                if self.open.as_ref() == Some(&renamed.from) {
                    self.open = Some(renamed.to.clone());
                }
            }
            EditorFact::Opened(opened) => self.look_at(Some(opened.path.clone())),
            EditorFact::Edited(edited) => {
                if let Some(file) = self.files.get_mut(&edited.path) {
                    file.text.apply(&edited.changes);
                    file.rev = edited.rev;
                    self.edited_at = Some(at);
                }
            }
            EditorFact::Selected(selected) => {
                self.open = Some(selected.path.clone());
                self.ranges.clone_from(&selected.ranges);
            }
        }
    }

    /// A new question's files take the place of the last one's.
    pub fn apply_question(&mut self, fact: &QuestionFact) {
        if let QuestionFact::Opened(opened) = fact {
            self.replace(&opened.files);
        }
    }

    /// Only these files, as they are handed out.
    pub fn replace(&mut self, files: &[StartingFile]) {
        self.files = files
            .iter()
            .map(|file| (file.path.clone(), File { text: Text::from(file.text.as_str()), rev: 0 }))
            .collect();
        self.look_at(None);
    }

    fn look_at(&mut self, path: Option<FilePath>) {
        self.open = path;
        self.ranges.clear();
    }

    /// When anything last changed that a run would notice.
    pub fn changed_at(&self) -> Option<Offset> {
        self.edited_at.max(self.moved_at)
    }

    /// The file at that path.
    pub fn file(&self, path: &FilePath) -> Option<&File> {
        self.files.get(path)
    }

    /// All files as plain texts.
    pub fn texts(&self) -> Vec<StartingFile> {
        self.files.iter().map(|(path, file)| StartingFile { path: path.clone(), text: file.text.to_string() }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(name: &str) -> FilePath {
        FilePath::parse(name).expect("a path")
    }

    fn changed_at(facts: &[(u64, EditorFact)]) -> Option<Offset> {
        let mut editor = Editor::default();
        facts.iter().for_each(|(at, fact)| editor.apply(Offset(*at), fact));
        editor.changed_at()
    }

    #[test]
    fn a_file_that_comes_goes_or_moves_is_a_change_and_looking_at_one_is_none() {
        let created = |at| (at, EditorFact::Created(Created { path: path("a"), text: "x".to_owned() }));
        let renamed = |at, from| (at, EditorFact::Renamed(Renamed { from: path(from), to: path("b") }));
        let deleted = |at, name| (at, EditorFact::Deleted(PathOnly { path: path(name) }));
        let opened = |at| (at, EditorFact::Opened(PathOnly { path: path("a") }));
        assert_eq!(changed_at(&[opened(1)]), None);
        assert_eq!(changed_at(&[created(1), opened(2)]), Some(Offset(1)));
        assert_eq!(changed_at(&[created(1), created(2)]), Some(Offset(2)));
        assert_eq!(changed_at(&[created(1), renamed(3, "a")]), Some(Offset(3)));
        assert_eq!(changed_at(&[created(1), deleted(4, "a")]), Some(Offset(4)));
        assert_eq!(changed_at(&[created(1), deleted(4, "c"), renamed(5, "c")]), Some(Offset(1)));
    }

    #[test]
    fn the_last_of_editing_and_moving_counts() {
        let created = Created { path: path("a"), text: String::new() };
        let changes = vec![Change::new(0, 0, "x")];
        let edited = Edited { path: path("a"), rev: 1, changes, via: Via::Typing, from: None };
        let facts = [(1, EditorFact::Created(created.clone())), (7, EditorFact::Edited(edited))];
        assert_eq!(changed_at(&facts), Some(Offset(7)));
        let [first, second] = facts;
        assert_eq!(changed_at(&[first, second, (9, EditorFact::Created(created))]), Some(Offset(9)));
    }
}
