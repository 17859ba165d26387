//! The room as one tab has it: what it holds, and what a candidate can ask of it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use interview::outbox::Outbox;
use interview::terminal::Size;
use interview::wire::ClientMessage;
use interview::{FilePath, InterviewId, Origin, Seq, Stage};
use leptos::prelude::*;

use crate::js::editor::Editor;
use crate::js::page::{self, Listener, Timer};
use crate::js::terminal::Terminal;
use crate::ui::toast::{Toasts, Tone};

use super::copies::Copies;
use super::line::{Line, News};
use super::record::Recorder;
use super::requests::Requests;
use super::seen::{Asked, Connection, Seen, Shell};

/// How often what stands still is looked after.
const HOUSEKEEPING: Duration = Duration::from_secs(2);

/// The room. Copies are the same room; it closes with the page's owner.
#[derive(Clone, Copy)]
pub struct Room {
    held: StoredValue<Rc<Held>, LocalStorage>,
    /// What the panels see.
    pub seen: Seen,
    /// Short notes.
    pub toasts: Toasts,
}

/// What a room holds that nobody looks at directly.
pub struct Held {
    /// Which interview.
    pub interview: InterviewId,
    /// This page load, as a source of facts.
    pub origin: Origin,
    /// Everything, as the server has it.
    pub stage: RefCell<Stage>,
    /// What the server does not have yet.
    pub outbox: RefCell<Outbox>,
    /// What drives it.
    pub recorder: Recorder,
    /// The next event that this tab has not heard.
    pub heard: Cell<Option<Seq>>,
    /// The line to the server.
    pub line: Line,
    /// The editor, once it is there.
    pub editor: RefCell<Option<Editor>>,
    /// The terminal, once it is there.
    pub terminal: RefCell<Option<Terminal>>,
    /// What was copied in the room.
    pub copies: RefCell<Copies>,
    /// A file to show as soon as it exists.
    pub awaited_file: RefCell<Option<FilePath>>,
    /// What was asked of the server and may still be lost.
    pub requests: Requests,
    /// How often somebody began, or ceased, to hand in.
    closings: Cell<u32>,
    watch: RefCell<Vec<Listener>>,
    housekeeping: RefCell<Option<Timer>>,
}

impl Room {
    /// Comes in: opens the line and listens to the page.
    pub fn enter(interview: InterviewId) -> Self {
        let slot = StoredValue::new_local(None::<Room>);
        let tell = move |news: News| {
            if let Some(Some(room)) = slot.try_get_value() {
                room.hear(news);
            }
        };
        let origin = Origin::parse(page::random_id()).expect("hexadecimal digits make an id");
        let held = Held {
            line: Line::new(format!("/api/interview/{interview}/room"), tell),
            interview,
            origin,
            stage: RefCell::default(),
            outbox: RefCell::default(),
            recorder: Recorder::default(),
            heard: Cell::new(None),
            editor: RefCell::default(),
            terminal: RefCell::default(),
            copies: RefCell::default(),
            awaited_file: RefCell::default(),
            requests: Requests::default(),
            closings: Cell::new(0),
            watch: RefCell::default(),
            housekeeping: RefCell::default(),
        };
        let room = Self { held: StoredValue::new_local(Rc::new(held)), seen: Seen::new(), toasts: Toasts::default() };
        slot.set_value(Some(room));
        room.watch_page();
        room.held().line.open();
        on_cleanup(move || room.leave());
        room
    }

    fn watch_page(self) {
        let held = self.held();
        *held.watch.borrow_mut() = vec![
            Listener::on_window("focus", move |_| self.note_focus(true)),
            Listener::on_window("blur", move |_| self.note_focus(false)),
            Listener::on_document("visibilitychange", move |_| self.note_focus(!document().hidden())),
            Listener::on_document("copy", move |event| self.note_copy_elsewhere(&event)),
            Listener::on_document("cut", move |event| self.note_copy_elsewhere(&event)),
            Listener::on_document("paste", move |event| self.note_paste_elsewhere(&event)),
            Listener::on_window("pagehide", move |_| self.keep_outbox(true)),
            Listener::on_window("offline", move |_| self.seen.connection.set(Connection::Offline)),
        ];
        *held.housekeeping.borrow_mut() = Some(Timer::every(HOUSEKEEPING, move || self.keep_house()));
    }

    fn leave(self) {
        let Some(held) = self.held.try_get_value() else { return };
        self.keep_outbox(true);
        held.line.stop();
        held.watch.take();
        held.housekeeping.take();
        if let Some(editor) = held.editor.take() {
            editor.dispose();
        }
        if let Some(terminal) = held.terminal.take() {
            terminal.dispose();
        }
    }

    /// What the room holds.
    pub fn held(self) -> Rc<Held> {
        self.held.get_value()
    }

    /// The editor, once it is there.
    pub fn editor(self) -> Option<Editor> {
        self.held.try_get_value()?.editor.borrow().clone()
    }

    /// The terminal, once it is there.
    pub fn terminal(self) -> Option<Terminal> {
        self.held.try_get_value()?.terminal.borrow().clone()
    }

    /// Says something to the server; with a note if the line is down.
    pub fn say(self, message: ClientMessage) -> bool {
        let is_said = self.held().line.say(&message);
        if !is_said {
            self.toasts.say(Tone::Warning, "You are offline. This works again when the connection is back.");
        }
        is_said
    }

    /// Whether nothing can be asked of the server.
    pub fn is_offline(self) -> bool {
        self.seen.connection.get_untracked() != Connection::Connected
    }

    /// Stops the answer that is coming.
    pub fn stop_answer(self) {
        self.say(ClientMessage::StopAnswer);
    }

    /// Takes an edit of the assistant's back.
    pub fn undo(self, call: String) {
        self.seen.assistant_sorry.set(None);
        self.once_saved(move || {
            self.say(ClientMessage::Undo { call });
        });
    }

    /// Leaves the question for the next one, once everything has arrived.
    pub fn next_question(self) {
        self.close_with(ClientMessage::NextQuestion);
    }

    /// Hands in, once everything has arrived.
    pub fn submit(self) {
        self.close_with(ClientMessage::Submit);
    }

    fn close_with(self, message: ClientMessage) {
        self.seen.is_closing.set(true);
        let attempt = self.held().closings.get() + 1;
        self.held().closings.set(attempt);
        self.once_saved(move || {
            let is_wanted = self.held().closings.get() == attempt;
            if is_wanted && !self.say(message) {
                self.seen.is_closing.set(false);
            }
        });
    }

    /// Does not hand in after all, if what was typed is still on its way.
    pub fn keep_working(self) {
        let held = self.held();
        held.closings.set(held.closings.get() + 1);
        self.seen.is_closing.set(false);
    }

    /// Keys for the shell.
    pub fn type_keys(self, data: String) {
        if self.seen.shell.get_untracked() == Shell::Open && !self.is_offline() {
            self.held().line.say(&ClientMessage::Type { data });
        }
    }

    /// The terminal has this size; the first one starts the shell, one after its end does not.
    pub fn terminal_resized(self, size: Size) {
        if self.seen.shell.get_untracked() != Shell::Ended && !self.is_offline() {
            self.held().line.say(&ClientMessage::Resize(size));
        }
    }

    /// Starts a new shell after the last one ended.
    pub fn start_shell(self) {
        self.seen.terminal_sorry.set(None);
        if let Some(terminal) = self.terminal() {
            terminal.fit();
            self.say(ClientMessage::Resize(terminal.size()));
            terminal.focus();
        }
    }

    /// Throws the sandbox away; a shell starts in a new one.
    pub fn restart_sandbox(self) {
        self.seen.asked.set(None);
        self.seen.terminal_sorry.set(None);
        if self.say(ClientMessage::RestartSandbox)
            && let Some(terminal) = self.terminal()
        {
            terminal.focus();
        }
    }

    /// Takes the room back from the tab that has it.
    pub fn come_back(self) {
        self.seen.connection.set(Connection::Reconnecting);
        self.held().line.open();
    }

    /// Opens a dialog.
    pub fn put(self, question: Asked) {
        self.seen.asked.set(Some(question));
    }

    /// To the page after the interview.
    pub fn go_to_done(self) {
        let held = self.held();
        held.line.stop();
        page::go_to(&format!("/interview/{}/done", held.interview));
    }
}
