//! What a candidate's client sends: checked, put in order, moved to where it belongs, and numbered.

use interview::editor::Edited;
use interview::editor::history::{Authored, Incoming};
use interview::fact::{EditorFact, Fact, SessionFact};
use interview::session::Capture;
use interview::wire::{ClientFact, Stored};
use interview::{Actor, Clocks, Offset, Origin, Seq};

use super::room::RoomTask;
use super::{Reply, RoomError, workspace};
use crate::ports::Source;

impl RoomTask {
    /// Takes a batch; the reply waits until it is durable.
    pub(super) fn take_facts(
        &mut self,
        origin: &Origin,
        now: Option<u64>,
        facts: Vec<ClientFact>,
        reply: Reply<Stored>,
    ) {
        let result = self.take_in_order(origin, now, facts);
        let stored = self.through.get(origin).map(|through| Stored { through: *through, seq: self.stage.next });
        self.tail.when_durable(self.stage.next, move || {
            let answer = match (result, stored) {
                (Ok(()), Some(stored)) => Ok(stored),
                (Ok(()), None) => Ok(Stored { through: 0, seq: Seq(0) }),
                (Err(error), _) => Err(error),
            };
            let _ = reply.send(answer);
        });
    }

    fn take_in_order(
        &mut self,
        origin: &Origin,
        now: Option<u64>,
        mut facts: Vec<ClientFact>,
    ) -> Result<(), RoomError> {
        if let Some(fact) = facts.iter().find(|fact| !fact.fact.may_be_sent_by(Actor::Candidate)) {
            let reason = format!("a candidate's client may not send {}", fact.fact.kind());
            return Err(RoomError::Forbidden { n: fact.n, reason });
        }
        facts.sort_by_key(|fact| fact.n);
        let sent = now.or_else(|| facts.iter().map(|fact| fact.t).max()).unwrap_or(0);
        let clocks = Clocks { received: self.now(), sent };
        for fact in facts {
            let through = self.through.get(origin).copied();
            let expected = through.map_or(0, |through| through + 1);
            if fact.n < expected {
                continue;
            }
            let at = clocks.moment(fact.t);
            if !self.may_still_take(at) {
                return Err(RoomError::Ended);
            }
            let refuse = |reason: String| RoomError::Refused { n: fact.n, reason, through };
            if fact.n > expected {
                return Err(refuse(format!("event {expected} has to come first")));
            }
            self.take_one(origin, fact.n, at, fact.fact.clone()).map_err(refuse)?;
        }
        Ok(())
    }

    fn take_one(&mut self, origin: &Origin, n: u64, at: Offset, fact: Fact) -> Result<(), String> {
        let source = Source { origin: origin.clone(), n };
        match fact {
            Fact::Editor(EditorFact::Edited(edited)) => self.take_edit(source, at, edited),
            Fact::Editor(fact) => {
                workspace::check(&self.stage.editor, &fact)?;
                self.append_from(source, at, fact.into(), None);
                Ok(())
            }
            Fact::Session(SessionFact::Focused(_) | SessionFact::Blurred(_)) if !self.captures(Capture::Focus) => {
                Err("the candidate did not agree to focus being recorded".to_owned())
            }
            Fact::Session(_) | Fact::Question(_) | Fact::Terminal(_) | Fact::Chat(_) | Fact::Run(_) => {
                self.append_from(source, at, fact, None);
                Ok(())
            }
        }
    }

    fn take_edit(&mut self, source: Source, at: Offset, edited: Edited) -> Result<(), String> {
        let file = self.stage.editor.file(&edited.path).ok_or_else(|| format!("there is no file {}", edited.path))?;
        let incoming = Incoming { origin: &source.origin, n: source.n, rev: edited.rev, changes: &edited.changes };
        let placed =
            self.history.transform(&edited.path, &file.text, file.rev, &incoming).map_err(|error| error.to_string())?;
        let fact = EditorFact::Edited(Edited { rev: file.rev + 1, changes: placed.changes, ..edited });
        let author = Authored { origin: source.origin.clone(), n: source.n, meant: placed.meant };
        self.append_from(source, at, fact.into(), Some(author));
        Ok(())
    }
}
