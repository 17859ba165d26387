//! How an interview went, in numbers. What the replay counts as well comes from the same place, so that both agree.

use interview::editor::operation::utf16_length;
use interview::editor::{Edited, Via};
use interview::fact::{ChatFact, EditorFact, Fact, RunFact, TerminalFact};
use interview::replay::StretchReader;
use interview::{Actor, Event, Stage};
use serde::{Deserialize, Serialize};

/// What an interview's log amounts to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Statistics {
    /// How many events there are.
    pub events: u64,
    /// From the start to the end, or to the last event, in milliseconds.
    pub duration_ms: u64,
    /// Characters typed into the editor.
    pub characters_typed: u64,
    /// Characters pasted into the editor.
    pub characters_pasted: u64,
    /// Pastes.
    pub pastes: u64,
    /// Characters that the assistant's edits and new files brought.
    pub characters_by_assistant: u64,
    /// Messages to the assistant.
    pub messages: u64,
    /// What the assistant cost, in millionths of a US dollar.
    pub assistant_cost_microusd: u64,
    /// Lines sent to the shell.
    pub commands: u64,
    /// Runs.
    pub runs: u64,
    /// Cases passed in the last counted runs.
    pub tests_passed: u32,
    /// Cases in them.
    pub tests_total: u32,
    /// How often the window was in the back, as in the recording.
    pub focus_lost: u64,
    /// How often no tab was connected any more, as in the recording.
    pub connections_lost: u64,
}

/// Counts while a log is read.
#[derive(Debug, Default)]
pub(super) struct Counter {
    so_far: Statistics,
    stage: Stage,
    stretches: StretchReader,
}

impl Counter {
    /// Counts the next event.
    pub fn count(&mut self, event: &Event) {
        self.so_far.events += 1;
        match &event.fact {
            Fact::Editor(EditorFact::Edited(edited)) => self.count_edit(event.actor, edited),
            Fact::Editor(EditorFact::Created(created)) if event.actor == Actor::Assistant => {
                self.so_far.characters_by_assistant += utf16_length(&created.text) as u64;
            }
            Fact::Chat(ChatFact::Asked(_)) => self.so_far.messages += 1,
            Fact::Terminal(TerminalFact::Typed(bytes)) => {
                self.so_far.commands += bytes.data.matches('\r').count() as u64;
            }
            Fact::Run(RunFact::Requested(_)) => self.so_far.runs += 1,
            Fact::Editor(_)
            | Fact::Chat(_)
            | Fact::Terminal(_)
            | Fact::Run(_)
            | Fact::Session(_)
            | Fact::Question(_) => {}
        }
        self.stage.apply(event);
        self.stretches.read(event, &self.stage);
    }

    fn count_edit(&mut self, actor: Actor, edited: &Edited) {
        let inserted = edited.changes.iter().map(|change| utf16_length(&change.inserted) as u64).sum::<u64>();
        match edited.via {
            Via::Typing => self.so_far.characters_typed += inserted,
            Via::Paste => {
                self.so_far.characters_pasted += inserted;
                self.so_far.pastes += 1;
            }
            Via::Assistant => self.so_far.characters_by_assistant += inserted,
            // One of its commands did it.
            Via::Disk if actor == Actor::Assistant => self.so_far.characters_by_assistant += inserted,
            Via::Completion | Via::Undo | Via::Redo | Via::Format | Via::Disk => {}
        }
    }

    /// What all that was counted amounts to.
    pub fn statistics(self) -> Statistics {
        let (tests_passed, tests_total) = self.stage.tests();
        Statistics {
            duration_ms: self.stage.at.0,
            assistant_cost_microusd: self.stage.chat.cost_microusd(),
            tests_passed,
            tests_total,
            focus_lost: self.stretches.blur_count() as u64,
            connections_lost: self.stretches.outage_count() as u64,
            ..self.so_far
        }
    }
}

#[cfg(test)]
mod tests {
    use interview::editor::{Change, Created};
    use interview::fact::SessionFact;
    use interview::question::Language;
    use interview::session::{Empty, EndReason, Ended, Started, Tab};
    use interview::{FilePath, Offset, Origin, Seq};

    use super::*;

    fn counted(facts: Vec<(u64, Actor, Fact)>) -> Statistics {
        let mut counter = Counter::default();
        for (seq, (at, actor, fact)) in (0..).zip(facts) {
            counter.count(&Event { seq: Seq(seq), at: Offset(at), actor, fact });
        }
        counter.statistics()
    }

    fn session(at: u64, fact: SessionFact) -> (u64, Actor, Fact) {
        (at, Actor::System, fact.into())
    }

    fn started() -> (u64, Actor, Fact) {
        let question = interview::ids::ProblemSlug::parse("rate-limiter").expect("a slug");
        let started = Started { time_limit_ms: 60_000, language: Language::Go, question, files: Vec::new() };
        session(0, SessionFact::Started(started))
    }

    fn tab() -> Tab {
        Tab { tab: Origin::parse("tab").expect("an origin") }
    }

    #[test]
    fn a_connection_is_lost_only_while_the_interview_runs() {
        let ended = SessionFact::Ended(Ended { reason: EndReason::Submitted });
        let whole = counted(vec![
            started(),
            session(100, SessionFact::Joined(tab())),
            session(9_000, SessionFact::Submitted(Empty {})),
            session(9_100, ended),
            session(9_200, SessionFact::Left(tab())),
        ]);
        assert_eq!(whole.connections_lost, 0);
        let broken = counted(vec![
            started(),
            session(100, SessionFact::Joined(tab())),
            session(2_000, SessionFact::Left(tab())),
            session(8_000, SessionFact::Joined(tab())),
            session(9_000, SessionFact::Submitted(Empty {})),
            session(9_200, SessionFact::Left(tab())),
        ]);
        assert_eq!(broken.connections_lost, 1);
    }

    #[test]
    fn the_window_is_counted_once_for_each_time_it_was_in_the_back() {
        let statistics = counted(vec![
            started(),
            session(1_000, SessionFact::Blurred(Empty {})),
            session(1_500, SessionFact::Blurred(Empty {})),
            session(3_000, SessionFact::Focused(Empty {})),
            session(4_000, SessionFact::Blurred(Empty {})),
            session(5_000, SessionFact::Focused(Empty {})),
        ]);
        assert_eq!(statistics.focus_lost, 2);
    }

    #[test]
    fn what_the_assistant_writes_counts_in_new_files_as_well() {
        let path = FilePath::parse("new.py").expect("a path");
        let created = EditorFact::Created(Created { path: path.clone(), text: "😀23".to_owned() });
        let changes = vec![Change::new(0, 0, "12345")];
        let edited = Edited { path, rev: 1, changes, via: Via::Assistant, from: None };
        let by_assistant = counted(vec![
            (0, Actor::Assistant, created.clone().into()),
            (1, Actor::Assistant, EditorFact::Edited(edited).into()),
        ]);
        assert_eq!(by_assistant.characters_by_assistant, 9);
        assert_eq!(counted(vec![(0, Actor::Candidate, created.into())]).characters_by_assistant, 0);
    }
}
