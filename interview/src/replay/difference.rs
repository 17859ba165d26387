//! What the files say at one moment that they did not say at another. It compares texts; who changed them it does not know.

use similar::DiffOp;
use similar::algorithms::{Capture, Compact, Replace, myers};

use crate::editor::operation::utf16_length;
use crate::editor::{Editor, Text};
use crate::ids::FilePath;

/// Beyond this many pairs of lines, all that lies between the common start and the common end counts as changed.
const PAIRS_LIMIT: usize = 4_000_000;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It came to be.
    Created,
    /// It is gone.
    Deleted,
    /// It says something else.
    Edited,
}

/// What is different about one file. Offsets are UTF-16 code units of the later text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileDifference {
    /// Which file.
    pub path: FilePath,
    /// What became of it.
    pub kind: Kind,
    /// Stretches that are new, in order.
    pub added: Vec<(usize, usize)>,
    /// Places at which something is gone, in order.
    pub removed: Vec<usize>,
}

/// What is different about every file that is not the same in both, by path.
pub fn changes_between(earlier: &Editor, later: &Editor) -> Vec<FileDifference> {
    let mut all = Vec::new();
    for (path, file) in &later.files {
        match earlier.files.get(path) {
            None => all.push(FileDifference {
                path: path.clone(),
                kind: Kind::Created,
                added: if file.text.is_empty() { Vec::new() } else { vec![(0, file.text.len())] },
                removed: Vec::new(),
            }),
            Some(before) if before.text != file.text => all.push(edited(path, &before.text, &file.text)),
            Some(_) => {}
        }
    }
    let gone = earlier.files.keys().filter(|path| !later.files.contains_key(*path));
    all.extend(gone.map(|path| FileDifference {
        path: path.clone(),
        kind: Kind::Deleted,
        added: Vec::new(),
        removed: Vec::new(),
    }));
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all
}

fn edited(path: &FilePath, before: &Text, after: &Text) -> FileDifference {
    let (before, after) = (before.to_string(), after.to_string());
    let mut marks = Marks::default();
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let start = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let end = old[start..].iter().rev().zip(new[start..].iter().rev()).take_while(|(old, new)| old == new).count();
    let (old, middle) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    marks.skip(&new[..start].concat());
    if old.len().saturating_mul(middle.len()) > PAIRS_LIMIT {
        marks.replaced(old, middle);
    } else {
        for operation in operations(old, middle) {
            match operation {
                DiffOp::Equal { new_index, len, .. } => marks.skip(&middle[new_index..new_index + len].concat()),
                DiffOp::Delete { .. } => marks.removed(),
                DiffOp::Insert { new_index, new_len, .. } => {
                    marks.added(&middle[new_index..new_index + new_len].concat());
                }
                DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                    marks.replaced(&old[old_index..old_index + old_len], &middle[new_index..new_index + new_len]);
                }
            }
        }
    }
    FileDifference { path: path.clone(), kind: Kind::Edited, added: marks.added, removed: marks.removed }
}

/// How the later lines come from the earlier ones. The library's own shortcut to this would bring every algorithm that it
/// knows into the browser.
fn operations(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let mut script = Compact::new(Replace::new(Capture::new()), old, new);
    let Ok(()) = myers::diff(&mut script, old, 0..old.len(), new, 0..new.len());
    script.into_inner().into_inner().into_ops()
}

#[derive(Default)]
struct Marks {
    offset: usize,
    added: Vec<(usize, usize)>,
    removed: Vec<usize>,
}

impl Marks {
    fn skip(&mut self, text: &str) {
        self.offset += utf16_length(text);
    }

    fn removed(&mut self) {
        if self.removed.last() != Some(&self.offset) {
            self.removed.push(self.offset);
        }
    }

    fn added(&mut self, text: &str) {
        let start = self.offset;
        self.skip(text);
        match self.added.last_mut() {
            _ if start == self.offset => {}
            Some((_, end)) if *end == start => *end = self.offset,
            Some(_) | None => self.added.push((start, self.offset)),
        }
    }

    fn replaced(&mut self, old: &[&str], new: &[&str]) {
        if old.len() == new.len() {
            old.iter().zip(new).for_each(|(old, new)| self.narrowed(old, new));
        } else {
            self.narrowed(&old.concat(), &new.concat());
        }
    }

    /// Marks what is left of a change without the start and the end that both have.
    fn narrowed(&mut self, old: &str, new: &str) {
        let start: usize =
            old.chars().zip(new.chars()).take_while(|(old, new)| old == new).map(|(c, _)| c.len_utf8()).sum();
        let ends = old[start..].chars().rev().zip(new[start..].chars().rev());
        let end: usize = ends.take_while(|(old, new)| old == new).map(|(c, _)| c.len_utf8()).sum();
        self.skip(&new[..start]);
        if old.len() > start + end {
            self.removed();
        }
        self.added(&new[start..new.len() - end]);
        self.skip(&new[new.len() - end..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::StartingFile;

    fn editor(files: &[(&str, &str)]) -> Editor {
        let mut editor = Editor::default();
        let file = |(path, text): &(&str, &str)| StartingFile {
            path: FilePath::parse(*path).expect("a path"),
            text: (*text).to_owned(),
        };
        editor.replace(&files.iter().map(file).collect::<Vec<_>>());
        editor
    }

    fn only(before: &str, after: &str) -> FileDifference {
        let mut all = changes_between(&editor(&[("a", before)]), &editor(&[("a", after)]));
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    #[test]
    fn only_what_changed_within_a_line_is_marked() {
        let difference = only("one\ntwo\nthree\n", "one\ntwelve\nthree\n");
        assert_eq!((difference.added, difference.removed), (vec![(6, 10)], vec![6]));
    }

    #[test]
    fn offsets_count_utf16_units() {
        let difference = only("😀\nb\n", "😀\nb\nnew\n");
        assert_eq!((difference.added, difference.removed), (vec![(5, 9)], vec![]));
        let difference = only("😀a😀\n", "😀😀\n");
        assert_eq!((difference.added, difference.removed), (vec![], vec![2]));
    }

    #[test]
    fn files_that_came_and_went_are_told() {
        let all = changes_between(&editor(&[("a", "x"), ("same", "s")]), &editor(&[("b", "yy"), ("same", "s")]));
        let kinds: Vec<_> = all.iter().map(|difference| (difference.path.as_str(), difference.kind)).collect();
        assert_eq!(kinds, [("a", Kind::Deleted), ("b", Kind::Created)]);
    }

    #[test]
    fn texts_too_different_to_compare_are_marked_as_a_whole() {
        let before: String = (0..3_000).map(|line| format!("{line}\n")).collect();
        let after: String = (0..3_001).map(|line| format!("line {line}\n")).collect();
        let difference = only(&before, &after);
        assert_eq!(difference.added.len(), 1);
    }
}
