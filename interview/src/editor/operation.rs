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
    /// The operation that these changes make, applied in the order given.
    pub fn from_changes(changes: &[Change]) -> Self {
        let mut whole = Self::default();
        for change in changes {
            let mut one = Self::default();
            one.keep(change.offset);
            one.put(&change.inserted);
            one.drop(change.removed);
            whole = whole.then(&one);
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
            // What the second puts, the first never saw; what the first drops, the second never sees.
            if let Some(Step::Put(text)) = second.peek() {
                whole.put(&text.clone());
                second.skip();
            } else if let Some(Step::Drop(length)) = first.peek() {
                let length = *length;
                whole.drop(length);
                first.advance(length);
            } else {
                match (first.peek().cloned(), second.peek().cloned()) {
                    (None, None) => return whole,
                    (Some(Step::Put(text)), None) => {
                        whole.put(&text);
                        first.skip();
                    }
                    (Some(step), None) => {
                        whole.keep(step.length());
                        first.skip();
                    }
                    (None, Some(step)) => {
                        whole.push(&step);
                        second.skip();
                    }
                    (Some(made), Some(met)) => {
                        let length = made.length().min(met.length());
                        match (&made, &met) {
                            (Step::Put(_), Step::Keep(_)) => whole.put(&first.text(length)),
                            (Step::Put(_), _) => {}
                            (_, Step::Drop(_)) => whole.drop(length),
                            (_, _) => whole.keep(length),
                        }
                        first.advance(length);
                        second.advance(length);
                    }
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
            let our_put = matches!(ours.peek(), Some(Step::Put(_)));
            let their_put = matches!(theirs.peek(), Some(Step::Put(_)));
            if our_put && (side == Side::First || !their_put) {
                if let Some(Step::Put(text)) = ours.peek() {
                    moved.put(&text.clone());
                }
                ours.skip();
                continue;
            }
            if their_put {
                moved.keep(theirs.peek().map_or(0, Step::length));
                theirs.skip();
                continue;
            }
            match (ours.peek().cloned(), theirs.peek().cloned()) {
                (None, _) => return moved,
                (Some(step), None) => {
                    moved.push(&step);
                    ours.skip();
                }
                (Some(our), Some(their)) => {
                    let length = our.length().min(their.length());
                    match (&our, &their) {
                        (_, Step::Drop(_)) => {}
                        (Step::Drop(_), _) => moved.drop(length),
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

    fn push(&mut self, step: &Step) {
        match step {
            Step::Keep(length) => self.keep(*length),
            Step::Drop(length) => self.drop(*length),
            Step::Put(text) => self.put(text),
        }
    }

    fn keep(&mut self, length: usize) {
        match self.steps.last_mut() {
            _ if length == 0 => {}
            Some(Step::Keep(last)) => *last += length,
            _ => self.steps.push(Step::Keep(length)),
        }
    }

    fn drop(&mut self, length: usize) {
        match self.steps.last_mut() {
            _ if length == 0 => {}
            Some(Step::Drop(last)) => *last += length,
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

impl Step {
    fn length(&self) -> usize {
        match self {
            Self::Keep(length) | Self::Drop(length) => *length,
            Self::Put(text) => utf16_length(text),
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
    head: Option<Step>,
}

impl<'a> Cursor<'a> {
    fn new(steps: &'a [Step]) -> Self {
        let mut rest = steps.iter();
        let head = rest.next().cloned();
        Self { rest, head }
    }

    fn peek(&self) -> Option<&Step> {
        self.head.as_ref()
    }

    fn skip(&mut self) {
        self.head = self.rest.next().cloned();
    }

    /// The first `length` units of the text that is being put.
    fn text(&self, length: usize) -> String {
        match &self.head {
            Some(Step::Put(text)) => split(text, length).0.to_owned(),
            _ => String::new(),
        }
    }

    fn advance(&mut self, length: usize) {
        let Some(step) = &mut self.head else { return };
        if step.length() <= length {
            return self.skip();
        }
        match step {
            Step::Keep(left) | Step::Drop(left) => *left -= length,
            Step::Put(text) => *text = split(text, length).1.to_owned(),
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
