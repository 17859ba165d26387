//! Who is in the room: the candidate's tabs come, go and come back, and others look on. What a tab typed while it was away
//! is let in before its return is written down, so that it stands where it belongs: inside the outage.

use std::sync::Arc;
use std::time::Duration;

use interview::fact::{Fact, QuestionFact, SessionFact};
use interview::masking::{Viewer, mask_stage};
use interview::session::Tab;
use interview::wire::{Delivery, ServerMessage, Welcome};
use interview::{Actor, Event, InterviewId, Offset, Origin, Seq, Stage};
use tokio::time::Instant;

use super::answer::Answering;
use super::onlooker::{LastSign, Onlooker, deliver};
use super::room::RoomTask;
use super::{Reply, RoomError, SIGN_OF_LIFE, Tap};
use crate::ports::{Draft, Events};

/// How many may look on at once, other than the candidate's own tab.
const ONLOOKERS_LIMIT: usize = 32;

/// A tab that comes back has so long to begin with what was kept, and again after each batch of it. What another tab left
/// behind in a crash comes up to five seconds later: when it is old enough for that tab to be dead, and that is looked at.
const ARRIVAL_MILLIS: u64 = 6_000;

/// An answer that nobody reads goes on for so long: longer than a reload, and than most outages.
const UNREAD_MILLIS: u64 = 60_000;

/// A connected tab.
pub(super) struct Present {
    pub origin: Origin,
    /// The first event that it did not find in the room.
    since: Seq,
    sign: LastSign,
}

/// A tab that is back, and whose return is not written down yet.
pub(super) struct Arrival {
    tab: Origin,
    at: Offset,
    /// Until when it is waited for what the tab kept.
    pub due: Offset,
}

/// What the log says about comings and goings so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Attendance {
    /// The event that put the question on the table.
    question_opened: Seq,
    /// Whether anybody has ever left.
    was_left: bool,
}

impl Attendance {
    /// Folds one event in.
    pub fn apply(&mut self, event: &Event) {
        match &event.fact {
            Fact::Question(QuestionFact::Opened(_)) => self.question_opened = event.seq,
            Fact::Session(SessionFact::Left(_)) => self.was_left = true,
            Fact::Question(_) | Fact::Session(_) | Fact::Editor(_) => {}
            Fact::Terminal(_) | Fact::Chat(_) | Fact::Run(_) => {}
        }
    }
}

impl RoomTask {
    pub(super) async fn join(&mut self, origin: Origin, from: Option<Seq>, reply: Reply<(Welcome, Tap)>) {
        self.come_in(&origin, from);
        if self.tail.flush().await.is_err() {
            return;
        }
        let missed = match from {
            Some(from) => match missed(self.outside.events.clone(), self.interview.clone(), &origin, from).await {
                Ok(missed) => missed,
                Err(error) => {
                    let _ = reply.send(Err(error));
                    return;
                }
            },
            None => Vec::new(),
        };
        let mut stage = self.stage.clone();
        mask_stage(&mut stage);
        let through = self.through.get(&origin).copied();
        let welcome = Welcome { now: self.now(), stage, through, missed, room: self.card() };
        let tap = self.add_onlooker(Viewer::Candidate, Some(origin));
        let _ = reply.send(Ok((welcome, tap)));
    }

    /// Writes down that a tab is here: at once, or after what it may have kept while nobody was.
    fn come_in(&mut self, origin: &Origin, from: Option<Seq>) {
        self.settle_arrival();
        let at = self.now();
        let was_here = self.let_go_of_taps(origin, from, at);
        if self.stage.session.tabs.contains(origin) {
            return;
        }
        self.arrival = Some(Arrival { tab: origin.clone(), at, due: at.plus(ARRIVAL_MILLIS) });
        if was_here || !self.attendance.was_left {
            self.settle_arrival();
        }
    }

    /// Only one tab is listened to. Answers whether one was here until now.
    fn let_go_of_taps(&mut self, origin: &Origin, from: Option<Seq>, now: Offset) -> bool {
        let mut was_here = false;
        for (tap, present) in std::mem::take(&mut self.taps) {
            let is_other = present.origin != *origin;
            if is_other {
                self.tail.tell(tap, ServerMessage::TakenOver);
            }
            self.tail.onlookers.retain(|onlooker| onlooker.id != tap);
            if is_other {
                was_here |= !self.is_silent(&present, now);
                let at = self.departure(&present, now);
                self.write_left(present.origin, at);
            } else if self.is_renewal(&present, from, now) {
                was_here = true;
            } else {
                // Its old line is dead: it was lost after its last sign of life, and nobody noticed.
                let at = self.last_sign(&present);
                self.write_left(present.origin, at);
            }
        }
        was_here
    }

    /// When a tab left whose line ends now: what ends a line that has been dead for a while may come late.
    fn departure(&self, present: &Present, now: Offset) -> Offset {
        if self.is_silent(present, now) { self.last_sign(present) } else { now }
    }

    /// Whether a tab has given no sign of life for so long that its line must be dead.
    fn is_silent(&self, present: &Present, now: Offset) -> bool {
        Duration::from_millis(now.millis_since(self.last_sign(present))) > 2 * SIGN_OF_LIFE
    }

    fn last_sign(&self, present: &Present) -> Offset {
        self.moment(present.sign.monotonic_millis())
    }

    /// Whether a tab comes in again, over a line that is alive, only because it has heard of a new question.
    fn is_renewal(&self, present: &Present, from: Option<Seq>, now: Offset) -> bool {
        let opened = self.attendance.question_opened;
        let has_heard = opened >= present.since && from.is_some_and(|from| from > opened);
        has_heard && !self.is_silent(present, now)
    }

    fn write_left(&mut self, tab: Origin, at: Offset) {
        self.settle_arrival();
        if self.stage.session.tabs.contains(&tab) {
            self.append_at(at, Draft::by(Actor::System, SessionFact::Left(Tab { tab })));
        }
    }

    /// Writes down the return that is not written yet: nothing that happened before it can come any more.
    pub(super) fn settle_arrival(&mut self) {
        let Some(Arrival { tab, at, .. }) = self.arrival.take() else { return };
        self.append_at(at, Draft::by(Actor::System, SessionFact::Joined(Tab { tab })));
    }

    /// The same where nothing old has come for long enough.
    pub(super) fn settle_due_arrival(&mut self) {
        if self.arrival.as_ref().is_some_and(|arrival| arrival.due <= self.now()) {
            self.settle_arrival();
        }
    }

    /// A fact of that moment comes in: from before a return that is not written yet, or from after it.
    pub(super) fn settle_arrival_before(&mut self, at: Offset) {
        let due = self.now().plus(ARRIVAL_MILLIS);
        match &mut self.arrival {
            Some(arrival) if at < arrival.at => arrival.due = due,
            Some(_) | None => self.settle_arrival(),
        }
    }

    pub(super) async fn watch(&mut self, viewer: Viewer, reply: Reply<(Stage, Tap)>) {
        if self.tail.onlookers.len() >= ONLOOKERS_LIMIT {
            let reason = format!("{ONLOOKERS_LIMIT} connections look on already");
            let _ = reply.send(Err(RoomError::NotNow(reason)));
            return;
        }
        if self.tail.flush().await.is_err() {
            return;
        }
        let mut stage = self.stage.clone();
        if viewer == Viewer::Candidate {
            mask_stage(&mut stage);
        }
        let tap = self.add_onlooker(viewer, None);
        let _ = reply.send(Ok((stage, tap)));
    }

    fn add_onlooker(&mut self, viewer: Viewer, tab: Option<Origin>) -> Tap {
        let id = self.next_tap;
        self.next_tap += 1;
        let sign = LastSign::now(self.outside.clock.clone());
        if let Some(origin) = tab.clone() {
            self.taps.insert(id, Present { origin, since: self.stage.next, sign: sign.clone() });
        }
        let (onlooker, tap) = Onlooker::new(id, viewer, tab, sign, self.voice.clone());
        self.tail.onlookers.push(onlooker);
        tap
    }

    /// Notes since when nobody reads the answer that is coming.
    pub(super) fn note_company(&mut self) {
        let is_unread = self.answer.as_ref().is_some_and(Answering::is_wanted) && self.tail.onlookers.is_empty();
        self.alone_since = is_unread.then(|| self.alone_since.unwrap_or_else(|| self.now()));
    }

    /// Until when the answer goes on that nobody reads.
    pub(super) fn patience_ends(&self) -> Option<Offset> {
        self.alone_since.map(|since| since.plus(UNREAD_MILLIS))
    }

    pub(super) fn leave(&mut self, tap: u64) {
        self.tail.onlookers.retain(|onlooker| onlooker.id != tap);
        self.idle_since = Instant::now();
        let Some(present) = self.taps.remove(&tap) else { return };
        let at = self.departure(&present, self.now());
        self.write_left(present.origin, at);
    }
}

/// What happened to the files since `from`, as that tab would have heard it.
async fn missed(
    events: Arc<dyn Events>,
    interview: InterviewId,
    origin: &Origin,
    from: Seq,
) -> Result<Vec<Delivery>, RoomError> {
    let mut missed = Vec::new();
    let mut next = from;
    loop {
        let entries = events.read(&interview, next, 1_000).await?;
        let Some(last) = entries.last() else { return Ok(missed) };
        next = last.event.seq.next();
        let about_files =
            entries.iter().filter(|entry| matches!(entry.event.fact, Fact::Editor(_) | Fact::Question(_)));
        missed.extend(about_files.map(|entry| deliver(entry, Viewer::Candidate, Some(origin))));
    }
}
