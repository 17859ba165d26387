//! What the server says, and what follows from it on this side.

use interview::fact::{EditorFact, Fact, TerminalFact};
use interview::outbox::Outbox;
use interview::session::Phase;
use interview::wire::{About, ClientMessage, Delivery, ServerMessage, Welcome};
use leptos::prelude::*;
use std::sync::Arc;

use crate::js::page::{self, Timer};
use crate::room::api::{RoomAccess, enter_room};
use crate::shell::error::sentence;
use crate::ui::toast::Tone;

use super::line::News;
use super::room::Room;
use super::seen::Connection;

/// After so many failures in a row, the room asks whether it may still come in.
const ASK_AFTER_FAILURES: u32 = 4;

/// What of the stage changed, so that only those panels are told.
#[derive(Clone, Copy, Debug, Default)]
struct Touched {
    session: bool,
    question: bool,
    files: bool,
    chat: bool,
    runs: bool,
    shell: bool,
}

impl Room {
    /// Takes news from the line.
    pub fn hear(self, news: News) {
        match news {
            News::Opened => self.say_hello(),
            News::Said(message) => self.listen_to(*message),
            News::Broke(failures) => self.line_broke(failures),
        }
    }

    fn say_hello(self) {
        let held = self.held();
        held.line.say(&ClientMessage::Hello { origin: held.origin.clone(), from: held.heard.get() });
    }

    fn listen_to(self, message: ServerMessage) {
        match message {
            ServerMessage::Welcome(welcome) => self.welcomed(*welcome),
            ServerMessage::Events { events } => self.happened(&events),
            ServerMessage::Acknowledged { origin, through } => self.acknowledged(&origin, through),
            ServerMessage::Refused { origin, n, reason } => {
                if !self.leftover_refused(&origin, n, &reason) {
                    *self.held().recorder.refusal.borrow_mut() = Some((n, reason));
                    self.settle_refusal();
                }
            }
            ServerMessage::Sorry { about, reason } => self.apologised(about, &sentence(&reason)),
            ServerMessage::TakenOver => {
                self.seen.connection.set(Connection::Elsewhere);
                self.held().line.stop();
                self.keep_outbox(true);
            }
            ServerMessage::Pong { now } => self.seen.set_clock(now),
        }
    }

    fn line_broke(self, failures: u32) {
        let connection = if page::is_online() { Connection::Reconnecting } else { Connection::Offline };
        let former = self.seen.connection.get_untracked();
        if former != Connection::Opening || failures > 1 {
            self.seen.connection.set(connection);
        }
        self.stop_waiting_to_ask();
        self.flush();
        if failures.is_multiple_of(ASK_AFTER_FAILURES) && page::is_online() {
            leptos::task::spawn_local(async move {
                let access = enter_room(self.held().interview.as_str().to_owned()).await;
                match access {
                    Ok(RoomAccess::Ended) => self.go_to_done(),
                    Ok(RoomAccess::NotYours) => page::reload(),
                    Ok(RoomAccess::Running) | Err(_) => {}
                }
            });
        }
    }

    fn welcomed(self, welcome: Welcome) {
        let held = self.held();
        let is_first = held.heard.get().is_none();
        held.outbox.borrow_mut().lost_connection();
        self.begin_sending();
        for delivery in &welcome.missed {
            self.take_in(delivery);
        }
        if is_first {
            *held.outbox.borrow_mut() = Outbox::new(&welcome.stage);
        } else if let Some(through) = welcome.through {
            held.outbox.borrow_mut().acknowledged(through);
        }
        held.recorder.returned.set(welcome.through);
        held.heard.set(Some(welcome.stage.next));
        *held.stage.borrow_mut() = welcome.stage;
        self.seen.set_clock(welcome.now);
        self.seen.take_all(&held.stage.borrow());
        self.seen.card.set(Some(Arc::new(welcome.room)));
        self.seen.is_closing.set(false);
        self.seen.connection.set(Connection::Connected);
        self.look_for_lost_requests();
        if is_first {
            self.show_all_files();
        }
        self.show_terminal();
        self.look_for_the_end();
        self.flush();
    }

    fn happened(self, deliveries: &[Delivery]) {
        let held = self.held();
        let mut touched = Touched::default();
        for delivery in deliveries {
            touched.by(&delivery.event.fact);
            if !delivery.event.fact.is_display() {
                held.heard.set(held.heard.get().max(Some(delivery.event.seq.next())));
            }
            self.take_in(delivery);
            self.draw(&delivery.event.fact);
        }
        self.settle_refusal();
        touched.tell(self);
        self.flush();
    }

    /// Folds an event into the stage, and into the texts as far as they do not say it already.
    fn take_in(self, delivery: &Delivery) {
        let held = self.held();
        if let Some(n) = delivery.n {
            held.recorder.returned.set(Some(n));
        }
        held.stage.borrow_mut().apply(&delivery.event);
        let effect = held.outbox.borrow_mut().receive(delivery);
        self.show(effect);
    }

    /// Draws what the shell printed, in the order in which it came.
    fn draw(self, fact: &Fact) {
        let (Fact::Terminal(fact), Some(terminal)) = (fact, self.terminal()) else { return };
        match fact {
            TerminalFact::Opened(_) => terminal.reset(),
            TerminalFact::Printed(bytes) => terminal.write(&bytes.data),
            TerminalFact::Resized(_) | TerminalFact::Closed(_) | TerminalFact::Typed(_) => {}
        }
    }

    fn apologised(self, about: About, reason: &str) {
        match about {
            About::Assistant => self.assistant_refused(reason),
            About::Run => self.run_refused(reason),
            About::Terminal => self.seen.terminal_sorry.set(Some(reason.to_owned())),
            // What comes too late is counted on the page after the interview, which is about to come.
            About::Session if self.seen.is_time_up() => {}
            About::Session => {
                self.seen.is_closing.set(false);
                self.try_batch_again();
                self.toasts.say(Tone::Bad, reason);
            }
            About::Message => self.toasts.say(Tone::Bad, reason),
        }
    }

    /// Once the interview is over, this page is too.
    fn look_for_the_end(self) {
        let phase = self.held().stage.borrow().session.phase;
        match phase {
            Phase::Submitted { .. } | Phase::Ended { .. } => self.go_to_done(),
            Phase::Waiting | Phase::Running { .. } => {}
        }
    }

    /// A new question is on the table: what belongs to it comes with a new welcome.
    fn new_question(self) {
        self.seen.is_closing.set(false);
        self.seen.asked.set(None);
        self.held().line.renew();
    }
}

impl Touched {
    fn by(&mut self, fact: &Fact) {
        match fact {
            Fact::Session(_) => self.session = true,
            Fact::Question(_) => self.question = true,
            Fact::Editor(EditorFact::Created(_) | EditorFact::Deleted(_) | EditorFact::Renamed(_)) => self.files = true,
            Fact::Editor(EditorFact::Edited(_) | EditorFact::Opened(_) | EditorFact::Selected(_)) => {}
            Fact::Terminal(TerminalFact::Opened(_) | TerminalFact::Closed(_)) => self.shell = true,
            Fact::Terminal(TerminalFact::Resized(_) | TerminalFact::Typed(_) | TerminalFact::Printed(_)) => {}
            Fact::Chat(_) => self.chat = true,
            Fact::Run(_) => self.runs = true,
        }
    }

    fn tell(self, room: Room) {
        let (held, seen) = (room.held(), room.seen);
        let stage = held.stage.borrow();
        let former = seen.question.with_untracked(|question| question.as_ref().map(|question| question.order));
        if self.session {
            seen.session.set(stage.session.clone());
        }
        if self.question {
            seen.take_questions(&stage);
        }
        if self.question || self.files {
            seen.take_files(&stage);
        }
        if self.chat {
            seen.take_chat(&stage);
            room.settle_message();
        }
        if self.question || self.runs {
            seen.take_runs(&stage);
        }
        if self.shell {
            seen.take_shell(&stage);
        }
        let order = stage.questions.current().map(|question| question.order);
        drop(stage);
        if order != former {
            room.new_question();
        }
        if self.session {
            room.look_for_the_end();
        }
        if self.shell {
            Timer::next_frame(move || room.fit_terminal());
        }
    }
}
