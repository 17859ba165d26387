//! Group commit: events are numbered and folded at once, made durable in groups, and only then answered for.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use interview::masking::{Viewer, mask_event};
use interview::wire::{Delivery, ServerMessage};
use interview::{Event, InterviewId, Origin, Seq};
use tokio::sync::mpsc;

use crate::ports::{Entry, Events, PortError};

/// Most events in one transaction.
const GROUP_LIMIT: usize = 256;

type Committing = Pin<Box<dyn Future<Output = (Vec<Entry>, Result<(), PortError>)> + Send>>;

/// An onlooker of the room.
pub(super) struct Onlooker {
    pub id: u64,
    pub viewer: Viewer,
    /// The tab, when it is the candidate's own.
    pub tab: Option<Origin>,
    pub messages: mpsc::Sender<ServerMessage>,
}

impl Onlooker {
    /// Passes events on; false when the onlooker is gone or too slow.
    fn show(&self, entries: &[&Entry]) -> bool {
        let events = entries.iter().map(|entry| self.delivery(entry)).collect();
        self.messages.try_send(ServerMessage::Events { events }).is_ok()
    }

    fn delivery(&self, entry: &Entry) -> Delivery {
        deliver(entry, self.viewer, self.tab.as_ref())
    }
}

/// An entry as that viewer may see it; `tab` learns its own count.
pub(super) fn deliver(entry: &Entry, viewer: Viewer, tab: Option<&Origin>) -> Delivery {
    let n = entry.source.as_ref().filter(|source| Some(&source.origin) == tab).map(|source| source.n);
    Delivery { event: mask_event(entry.event.clone(), viewer), n }
}

/// The end of the log: what is numbered but not yet durable, and who waits for it.
pub(super) struct Tail {
    events: Arc<dyn Events>,
    interview: InterviewId,
    pending: Vec<Entry>,
    committing: Option<Committing>,
    waiting: Vec<(Seq, Box<dyn FnOnce() + Send>)>,
    pub onlookers: Vec<Onlooker>,
}

impl Tail {
    pub fn new(events: Arc<dyn Events>, interview: InterviewId) -> Self {
        Self { events, interview, pending: Vec::new(), committing: None, waiting: Vec::new(), onlookers: Vec::new() }
    }

    /// Takes a numbered entry in. What only shows something sooner is passed on at once.
    pub fn push(&mut self, entry: Entry) {
        if entry.event.fact.is_display() {
            self.onlookers.retain(|onlooker| onlooker.show(&[&entry]));
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
        let shown: Vec<&Entry> = group.iter().filter(|entry| !entry.event.fact.is_display()).collect();
        if !shown.is_empty() {
            self.onlookers.retain(|onlooker| onlooker.show(&shown));
        }
        let Some(last) = group.last().map(|entry: &Entry| entry.event.seq) else { return };
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
            result?;
            self.settle(&group);
        }
    }

    /// Tells one onlooker something.
    pub fn tell(&mut self, id: u64, message: ServerMessage) {
        self.onlookers.retain(|onlooker| onlooker.id != id || onlooker.messages.try_send(message.clone()).is_ok());
    }
}

/// The event of an entry that did not come from a client.
pub(super) fn own(event: Event) -> Entry {
    Entry { event, source: None }
}
