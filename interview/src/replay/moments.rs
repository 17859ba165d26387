//! Moments worth jumping to, each with a line that says what happened. It does not judge what they mean.

use serde::{Deserialize, Serialize};

use crate::chat;
use crate::editor::{Edited, PastedFrom, Via};
use crate::event::{Actor, Event, Offset, Seq};
use crate::fact::{ChatFact, EditorFact, Fact, QuestionFact, RunFact, SessionFact};
use crate::ids::FilePath;
use crate::run::{Finished, Purpose, RunId};
use crate::session::EndReason;
use crate::stage::Stage;

use super::commands::CommandReader;
use super::stretches::StretchReader;

/// A smaller paste is no moment.
const PASTE_WORTH_CHARACTERS: usize = 40;

/// The window in the back for less than this is no moment.
const BLUR_WORTH_MILLIS: u64 = 5_000;

/// Edits of one file by the assistant, no further apart than this, are one moment.
const EDITS_TOGETHER_MILLIS: u64 = 5_000;

/// Longest text kept for searching, in characters.
const TEXT_LIMIT: usize = 280;

/// What kind of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MomentKind {
    /// A question was put.
    QuestionOpened,
    /// A question was left behind.
    QuestionClosed,
    /// A run in which every case passed.
    RunPassed,
    /// A run in which some case did not pass.
    RunFailed,
    /// A run that could not be completed.
    RunAbandoned,
    /// The candidate asked the assistant.
    Asked,
    /// The assistant changed a file.
    AssistantEdited,
    /// The candidate rejected an edit by the assistant.
    EditRejected,
    /// The candidate took back an edit by the assistant.
    EditUndone,
    /// An answer was broken off.
    AnswerFailed,
    /// Text was pasted.
    Pasted,
    /// A file came to be.
    FileCreated,
    /// A file was removed.
    FileDeleted,
    /// A file got another path.
    FileRenamed,
    /// A line was entered in the shell.
    Command,
    /// The last tab lost its connection.
    WentOffline,
    /// A tab was connected again.
    CameBack,
    /// The room's window went to the back for a while.
    LookedAway,
    /// The candidate handed in.
    Submitted,
    /// The interview was over.
    Ended,
}

/// A moment worth jumping to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// When.
    pub at: Offset,
    /// After which event it stands.
    pub seq: Seq,
    /// What kind of thing happened.
    pub kind: MomentKind,
    /// What happened, in a line.
    pub label: String,
    /// The words it is about, as far as they are worth searching.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// Finds moments while the log is read.
#[derive(Clone, Debug, Default)]
pub(super) struct MomentReader {
    moments: Vec<Moment>,
    commands: CommandReader,
    edited_by_assistant: Option<(FilePath, Offset)>,
}

impl MomentReader {
    /// Takes an event in; `before` is the stage before it.
    pub fn read(&mut self, event: &Event, before: &Stage) {
        match &event.fact {
            Fact::Session(fact) => self.read_session(event, fact),
            Fact::Question(fact) => self.read_question(event, fact, before),
            Fact::Editor(fact) => self.read_editor(event, fact),
            Fact::Terminal(fact) => {
                for line in self.commands.read(fact, &before.terminal) {
                    self.add(event, MomentKind::Command, format!("$ {line}"), "");
                }
            }
            Fact::Chat(fact) => self.read_chat(event, fact),
            Fact::Run(fact) => self.read_run(event, fact, before),
        }
    }

    /// All of them in order, those that only their end told included.
    pub fn all(&self, stretches: &StretchReader) -> Vec<Moment> {
        let mut all = self.moments.clone();
        let moment = |at, seq, kind, label| Moment { at, seq, kind, label, text: String::new() };
        for outage in stretches.outages() {
            let lasting = spoken(outage.stretch.millis());
            all.push(moment(
                outage.stretch.from,
                outage.first,
                MomentKind::WentOffline,
                format!("Offline for {lasting}"),
            ));
            all.push(moment(
                outage.stretch.to,
                outage.last,
                MomentKind::CameBack,
                format!("Back after {lasting} offline"),
            ));
        }
        for blur in stretches.blurs() {
            let millis = blur.stretch.millis();
            if millis > BLUR_WORTH_MILLIS {
                let label = format!("Left the window for {}", spoken(millis));
                all.push(moment(blur.stretch.from, blur.first, MomentKind::LookedAway, label));
            }
        }
        all.sort_by_key(|moment| moment.seq);
        all
    }

    fn read_session(&mut self, event: &Event, fact: &SessionFact) {
        match fact {
            SessionFact::Submitted(_) => self.add(event, MomentKind::Submitted, "Handed in", ""),
            SessionFact::Ended(ended) => {
                let label = match ended.reason {
                    EndReason::Submitted => "Interview ended",
                    EndReason::TimedOut => "Time was up",
                    EndReason::Abandoned => "Left without handing in",
                    EndReason::Closed => "Closed by the reviewer's side",
                };
                self.add(event, MomentKind::Ended, label, "");
            }
            SessionFact::Started(_) | SessionFact::Consented(_) => {}
            SessionFact::Joined(_) | SessionFact::Left(_) | SessionFact::Focused(_) | SessionFact::Blurred(_) => {}
        }
    }

    fn read_question(&mut self, event: &Event, fact: &QuestionFact, before: &Stage) {
        match fact {
            QuestionFact::Opened(opened) => {
                let label = format!("Question {}: {}", opened.order + 1, opened.title);
                self.add(event, MomentKind::QuestionOpened, label, "");
            }
            QuestionFact::Closed(closed) => {
                let question = before.questions.0.iter().rev().find(|question| question.question == closed.question);
                let title = question.map_or(closed.question.as_str(), |question| question.title.as_str());
                self.add(event, MomentKind::QuestionClosed, format!("Left {title}"), "");
            }
        }
    }

    fn read_editor(&mut self, event: &Event, fact: &EditorFact) {
        match (fact, event.actor) {
            (EditorFact::Edited(edited), Actor::Assistant) => {
                self.edited_by_assistant(event, &edited.path, "Assistant edited");
            }
            (EditorFact::Created(created), Actor::Assistant) => {
                self.edited_by_assistant(event, &created.path, "Assistant created");
            }
            (EditorFact::Edited(edited), _) if edited.via == Via::Paste => self.pasted(event, edited),
            (EditorFact::Created(created), _) => {
                self.add(event, MomentKind::FileCreated, format!("Created {}", created.path), "");
            }
            (EditorFact::Deleted(deleted), _) => {
                self.add(event, MomentKind::FileDeleted, format!("Deleted {}", deleted.path), "");
            }
            (EditorFact::Renamed(renamed), _) => {
                self.add(event, MomentKind::FileRenamed, format!("Renamed {} to {}", renamed.from, renamed.to), "");
            }
            (EditorFact::Edited(_) | EditorFact::Opened(_) | EditorFact::Selected(_), _) => {}
        }
    }

    fn edited_by_assistant(&mut self, event: &Event, path: &FilePath, what: &str) {
        let goes_on = self
            .edited_by_assistant
            .as_ref()
            .is_some_and(|(last, at)| last == path && event.at.millis_since(*at) <= EDITS_TOGETHER_MILLIS);
        self.edited_by_assistant = Some((path.clone(), event.at));
        if !goes_on {
            self.add(event, MomentKind::AssistantEdited, format!("{what} {path}"), "");
        }
    }

    fn pasted(&mut self, event: &Event, edited: &Edited) {
        let text: String = edited.changes.iter().map(|change| change.inserted.as_str()).collect();
        let characters = text.chars().count();
        if characters < PASTE_WORTH_CHARACTERS {
            return;
        }
        let source = match edited.from {
            Some(PastedFrom::Editor) => " from the editor",
            Some(PastedFrom::Assistant) => " from the assistant",
            Some(PastedFrom::Terminal) => " from the terminal",
            Some(PastedFrom::Outside) => " from outside",
            None => "",
        };
        let lines = text.lines().count();
        let size = if lines > 1 { format!("{lines} lines") } else { format!("{characters} characters") };
        self.add(event, MomentKind::Pasted, format!("Pasted {size}{source} into {}", edited.path), &text);
    }

    fn read_chat(&mut self, event: &Event, fact: &ChatFact) {
        match fact {
            ChatFact::Asked(asked) => {
                self.add(event, MomentKind::Asked, format!("Asked: {}", first_line(&asked.text)), &asked.text);
            }
            ChatFact::ToolReturned(returned) if returned.failed && returned.output == chat::REJECTED => {
                self.add(event, MomentKind::EditRejected, "Rejected the assistant's edit", "");
            }
            ChatFact::Failed(failed) => {
                self.add(event, MomentKind::AnswerFailed, format!("No answer: {}", first_line(&failed.reason)), "");
            }
            ChatFact::EditUndone(_) => self.add(event, MomentKind::EditUndone, "Took the assistant's edit back", ""),
            ChatFact::Streamed(_) | ChatFact::CalledTool(_) | ChatFact::ToolReturned(_) | ChatFact::Answered(_) => {}
        }
    }

    fn read_run(&mut self, event: &Event, fact: &RunFact, before: &Stage) {
        match fact {
            RunFact::Finished(finished) => {
                let kind = if finished.failed == 0 { MomentKind::RunPassed } else { MomentKind::RunFailed };
                self.add(event, kind, run_label(finished, before), "");
            }
            RunFact::Abandoned(abandoned) => {
                let label = format!("Run not completed: {}", first_line(&abandoned.reason));
                self.add(event, MomentKind::RunAbandoned, label, "");
            }
            RunFact::Requested(_) | RunFact::CaseFinished(_) => {}
        }
    }

    fn add(&mut self, event: &Event, kind: MomentKind, label: impl Into<String>, text: &str) {
        let text = text.chars().take(TEXT_LIMIT).collect();
        self.moments.push(Moment { at: event.at, seq: event.seq, kind, label: label.into(), text });
    }
}

fn run_label(finished: &Finished, before: &Stage) -> String {
    let whose = match purpose(before, finished.run) {
        Some(Purpose::OwnCases) => "Own cases",
        Some(Purpose::Assistant) => "Assistant's run",
        Some(Purpose::Final) => "Final run",
        Some(Purpose::Tests) | None => "Tests",
    };
    format!("{whose}: {} of {} passed", finished.passed, finished.passed + finished.failed)
}

fn purpose(stage: &Stage, run: RunId) -> Option<Purpose> {
    stage.runs.runs.iter().rev().find(|known| known.run == run).map(|known| known.purpose)
}

/// The first line that says something, cut to what fits in a label.
fn first_line(text: &str) -> String {
    const LIMIT: usize = 80;
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    match line.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// A length of time in words.
fn spoken(millis: u64) -> String {
    let plural = |count: u64, unit: &str| format!("{count} {unit}{}", if count == 1 { "" } else { "s" });
    match (millis + 500) / 1000 {
        seconds @ 0..60 => plural(seconds, "second"),
        seconds @ 60..3600 => plural(seconds / 60, "minute"),
        seconds => plural(seconds / 3600, "hour"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_one_line_of_bounded_length() {
        assert_eq!(first_line("\n  why?\nbecause"), "why?");
        assert_eq!(first_line(&"é".repeat(100)).chars().count(), 81);
    }

    #[test]
    fn lengths_of_time_are_spoken() {
        let spoken = [1_400, 59_000, 61_000, 7_300_000].map(spoken);
        assert_eq!(spoken, ["1 second", "59 seconds", "1 minute", "2 hours"]);
    }
}
