//! The client's half of the log: what it has to say and has not been told is safe. Pure; the browser only drives it.
//!
//! Three states, as everywhere with one batch under way: in step, awaiting, awaiting with more typed. Edits by others
//! are carried through what is pending here, and what is pending is carried behind them.

use std::collections::{HashMap, VecDeque};

use crate::editor::operation::{Operation, Side};
use crate::editor::{Change, Edited};
use crate::event::Event;
use crate::fact::{EditorFact, Fact, QuestionFact};
use crate::ids::FilePath;
use crate::wire::{ClientFact, Delivery};
use crate::Stage;

/// Most facts in one batch.
pub const BATCH_LIMIT: usize = 200;

#[derive(Clone, Debug)]
struct Pending {
    n: u64,
    t: u64,
    /// The fact, moved along with what others did since.
    fact: Fact,
    /// The fact as it was sent, while it is under way.
    sent: Option<Fact>,
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

    /// Adds a fact at `t` on this client's own clock. Typing that follows at once on unsent typing is merged into it
    /// when `merge_millis` allows; every change is kept.
    pub fn push(&mut self, t: u64, fact: Fact, merge_millis: u64) {
        if let (Some(last), Fact::Editor(EditorFact::Edited(new))) = (self.pending.back_mut(), &fact) {
            if let (None, Fact::Editor(EditorFact::Edited(old))) = (&last.sent, &mut last.fact) {
                let joins = old.path == new.path && old.via == new.via && old.from == new.from;
                if joins && t.saturating_sub(last.t) <= merge_millis {
                    old.changes.extend(new.changes.iter().cloned());
                    return;
                }
            }
        }
        self.pending.push_back(Pending { n: self.next, t, fact, sent: None });
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
        self.pending.front().is_some_and(|pending| pending.sent.is_some())
    }

    /// The next batch, unless one is under way or nothing waits.
    pub fn take_batch(&mut self) -> Option<Vec<ClientFact>> {
        if self.is_awaiting() || self.is_empty() {
            return None;
        }
        let mut batch = Vec::new();
        for pending in self.pending.iter_mut().take(BATCH_LIMIT) {
            let fact = stamped(&pending.fact, &self.revisions);
            pending.sent = Some(fact.clone());
            batch.push(ClientFact { n: pending.n, t: pending.t, fact });
        }
        Some(batch)
    }

    /// All that waits, in the form in which another tab may send it after this one is gone.
    pub fn saved(&self) -> Vec<ClientFact> {
        self.pending
            .iter()
            .map(|pending| ClientFact {
                n: pending.n,
                t: pending.t,
                fact: pending.sent.clone().unwrap_or_else(|| stamped(&pending.fact, &self.revisions)),
            })
            .collect()
    }

    /// The connection broke: what was under way may or may not have arrived.
    pub fn lost_connection(&mut self) {
        for pending in &mut self.pending {
            pending.sent = None;
        }
    }

    /// The server says that everything of ours up to `through` is durable.
    pub fn acknowledged(&mut self, through: u64) {
        while self.pending.front().is_some_and(|pending| pending.n <= through) {
            self.pending.pop_front();
        }
    }

    /// The server will not take fact `n`; the rest of its batch was not taken either and is to be sent again.
    pub fn refused(&mut self, n: u64) -> Option<Fact> {
        let index = self.pending.iter().position(|pending| pending.n == n)?;
        let refused = self.pending.remove(index)?;
        self.lost_connection();
        Some(refused.fact)
    }

    /// Drops whatever is pending for a file, after its text was lost or replaced.
    pub fn forget(&mut self, path: &FilePath) {
        self.pending.retain(|pending| !matches!(&pending.fact, Fact::Editor(EditorFact::Edited(edited)) if edited.path == *path));
    }

    /// Takes an event in and says what it means for the texts on this side.
    pub fn receive(&mut self, delivery: &Delivery) -> Effect {
        if let Some(n) = delivery.n {
            if let Fact::Editor(EditorFact::Edited(edited)) = &delivery.event.fact {
                self.revisions.insert(edited.path.clone(), edited.rev);
            }
            if let Fact::Editor(EditorFact::Created(created)) = &delivery.event.fact {
                self.replaced(&created.path);
            }
            if let Fact::Editor(EditorFact::Renamed(renamed)) = &delivery.event.fact {
                self.rename(&renamed.from, &renamed.to);
            }
            self.acknowledged(n);
            return match &delivery.event.fact {
                Fact::Editor(EditorFact::Created(created)) => Effect::Replace(created.path.clone(), created.text.clone()),
                Fact::Editor(EditorFact::Deleted(deleted)) => Effect::Remove(deleted.path.clone()),
                Fact::Editor(EditorFact::Renamed(renamed)) => Effect::Rename(renamed.from.clone(), renamed.to.clone()),
                _ => Effect::None,
            };
        }
        self.receive_foreign(&delivery.event)
    }

    fn receive_foreign(&mut self, event: &Event) -> Effect {
        match &event.fact {
            Fact::Editor(EditorFact::Edited(edited)) => {
                self.revisions.insert(edited.path.clone(), edited.rev);
                let changes = self.carry(edited);
                Effect::Apply(edited.path.clone(), changes)
            }
            Fact::Editor(EditorFact::Created(created)) => {
                self.replaced(&created.path);
                self.forget(&created.path);
                Effect::Replace(created.path.clone(), created.text.clone())
            }
            Fact::Editor(EditorFact::Deleted(deleted)) => {
                self.revisions.remove(&deleted.path);
                Effect::Remove(deleted.path.clone())
            }
            Fact::Editor(EditorFact::Renamed(renamed)) => {
                self.rename(&renamed.from, &renamed.to);
                Effect::Rename(renamed.from.clone(), renamed.to.clone())
            }
            Fact::Editor(EditorFact::Opened(_) | EditorFact::Selected(_)) => Effect::None,
            Fact::Question(QuestionFact::Opened(opened)) => {
                self.revisions = opened.files.iter().map(|file| (file.path.clone(), 0)).collect();
                Effect::Reset
            }
            Fact::Question(QuestionFact::Closed(_)) | Fact::Session(_) | Fact::Terminal(_) | Fact::Chat(_) | Fact::Run(_) => {
                Effect::None
            }
        }
    }

    /// Carries another's edit through everything pending for its file, and everything pending behind it.
    fn carry(&mut self, foreign: &Edited) -> Vec<Change> {
        let mut theirs = Operation::from_changes(&foreign.changes);
        let mut moved = false;
        for pending in &mut self.pending {
            let Fact::Editor(EditorFact::Edited(edited)) = &mut pending.fact else { continue };
            if edited.path != foreign.path {
                continue;
            }
            let ours = Operation::from_changes(&edited.changes);
            edited.changes = ours.after(&theirs, Side::Second).to_changes();
            theirs = theirs.after(&ours, Side::First);
            moved = true;
        }
        if moved { theirs.to_changes() } else { foreign.changes.clone() }
    }

    fn replaced(&mut self, path: &FilePath) {
        let revision = self.revisions.get(path).map_or(0, |revision| revision + 1);
        self.revisions.insert(path.clone(), revision);
    }

    fn rename(&mut self, from: &FilePath, to: &FilePath) {
        if let Some(revision) = self.revisions.remove(from) {
            self.revisions.insert(to.clone(), revision);
        }
        for pending in &mut self.pending {
            if let Fact::Editor(EditorFact::Edited(edited)) = &mut pending.fact {
                if edited.path == *from {
                    edited.path = to.clone();
                }
            }
        }
    }
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
