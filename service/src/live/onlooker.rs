//! Who looks on, and how much may wait for each: whoever does not listen is let go of, before it costs others memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use interview::Origin;
use interview::fact::{EditorFact, Fact, TerminalFact};
use interview::masking::{Viewer, mask_event};
use interview::wire::{Delivery, ServerMessage};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::room::Voice;
use crate::ports::{Clock, Entry};

/// How many messages may wait for one onlooker.
const WAITING_MESSAGES: usize = 2_048;
/// How much may wait for one onlooker, in bytes. What alone is larger waits alone.
const WAITING_BYTES: u32 = 8 << 20;
/// What a message costs besides its texts.
const MESSAGE_BYTES: usize = 256;

/// An onlooker of the room.
pub(super) struct Onlooker {
    pub id: u64,
    pub viewer: Viewer,
    /// The tab, when it is the candidate's own.
    pub tab: Option<Origin>,
    messages: mpsc::Sender<Waiting>,
    room: Arc<Semaphore>,
}

/// A message, and the room that it takes until it is heard.
struct Waiting {
    message: ServerMessage,
    _room: OwnedSemaphorePermit,
}

/// A stream of what happens in a room, for one onlooker. It ends when the onlooker is too slow, or was replaced.
///
/// Letting go of it is leaving, also where whoever listens is let go of in the middle of something.
pub struct Tap {
    /// The name under which the room knows it.
    id: u64,
    messages: mpsc::Receiver<Waiting>,
    sign: LastSign,
    voice: Voice,
}

/// When an onlooker last showed that it is there.
#[derive(Clone)]
pub(super) struct LastSign {
    clock: Arc<dyn Clock>,
    monotonic_millis: Arc<AtomicU64>,
}

impl LastSign {
    /// Just now.
    pub fn now(clock: Arc<dyn Clock>) -> Self {
        let now = clock.monotonic_millis();
        Self { clock, monotonic_millis: Arc::new(AtomicU64::new(now)) }
    }

    /// When, on the clock that never jumps.
    pub fn monotonic_millis(&self) -> u64 {
        self.monotonic_millis.load(Ordering::Relaxed)
    }
}

impl Tap {
    /// What happens next, masked for its viewer; none when it has ended.
    pub async fn next(&mut self) -> Option<ServerMessage> {
        self.messages.recv().await.map(|waiting| waiting.message)
    }

    /// Whoever listens here has shown that it is there.
    pub fn note_sign_of_life(&self) {
        self.sign.monotonic_millis.store(self.sign.clock.monotonic_millis(), Ordering::Relaxed);
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.voice.leave(self.id);
    }
}

impl Onlooker {
    pub fn new(id: u64, viewer: Viewer, tab: Option<Origin>, sign: LastSign, voice: Voice) -> (Self, Tap) {
        let (sender, messages) = mpsc::channel(WAITING_MESSAGES);
        let room = Arc::new(Semaphore::new(WAITING_BYTES as usize));
        (Self { id, viewer, tab, messages: sender, room }, Tap { id, messages, sign, voice })
    }

    /// Passes events on; false when the onlooker is gone or too slow.
    pub fn show(&self, entries: &[&Entry]) -> bool {
        let events = entries.iter().map(|entry| deliver(entry, self.viewer, self.tab.as_ref())).collect();
        let bytes = entries.iter().map(|entry| MESSAGE_BYTES + text_bytes(&entry.event.fact)).sum();
        self.pass_on(ServerMessage::Events { events }, bytes)
    }

    /// Tells it something; false when it is gone or too slow.
    pub fn tell(&self, message: ServerMessage) -> bool {
        self.pass_on(message, MESSAGE_BYTES)
    }

    fn pass_on(&self, message: ServerMessage, bytes: usize) -> bool {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX).min(WAITING_BYTES);
        let Ok(room) = self.room.clone().try_acquire_many_owned(bytes) else { return false };
        match self.messages.try_send(Waiting { message, _room: room }) {
            Ok(()) => true,
            Err(TrySendError::Full(_) | TrySendError::Closed(_)) => false,
        }
    }
}

/// An entry as that viewer may see it; `tab` learns its own count.
pub(super) fn deliver(entry: &Entry, viewer: Viewer, tab: Option<&Origin>) -> Delivery {
    let n = entry.source.as_ref().filter(|source| Some(&source.origin) == tab).map(|source| source.n);
    Delivery { event: mask_event(entry.event.clone(), viewer), n }
}

/// How much text a fact carries.
fn text_bytes(fact: &Fact) -> usize {
    match fact {
        Fact::Editor(EditorFact::Edited(edited)) => edited.changes.iter().map(|change| change.inserted.len()).sum(),
        Fact::Editor(EditorFact::Created(created)) => created.text.len(),
        Fact::Terminal(TerminalFact::Typed(bytes) | TerminalFact::Printed(bytes)) => bytes.data.len(),
        Fact::Editor(_) | Fact::Terminal(_) => 0,
        Fact::Session(_) | Fact::Question(_) | Fact::Chat(_) | Fact::Run(_) => fact.body().get().len(),
    }
}

#[cfg(test)]
mod tests {
    use interview::editor::Created;
    use interview::ids::FILE_LIMIT_BYTES;
    use interview::{Actor, Event, FilePath, Offset, Seq};

    use super::super::commit::own;
    use super::*;

    struct Stopped;

    impl Clock for Stopped {
        fn unix_millis(&self) -> u64 {
            0
        }

        fn monotonic_millis(&self) -> u64 {
            0
        }
    }

    fn reviewer() -> (Onlooker, Tap) {
        let voice = Voice(mpsc::channel(1).0.downgrade());
        Onlooker::new(0, Viewer::Reviewer, None, LastSign::now(Arc::new(Stopped)), voice)
    }

    fn large(seq: u64) -> Entry {
        let created = Created { path: FilePath::parse("large").expect("a path"), text: "x".repeat(FILE_LIMIT_BYTES) };
        let fact = Fact::Editor(EditorFact::Created(created));
        own(Event { seq: Seq(seq), at: Offset(0), actor: Actor::System, fact })
    }

    #[tokio::test]
    async fn who_does_not_listen_is_let_go_of_before_it_costs_much() {
        let (onlooker, mut tap) = reviewer();
        let shown = (0..100).take_while(|seq| onlooker.show(&[&large(*seq)])).count();
        assert_eq!(shown, 7, "what does not fit into 8 MiB is too much");
        tap.next().await.expect("a message");
        assert!(onlooker.show(&[&large(7)]), "what was heard makes room");
    }

    #[tokio::test]
    async fn a_message_of_any_size_reaches_who_listens() {
        let (onlooker, mut tap) = reviewer();
        let entries: Vec<Entry> = (0..20).map(large).collect();
        assert!(onlooker.show(&entries.iter().collect::<Vec<_>>()));
        assert!(!onlooker.tell(ServerMessage::TakenOver), "nothing else beside it");
        assert!(matches!(tap.next().await, Some(ServerMessage::Events { events }) if events.len() == 20));
        assert!(onlooker.tell(ServerMessage::TakenOver));
    }
}
