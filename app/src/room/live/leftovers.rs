//! What earlier visits of this browser left unsent, and where this visit keeps its own in case it ends like them.

use interview::Origin;
use interview::ids::InterviewId;
use interview::wire::{ClientFact, ClientMessage};

use crate::js::{page, storage};
use crate::room::unsent::{self, key};

/// A tab that wrote so recently may still be alive; one that closed in order says so.
const ALIVE_MILLIS: f64 = 3_000.0;

/// Most of them in one message.
const BATCH_FACTS: usize = 200;
const BATCH_BYTES: usize = 256 * 1024;

/// An outbox as the room keeps it.
type Kept = unsent::Kept<ClientFact>;

fn origin_in(key: &str) -> Option<Origin> {
    Origin::parse(key.rsplit(':').next()?).ok()
}

/// Keeps what a tab has not been told is safe; with nothing to keep, there is nothing kept.
pub fn keep(interview: &InterviewId, origin: &Origin, facts: Vec<ClientFact>, released: bool) {
    let key = key(interview.as_str(), origin.as_str());
    if facts.is_empty() {
        storage::remove(&key);
    } else {
        storage::write(&key, &unsent::Kept { released, wall: page::wall_clock(), clock: page::now(), facts });
    }
}

/// Whether another visit keeps something here, be it that of a tab that seems to be alive.
pub fn is_any(interview: &InterviewId, own: &Origin) -> bool {
    storage::keys(&key(interview.as_str(), "")).iter().filter_map(|key| origin_in(key)).any(|origin| origin != *own)
}

/// One earlier visit's outbox on its way.
pub struct Leftover {
    key: String,
    origin: Origin,
    /// What its tab's clock would show at this page's zero.
    clock_offset: f64,
    facts: Vec<ClientFact>,
    under_way: usize,
}

impl Leftover {
    /// One that nobody else takes care of, if there is any.
    pub fn find(interview: &InterviewId, own: &Origin) -> Option<Self> {
        storage::keys(&key(interview.as_str(), "")).into_iter().find_map(|key| Self::read(key, own))
    }

    fn read(key: String, own: &Origin) -> Option<Self> {
        let origin = origin_in(&key).filter(|origin| origin != own)?;
        let Some(kept) = storage::read::<Kept>(&key) else {
            storage::remove(&key);
            return None;
        };
        let age = page::wall_clock() - kept.wall;
        let is_free = kept.released || !(0.0..ALIVE_MILLIS).contains(&age);
        let clock_offset = kept.clock + age - page::now();
        is_free.then_some(Self { key, origin, clock_offset, facts: kept.facts, under_way: 0 })
    }

    /// How many facts are left.
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whose it is.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Whether a message waits for its answer.
    pub fn is_under_way(&self) -> bool {
        self.under_way > 0
    }

    /// The same after the line broke: what was under way is sent again, which does no harm.
    pub fn begun_again(self) -> Self {
        Self { under_way: 0, ..self }
    }

    /// The next message; none when everything has arrived.
    pub fn message(&mut self) -> Option<ClientMessage> {
        let mut bytes = 0;
        let fits = |fact: &&ClientFact| {
            bytes += fact.fact.body().get().len();
            bytes <= BATCH_BYTES
        };
        let count = self.facts.iter().take(BATCH_FACTS).take_while(fits).count().max(1).min(self.facts.len());
        if count == 0 {
            storage::remove(&self.key);
            return None;
        }
        self.under_way = count;
        let now = (page::now() + self.clock_offset).max(0.0) as u64;
        Some(ClientMessage::Facts { origin: self.origin.clone(), now, facts: self.facts[..count].to_vec() })
    }

    /// The message has arrived.
    pub fn acknowledged(&mut self) {
        self.facts.drain(..self.under_way);
        self.under_way = 0;
    }

    /// One of them is not wanted; those before it arrived, and those after it close the gap.
    pub fn refused(&mut self, n: u64) {
        self.facts.retain(|fact| fact.n > n);
        self.facts.iter_mut().for_each(|fact| fact.n -= 1);
        self.under_way = 0;
    }
}
