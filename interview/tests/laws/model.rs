//! A room and its tabs without a network: a server that orders edits as the live room does, and clients that hold an
//! outbox, the server's stage as far as they heard, and the texts that their editor shows.

use std::collections::{BTreeMap, HashMap, VecDeque};

use interview::editor::history::{Authored, History, Incoming};
use interview::editor::{Edited, Text};
use interview::fact::EditorFact;
use interview::outbox::{Effect, Outbox};
use interview::wire::{ClientFact, Delivery};
use interview::{Actor, Event, Fact, FilePath, Offset, Origin, Seq, Stage};

/// The server.
#[derive(Default)]
pub struct Server {
    pub stage: Stage,
    pub log: Vec<(Event, Option<(Origin, u64)>)>,
    history: History,
    through: HashMap<Origin, u64>,
}

/// A batch was not taken from that fact on.
pub struct Refused(pub u64);

impl Server {
    /// Writes a fact of its own.
    pub fn append(&mut self, fact: Fact) {
        self.write(fact, None, None);
    }

    /// Takes a batch as far as it can be taken.
    pub fn take(&mut self, origin: &Origin, facts: &[ClientFact]) -> Result<(), Refused> {
        let mut facts = facts.to_vec();
        facts.sort_by_key(|fact| fact.n);
        for ClientFact { n, fact, .. } in facts {
            let expected = self.expected(origin);
            if n < expected {
                continue;
            }
            if n > expected {
                return Err(Refused(n));
            }
            let (fact, meant) = self.placed(origin, n, fact).ok_or(Refused(n))?;
            self.write(fact, Some((origin.clone(), n)), Some(Authored { origin: origin.clone(), n, meant }));
            self.through.insert(origin.clone(), n);
        }
        Ok(())
    }

    fn placed(
        &self,
        origin: &Origin,
        n: u64,
        fact: Fact,
    ) -> Option<(Fact, Option<interview::editor::operation::Operation>)> {
        let files = &self.stage.editor.files;
        match &fact {
            Fact::Editor(EditorFact::Edited(edited)) => {
                let file = files.get(&edited.path)?;
                let incoming = Incoming { origin, n, rev: edited.rev, changes: &edited.changes };
                let placed = self.history.transform(&edited.path, &file.text, file.rev, &incoming).ok()?;
                let edited = Edited { rev: file.rev + 1, changes: placed.changes, ..edited.clone() };
                return Some((EditorFact::Edited(edited).into(), placed.meant));
            }
            Fact::Editor(EditorFact::Created(created)) if files.contains_key(&created.path) => return None,
            Fact::Editor(EditorFact::Deleted(deleted)) if !files.contains_key(&deleted.path) => return None,
            Fact::Editor(EditorFact::Renamed(renamed))
                if !files.contains_key(&renamed.from) || files.contains_key(&renamed.to) =>
            {
                return None;
            }
            _ => {}
        }
        Some((fact, None))
    }

    fn write(&mut self, fact: Fact, source: Option<(Origin, u64)>, author: Option<Authored>) {
        match &fact {
            Fact::Editor(fact) => {
                let path = if let EditorFact::Created(created) = fact { Some(&created.path) } else { None };
                let before = path.and_then(|path| self.stage.editor.file(path)).map(|file| &file.text);
                self.history.apply(fact, author, before);
            }
            Fact::Question(fact) => self.history.apply_question(fact),
            _ => {}
        }
        let event = Event { seq: self.stage.next, at: Offset(0), actor: Actor::Candidate, fact };
        self.stage.apply(&event);
        self.log.push((event, source));
    }

    fn expected(&self, origin: &Origin) -> u64 {
        self.through.get(origin).map_or(0, |through| through + 1)
    }

    /// Up to where everything of that tab is durable.
    pub fn through(&self, origin: &Origin) -> Option<u64> {
        self.through.get(origin).copied()
    }

    /// What a tab hears of an entry.
    pub fn delivery(&self, seq: Seq, origin: &Origin) -> Option<Delivery> {
        let (event, source) = self.log.get(usize::try_from(seq.0).ok()?)?;
        let n = source.as_ref().filter(|(author, _)| author == origin).map(|(_, n)| *n);
        Some(Delivery { event: event.clone(), n })
    }

    /// What the files say.
    pub fn texts(&self) -> BTreeMap<FilePath, String> {
        texts(&self.stage)
    }
}

fn texts(stage: &Stage) -> BTreeMap<FilePath, String> {
    stage.editor.files.iter().map(|(path, file)| (path.clone(), file.text.to_string())).collect()
}

/// A tab, and what lies between it and the server.
pub struct Client {
    pub origin: Origin,
    pub outbox: Outbox,
    /// The server's stage, as far as this tab heard.
    pub heard: Stage,
    /// What its editor shows.
    pub shown: BTreeMap<FilePath, Text>,
    pub connected: bool,
    up: VecDeque<Vec<ClientFact>>,
    refusals: VecDeque<(Seq, u64)>,
    acknowledged: Option<u64>,
    clock: u64,
}

impl Client {
    /// A tab that came in just now.
    pub fn join(origin: Origin, server: &Server) -> Self {
        let mut client = Self {
            origin,
            outbox: Outbox::new(&server.stage),
            heard: server.stage.clone(),
            shown: BTreeMap::new(),
            connected: true,
            up: VecDeque::new(),
            refusals: VecDeque::new(),
            acknowledged: None,
            clock: 0,
        };
        client.show_all();
        client
    }

    fn show_all(&mut self) {
        self.shown = texts(&self.heard).into_iter().map(|(path, text)| (path, Text::from(text.as_str()))).collect();
    }

    /// The candidate does something; an edit shows at once, all else when it comes back.
    pub fn act(&mut self, fact: impl Into<Fact>, pause: u64) {
        let fact = fact.into();
        if let Fact::Editor(EditorFact::Edited(edited)) = &fact {
            self.shown.get_mut(&edited.path).unwrap().apply(&edited.changes);
        }
        self.clock += pause;
        self.outbox.push(self.clock, fact, 50);
    }

    /// Sends the next batch on its way.
    pub fn send(&mut self) {
        if self.connected {
            self.up.extend(self.outbox.take_batch());
        }
    }

    /// The next batch arrives.
    pub fn arrive(&mut self, server: &mut Server) {
        let Some(batch) = self.up.pop_front() else { return };
        let taken = server.take(&self.origin, &batch);
        match taken {
            Ok(()) => self.acknowledged = server.through(&self.origin),
            Err(Refused(n)) => self.refusals.push_back((server.stage.next, n)),
        }
    }

    /// The next message comes down. Refusals keep their place among the events; an acknowledgement may overtake them.
    pub fn hear(&mut self, server: &Server) {
        if !self.connected {
            return;
        }
        if let Some((_, n)) = self.refusals.pop_front_if(|(seq, _)| *seq <= self.heard.next) {
            return self.refused(n);
        }
        if let Some(delivery) = server.delivery(self.heard.next, &self.origin) {
            self.receive(&delivery);
        }
    }

    /// The acknowledgement comes down.
    pub fn hear_acknowledgement(&mut self) {
        if let (true, Some(through)) = (self.connected, self.acknowledged.take()) {
            self.outbox.acknowledged(through);
        }
    }

    fn receive(&mut self, delivery: &Delivery) {
        self.heard.apply(&delivery.event);
        match self.outbox.receive(delivery) {
            Effect::None => {}
            Effect::Apply(path, changes) => {
                if let Some(text) = self.shown.get_mut(&path) {
                    text.apply(&changes);
                }
            }
            Effect::Replace(path, text) => {
                self.shown.insert(path, Text::from(text.as_str()));
            }
            Effect::Remove(path) => {
                self.shown.remove(&path);
            }
            Effect::Rename(from, to) => {
                if let Some(text) = self.shown.remove(&from) {
                    self.shown.insert(to, text);
                }
            }
            Effect::Reset => self.show_all(),
        }
    }

    /// Shows the server's text again where an edit was not taken.
    fn refused(&mut self, n: u64) {
        let Some(Fact::Editor(EditorFact::Edited(edited))) = self.outbox.refused(n) else { return };
        self.outbox.forget(&edited.path);
        match self.heard.editor.file(&edited.path) {
            Some(file) => self.shown.insert(edited.path, file.text.clone()),
            None => self.shown.remove(&edited.path),
        };
    }

    /// The line breaks. What was on its way up arrives as far as `arriving`; what was on its way down is lost.
    pub fn disconnect(&mut self, server: &mut Server, arriving: bool) {
        while arriving && !self.up.is_empty() {
            self.arrive(server);
        }
        self.up.clear();
        self.refusals.clear();
        self.acknowledged = None;
        self.connected = false;
        self.outbox.lost_connection();
    }

    /// The line is back: what was missed is caught up with, then what the server says is durable.
    pub fn reconnect(&mut self, server: &Server) {
        if self.connected {
            return;
        }
        while let Some(delivery) = server.delivery(self.heard.next, &self.origin) {
            self.receive(&delivery);
        }
        if let Some(through) = server.through(&self.origin) {
            self.outbox.acknowledged(through);
        }
        self.connected = true;
    }

    /// Whether nothing is on its way in either direction.
    pub fn is_settled(&self, server: &Server) -> bool {
        self.outbox.is_empty() && self.up.is_empty() && self.refusals.is_empty() && self.heard.next == server.stage.next
    }

    /// What its editor shows.
    pub fn texts(&self) -> BTreeMap<FilePath, String> {
        self.shown.iter().map(|(path, text)| (path.clone(), text.to_string())).collect()
    }
}

/// Lets everything arrive, for everybody.
pub fn settle(server: &mut Server, clients: &mut [Client]) -> Result<(), &'static str> {
    for client in clients.iter_mut() {
        client.reconnect(server);
    }
    for _ in 0..10_000 {
        if clients.iter().all(|client| client.is_settled(server)) {
            return Ok(());
        }
        for client in clients.iter_mut() {
            client.send();
            client.arrive(server);
            client.hear(server);
            client.hear_acknowledgement();
        }
    }
    Err("something goes round for ever")
}
