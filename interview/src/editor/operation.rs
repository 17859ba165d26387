//! Transformation of concurrent edits: two edits of one text, made without knowing of each other, applied in either
//! order give the same text. Operational transformation as in the classic client and server of Jupiter, with one server.

use super::Change;

/// A stretch of an operation. Lengths are UTF-16 code units.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Keep(usize),
    Drop(usize),
    Put(String),
}

/// An edit of a whole text as one pass from its start: keep, drop, put. What follows the last step is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operation {
    steps: Vec<Step>,
}

/// Whose text comes first when both put one at the same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The transformed operation's.
    First,
    /// The other's.
    Second,
}

impl Operation {
    /// The operation that these changes make, applied in the order given. Changes from the end of a text to its start, as
    /// editors make them, take one pass; any others are put together in halves.
    pub fn from_changes(changes: &[Change]) -> Self {
        let is_before = |pair: &[Change]| pair[1].offset.saturating_add(pair[1].removed) <= pair[0].offset;
        if changes.windows(2).all(is_before) {
            return Self::from_descending(changes);
        }
        let (one, next) = changes.split_at(changes.len() / 2);
        Self::from_changes(one).then(&Self::from_changes(next))
    }

    fn from_descending(changes: &[Change]) -> Self {
        let mut whole = Self::default();
        let mut end = 0;
        for change in changes.iter().rev() {
            whole.keep(change.offset - end);
            whole.put(&change.inserted);
            whole.drop(change.removed);
            end = change.offset.saturating_add(change.removed);
        }
        whole
    }

    /// The same as changes from the end of the text to its start, so that no offset depends on another change.
    /// Read back, they are this operation again: what is put behind something dropped stays a change of its own.
    pub fn to_changes(&self) -> Vec<Change> {
        let mut changes: Vec<Change> = Vec::new();
        let mut offset = 0;
        let mut just_put = false;
        for step in &self.steps {
            match step {
                Step::Keep(length) => offset += length,
                Step::Put(text) => changes.push(Change::new(offset, 0, text.as_str())),
                Step::Drop(length) => {
                    match changes.last_mut() {
                        Some(change) if just_put => change.removed = *length,
                        Some(_) | None => changes.push(Change::new(offset, *length, "")),
                    }
                    offset += length;
                }
            }
            just_put = matches!(step, Step::Put(_));
        }
        changes.reverse();
        changes
    }

    /// Whether it changes nothing.
    pub fn is_nothing(&self) -> bool {
        self.steps.iter().all(|step| matches!(step, Step::Keep(_)))
    }

    /// This operation, and after it the next, as one: whatever is moved behind it lands where moving it behind the two
    /// in turn would land it. So what the next puts where this one dropped something stands before the drop, because
    /// whoever wrote in there meets it at one place; what this one put beside its own drop stays on its side.
    pub fn then(&self, next: &Self) -> Self {
        let mut whole = Self::default();
        let mut first = Cursor::new(&self.steps);
        let mut second = Cursor::new(&next.steps);
        loop {
            match (first.head, second.head) {
                (None, None) => return whole,
                // What the second puts, the first never saw; what the first drops, the second never sees.
                (_, Some(part @ Part::Put(..))) => {
                    whole.push(part);
                    second.skip();
                }
                (Some(part @ Part::Drop(_)), _) | (Some(part), None) => {
                    whole.push(part);
                    first.skip();
                }
                (None, Some(part)) => {
                    whole.push(part);
                    second.skip();
                }
                (Some(made), Some(met)) => {
                    let length = made.length().min(met.length());
                    match (made, met) {
                        (Part::Put(..), Part::Keep(_)) => whole.push(made.split(length).0),
                        (Part::Put(..), _) => {}
                        (_, Part::Drop(_)) => whole.drop(length),
                        (_, _) => whole.keep(length),
                    }
                    first.advance(length);
                    second.advance(length);
                }
            }
        }
    }

    /// This operation as it must be after `other` was applied to the same text.
    pub fn after(&self, other: &Self, side: Side) -> Self {
        let mut moved = Self::default();
        let mut ours = Cursor::new(&self.steps);
        let mut theirs = Cursor::new(&other.steps);
        loop {
            match (ours.head, theirs.head) {
                (Some(Part::Put(..)), Some(part @ Part::Put(..))) if side == Side::Second => {
                    moved.keep(part.length());
                    theirs.skip();
                }
                (Some(part @ Part::Put(..)), _) => {
                    moved.push(part);
                    ours.skip();
                }
                (_, Some(part @ Part::Put(..))) => {
                    moved.keep(part.length());
                    theirs.skip();
                }
                (None, _) => return moved,
                (Some(part), None) => {
                    moved.push(part);
                    ours.skip();
                }
                (Some(our), Some(their)) => {
                    let length = our.length().min(their.length());
                    match (our, their) {
                        (_, Part::Drop(_)) => {}
                        (Part::Drop(_), _) => moved.drop(length),
                        (_, _) => moved.keep(length),
                    }
                    ours.advance(length);
                    theirs.advance(length);
                }
            }
        }
    }

    /// What takes this operation back; `before` is the text that it was made for.
    pub fn inverse(&self, before: &super::Text) -> Self {
        let mut inverse = Self::default();
        let mut offset = 0;
        for step in &self.steps {
            match step {
                Step::Keep(length) => {
                    inverse.keep(*length);
                    offset += length;
                }
                Step::Drop(length) => {
                    inverse.put(&before.slice(offset, offset + length));
                    offset += length;
                }
                Step::Put(text) => inverse.drop(utf16_length(text)),
            }
        }
        inverse
    }

    fn push(&mut self, part: Part<'_>) {
        match part {
            Part::Keep(length) => self.keep(length),
            Part::Drop(length) => self.drop(length),
            Part::Put(text, _) => self.put(text),
        }
    }

    fn keep(&mut self, length: usize) {
        match self.steps.last_mut() {
            _ if length == 0 => {}
            Some(Step::Keep(last)) => *last = last.saturating_add(length),
            _ => self.steps.push(Step::Keep(length)),
        }
    }

    fn drop(&mut self, length: usize) {
        match self.steps.last_mut() {
            _ if length == 0 => {}
            Some(Step::Drop(last)) => *last = last.saturating_add(length),
            _ => self.steps.push(Step::Drop(length)),
        }
    }

    fn put(&mut self, text: &str) {
        match self.steps.last_mut() {
            _ if text.is_empty() => {}
            Some(Step::Put(last)) => last.push_str(text),
            _ => self.steps.push(Step::Put(text.to_owned())),
        }
    }
}

/// A step, or what is left of one.
#[derive(Clone, Copy, Debug)]
enum Part<'a> {
    Keep(usize),
    Drop(usize),
    /// A text with its length.
    Put(&'a str, usize),
}

impl<'a> Part<'a> {
    fn of(step: &'a Step) -> Self {
        match step {
            Step::Keep(length) => Self::Keep(*length),
            Step::Drop(length) => Self::Drop(*length),
            Step::Put(text) => Self::Put(text, utf16_length(text)),
        }
    }

    fn length(self) -> usize {
        match self {
            Self::Keep(length) | Self::Drop(length) | Self::Put(_, length) => length,
        }
    }

    /// The first `at` units and the rest; inside a character, after it.
    fn split(self, at: usize) -> (Self, Self) {
        let rest = self.length().saturating_sub(at);
        match self {
            Self::Keep(length) => (Self::Keep(length - rest), Self::Keep(rest)),
            Self::Drop(length) => (Self::Drop(length - rest), Self::Drop(rest)),
            Self::Put(text, _) => {
                let (first, rest) = split(text, at);
                let length = utf16_length(first);
                (Self::Put(first, length), Self::Put(rest, self.length() - length))
            }
        }
    }
}

/// How many UTF-16 code units a text has.
pub fn utf16_length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Walks over steps, part by part.
struct Cursor<'a> {
    rest: std::slice::Iter<'a, Step>,
    head: Option<Part<'a>>,
}

impl<'a> Cursor<'a> {
    fn new(steps: &'a [Step]) -> Self {
        let mut rest = steps.iter();
        let head = rest.next().map(Part::of);
        Self { rest, head }
    }

    fn skip(&mut self) {
        self.head = self.rest.next().map(Part::of);
    }

    fn advance(&mut self, length: usize) {
        let rest = self.head.map(|part| part.split(length).1);
        match rest {
            Some(part) if part.length() > 0 => self.head = Some(part),
            _ => self.skip(),
        }
    }
}

/// Splits a text after `length` UTF-16 code units; inside a character, after it.
fn split(text: &str, length: usize) -> (&str, &str) {
    let mut units = 0;
    for (index, c) in text.char_indices() {
        if units >= length {
            return text.split_at(index);
        }
        units += c.len_utf16();
    }
    (text, "")
}
