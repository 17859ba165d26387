//! What all parts of the replay share: the recording, where the playhead stands, and who has to be told when it moves. At
//! most once a frame the stage is brought to where the playhead is; segments that are missing are fetched on the way.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use interview::playhead::{Command, Playhead};
use interview::replay::{Missing, Moved, RecordingCard, RecordingIndex, Replay, Segment};
use interview::{InterviewId, Offset, Stage};
use leptos::prelude::*;

use crate::js::address;
use crate::js::http::{self, FetchError};
use crate::js::page::{self, Timer};
use crate::replay::words;
use crate::ui::toast::Toasts;

/// The playhead rests when it did not move for so long.
const RESTS_AFTER: Duration = Duration::from_millis(250);

/// How long to wait before asking again for what could not be fetched.
const RETRY_AFTER: Duration = Duration::from_secs(3);

/// What an onlooker is told.
pub struct Drawn<'a> {
    /// The stage at the playhead.
    pub stage: &'a Stage,
    /// The playhead's moment.
    pub at: Offset,
    /// How the stage came there.
    pub moved: &'a Moved,
    /// Whether the playhead stands still for now.
    pub rests: bool,
}

type Onlooker = Rc<dyn Fn(&Drawn<'_>)>;

struct Held {
    replay: RefCell<Replay>,
    stage: RefCell<Stage>,
    onlookers: RefCell<Vec<Onlooker>>,
    busy: RefCell<Busy>,
}

/// What is under way.
#[derive(Default)]
struct Busy {
    is_drawn: bool,
    frame_is_due: bool,
    ticked_at: Option<u64>,
    is_dragged: bool,
    fetching: BTreeSet<usize>,
    resting: Option<Timer>,
}

/// The replay. Copies are the same replay.
#[derive(Clone, Copy)]
pub struct Player {
    /// Whose recording it is, and its index.
    pub card: StoredValue<RecordingCard>,
    interview: StoredValue<InterviewId>,
    held: StoredValue<Rc<Held>, LocalStorage>,
    /// Where it stands.
    pub playhead: RwSignal<Playhead>,
    /// Whether it waits for a part of the recording.
    pub waits: RwSignal<bool>,
    /// Why a part cannot be had.
    pub trouble: RwSignal<Option<FetchError>>,
    /// Short notes.
    pub toasts: Toasts,
}

impl Player {
    /// Opens a recording at the moment that the page's address names.
    pub fn open(interview: InterviewId, card: RecordingCard, moment: Option<Offset>) -> Self {
        let held = Held {
            replay: RefCell::new(Replay::new(card.index.clone())),
            stage: RefCell::new(Stage::default()),
            onlookers: RefCell::new(Vec::new()),
            busy: RefCell::new(Busy::default()),
        };
        let player = Self {
            card: StoredValue::new(card),
            interview: StoredValue::new(interview),
            held: StoredValue::new_local(Rc::new(held)),
            playhead: RwSignal::new(Playhead::default()),
            waits: RwSignal::new(true),
            trouble: RwSignal::new(None),
            toasts: Toasts::default(),
        };
        player.command(Command::Seek(moment.unwrap_or_default()));
        player
    }

    /// The recording seen from afar.
    pub fn with_index<T>(self, look: impl FnOnce(&RecordingIndex) -> T) -> T {
        self.card.with_value(|card| look(&card.index))
    }

    /// How long the recording is.
    pub fn duration(self) -> Offset {
        self.with_index(|index| index.duration)
    }

    /// Does what the playhead is told.
    pub fn command(self, command: Command) {
        self.with_index(|index| self.playhead.update(|playhead| playhead.apply(command, index)));
        self.ask_for_frame();
    }

    /// Goes to the next event, or to the one before.
    pub fn step(self, forward: bool) {
        leptos::task::spawn_local(async move {
            let Some(at) = self.playhead.try_with_untracked(|playhead| playhead.at) else { return };
            let step = |replay: &mut Replay| if forward { replay.next_event(at) } else { replay.previous_event(at) };
            if let Some(Some(moment)) = self.ask(step).await {
                self.command(Command::Seek(moment));
            }
        });
    }

    /// While the playhead is dragged, time stands still.
    pub fn drag(self, is_dragged: bool) {
        if let Some(held) = self.held.try_get_value() {
            held.busy.borrow_mut().is_dragged = is_dragged;
        }
        self.ask_for_frame();
    }

    /// Tells of every move from now on, and of where the stage stands.
    pub fn watch(self, onlooker: impl Fn(&Drawn<'_>) + 'static) {
        let Some(held) = self.held.try_get_value() else { return };
        if held.busy.borrow().is_drawn {
            let at = self.playhead.with_untracked(|playhead| playhead.at);
            onlooker(&Drawn { stage: &held.stage.borrow(), at, moved: &Moved::Anew, rests: true });
        }
        held.onlookers.borrow_mut().push(Rc::new(onlooker));
    }

    /// Asks the recording something, with what is at hand; what is missing is fetched for the next time, and what rests
    /// is told again.
    pub fn ask_now<T>(self, question: impl FnOnce(&mut Replay) -> Result<T, Missing>) -> Option<T> {
        let held = self.held.try_get_value()?;
        let answer = question(&mut held.replay.borrow_mut());
        answer.inspect_err(|Missing(index)| self.fetch(*index)).ok()
    }

    /// Asks the recording something, and fetches what is missing. None when that cannot be had.
    pub async fn ask<T>(self, mut question: impl FnMut(&mut Replay) -> Result<T, Missing>) -> Option<T> {
        loop {
            let held = self.held.try_get_value()?;
            let answer = question(&mut held.replay.borrow_mut());
            match answer {
                Ok(answer) => return Some(answer),
                Err(Missing(index)) => self.obtain(index).await.ok()?,
            }
        }
    }

    fn ask_for_frame(self) {
        let Some(held) = self.held.try_get_value() else { return };
        if !std::mem::replace(&mut held.busy.borrow_mut().frame_is_due, true) {
            Timer::next_frame(move || self.frame());
        }
    }

    /// Once before the browser draws.
    fn frame(self) {
        // The page may be gone by now.
        let Some(held) = self.held.try_get_value() else { return };
        held.busy.borrow_mut().frame_is_due = false;
        self.tick(&held);
        self.draw(&held);
        if self.playhead.with_untracked(|playhead| playhead.playing) {
            self.ask_for_frame();
        }
    }

    fn tick(self, held: &Held) {
        let now = page::now() as u64;
        let is_playing = self.playhead.with_untracked(|playhead| playhead.playing);
        let mut busy = held.busy.borrow_mut();
        let runs = is_playing && !busy.is_dragged && !self.waits.get_untracked();
        let before = std::mem::replace(&mut busy.ticked_at, runs.then_some(now));
        drop(busy);
        if let (true, Some(before)) = (runs, before) {
            let tick = Command::Tick { elapsed_millis: now.saturating_sub(before) };
            self.with_index(|index| self.playhead.update(|playhead| playhead.apply(tick, index)));
        }
    }

    fn draw(self, held: &Held) {
        let at = self.playhead.with_untracked(|playhead| playhead.at);
        let brought = held.replay.borrow_mut().bring(&mut held.stage.borrow_mut(), at);
        match brought {
            Ok(moved) => {
                held.busy.borrow_mut().is_drawn = true;
                self.set_waits(false);
                self.tell(held, &moved, false);
                let wanted = held.replay.borrow().wanted_at(at);
                wanted.into_iter().for_each(|index| self.fetch(index));
                self.rest_later(held);
            }
            Err(Missing(index)) => {
                self.set_waits(true);
                self.fetch(index);
            }
        }
    }

    fn set_waits(self, waits: bool) {
        if self.waits.get_untracked() != waits {
            self.waits.set(waits);
        }
    }

    fn tell(self, held: &Held, moved: &Moved, rests: bool) {
        let at = self.playhead.with_untracked(|playhead| playhead.at);
        let onlookers = held.onlookers.borrow().clone();
        let stage = held.stage.borrow();
        for onlooker in onlookers {
            onlooker(&Drawn { stage: &stage, at, moved, rests });
        }
    }

    fn rest_later(self, held: &Held) {
        let is_playing = self.playhead.with_untracked(|playhead| playhead.playing);
        let timer = (!is_playing).then(|| Timer::after(RESTS_AFTER, move || self.rest()));
        held.busy.borrow_mut().resting = timer;
    }

    /// The playhead stands still: the address says where, and who saved work for this moment does it.
    fn rest(self) {
        let Some(held) = self.held.try_get_value() else { return };
        let at = self.playhead.with_untracked(|playhead| playhead.at);
        address::replace_query(&if at == Offset(0) { String::new() } else { format!("?t={}", words::seconds(at)) });
        self.tell(&held, &Moved::On(Vec::new()), true);
    }

    /// Fetches a segment in the background, unless that is under way.
    fn fetch(self, index: usize) {
        let Some(held) = self.held.try_get_value() else { return };
        if !held.busy.borrow_mut().fetching.insert(index) {
            return;
        }
        leptos::task::spawn_local(async move {
            let obtained = self.obtain(index).await;
            let Some(held) = self.held.try_get_value() else { return };
            match obtained {
                Ok(()) => {
                    held.busy.borrow_mut().fetching.remove(&index);
                    self.ask_for_frame();
                }
                // It stays noted as under way until it is tried again.
                Err(_) => set_timeout(move || self.fetch_again(index), RETRY_AFTER),
            }
        });
    }

    fn fetch_again(self, index: usize) {
        let Some(held) = self.held.try_get_value() else { return };
        held.busy.borrow_mut().fetching.remove(&index);
        self.ask_for_frame();
    }

    async fn obtain(self, index: usize) -> Result<(), FetchError> {
        let segment = self.segment(index).await?;
        let held = self.held.try_get_value().ok_or(FetchError::Unreachable)?;
        held.replay.borrow_mut().insert(index, segment);
        Ok(())
    }

    /// A segment as the server has it.
    pub async fn segment(self, index: usize) -> Result<Segment, FetchError> {
        let interview = self.interview.try_get_value().ok_or(FetchError::Unreachable)?;
        let segment = http::get_json(&format!("/api/sessions/{interview}/recording/segments/{index}")).await;
        let trouble = segment.as_ref().err().copied();
        if self.trouble.try_get_untracked() != Some(trouble) {
            self.trouble.try_set(trouble);
        }
        segment
    }
}
