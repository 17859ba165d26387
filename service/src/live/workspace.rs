//! What a workspace may hold, whoever writes to it: how many files, how large, and under which paths.

use interview::FilePath;
use interview::editor::{Edited, Editor};
use interview::fact::EditorFact;
use interview::ids::FILE_LIMIT_BYTES;

/// Most files in a workspace.
pub(super) const FILE_COUNT_LIMIT: usize = 200;

/// Most cursors or selections in one fact.
const RANGE_LIMIT: usize = 1_000;

/// Refuses a fact that these files have no room for, with the reason in a sentence.
pub(super) fn check(editor: &Editor, fact: &EditorFact) -> Result<(), String> {
    match fact {
        EditorFact::Created(created) => {
            check_free(editor, &created.path)?;
            if created.text.len() > FILE_LIMIT_BYTES {
                return Err("a file may hold at most 1 MiB".to_owned());
            }
            if editor.files.len() >= FILE_COUNT_LIMIT {
                return Err(format!("a workspace may hold at most {FILE_COUNT_LIMIT} files"));
            }
            check_no_clash(editor, &created.path)
        }
        EditorFact::Edited(edited) => check_size(editor, edited),
        EditorFact::Deleted(deleted) => check_there(editor, &deleted.path),
        EditorFact::Renamed(renamed) => {
            check_there(editor, &renamed.from)?;
            check_free(editor, &renamed.to)?;
            check_no_clash(editor, &renamed.to)
        }
        EditorFact::Selected(selected) if selected.ranges.len() > RANGE_LIMIT => {
            Err(format!("at most {RANGE_LIMIT} selections at once"))
        }
        EditorFact::Opened(_) | EditorFact::Selected(_) => Ok(()),
    }
}

fn check_there(editor: &Editor, path: &FilePath) -> Result<(), String> {
    if editor.files.contains_key(path) { Ok(()) } else { Err(format!("there is no file {path}")) }
}

fn check_free(editor: &Editor, path: &FilePath) -> Result<(), String> {
    if editor.files.contains_key(path) { Err(format!("there is a file {path} already")) } else { Ok(()) }
}

fn check_size(editor: &Editor, edited: &Edited) -> Result<(), String> {
    let file = editor.file(&edited.path).ok_or_else(|| format!("there is no file {}", edited.path))?;
    let mut text = file.text.clone();
    text.apply(&edited.changes);
    if text.len_bytes() > FILE_LIMIT_BYTES { Err("a file may hold at most 1 MiB".to_owned()) } else { Ok(()) }
}

/// A path cannot be a file and a folder at once.
fn check_no_clash(editor: &Editor, path: &FilePath) -> Result<(), String> {
    let is_under = |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'));
    let is_clash =
        |other: &&FilePath| is_under(other.as_str(), path.as_str()) || is_under(path.as_str(), other.as_str());
    match editor.files.keys().find(is_clash) {
        Some(other) => Err(format!("{path} and {other} cannot both be there")),
        None => Ok(()),
    }
}
