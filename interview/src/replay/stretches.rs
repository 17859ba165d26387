//! Stretches of time in which something did not happen: no tab was connected, nobody looked, nothing moved.

use serde::{Deserialize, Serialize};

use crate::event::{Event, Offset, Seq};
use crate::fact::{Fact, SessionFact};
use crate::stage::Stage;

/// From one moment to a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// Its start.
    pub from: Offset,
    /// Its end.
    pub to: Offset,
}

impl Stretch {
    /// How long it is, in milliseconds.
    pub fn millis(&self) -> u64 {
        self.to.millis_since(self.from)
    }

    /// Whether a moment lies in it; its end does not.
    pub fn holds(&self, at: Offset) -> bool {
        self.from <= at && at < self.to
    }
}

/// Nothing happening for longer than this is idle.
const IDLE_AFTER_MILLIS: u64 = 5_000;

/// What is shown of an idle stretch before it is skipped, so that the eye can follow.
const IDLE_LEAD_MILLIS: u64 = 1_000;

/// What is shown of an idle stretch before things go on.
const IDLE_TAIL_MILLIS: u64 = 500;

/// A stretch with the events at its two ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounded {
    pub stretch: Stretch,
    pub first: Seq,
    pub last: Seq,
}

/// Finds stretches while the log is read.
#[derive(Clone, Debug, Default)]
pub struct StretchReader {
    last: Option<(Offset, Seq)>,
    offline: Option<(Offset, Seq)>,
    blurred: Option<(Offset, Seq)>,
    outages: Vec<Bounded>,
    blurs: Vec<Bounded>,
    idle: Vec<Stretch>,
}

impl StretchReader {
    /// Takes an event in; `after` is the stage after it.
    pub fn read(&mut self, event: &Event, after: &Stage) {
        if let Some((last, _)) = self.last
            && event.at.millis_since(last) > IDLE_AFTER_MILLIS
        {
            let from = Offset(last.0 + IDLE_LEAD_MILLIS);
            self.idle.push(Stretch { from, to: Offset(event.at.0 - IDLE_TAIL_MILLIS) });
        }
        let here = (event.at, event.seq);
        self.last = Some(here);
        let Fact::Session(fact) = &event.fact else { return };
        // Before the first tab came, nobody was lost.
        let was_here = self.offline.is_some() || matches!(fact, SessionFact::Left(_));
        let away = was_here && after.session.is_running() && after.session.tabs.is_empty();
        turn(&mut self.offline, away, here, &mut self.outages);
        let blurred = after.session.is_running() && !after.session.focused;
        turn(&mut self.blurred, blurred, here, &mut self.blurs);
    }

    /// How often no tab was connected.
    pub fn outage_count(&self) -> usize {
        self.outages().len()
    }

    /// How often the room's window was in the back.
    pub fn blur_count(&self) -> usize {
        self.blurs().len()
    }

    /// Stretches in which no tab was connected; one that lasts ends with the last event.
    pub(super) fn outages(&self) -> Vec<Bounded> {
        self.with_open(&self.outages, self.offline)
    }

    /// Stretches in which the room's window was in the back; one that lasts ends with the last event.
    pub(super) fn blurs(&self) -> Vec<Bounded> {
        self.with_open(&self.blurs, self.blurred)
    }

    /// Stretches in which nothing happened, without their very start and end.
    pub(super) fn idle(&self) -> &[Stretch] {
        &self.idle
    }

    fn with_open(&self, closed: &[Bounded], open: Option<(Offset, Seq)>) -> Vec<Bounded> {
        let mut all = closed.to_vec();
        if let (Some(from), Some(to)) = (open, self.last) {
            all.extend(bounded(from, to));
        }
        all
    }
}

fn turn(open: &mut Option<(Offset, Seq)>, is_so: bool, here: (Offset, Seq), closed: &mut Vec<Bounded>) {
    match (*open, is_so) {
        (None, true) => *open = Some(here),
        (Some(from), false) => {
            closed.extend(bounded(from, here));
            *open = None;
        }
        (None, false) | (Some(_), true) => {}
    }
}

fn bounded(from: (Offset, Seq), to: (Offset, Seq)) -> Option<Bounded> {
    (to.0 > from.0).then_some(Bounded { stretch: Stretch { from: from.0, to: to.0 }, first: from.1, last: to.1 })
}
