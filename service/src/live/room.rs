//! The one task that owns an interview: it numbers, folds, commits and shows, and obeys commands one at a time.
//! It waits for nothing but the log; whatever takes time runs beside it and reports back.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use interview::chat::MessageId;
use interview::editor::history::{Authored, History};
use interview::fact::{ChatFact, EditorFact, Fact, QuestionFact, RunFact, SessionFact, TerminalFact};
use interview::session::{Capture, EndReason, Phase, Tab};
use interview::terminal::{Bytes, Size};
use interview::wire::{About, ServerMessage};
use interview::{Actor, Event, InterviewId, Offset, Origin, Seq, Stage};
use tokio::runtime::Handle;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

use super::allowance::Spent;
use super::answer::{Answering, Stopped};
use super::closing::Closing;
use super::commit::{Tail, own};
use super::disk::{DiskNews, DiskSync, DiskTask, Taken};
use super::edits::{AssistantEdits, FileEdit};
use super::presence::{Arrival, Attendance, Present};
use super::{Command, Outside};
use crate::ports::catalog::{Assessment, InterviewProgress};
use crate::ports::{Draft, Entry, ShellInput, Source};

/// How long after the last edit the files are written to the box.
const SYNC_AFTER: Duration = Duration::from_millis(200);

/// How long a room stays without anybody in it: its box and its shell live that long.
const IDLE_RUNNING: Duration = Duration::from_secs(15 * 60);
const IDLE_ENDED: Duration = Duration::from_secs(30);

/// What the room's own tasks tell it.
pub(super) enum Inner {
    Append { drafts: Vec<Draft>, reply: Option<oneshot::Sender<Vec<Seq>>> },
    Disk { news: DiskNews, reply: oneshot::Sender<Taken> },
    Sorry { about: About, reason: String },
    ShellEnded { generation: u64, reason: Option<String> },
    Stage { reply: oneshot::Sender<Stage> },
    SyncDisk { reply: oneshot::Sender<Result<DiskTask, String>> },
    ApplyEdit { question: usize, edit: FileEdit, reply: oneshot::Sender<Result<(), String>> },
    Propose { call: String, decision: oneshot::Sender<bool> },
    RunForAssistant { reply: oneshot::Sender<Result<String, String>> },
    AnswerEnded { message: MessageId, fact: ChatFact },
    RunEnded { fact: RunFact },
}

/// A way for the room's own tasks to speak to it that does not keep it alive.
#[derive(Clone)]
pub(super) struct Voice(pub(super) mpsc::WeakSender<Command>);

impl Voice {
    /// Tells the room something; false when it is gone.
    pub async fn tell(&self, inner: Inner) -> bool {
        let Some(commands) = self.0.upgrade() else { return false };
        commands.send(Command::Inner(inner)).await.is_ok()
    }

    /// Asks the room for something; none when it is gone.
    pub async fn ask<T>(&self, inner: impl FnOnce(oneshot::Sender<T>) -> Inner) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        if !self.tell(inner(reply)).await {
            return None;
        }
        answer.await.ok()
    }

    /// Says that a tap is no longer listened to. It never waits itself: where the room has much to do, the word waits
    /// beside.
    pub fn leave(&self, tap: u64) {
        let Some(commands) = self.0.upgrade() else { return };
        let Err(TrySendError::Full(leave)) = commands.try_send(Command::Leave { tap }) else { return };
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move { commands.send(leave).await });
        }
    }

    /// Writes facts and waits until they are durable.
    pub async fn append(&self, drafts: Vec<Draft>) -> Option<Vec<Seq>> {
        self.ask(|reply| Inner::Append { drafts, reply: Some(reply) }).await
    }
}

pub(super) struct RoomTask {
    pub interview: InterviewId,
    pub outside: Arc<Outside>,
    pub assessment: Assessment,
    pub stage: Stage,
    pub history: History,
    pub assistant_edits: AssistantEdits,
    pub spent: Spent,
    /// Up to which count each tab's facts are in the log.
    pub through: HashMap<Origin, u64>,
    pub tail: Tail,
    pub voice: Voice,
    pub commands: mpsc::Receiver<Command>,
    /// The interview's clock when the room was opened, and the monotonic clock then.
    pub opened_at: (Offset, u64),
    pub taps: HashMap<u64, Present>,
    pub next_tap: u64,
    /// A tab that is back, while it may still bring what it kept.
    pub arrival: Option<Arrival>,
    pub attendance: Attendance,
    pub disk: Option<DiskTask>,
    pub sync_at: Option<Instant>,
    /// Whether it was said that the workspace is full.
    pub workspace_full_said: bool,
    pub shell: Option<(u64, mpsc::Sender<ShellInput>)>,
    pub shells: u64,
    /// How many boxes there have been since the room was opened, and in which one of them the last shell was.
    pub boxes: (u64, u64),
    /// The size of the shell that starts as soon as the one under way has ended.
    pub next_shell: Option<Size>,
    pub answer: Option<Answering>,
    pub proposals: HashMap<String, oneshot::Sender<bool>>,
    /// Decisions that came before their proposal was asked about.
    pub early_decisions: HashMap<String, bool>,
    pub running: Option<super::runs::Running>,
    pub closing: Option<Closing>,
    /// The time is up, and what was typed before may come in until then.
    pub late_until: Option<Offset>,
    /// Since when an answer is coming that nobody reads.
    pub alone_since: Option<Offset>,
    /// The newest progress, for whoever writes it into the tables.
    pub progress: Option<watch::Sender<Option<InterviewProgress>>>,
    pub idle_since: Instant,
}

impl RoomTask {
    /// Runs until nobody is left, or the log can no longer be written.
    pub async fn live(mut self) {
        self.pick_up();
        loop {
            self.tail.start();
            let alarm = self.next_alarm();
            tokio::select! {
                command = self.commands.recv() => match command {
                    Some(Command::Shut { done }) => {
                        self.shut().await;
                        drop(self);
                        let _ = done.send(());
                        return;
                    }
                    Some(command) => self.obey(command).await,
                    None => break,
                },
                (group, result) = self.tail.committed() => match result {
                    Ok(()) => self.tail.settle(&group),
                    Err(error) => {
                        tracing::error!(%error, interview = %self.interview, "the log refused a commit; the room goes down");
                        return;
                    }
                },
                () = tokio::time::sleep_until(alarm) => self.alarm(),
            }
            self.note_company();
            if self.tail.is_broken() {
                tracing::error!(interview = %self.interview, "the log refused a commit; the room goes down");
                return;
            }
            if self.is_forsaken() {
                break;
            }
        }
        self.shut().await;
    }

    /// After a restart: what was under way is over, and says so.
    fn pick_up(&mut self) {
        let at = self.stage.at;
        let tabs: Vec<Origin> = self.stage.session.tabs.iter().cloned().collect();
        for tab in tabs {
            self.append_at(at, Draft::by(Actor::System, SessionFact::Left(Tab { tab })));
        }
        if self.stage.terminal.open {
            let closed = interview::terminal::Closed { code: None };
            self.append_at(at, Draft::by(Actor::System, TerminalFact::Closed(closed)));
        }
        self.break_off_answer();
        self.break_off_run();
        if let Phase::Submitted { .. } = self.stage.session.phase {
            self.close(EndReason::Submitted);
        }
        // The tables may have missed what the log has.
        self.note_progress();
    }

    async fn shut(&mut self) {
        self.settle_arrival();
        self.shell = None;
        if self.stage.terminal.open {
            let closed = interview::terminal::Closed { code: None };
            self.append(Draft::by(Actor::System, TerminalFact::Closed(closed)));
        }
        if let Err(error) = self.tail.flush().await {
            tracing::error!(%error, interview = %self.interview, "the room's last events could not be written");
        }
    }

    /// The interview's clock.
    pub fn now(&self) -> Offset {
        self.moment(self.outside.clock.monotonic_millis()).max(self.stage.at)
    }

    pub fn captures(&self, capture: Capture) -> bool {
        self.stage.session.captures.contains(&capture)
    }

    /// Whether anything new may begin.
    pub fn may_still_write(&self) -> bool {
        self.stage.session.is_running() && !self.closing.is_some_and(|closing| closing.is_of_interview())
    }

    /// Whether what happened at that moment may still come in: what was typed in time and was on its way when the time
    /// was up is not lost.
    pub fn may_still_take(&self, at: Offset) -> bool {
        let in_time = self.stage.session.deadline().is_some_and(|deadline| at <= deadline);
        self.may_still_write() || (self.late_until.is_some() && in_time)
    }

    /// When that was on the interview's clock.
    pub fn moment(&self, monotonic_millis: u64) -> Offset {
        Offset(self.opened_at.0.0 + monotonic_millis.saturating_sub(self.opened_at.1))
    }

    /// Numbers and folds a fact of the server's own.
    pub fn append(&mut self, draft: Draft) -> Seq {
        self.settle_arrival();
        self.append_at(self.now(), draft)
    }

    /// The same at a moment of its own.
    pub fn append_at(&mut self, at: Offset, draft: Draft) -> Seq {
        let event = draft.at(self.stage.next, at.after(self.stage.at));
        let seq = event.seq;
        self.fold(&event, None);
        self.tail.push(own(event));
        seq
    }

    /// Numbers and folds a fact of the candidate's.
    pub fn append_from(&mut self, source: Source, at: Offset, fact: Fact, author: Option<Authored>) {
        self.settle_arrival_before(at);
        let event = Draft { actor: Actor::Candidate, fact }.at(self.stage.next, at.after(self.stage.at));
        let author = author.or_else(|| Some(Authored { origin: source.origin.clone(), n: source.n, meant: None }));
        self.fold(&event, author);
        self.through.insert(source.origin.clone(), source.n);
        self.tail.push(Entry { event, source: Some(source) });
    }

    fn fold(&mut self, event: &Event, author: Option<Authored>) {
        self.assistant_edits.apply(event, &self.stage);
        self.spent.apply(event);
        self.attendance.apply(event);
        fold_history(&mut self.history, &self.stage, event, author);
        self.stage.apply(event);
        let touches_files = matches!(&event.fact, Fact::Editor(_) | Fact::Question(QuestionFact::Opened(_)));
        if touches_files && self.disk.is_some() {
            self.sync_at = Some(Instant::now() + SYNC_AFTER);
        }
    }

    async fn obey(&mut self, command: Command) {
        self.keep_time();
        self.settle_due_arrival();
        match command {
            Command::Join { origin, from, reply } => self.join(origin, from, reply).await,
            Command::Leave { tap } => self.leave(tap),
            Command::Shut { .. } => {} // The loop itself ends with it.
            Command::Watch { viewer, reply } => self.watch(viewer, reply).await,
            Command::Look { reply } => {
                let _ = reply.send(Ok((self.stage.clone(), self.now())));
            }
            Command::Facts { origin, now, facts, reply } => self.take_facts(&origin, now, facts, reply),
            Command::Type { data, reply } => self.type_keys(data, reply),
            Command::Resize { size, reply } => self.resize(size, reply),
            Command::RestartBox { reply } => self.restart_box(reply),
            Command::Ask { text, reply } => self.ask(text, reply),
            Command::StopAnswer => self.stop_answer(Stopped::ByCandidate),
            Command::Decide { call, accept, reply } => self.decide(&call, accept, reply),
            Command::Undo { call, reply } => self.undo(&call, reply),
            Command::Run { cases, reply } => self.run(cases, reply),
            Command::NextQuestion { reply } => self.next_question(reply),
            Command::Submit { reply } => self.submit(reply),
            Command::Inner(inner) => self.hear(inner),
        }
    }

    fn hear(&mut self, inner: Inner) {
        match inner {
            Inner::Append { drafts, reply } => {
                let before = self.spent;
                let seqs: Vec<Seq> = drafts.into_iter().map(|draft| self.append(draft)).collect();
                self.note_limits(&before);
                if let Some(reply) = reply {
                    self.tail.when_durable(self.stage.next, move || {
                        let _ = reply.send(seqs);
                    });
                }
            }
            Inner::Disk { news, reply } => {
                let before = self.spent;
                let _ = reply.send(self.take_disk_news(news));
                self.note_limits(&before);
            }
            Inner::Sorry { about, reason } => self.sorry(about, reason),
            Inner::ShellEnded { generation, reason } => self.shell_ended(generation, reason),
            Inner::Stage { reply } => {
                let _ = reply.send(self.stage.clone());
            }
            Inner::SyncDisk { reply } => self.sync_for(reply),
            Inner::ApplyEdit { question, edit, reply } => {
                let _ = reply.send(self.apply_assistant_edit(question, &edit));
            }
            Inner::Propose { call, decision } => self.propose(call, decision),
            Inner::RunForAssistant { reply } => self.run_for_assistant(reply),
            Inner::AnswerEnded { message, fact } => self.answer_ended(message, fact),
            Inner::RunEnded { fact } => self.run_ended(fact),
        }
    }

    /// Says, in the terminal and so in the log, that from here on less is recorded.
    fn note_limits(&mut self, before: &Spent) {
        let Some(note) = self.spent.ran_out_since(before) else { return };
        let data = format!("\r\n\x1b[2m{note}\x1b[0m\r\n");
        self.append(Draft::by(Actor::System, TerminalFact::Printed(Bytes { data })));
        self.sorry(About::Terminal, note.to_owned());
    }

    /// Tells the candidate's tab that something cannot be done.
    pub fn sorry(&mut self, about: About, reason: String) {
        let taps: Vec<u64> = self.taps.keys().copied().collect();
        for tap in taps {
            self.tail.tell(tap, ServerMessage::Sorry { about, reason: reason.clone() });
        }
    }

    fn next_alarm(&self) -> Instant {
        let mut alarm = self.idle_since + self.idle_limit();
        if let Some(sync_at) = self.sync_at {
            alarm = alarm.min(sync_at);
        }
        let arrival = self.arrival.as_ref().map(|arrival| arrival.due);
        for moment in [self.next_bell(), arrival, self.patience_ends()].into_iter().flatten() {
            let left = Duration::from_millis(moment.millis_since(self.now()));
            alarm = alarm.min(Instant::now() + left);
        }
        if !self.is_idle() {
            alarm = alarm.max(Instant::now() + Duration::from_millis(1));
        }
        alarm
    }

    fn alarm(&mut self) {
        if !self.is_idle() {
            self.idle_since = Instant::now();
        }
        self.settle_due_arrival();
        if self.sync_at.is_some_and(|at| at <= Instant::now()) {
            self.sync_at = None;
            self.sync_disk(None);
        }
        if self.patience_ends().is_some_and(|end| end <= self.now()) {
            self.stop_answer(Stopped::Unread);
        }
        self.keep_time();
    }

    fn idle_limit(&self) -> Duration {
        match self.stage.session.phase {
            Phase::Ended { .. } => IDLE_ENDED,
            Phase::Waiting | Phase::Running { .. } | Phase::Submitted { .. } => IDLE_RUNNING,
        }
    }

    fn is_idle(&self) -> bool {
        self.tail.onlookers.is_empty() && self.answer.is_none() && self.running.is_none() && self.closing.is_none()
    }

    fn is_forsaken(&self) -> bool {
        self.is_idle() && self.idle_since.elapsed() >= self.idle_limit()
    }

    pub fn sync_disk(&mut self, done: Option<oneshot::Sender<()>>) {
        let Some(disk) = self.disk.as_ref().filter(|disk| !disk.is_gone()) else { return };
        let files = self
            .stage
            .editor
            .files
            .iter()
            .map(|(path, file)| (path.clone(), file.text.to_string(), file.rev))
            .collect();
        let question = self.stage.questions.0.len();
        if disk.try_sync(DiskSync { files, question, next: self.stage.next, done }).is_err() {
            // The box is busy writing; try again soon.
            self.sync_at = Some(Instant::now() + SYNC_AFTER);
        }
    }
}

/// Folds one event into the history, before the stage does.
pub(super) fn fold_history(history: &mut History, before: &Stage, event: &Event, author: Option<Authored>) {
    match &event.fact {
        Fact::Editor(fact) => {
            let path = match fact {
                EditorFact::Created(created) => Some(&created.path),
                EditorFact::Edited(_) | EditorFact::Deleted(_) | EditorFact::Renamed(_) => None,
                EditorFact::Opened(_) | EditorFact::Selected(_) => None,
            };
            let text = path.and_then(|path| before.editor.file(path)).map(|file| &file.text);
            history.apply(fact, author, text);
        }
        Fact::Question(fact) => history.apply_question(fact),
        Fact::Session(_) | Fact::Terminal(_) | Fact::Chat(_) | Fact::Run(_) => {}
    }
}
