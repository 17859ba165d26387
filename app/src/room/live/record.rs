//! From the editor to the log: what is typed is kept here, sent in batches, and let go of when it has arrived.
//! A keystroke touches the outbox and nothing else.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use interview::FilePath;
use interview::editor::{Change, Created, Edited, PastedFrom, PathOnly, Renamed, Selected, Via};
use interview::fact::{EditorFact, Fact, SessionFact};
use interview::session::{Capture, Empty};
use interview::wire::ClientMessage;
use leptos::prelude::*;

use crate::js::page::{self, Timer};
use crate::ui::toast::Tone;

use super::leftovers::{self, Leftover};
use super::room::Room;
use super::seen::Connection;

/// What is typed within so long is one fact, and goes out so long after it began.
const MERGE_MILLIS: u64 = 50;
const MERGE: Duration = Duration::from_millis(MERGE_MILLIS);

/// Waiting that is over sooner is not worth a word.
const WORTH_A_WORD_MILLIS: f64 = 400.0;

/// A batch that gets no answer for so long was lost.
const LOST_AFTER_MILLIS: f64 = 15_000.0;

/// After the server could not take a batch, so long until the next try.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// Something to do once so many facts have left the outbox.
type Later = (u64, Box<dyn FnOnce()>);

/// What drives the outbox.
#[derive(Default)]
pub struct Recorder {
    /// The next batch goes out when this rings.
    due: RefCell<Option<Timer>>,
    /// Facts that entered the outbox, merged ones apart.
    entered: Cell<u64>,
    /// What to do once so many facts have left it.
    later: RefCell<Vec<Later>>,
    /// When the batch under way was sent.
    sent_at: Cell<f64>,
    /// Since when something waits.
    waits_since: Cell<Option<f64>>,
    /// Whether something of ours is kept in the browser.
    is_kept: Cell<bool>,
    /// An earlier visit's outbox that is on its way.
    leftover: RefCell<Option<Leftover>>,
    /// Where the text of the next paste comes from, once that was looked for.
    pasted_from: Cell<Option<Option<PastedFrom>>>,
    /// What the focus was when it was last recorded.
    focused: Cell<Option<bool>>,
    /// The own fact that came back last.
    pub returned: Cell<Option<u64>>,
    /// A refusal that waits until the facts before it have come back.
    pub refusal: RefCell<Option<(u64, String)>>,
    /// A file that was given its text once more after an edit was refused, and when.
    pub retried: RefCell<Option<(FilePath, f64)>>,
}

impl Room {
    /// Puts a fact on its way.
    pub fn record(self, fact: impl Into<Fact>) {
        let held = self.held();
        let recorder = &held.recorder;
        {
            let mut outbox = held.outbox.borrow_mut();
            let before = outbox.len();
            outbox.push(page::now() as u64, fact.into(), MERGE_MILLIS);
            recorder.entered.set(recorder.entered.get() + (outbox.len() - before) as u64);
        }
        if recorder.due.borrow().is_none() {
            *recorder.due.borrow_mut() = Some(Timer::after(MERGE, move || self.flush()));
        }
    }

    /// An edit by hand.
    pub fn record_edit(self, path: String, changes: Vec<Change>, via: Via) {
        let Ok(path) = FilePath::parse(path) else { return };
        let from = match via {
            Via::Paste => self.held().recorder.pasted_from.take().unwrap_or(Some(PastedFrom::Outside)),
            Via::Typing | Via::Completion | Via::Undo | Via::Redo | Via::Format | Via::Assistant | Via::Disk => None,
        };
        self.record(EditorFact::Edited(Edited { path, rev: 0, changes, via, from }));
    }

    /// A text is about to be pasted.
    pub fn note_paste(self, text: &str) {
        let held = self.held();
        let from = held.copies.borrow().source_of(text);
        held.recorder.pasted_from.set(Some(from));
    }

    /// The cursors moved. Offline they are left out: a long outage would keep little else.
    pub fn record_selection(self, path: String, ranges: Vec<(usize, usize)>) {
        let Ok(path) = FilePath::parse(path) else { return };
        if self.seen.connection.get_untracked() == Connection::Connected && ranges.len() <= 1_000 {
            self.record(EditorFact::Selected(Selected { path, ranges }));
        }
    }

    /// A file shows.
    pub fn record_opened(self, path: FilePath) {
        self.record(EditorFact::Opened(PathOnly { path }));
    }

    /// A file shall come to be; it shows when the server says so.
    pub fn create_file(self, path: FilePath, text: String) {
        self.record(EditorFact::Created(Created { path, text }));
    }

    /// A file shall be removed.
    pub fn delete_file(self, path: FilePath) {
        self.record(EditorFact::Deleted(PathOnly { path }));
    }

    /// A file shall get another path.
    pub fn rename_file(self, from: FilePath, to: FilePath) {
        self.record(EditorFact::Renamed(Renamed { from, to }));
    }

    /// The window came to the front or went to the back.
    pub fn note_focus(self, focused: bool) {
        let Some(may_record) =
            self.seen.session.try_with_untracked(|session| session.captures.contains(&Capture::Focus))
        else {
            return;
        };
        let held = self.held();
        let is_here = self.seen.connection.get_untracked() != Connection::Elsewhere;
        if may_record && is_here && held.recorder.focused.replace(Some(focused)) != Some(focused) {
            self.record(if focused { SessionFact::Focused(Empty {}) } else { SessionFact::Blurred(Empty {}) });
        }
    }

    /// Does something once everything that was recorded so far has arrived.
    pub fn once_saved(self, act: impl FnOnce() + 'static) {
        let held = self.held();
        held.recorder.later.borrow_mut().push((held.recorder.entered.get(), Box::new(act)));
        self.flush();
    }

    /// Says that everything is saved, once it is; without a line, what is not and where it is kept.
    pub fn save_now(self) {
        if !self.is_offline() {
            return self.once_saved(move || self.toasts.say(Tone::Good, "Everything is saved as you type."));
        }
        self.flush();
        let words = match self.waiting() {
            0 => "You are offline. Everything up to now is saved.".to_owned(),
            1 => "You are offline. One change is kept in this browser until the connection is back.".to_owned(),
            count => format!("You are offline. {count} changes are kept in this browser until the connection is back."),
        };
        self.toasts.say(Tone::Warning, words);
    }

    /// Sends what waits, keeps what is not safe yet, and does what waited for it.
    pub fn flush(self) {
        let held = self.held();
        held.recorder.due.take();
        if self.seen.connection.try_get_untracked() == Some(Connection::Connected) {
            self.send_batch();
        }
        self.keep_outbox(false);
        self.count_waiting();
        self.act_on_saved();
    }

    fn send_batch(self) {
        let held = self.held();
        if self.send_leftover() {
            return;
        }
        let batch = held.outbox.borrow_mut().take_batch();
        if let Some(facts) = batch {
            held.recorder.sent_at.set(page::now());
            held.line.say(&ClientMessage::Facts { origin: held.origin.clone(), now: page::now() as u64, facts });
        }
    }

    /// What earlier visits left behind was typed before: nothing that waits for this visit's facts may overtake it.
    fn act_on_saved(self) {
        let held = self.held();
        if held.recorder.later.borrow().is_empty() || self.is_something_left_over() {
            return;
        }
        let gone = held.recorder.entered.get() - held.outbox.borrow().len() as u64;
        let mut later = held.recorder.later.borrow_mut();
        let (due, waiting): (Vec<_>, Vec<_>) = later.drain(..).partition(|(entered, _)| *entered <= gone);
        *later = waiting;
        drop(later);
        for (_, act) in due {
            act();
        }
    }

    /// The server says that a batch is durable; whose own facts they are, it shows by sending them back.
    pub fn acknowledged(self, origin: &interview::Origin, through: u64) {
        let held = self.held();
        if *origin == held.origin {
            held.outbox.borrow_mut().acknowledged(through);
        } else if let Some(leftover) = held.recorder.leftover.borrow_mut().as_mut().filter(|it| it.origin() == origin) {
            leftover.acknowledged();
        }
        self.flush();
    }

    /// A batch could not be taken at all right now.
    pub fn try_batch_again(self) {
        let held = self.held();
        held.outbox.borrow_mut().lost_connection();
        let leftover = held.recorder.leftover.take().map(Leftover::begun_again);
        *held.recorder.leftover.borrow_mut() = leftover;
        *held.recorder.due.borrow_mut() = Some(Timer::after(TRY_AGAIN, move || self.flush()));
    }

    /// Looks for what earlier visits left behind and sends it on; whether something of it is under way.
    fn send_leftover(self) -> bool {
        let held = self.held();
        let mut leftover = held.recorder.leftover.borrow_mut();
        if leftover.as_ref().is_some_and(Leftover::is_under_way) {
            return true;
        }
        loop {
            let Some(found) = leftover.as_mut() else { return false };
            match found.message() {
                Some(message) => {
                    held.recorder.sent_at.set(page::now());
                    return held.line.say(&message);
                }
                None => *leftover = Leftover::find(&held.interview, &held.origin),
            }
        }
    }

    fn is_something_left_over(self) -> bool {
        let held = self.held();
        held.recorder.leftover.borrow().is_some() || leftovers::is_any(&held.interview, &held.origin)
    }

    /// Whether a refusal is about an earlier visit; then it is dealt with.
    pub fn leftover_refused(self, origin: &interview::Origin, n: u64, reason: &str) -> bool {
        let held = self.held();
        if *origin == held.origin {
            return false;
        }
        if let Some(leftover) = held.recorder.leftover.borrow_mut().as_mut().filter(|it| it.origin() == origin) {
            leftover.refused(n);
        }
        self.toasts.say(Tone::Warning, format!("A change from before could not be taken: {reason}"));
        self.flush();
        true
    }

    /// A new conversation with the server begins: nothing is under way any more.
    pub fn begin_sending(self) {
        let held = self.held();
        held.recorder.refusal.take();
        let former = held.recorder.leftover.take();
        let found = former.map(Leftover::begun_again).or_else(|| Leftover::find(&held.interview, &held.origin));
        *held.recorder.leftover.borrow_mut() = found;
    }

    /// Keeps what is not safe yet in the browser; `released` when this tab will not send it any more.
    pub fn keep_outbox(self, released: bool) {
        let held = self.held();
        let facts = held.outbox.borrow().saved();
        if !facts.is_empty() || held.recorder.is_kept.get() {
            held.recorder.is_kept.set(!facts.is_empty());
            leftovers::keep(&held.interview, &held.origin, facts, released);
        }
    }

    /// How many facts are not acknowledged.
    fn waiting(self) -> usize {
        let held = self.held();
        let left_over = held.recorder.leftover.borrow().as_ref().map_or(0, Leftover::len);
        held.outbox.borrow().len() + left_over
    }

    fn count_waiting(self) {
        let held = self.held();
        let count = self.waiting();
        let since = match count {
            0 => None,
            _ => Some(held.recorder.waits_since.get().unwrap_or_else(page::now)),
        };
        held.recorder.waits_since.set(since);
        let is_long = since.is_some_and(|since| page::now() - since >= WORTH_A_WORD_MILLIS);
        let is_down = self.seen.connection.get_untracked() != Connection::Connected;
        let told = if is_long || is_down { count } else { 0 };
        if self.seen.waiting.get_untracked() != told {
            self.seen.waiting.set(told);
        }
    }

    /// Looks after what stands still: a batch without an answer, an outbox whose tab is alive, one whose tab is not.
    pub fn keep_house(self) {
        let held = self.held();
        let is_leftover_awaiting = held.recorder.leftover.borrow().as_ref().is_some_and(Leftover::is_under_way);
        let is_awaiting = is_leftover_awaiting || held.outbox.borrow().is_awaiting();
        if is_awaiting && held.line.is_open() && page::now() - held.recorder.sent_at.get() > LOST_AFTER_MILLIS {
            return held.line.give_up();
        }
        let is_connected = self.seen.connection.get_untracked() == Connection::Connected;
        if is_connected && held.recorder.leftover.borrow().is_none() {
            let found = Leftover::find(&held.interview, &held.origin);
            *held.recorder.leftover.borrow_mut() = found;
        }
        if self.seen.connection.get_untracked() != Connection::Elsewhere {
            self.flush();
        }
    }
}
