//! The box of a room: the stage's files go in, what programs did to them comes back. It holds no opinion about edits.

mod copy;
mod rests;

use std::sync::Arc;

use interview::editor::history::Incoming;
use interview::editor::{Created, Edited, PathOnly, Via};
use interview::fact::EditorFact;
use interview::wire::About;
use interview::{Actor, FilePath, Origin, Seq};
use tokio::sync::{mpsc, oneshot};

use copy::DiskCopy;

use super::Outside;
use super::allowance::disk_bytes;
use super::edits::difference;
use super::room::{RoomTask, Voice};
use super::workspace::FILE_COUNT_LIMIT;
use crate::ports::{Draft, Jail, SandboxError};

/// The files as the stage has them, to be written.
pub(super) struct DiskSync {
    pub files: Vec<(FilePath, String, u64)>,
    /// How many questions there were: the files are those of the last one.
    pub question: usize,
    /// The first event that these files do not know.
    pub next: Seq,
    pub done: Option<oneshot::Sender<()>>,
}

enum DiskCommand {
    Sync(DiskSync),
    Jail(oneshot::Sender<Result<Arc<dyn Jail>, String>>),
    Lend { begun: oneshot::Sender<()>, loan: LoanEnd },
}

/// Resolves to who waits for the end of a loan; to nobody when it was just dropped.
type LoanEnd = oneshot::Receiver<oneshot::Sender<()>>;

/// While it lasts, what programs do to the files is the assistant's doing.
pub(super) struct Loan(oneshot::Sender<oneshot::Sender<()>>);

impl Loan {
    /// Ends it once all that happened until now is told.
    pub async fn end(self) {
        let (done, settled) = oneshot::channel();
        if self.0.send(done).is_ok() {
            let _ = settled.await;
        }
    }
}

/// A handle to the task that owns the box. The box goes when the last handle does.
#[derive(Clone)]
pub(super) struct DiskTask {
    commands: mpsc::Sender<DiskCommand>,
}

/// A file that a program changed: what stood there, at which revision, and what stands there now.
pub(super) struct DiskNews {
    by: Actor,
    /// How many questions there were when the box got its files.
    question: usize,
    path: FilePath,
    before: Option<(String, u64)>,
    after: Option<String>,
}

/// What the room made of news from the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// It is in the stage, and in the log at this place with so many bytes.
    Yes { seq: Seq, bytes: u64 },
    /// The stage says so already.
    Known,
    /// It happened to the files of a question that is no longer on the table.
    Past,
    /// The stage does not follow: it has too many files, or programs have used up what they may add to the log.
    No,
}

impl DiskTask {
    pub fn start(outside: Arc<Outside>, voice: Voice) -> Self {
        let (sender, commands) = mpsc::channel(8);
        tokio::spawn(live(outside, voice, commands));
        Self { commands: sender }
    }

    pub fn is_gone(&self) -> bool {
        self.commands.is_closed()
    }

    pub fn try_sync(&self, sync: DiskSync) -> Result<(), ()> {
        self.commands.try_send(DiskCommand::Sync(sync)).map_err(|_| ())
    }

    /// The box, once it is there.
    pub async fn jail(&self) -> Result<Arc<dyn Jail>, String> {
        let gone = || "the sandbox could not be started".to_owned();
        let (reply, answer) = oneshot::channel();
        self.commands.send(DiskCommand::Jail(reply)).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// Begins a command of the assistant's; what others did until now is told before.
    pub async fn lend(&self) -> Result<Loan, String> {
        let gone = |_| "the sandbox could not be started".to_owned();
        let (begun, has_begun) = oneshot::channel();
        let (end, loan) = oneshot::channel();
        self.commands.send(DiskCommand::Lend { begun, loan }).await.map_err(|error| gone(error.to_string()))?;
        has_begun.await.map_err(|error| gone(error.to_string()))?;
        Ok(Loan(end))
    }
}

async fn live(outside: Arc<Outside>, voice: Voice, mut commands: mpsc::Receiver<DiskCommand>) {
    let started = async {
        let jail = outside.sandbox.start(outside.limits).await?;
        let changes = jail.watch().await?;
        Ok::<_, SandboxError>((jail, changes))
    };
    let (jail, mut changes) = match started.await {
        Ok(started) => started,
        Err(error) => {
            tracing::error!(%error, "a box could not be started");
            commands.close();
            while let Some(command) = commands.recv().await {
                if let DiskCommand::Jail(reply) = command {
                    let _ = reply.send(Err("the sandbox is unavailable right now; your work is safe".to_owned()));
                }
            }
            return;
        }
    };
    let mut copy = DiskCopy::new(jail.clone(), voice);
    let mut loan = None;
    loop {
        tokio::select! {
            biased;
            waiting = end_of(&mut loan) => {
                loan = None;
                copy.settle(Actor::System).await;
                if let Some(waiting) = waiting {
                    let _ = waiting.send(());
                }
            },
            command = commands.recv() => match command {
                Some(DiskCommand::Sync(sync)) => copy.write(sync).await,
                Some(DiskCommand::Jail(reply)) => {
                    let _ = reply.send(Ok(jail.clone()));
                }
                Some(DiskCommand::Lend { begun, loan: next }) => {
                    copy.settle(Actor::Assistant).await;
                    loan = Some(next);
                    let _ = begun.send(());
                }
                None => break,
            },
            change = changes.recv() => match change {
                Some(changed) => copy.look(changed).await,
                None => break,
            },
            () = copy.due() => copy.do_what_is_due().await,
        }
    }
    jail.stop().await;
}

/// Waits for the end of a loan; for ever when there is none.
async fn end_of(loan: &mut Option<LoanEnd>) -> Option<oneshot::Sender<()>> {
    match loan {
        Some(end) => end.await.ok(),
        None => std::future::pending().await,
    }
}

impl RoomTask {
    /// The box's task, started where there is none.
    pub(super) fn disk(&mut self) -> DiskTask {
        if let Some(disk) = self.disk.as_ref().filter(|disk| !disk.is_gone()) {
            return disk.clone();
        }
        let disk = DiskTask::start(self.outside.clone(), self.voice.clone());
        self.disk = Some(disk.clone());
        self.boxes.0 += 1;
        self.sync_disk(None);
        disk
    }

    /// Hands out the box's task once the files in it are those of the stage.
    pub(super) fn sync_for(&mut self, reply: oneshot::Sender<Result<DiskTask, String>>) {
        let disk = self.disk();
        let (done, written) = oneshot::channel();
        self.sync_disk(Some(done));
        tokio::spawn(async move {
            let answer = match written.await {
                Ok(()) => Ok(disk),
                Err(_) => disk.jail().await.map(|_| disk),
            };
            let _ = reply.send(answer);
        });
    }

    /// A program changed a file: an edit by the box, made against the revision that was written there.
    pub(super) fn take_disk_news(&mut self, news: DiskNews) -> Taken {
        if !self.may_still_write() || !self.spent.follows_disk() {
            return Taken::No;
        }
        if news.question != self.stage.questions.0.len() {
            return Taken::Past;
        }
        let file = self.stage.editor.file(&news.path);
        let is_too_many = file.is_none() && self.stage.editor.files.len() >= FILE_COUNT_LIMIT;
        let fact = match (news.after, file, news.before) {
            (None, None, _) => return Taken::Known,
            (None, Some(_), _) => EditorFact::Deleted(PathOnly { path: news.path }),
            (Some(_), None, _) if is_too_many => {
                self.say_that_the_workspace_is_full();
                return Taken::No;
            }
            (Some(text), None, _) => EditorFact::Created(Created { path: news.path, text }),
            (Some(text), Some(file), before) => {
                let (before, rev) = before.unwrap_or_else(|| (file.text.to_string(), file.rev));
                let rev = rev.min(file.rev);
                let changes = difference(&before, &text);
                let origin = Origin::parse("disk").expect("a plain word is an origin");
                let incoming = Incoming { origin: &origin, n: 0, rev, changes: &changes };
                match self.history.transform(&news.path, &file.text, file.rev, &incoming) {
                    Ok(placed) if placed.changes.is_empty() => return Taken::Known,
                    Ok(placed) => EditorFact::Edited(Edited {
                        path: news.path,
                        rev: file.rev + 1,
                        changes: placed.changes,
                        via: Via::Disk,
                        from: None,
                    }),
                    // What cannot be carried over is taken as it stands: the disk is what the candidate just wrote.
                    Err(_) => EditorFact::Created(Created { path: news.path, text }),
                }
            }
        };
        let bytes = disk_bytes(news.by, &fact);
        let seq = self.append(Draft::by(news.by, fact));
        Taken::Yes { seq, bytes }
    }

    fn say_that_the_workspace_is_full(&mut self) {
        if !std::mem::replace(&mut self.workspace_full_said, true) {
            let reason = format!(
                "the editor shows at most {FILE_COUNT_LIMIT} files. Others that programs make stay in the sandbox alone"
            );
            self.sorry(About::Terminal, reason);
        }
    }
}
