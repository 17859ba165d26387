//! The line to the server: a socket that comes back by itself. It does not know what its messages mean.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use interview::wire::{ClientMessage, ServerMessage};
use wasm_bindgen::JsCast as _;
use web_sys::{MessageEvent, WebSocket};

use crate::js::page::{Listener, Timer, socket_address};

/// The first pause before trying again, and the longest.
const FIRST_PAUSE_MILLIS: u64 = 200;
const LONGEST_PAUSE_MILLIS: u64 = 5_000;

/// How often the line is tried, and how long an answer may take.
const PULSE: Duration = Duration::from_secs(15);
const PATIENCE: Duration = Duration::from_secs(10);

/// What the line tells.
pub enum News {
    /// It is open, and nothing was said yet.
    Opened,
    /// The server said something.
    Said(Box<ServerMessage>),
    /// It broke; it is being tried again after so many failures in a row.
    Broke(u32),
}

/// The line. It closes when the last copy is gone.
#[derive(Clone)]
pub struct Line(Rc<Inner>);

struct Inner {
    path: String,
    tell: Box<dyn Fn(News)>,
    calls: Cell<u64>,
    current: RefCell<Option<Call>>,
    /// A second call that will take the place of the first once it stands.
    next: RefCell<Option<Call>>,
    failures: Cell<u32>,
    is_stopped: Cell<bool>,
    retry: RefCell<Option<Timer>>,
    patience: RefCell<Option<Timer>>,
    watch: RefCell<Option<(Timer, [Listener; 2])>>,
}

/// One socket, listened to until it is dropped.
struct Call {
    id: u64,
    socket: WebSocket,
    _listeners: [Listener; 3],
}

impl Line {
    /// A line to that path of this server; it is not open yet.
    pub fn new(path: String, tell: impl Fn(News) + 'static) -> Self {
        let line = Self(Rc::new(Inner {
            path,
            tell: Box::new(tell),
            calls: Cell::new(0),
            current: RefCell::default(),
            next: RefCell::default(),
            failures: Cell::new(0),
            is_stopped: Cell::new(true),
            retry: RefCell::default(),
            patience: RefCell::default(),
            watch: RefCell::default(),
        }));
        line.keep_watch();
        line
    }

    /// Opens it, and from now on again whenever it breaks.
    pub fn open(&self) {
        self.0.is_stopped.set(false);
        self.0.connect();
    }

    /// Closes it for good, or until it is opened again.
    pub fn stop(&self) {
        self.0.is_stopped.set(true);
        self.0.hang_up();
    }

    /// Begins a new conversation with the server; the old one ends when the new one stands.
    pub fn renew(&self) {
        if self.is_open() {
            let next = self.0.call();
            self.0.next.replace(next);
        }
    }

    /// Gives this conversation up as dead, and tries again.
    pub fn give_up(&self) {
        self.0.broke();
    }

    /// Whether something can be said now.
    pub fn is_open(&self) -> bool {
        self.0.current.borrow().as_ref().is_some_and(Call::is_open)
    }

    /// Says something; false when the line is down.
    pub fn say(&self, message: &ClientMessage) -> bool {
        self.0.say(message)
    }

    fn keep_watch(&self) {
        let weak = Rc::downgrade(&self.0);
        let pulse = calling(&weak, Inner::pulse);
        let (mut online, mut offline) = (calling(&weak, Inner::try_at_once), calling(&weak, Inner::broke));
        let timer = Timer::every(PULSE, pulse);
        let online = Listener::on_window("online", move |_| online());
        let offline = Listener::on_window("offline", move |_| offline());
        *self.0.watch.borrow_mut() = Some((timer, [online, offline]));
    }
}

impl Inner {
    fn connect(self: &Rc<Self>) {
        if self.is_stopped.get() {
            return;
        }
        let call = self.call();
        let is_placed = call.is_some();
        self.current.replace(call);
        if is_placed {
            self.be_patient();
        } else {
            self.broke();
        }
    }

    fn call(self: &Rc<Self>) -> Option<Call> {
        let id = self.calls.get() + 1;
        self.calls.set(id);
        let socket = WebSocket::new(&socket_address(&self.path)).ok()?;
        let listeners = [
            Listener::on(&socket, "open", self.told(move |inner, _| inner.opened(id))),
            Listener::on(&socket, "message", self.told(move |inner, event| inner.heard(id, &event))),
            Listener::on(&socket, "close", self.told(move |inner, _| inner.closed(id))),
        ];
        Some(Call { id, socket, _listeners: listeners })
    }

    fn told(
        self: &Rc<Self>,
        act: impl Fn(&Rc<Self>, web_sys::Event) + 'static,
    ) -> impl FnMut(web_sys::Event) + 'static {
        let weak = Rc::downgrade(self);
        move |event| {
            if let Some(inner) = weak.upgrade() {
                act(&inner, event);
            }
        }
    }

    fn opened(self: &Rc<Self>, id: u64) {
        if is(&self.next, id) {
            let next = self.next.take();
            let former = self.current.replace(next);
            drop(former);
        }
        self.be_patient();
        (self.tell)(News::Opened);
    }

    fn heard(&self, id: u64, event: &web_sys::Event) {
        if !is(&self.current, id) {
            return;
        }
        self.failures.set(0);
        self.patience.take();
        let text = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string());
        let message = text.and_then(|text| serde_json::from_str(&text).ok());
        if let Some(message) = message {
            (self.tell)(News::Said(Box::new(message)));
        }
    }

    fn closed(self: &Rc<Self>, id: u64) {
        if is(&self.current, id) || is(&self.next, id) {
            self.broke();
        }
    }

    /// Asks for a sign of life; without one, the line is dead.
    fn pulse(self: &Rc<Self>) {
        if self.say(&ClientMessage::Ping) {
            self.be_patient();
        }
    }

    fn say(&self, message: &ClientMessage) -> bool {
        let text = serde_json::to_string(message).expect("messages are plain data");
        self.current
            .borrow()
            .as_ref()
            .filter(|call| call.is_open())
            .is_some_and(|call| call.socket.send_with_str(&text).is_ok())
    }

    /// From now on the server has a while to say something.
    fn be_patient(self: &Rc<Self>) {
        let timer = Timer::after(PATIENCE, calling(&Rc::downgrade(self), Self::broke));
        self.patience.replace(Some(timer));
    }

    fn hang_up(&self) {
        self.patience.take();
        self.retry.take();
        self.next.take();
        let current = self.current.take();
        drop(current);
    }

    fn broke(self: &Rc<Self>) {
        self.hang_up();
        if self.is_stopped.get() {
            return;
        }
        let failures = self.failures.get();
        self.failures.set(failures.saturating_add(1));
        let pause = (FIRST_PAUSE_MILLIS << failures.min(8)).min(LONGEST_PAUSE_MILLIS);
        let timer = Timer::after(Duration::from_millis(pause), calling(&Rc::downgrade(self), Self::connect));
        self.retry.replace(Some(timer));
        (self.tell)(News::Broke(failures + 1));
    }

    fn try_at_once(self: &Rc<Self>) {
        let is_down = self.current.borrow().is_none();
        if is_down {
            self.retry.take();
            self.connect();
        }
    }
}

impl Call {
    fn is_open(&self) -> bool {
        self.socket.ready_state() == WebSocket::OPEN
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let _ = self.socket.close();
    }
}

fn is(place: &RefCell<Option<Call>>, id: u64) -> bool {
    place.borrow().as_ref().is_some_and(|call| call.id == id)
}

/// A call that does nothing once the line is gone.
fn calling(weak: &Weak<Inner>, act: fn(&Rc<Inner>)) -> impl FnMut() + 'static {
    let weak = weak.clone();
    move || {
        if let Some(inner) = weak.upgrade() {
            act(&inner);
        }
    }
}
