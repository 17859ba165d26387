//! What this browser keeps of an interview until it is safe, as far as the page after the interview has to know it.

#[cfg(feature = "browser")]
use crate::js::storage;

/// Where a tab's unsent facts are kept; with no tab, the beginning that all have.
#[cfg(feature = "browser")]
pub fn key(interview: &str, origin: &str) -> String {
    format!("interviewlm:outbox:{interview}:{origin}")
}

/// How many changes this browser still holds for an interview that is over; they are let go.
#[cfg(feature = "browser")]
pub fn count_and_drop(interview: &str) -> usize {
    let keys = storage::keys(&key(interview, ""));
    let count = keys.iter().filter_map(|key| storage::read::<Kept<Kind>>(key)).map(|kept| kept.changes()).sum();
    keys.iter().for_each(|key| storage::remove(key));
    count
}

/// On the server nothing is kept.
#[cfg(not(feature = "browser"))]
pub fn count_and_drop(_: &str) -> usize {
    0
}

/// An outbox as it is kept. The room keeps whole facts in it; the page after the interview reads their kinds.
#[cfg(feature = "browser")]
#[derive(serde::Serialize, serde::Deserialize)]
pub struct Kept<Fact> {
    /// Whether its tab has let go of it.
    pub released: bool,
    /// The calendar's time when it was written.
    pub wall: f64,
    /// The tab's own clock then.
    pub clock: f64,
    /// The facts, in order.
    pub facts: Vec<Fact>,
}

#[cfg(feature = "browser")]
#[derive(serde::Deserialize)]
struct Kind {
    kind: String,
}

#[cfg(feature = "browser")]
impl Kept<Kind> {
    /// How many of the facts are somebody's work.
    fn changes(&self) -> usize {
        let is_work = |fact: &&Kind| {
            matches!(&*fact.kind, "editor.created" | "editor.deleted" | "editor.renamed" | "editor.edited")
        };
        self.facts.iter().filter(is_work).count()
    }
}
