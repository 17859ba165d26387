//! What is asked of the server and is no fact of the candidate's own: a run, a message to the assistant, the answer to a
//! proposal. No outbox keeps it. Where the line breaks over it, the room says so, gives back what was written, and lets it
//! be asked again; it never asks twice by itself.

use std::cell::{Cell, RefCell};

use interview::Stage;
use interview::run::Purpose;
use interview::wire::{ClientMessage, OwnCase};
use leptos::prelude::*;

use super::room::Room;
use super::seen::Tab;

const RUN_NEEDS_LINE: &str = "The tests need the connection. Your work is kept.";
const RUN_LOST: &str = "The connection broke before the tests began. Please run them again.";
const MESSAGE_NEEDS_LINE: &str = "The assistant needs the connection. Your message stays here.";
const MESSAGE_LOST: &str = "The connection broke before your message arrived. It is back here; send it again.";

/// What was asked and does not show in the stage yet.
#[derive(Default)]
pub struct Requests {
    message: RefCell<Option<Message>>,
    /// Whether the answer to a proposal went out over this line.
    decision_said: Cell<bool>,
    /// A run went out over this line when there were so many.
    run_said: Cell<Option<usize>>,
}

/// A message to the assistant that is not in the conversation yet.
struct Message {
    text: String,
    way: Way,
}

/// How far it is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// What was typed before it has to arrive first.
    Waiting,
    /// It was said when the conversation had so many questions.
    Said(usize),
    /// The line broke after that. It is a draft again, but may be late rather than lost.
    Doubtful(usize),
}

impl Room {
    /// Runs the question's cases on the files as they stand.
    pub fn run_tests(self) {
        self.run(None);
    }

    /// Runs cases of the candidate's own.
    pub fn run_own(self, cases: Vec<OwnCase>) {
        self.run(Some(cases));
    }

    fn run(self, cases: Option<Vec<OwnCase>>) {
        self.seen.tab.set(Tab::Tests);
        if self.is_offline() {
            return self.seen.run_sorry.set(Some(RUN_NEEDS_LINE.to_owned()));
        }
        self.seen.run_sorry.set(None);
        self.once_saved(move || {
            let held = self.held();
            let before = own_runs(&held.stage.borrow());
            if self.say(ClientMessage::Run { cases }) {
                held.requests.run_said.set(Some(before));
            } else {
                self.seen.run_sorry.set(Some(RUN_NEEDS_LINE.to_owned()));
            }
        });
    }

    /// The run that was asked for is not made.
    pub fn run_refused(self, reason: &str) {
        self.held().requests.run_said.take();
        self.seen.run_sorry.set(Some(reason.to_owned()));
    }

    /// Sends a message to the assistant. What cannot be sent becomes the draft.
    pub fn ask(self, text: String) {
        if self.is_offline() {
            return self.give_back(text, MESSAGE_NEEDS_LINE);
        }
        self.seen.assistant_sorry.set(None);
        self.seen.is_asking.set(true);
        *self.held().requests.message.borrow_mut() = Some(Message { text, way: Way::Waiting });
        self.once_saved(move || self.say_message());
    }

    fn say_message(self) {
        let held = self.held();
        let waiting = match &*held.requests.message.borrow() {
            Some(Message { text, way: Way::Waiting }) => text.clone(),
            // It was given back, or said, in the meantime.
            Some(_) | None => return,
        };
        let before = held.stage.borrow().chat.exchanges.len();
        if !self.say(ClientMessage::Ask { text: waiting }) {
            return self.take_message_back(MESSAGE_LOST);
        }
        if let Some(message) = &mut *held.requests.message.borrow_mut() {
            message.way = Way::Said(before);
        }
    }

    /// Accepts or rejects a proposed edit.
    pub fn decide(self, call: String, accept: bool) {
        self.seen.decided.set(Some(call.clone()));
        self.once_saved(move || {
            let is_said = self.say(ClientMessage::Decide { call, accept });
            self.held().requests.decision_said.set(is_said);
            if !is_said {
                self.seen.decided.set(None);
            }
        });
    }

    /// The line broke: what was not said yet is not worth waiting for.
    pub fn stop_waiting_to_ask(self) {
        let is_waiting =
            matches!(&*self.held().requests.message.borrow(), Some(message) if message.way == Way::Waiting);
        if is_waiting {
            self.take_message_back(MESSAGE_LOST);
        }
    }

    /// A new line stands: what was said over the last one is in the stage by now, or was lost.
    pub fn look_for_lost_requests(self) {
        let held = self.held();
        if held.requests.decision_said.take() {
            self.seen.decided.set(None);
        }
        if let Some(before) = held.requests.run_said.take()
            && own_runs(&held.stage.borrow()) <= before
        {
            self.seen.run_sorry.set(Some(RUN_LOST.to_owned()));
        }
        self.settle_message();
        let lost = held.requests.message.borrow_mut().as_mut().and_then(|message| match message.way {
            Way::Said(before) => {
                message.way = Way::Doubtful(before);
                Some(message.text.clone())
            }
            Way::Waiting | Way::Doubtful(_) => None,
        });
        if let Some(text) = lost {
            self.give_back(text, MESSAGE_LOST);
        }
    }

    /// The conversation went on: a message that is in it has arrived, and is no draft any more.
    pub fn settle_message(self) {
        let held = self.held();
        let arrived = held.requests.message.borrow_mut().take_if(|message| message.is_in(&held.stage.borrow()));
        let Some(message) = arrived else { return };
        self.seen.is_asking.set(false);
        if matches!(message.way, Way::Doubtful(_)) && self.seen.draft.with_untracked(|draft| *draft == message.text) {
            self.seen.draft.set(String::new());
            self.seen.assistant_sorry.set(None);
        }
    }

    /// The assistant cannot do the last thing that was asked of it.
    pub fn assistant_refused(self, reason: &str) {
        self.seen.decided.set(None);
        // One that went out over a line that broke is the draft already.
        let is_said =
            matches!(&*self.held().requests.message.borrow(), Some(message) if matches!(message.way, Way::Said(_)));
        if is_said {
            self.take_message_back(reason);
        } else {
            self.seen.assistant_sorry.set(Some(reason.to_owned()));
        }
    }

    fn take_message_back(self, reason: &str) {
        if let Some(message) = self.held().requests.message.take() {
            self.give_back(message.text, reason);
        }
    }

    /// A message that was not taken is the draft again, before whatever is written by now: nobody writes it twice.
    fn give_back(self, text: String, reason: &str) {
        self.seen.is_asking.set(false);
        self.seen.assistant_sorry.set(Some(reason.to_owned()));
        self.seen.draft.update(|draft| match draft.trim() {
            "" => *draft = text,
            _ => *draft = format!("{text}\n\n{draft}"),
        });
    }
}

impl Message {
    fn is_in(&self, stage: &Stage) -> bool {
        match self.way {
            Way::Waiting => false,
            Way::Said(before) | Way::Doubtful(before) => {
                stage.chat.exchanges.iter().skip(before).any(|exchange| exchange.question == self.text)
            }
        }
    }
}

/// How many runs the candidate has asked for.
fn own_runs(stage: &Stage) -> usize {
    let is_own = |purpose: Purpose| matches!(purpose, Purpose::Tests | Purpose::OwnCases);
    stage.runs.runs.iter().filter(|run| is_own(run.purpose)).count()
}
