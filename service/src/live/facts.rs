//! What a candidate's client sends: checked, put in order, moved to where it belongs, and numbered.

use interview::editor::Edited;
use interview::editor::history::{Authored, Incoming};
use interview::fact::{EditorFact, Fact, SessionFact};
use interview::ids::FILE_LIMIT_BYTES;
use interview::session::Capture;
use interview::wire::{ClientFact, Stored};
use interview::{Actor, Offset, Origin, Seq};

use super::room::RoomTask;
use super::{Reply, RoomError};
use crate::ports::Source;

/// Most files in a workspace.
pub(super) const FILE_COUNT_LIMIT: usize = 200;

/// Most cursors or selections in one fact.
const RANGE_LIMIT: usize = 1_000;

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
        let received = self.now();
        let now = now.or_else(|| facts.iter().map(|fact| fact.t).max()).unwrap_or(0);
        for fact in facts {
            let through = self.through.get(origin).copied();
            let expected = through.map_or(0, |through| through + 1);
            if fact.n < expected {
                continue;
            }
            let at = Offset(received.0.saturating_sub(now.saturating_sub(fact.t)));
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
                self.check_file_fact(&fact)?;
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

    fn check_file_fact(&self, fact: &EditorFact) -> Result<(), String> {
        let files = &self.stage.editor.files;
        match fact {
            EditorFact::Created(created) if files.contains_key(&created.path) => {
                Err(format!("there is a file {} already", created.path))
            }
            EditorFact::Created(created) if created.text.len() > FILE_LIMIT_BYTES => {
                Err("a file may hold at most 1 MiB".to_owned())
            }
            EditorFact::Created(_) if files.len() >= FILE_COUNT_LIMIT => {
                Err(format!("a workspace may hold at most {FILE_COUNT_LIMIT} files"))
            }
            EditorFact::Created(created) => self.check_no_clash(&created.path),
            EditorFact::Deleted(deleted) if !files.contains_key(&deleted.path) => {
                Err(format!("there is no file {}", deleted.path))
            }
            EditorFact::Renamed(renamed) if !files.contains_key(&renamed.from) => {
                Err(format!("there is no file {}", renamed.from))
            }
            EditorFact::Renamed(renamed) if files.contains_key(&renamed.to) => {
                Err(format!("there is a file {} already", renamed.to))
            }
            EditorFact::Renamed(renamed) => self.check_no_clash(&renamed.to),
            EditorFact::Selected(selected) if selected.ranges.len() > RANGE_LIMIT => {
                Err(format!("at most {RANGE_LIMIT} selections at once"))
            }
            EditorFact::Deleted(_) | EditorFact::Opened(_) | EditorFact::Selected(_) | EditorFact::Edited(_) => Ok(()),
        }
    }

    /// A path cannot be a file and a folder at once.
    fn check_no_clash(&self, path: &interview::FilePath) -> Result<(), String> {
        let is_under = |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'));
        let clash = self
            .stage
            .editor
            .files
            .keys()
            .find(|other| is_under(other.as_str(), path.as_str()) || is_under(path.as_str(), other.as_str()));
        match clash {
            Some(other) => Err(format!("{path} and {other} cannot both be there")),
            None => Ok(()),
        }
    }
}
