//! Group commit: events are numbered and folded at once, made durable in groups, and only then answered for.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use interview::fact::{Fact, TerminalFact};
use interview::wire::ServerMessage;
use interview::{Event, InterviewId, Seq};

use super::onlooker::Onlooker;
use crate::ports::{Entry, Events, PortError};

/// Most events in one transaction.
const GROUP_LIMIT: usize = 256;

type Committing = Pin<Box<dyn Future<Output = (Vec<Entry>, Result<(), PortError>)> + Send>>;

/// What is drawn in the same place, and so has to come in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lane {
    Terminal,
    Conversation,
}

impl Lane {
    fn of(fact: &Fact) -> Option<Self> {
        match fact {
            // Keys draw nothing; what they lead to does.
            Fact::Terminal(TerminalFact::Typed(_)) => None,
            Fact::Terminal(_) => Some(Self::Terminal),
            Fact::Chat(_) => Some(Self::Conversation),
            Fact::Session(_) | Fact::Question(_) | Fact::Editor(_) | Fact::Run(_) => None,
        }
    }
}

/// The end of the log: what is numbered but not yet durable, and who waits for it.
pub(super) struct Tail {
    events: Arc<dyn Events>,
    interview: InterviewId,
    pending: Vec<Entry>,
    committing: Option<Committing>,
    waiting: Vec<(Seq, Box<dyn FnOnce() + Send>)>,
    /// What was shown before it was durable.
    early: BTreeSet<Seq>,
    /// What waits to be shown until it is durable, and must not be overtaken.
    held: Vec<(Seq, Lane)>,
    pub onlookers: Vec<Onlooker>,
    is_broken: bool,
}

impl Tail {
    pub fn new(events: Arc<dyn Events>, interview: InterviewId) -> Self {
        Self {
            events,
            interview,
            pending: Vec::new(),
            committing: None,
            waiting: Vec::new(),
            early: BTreeSet::new(),
            held: Vec::new(),
            onlookers: Vec::new(),
            is_broken: false,
        }
    }

    /// Takes a numbered entry in. What only shows something sooner is passed on at once, unless something has to be seen
    /// before it: output must not come before the shell that printed it.
    pub fn push(&mut self, entry: Entry) {
        let (seq, lane) = (entry.event.seq, Lane::of(&entry.event.fact));
        let overtakes = lane.is_some_and(|lane| self.held.iter().any(|(_, held)| *held == lane));
        if entry.event.fact.is_display() && !overtakes {
            self.onlookers.retain(|onlooker| onlooker.show(&[&entry]));
            self.early.insert(seq);
        } else if let Some(lane) = lane {
            self.held.push((seq, lane));
        }
        self.pending.push(entry);
    }

    /// Does something once everything before `seq` is durable.
    pub fn when_durable(&mut self, seq: Seq, then: impl FnOnce() + Send + 'static) {
        if self.pending.is_empty() && self.committing.is_none() {
            then();
        } else {
            self.waiting.push((seq, Box::new(then)));
        }
    }

    /// Starts a commit where one is due.
    pub fn start(&mut self) {
        if self.committing.is_some() || self.pending.is_empty() {
            return;
        }
        let count = self.pending.len().min(GROUP_LIMIT);
        let group: Vec<Entry> = self.pending.drain(..count).collect();
        let (events, interview) = (self.events.clone(), self.interview.clone());
        self.committing = Some(Box::pin(async move {
            let result = events.append(&interview, &group).await;
            (group, result)
        }));
    }

    /// Waits for the commit under way; for ever when there is none.
    pub async fn committed(&mut self) -> (Vec<Entry>, Result<(), PortError>) {
        match &mut self.committing {
            Some(committing) => {
                let done = committing.await;
                self.committing = None;
                done
            }
            None => std::future::pending().await,
        }
    }

    /// A group is durable: show it and answer who waited.
    pub fn settle(&mut self, group: &[Entry]) {
        let shown: Vec<&Entry> = group.iter().filter(|entry| !self.early.remove(&entry.event.seq)).collect();
        if !shown.is_empty() {
            self.onlookers.retain(|onlooker| onlooker.show(&shown));
        }
        let Some(last) = group.last().map(|entry: &Entry| entry.event.seq) else { return };
        self.held.retain(|(seq, _)| *seq > last);
        let (due, waiting) = std::mem::take(&mut self.waiting).into_iter().partition(|(seq, _)| *seq <= last.next());
        self.waiting = waiting;
        let due: Vec<(Seq, Box<dyn FnOnce() + Send>)> = due;
        for (_, then) in due {
            then();
        }
    }

    /// Makes everything durable before going on.
    pub async fn flush(&mut self) -> Result<(), PortError> {
        loop {
            self.start();
            if self.committing.is_none() {
                return Ok(());
            }
            let (group, result) = self.committed().await;
            self.is_broken = result.is_err();
            result?;
            self.settle(&group);
        }
    }

    /// Whether a commit failed while somebody waited for it: what comes after must not count as written.
    pub fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// Tells one onlooker something.
    pub fn tell(&mut self, id: u64, message: ServerMessage) {
        self.onlookers.retain(|onlooker| onlooker.id != id || onlooker.tell(message.clone()));
    }
}

/// The event of an entry that did not come from a client.
pub(super) fn own(event: Event) -> Entry {
    Entry { event, source: None }
}
