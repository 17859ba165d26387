//! The client's half of the log: what it has to say and has not been told is safe. Pure; the browser only drives it.
//!
//! Three states, as everywhere with one batch under way: in step, awaiting, awaiting with more typed. Edits by others
//! are carried through what is pending here, and what is pending is carried behind them.

use std::collections::{HashMap, VecDeque};

use crate::Stage;
use crate::editor::operation::{Operation, Side};
use crate::editor::{Change, Created, Edited, Text};
use crate::event::Event;
use crate::fact::{EditorFact, Fact, QuestionFact};
use crate::ids::FilePath;
use crate::wire::{ClientFact, Delivery};

/// Most facts in one batch.
pub const BATCH_LIMIT: usize = 200;

/// Most text in one batch, in bytes, unless one fact alone has more. Written as JSON it still fits a message.
pub const BATCH_TEXT_BYTES: usize = crate::ids::FILE_LIMIT_BYTES;

/// More than any text has, in UTF-16 code units: what stands for all of it where its length is not known.
const WHOLE: usize = usize::MAX / 2;

#[derive(Clone, Debug)]
struct Pending {
    n: u64,
    t: u64,
    /// The fact, moved along with what others did since.
    fact: Fact,
    way: Way,
    /// Whether it is in the texts on this side. Once its file was lost or replaced it is not, but the server may have it.
    shown: bool,
}

/// How far a fact is on its way.
#[derive(Clone, Debug, PartialEq)]
enum Way {
    /// Never sent: nobody else has it.
    Fresh,
    /// Sent over this connection, in this form.
    Sent(Fact),
    /// Sent over a connection that broke: it may or may not have arrived.
    Unsure,
}

/// Facts that wait to be sent or acknowledged.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    next: u64,
    pending: VecDeque<Pending>,
    revisions: HashMap<FilePath, u64>,
}

/// What a delivery means for the editor on this side.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Nothing to do: it was ours, or concerns no text.
    None,
    /// Apply these changes to the open text.
    Apply(FilePath, Vec<Change>),
    /// A file was replaced whole.
    Replace(FilePath, String),
    /// A file is gone.
    Remove(FilePath),
    /// A file has another path.
    Rename(FilePath, FilePath),
    /// Other files altogether.
    Reset,
}

impl Outbox {
    /// Nothing pending, in step with this stage.
    pub fn new(stage: &Stage) -> Self {
        let mut outbox = Self::default();
        outbox.follow(stage);
        outbox
    }

    /// Takes over the revisions of a stage that includes all that was delivered.
    pub fn follow(&mut self, stage: &Stage) {
        self.revisions = stage.editor.files.iter().map(|(path, file)| (path.clone(), file.rev)).collect();
    }

    /// Adds a fact at `t` on this client's own clock. Typing that follows at once on typing that was never sent is merged
    /// into it when `merge_millis` allows; every change is kept.
    pub fn push(&mut self, t: u64, fact: Fact, merge_millis: u64) {
        if let (Some(last), Fact::Editor(EditorFact::Edited(new))) = (self.pending.back_mut(), &fact)
            && let (Way::Fresh, Fact::Editor(EditorFact::Edited(old))) = (&last.way, &mut last.fact)
        {
            let joins = old.path == new.path && old.via == new.via && old.from == new.from;
            let is_small = text_bytes(old) + text_bytes(new) <= BATCH_TEXT_BYTES;
            if joins && is_small && t.saturating_sub(last.t) <= merge_millis {
                old.changes.extend(new.changes.iter().cloned());
                return;
            }
        }
        self.pending.push_back(Pending { n: self.next, t, fact, way: Way::Fresh, shown: true });
        self.next += 1;
    }

    /// How many facts wait, sent or not.
    pub fn len(&self) -> usize {
        self.pending.len()
    }

    /// Whether everything is acknowledged.
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// Whether a batch is under way.
    pub fn is_awaiting(&self) -> bool {
        self.pending.front().is_some_and(Pending::is_under_way)
    }

    /// The next batch, unless one is under way or nothing waits. What does not show here ends a batch: a new name or text
    /// of a file shows when it comes back, and what is typed until then is still meant for the old one.
    pub fn take_batch(&mut self) -> Option<Vec<ClientFact>> {
        if self.is_awaiting() || self.is_empty() {
            return None;
        }
        let mut batch = Vec::new();
        let mut bytes = 0;
        for pending in self.pending.iter_mut().take(BATCH_LIMIT) {
            if let Fact::Editor(EditorFact::Edited(edited)) = &pending.fact {
                bytes += text_bytes(edited);
            }
            if bytes > BATCH_TEXT_BYTES && !batch.is_empty() {
                break;
            }
            let fact = stamped(&pending.fact, &self.revisions);
            pending.way = Way::Sent(fact.clone());
            batch.push(ClientFact { n: pending.n, t: pending.t, fact });
            if !pending.shown || moves_files(&pending.fact) {
                break;
            }
        }
        Some(batch)
    }

    /// All that waits, in the form in which another tab may send it after this one is gone.
    pub fn saved(&self) -> Vec<ClientFact> {
        let saved = |pending: &Pending| ClientFact {
            n: pending.n,
            t: pending.t,
            fact: stamped(&pending.fact, &self.revisions),
        };
        self.pending.iter().map(saved).collect()
    }

    /// The connection broke: what was under way may or may not have arrived.
    pub fn lost_connection(&mut self) {
        for pending in self.pending.iter_mut().filter(|pending| pending.is_under_way()) {
            pending.way = Way::Unsure;
        }
    }

    /// The server says that everything of ours up to `through` is durable. What changes texts and is under way waits
    /// until it comes back all the same: only then is it known what happened before it.
    pub fn acknowledged(&mut self, through: u64) {
        self.pending.retain(|pending| pending.n > through || (pending.is_under_way() && concerns_texts(&pending.fact)));
    }

    /// The server will not take fact `n`; the rest of its batch was not taken either and is to be sent again. Gives the
    /// fact when it is lost, so that the text can be shown again as the server has it. An edit whose file got another
    /// path meanwhile is not lost.
    pub fn refused(&mut self, n: u64) -> Option<Fact> {
        let index = self.pending.iter().position(|pending| pending.n == n)?;
        let mut lost = None;
        if !self.pending[index].was_renamed() {
            lost = self.drop_fact(index).filter(|pending| pending.shown).map(|pending| pending.fact);
        }
        // The server has none of the rest, so that what does not show here need not be anywhere.
        for index in (index..self.pending.len()).rev() {
            self.pending[index].way = Way::Fresh;
            if !self.pending[index].shown {
                self.drop_fact(index);
            }
        }
        lost
    }

    /// Gives up whatever is pending for a file, after its text was lost or replaced.
    pub fn forget(&mut self, path: &FilePath) {
        self.forget_where(|fact| matches!(fact, EditorFact::Edited(edited) if edited.path == *path));
    }

    fn forget_where(&mut self, is_lost: impl Fn(&EditorFact) -> bool) {
        for index in (0..self.pending.len()).rev() {
            let pending = &mut self.pending[index];
            match &pending.fact {
                Fact::Editor(fact) if is_lost(fact) => {}
                Fact::Editor(_) | Fact::Session(_) | Fact::Question(_) => continue,
                Fact::Terminal(_) | Fact::Chat(_) | Fact::Run(_) => continue,
            }
            if pending.way == Way::Fresh {
                self.drop_fact(index);
            } else {
                pending.shown = false;
            }
        }
    }

    /// Takes a fact out that the server does not have, and closes the gap: the server expects a dense count.
    fn drop_fact(&mut self, index: usize) -> Option<Pending> {
        let dropped = self.pending.remove(index)?;
        for pending in self.pending.range_mut(index..) {
            pending.n -= 1;
        }
        self.next -= 1;
        Some(dropped)
    }

    /// Takes an event in and says what it means for the texts on this side.
    pub fn receive(&mut self, delivery: &Delivery) -> Effect {
        let Some(n) = delivery.n else { return self.receive_foreign(&delivery.event) };
        let index = self.pending.iter().position(|pending| pending.n == n);
        let own = index.and_then(|index| self.pending.remove(index));
        self.pending.retain(|pending| pending.n > n);
        match (own, &delivery.event.fact) {
            // It is ours, and shows here already.
            (Some(Pending { shown: true, .. }), Fact::Editor(EditorFact::Edited(edited))) => {
                self.revisions.insert(edited.path.clone(), edited.rev);
                Effect::None
            }
            (_, _) => self.receive_foreign(&delivery.event),
        }
    }

    fn receive_foreign(&mut self, event: &Event) -> Effect {
        match &event.fact {
            Fact::Editor(EditorFact::Edited(edited)) => {
                self.revisions.insert(edited.path.clone(), edited.rev);
                let changes = self.carry(edited);
                Effect::Apply(edited.path.clone(), changes)
            }
            Fact::Editor(EditorFact::Created(created)) => self.replaced(created),
            Fact::Editor(EditorFact::Deleted(deleted)) => {
                self.revisions.remove(&deleted.path);
                self.forget(&deleted.path);
                Effect::Remove(deleted.path.clone())
            }
            Fact::Editor(EditorFact::Renamed(renamed)) => {
                self.rename(&renamed.from, &renamed.to);
                Effect::Rename(renamed.from.clone(), renamed.to.clone())
            }
            Fact::Editor(EditorFact::Opened(_) | EditorFact::Selected(_)) => Effect::None,
            Fact::Question(QuestionFact::Opened(opened)) => {
                self.revisions = opened.files.iter().map(|file| (file.path.clone(), 0)).collect();
                self.forget_where(|_| true);
                Effect::Reset
            }
            Fact::Question(QuestionFact::Closed(_))
            | Fact::Session(_)
            | Fact::Terminal(_)
            | Fact::Chat(_)
            | Fact::Run(_) => Effect::None,
        }
    }

    /// Carries another's edit through everything pending for its file, and everything pending behind it.
    fn carry(&mut self, foreign: &Edited) -> Vec<Change> {
        let mut theirs = Operation::from_changes(&foreign.changes);
        let mut moved = false;
        for edited in self.edits_of(&foreign.path) {
            let ours = Operation::from_changes(&edited.changes);
            edited.changes = ours.after(&theirs, Side::Second).to_changes();
            theirs = theirs.after(&ours, Side::First);
            moved = true;
        }
        if moved { theirs.to_changes() } else { foreign.changes.clone() }
    }

    /// A file came to be, or says something else altogether; what was typed into it meanwhile is carried over.
    fn replaced(&mut self, created: &Created) -> Effect {
        let path = &created.path;
        let Some(revision) = self.revisions.get(path).copied() else {
            self.revisions.insert(path.clone(), 0);
            self.forget(path);
            return Effect::Replace(path.clone(), created.text.clone());
        };
        self.revisions.insert(path.clone(), revision + 1);
        let mut text = Text::from(created.text.as_str());
        let mut whole = Operation::from_changes(&[Change::new(0, WHOLE, created.text.as_str())]);
        for edited in self.edits_of(path) {
            let ours = Operation::from_changes(&edited.changes);
            edited.changes = ours.after(&whole, Side::Second).to_changes();
            whole = whole.after(&ours, Side::First);
            text.apply(&edited.changes);
        }
        Effect::Replace(path.clone(), text.to_string())
    }

    /// The edits of a file that show on this side and are not known to have arrived.
    fn edits_of(&mut self, path: &FilePath) -> impl Iterator<Item = &mut Edited> {
        self.pending.iter_mut().filter(|pending| pending.shown).filter_map(move |pending| match &mut pending.fact {
            Fact::Editor(EditorFact::Edited(edited)) if edited.path == *path => Some(edited),
            _ => None,
        })
    }

    fn rename(&mut self, from: &FilePath, to: &FilePath) {
        if let Some(revision) = self.revisions.remove(from) {
            self.revisions.insert(to.clone(), revision);
        }
        for edited in self.edits_of(from) {
            edited.path = to.clone();
        }
    }
}

impl Pending {
    fn is_under_way(&self) -> bool {
        matches!(self.way, Way::Sent(_))
    }

    /// Whether its file got another path since it was sent.
    fn was_renamed(&self) -> bool {
        match (&self.fact, &self.way) {
            (Fact::Editor(EditorFact::Edited(now)), Way::Sent(Fact::Editor(EditorFact::Edited(sent)))) => {
                self.shown && now.path != sent.path
            }
            (_, _) => false,
        }
    }
}

fn concerns_texts(fact: &Fact) -> bool {
    matches!(fact, Fact::Editor(EditorFact::Edited(_))) || moves_files(fact)
}

fn moves_files(fact: &Fact) -> bool {
    matches!(fact, Fact::Editor(EditorFact::Created(_) | EditorFact::Deleted(_) | EditorFact::Renamed(_)))
}

fn text_bytes(edited: &Edited) -> usize {
    edited.changes.iter().map(|change| change.inserted.len()).sum()
}

fn stamped(fact: &Fact, revisions: &HashMap<FilePath, u64>) -> Fact {
    match fact {
        Fact::Editor(EditorFact::Edited(edited)) => {
            let rev = revisions.get(&edited.path).copied().unwrap_or(0);
            Fact::Editor(EditorFact::Edited(Edited { rev, ..edited.clone() }))
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Via;
    use crate::ids::{FILE_LIMIT_BYTES, Origin};
    use crate::wire::{ClientMessage, MESSAGE_LIMIT_BYTES};

    fn paste(path: &str, length: usize) -> Fact {
        let path = FilePath::parse(path).expect("a path");
        // Control characters are what JSON makes longest.
        let changes = vec![Change::new(0, 0, "\u{1}".repeat(length))];
        Fact::Editor(EditorFact::Edited(Edited { path, rev: 0, changes, via: Via::Paste, from: None }))
    }

    #[test]
    fn whatever_was_pasted_goes_out_in_messages_that_arrive() {
        let mut outbox = Outbox::default();
        for length in [FILE_LIMIT_BYTES, 700 << 10, 700 << 10, 1, 300 << 10, FILE_LIMIT_BYTES] {
            outbox.push(0, paste("main.py", length), 50);
        }
        let mut sent = 0;
        while let Some(facts) = outbox.take_batch() {
            sent += facts
                .iter()
                .map(|fact| serde_json::to_string(&fact.fact.body()).map_or(0, |json| json.len()))
                .sum::<usize>();
            let through = facts.last().expect("a batch has a fact").n;
            let origin = Origin::parse("tab").expect("an origin");
            let message = serde_json::to_string(&ClientMessage::Facts { origin, now: 0, facts }).expect("JSON");
            assert!(message.len() <= MESSAGE_LIMIT_BYTES, "{} bytes", message.len());
            outbox.lost_connection();
            outbox.acknowledged(through);
        }
        assert!(outbox.is_empty() && sent > 4 * FILE_LIMIT_BYTES);
    }
}
