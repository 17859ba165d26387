//! The server's end of the line to a box's first process.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bollard::container::{AttachContainerResults, LogOutput};
use futures::{Stream, StreamExt as _};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::answers::{News, Said};

/// How long a keeper may take for one answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest line: a text of a mebibyte in which every letter is spelled out.
const LINE_LIMIT_BYTES: usize = 8 << 20;
/// How many questions may wait.
const WAITING_QUESTIONS: usize = 16;
/// How many news may wait for a listener.
const WAITING_NEWS: usize = 256;

/// The keeper of a box. Dropping it hangs up, and the box ends.
#[derive(Debug)]
pub(super) struct Keeper {
    questions: mpsc::Sender<Vec<u8>>,
    desk: Arc<Desk>,
    next_question: AtomicU64,
    next_number: AtomicU64,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoAnswer {
    /// It cannot be done, for this reason.
    Refused(String),
    /// Something went wrong inside.
    Failed(String),
    /// The line is dead.
    Gone,
    /// It takes too long.
    Slow,
}

type Reply = oneshot::Sender<Result<Value, NoAnswer>>;
type Output = Pin<Box<dyn Stream<Item = Result<LogOutput, bollard::errors::Error>> + Send>>;

/// Who waits for what.
#[derive(Debug, Default)]
struct Desk {
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    is_closed: bool,
    replies: HashMap<u64, Reply>,
    listeners: HashMap<u64, mpsc::Sender<News>>,
}

impl Keeper {
    /// Listens to a box's first process.
    pub(super) fn attend(streams: AttachContainerResults) -> Self {
        let (questions, asked) = mpsc::channel(WAITING_QUESTIONS);
        let desk = Arc::new(Desk::default());
        let listening = Arc::clone(&desk);
        tokio::spawn(async move {
            tokio::select! {
                () = listen(streams.output, &listening) => {}
                () = pass_on(streams.input, asked) => {}
            }
            listening.close();
        });
        Self { questions, desk, next_question: AtomicU64::new(0), next_number: AtomicU64::new(0) }
    }

    /// A number that nothing else in this box has, and that can be the number of a group of users.
    pub(super) fn number(&self) -> u64 {
        FIRST_NUMBER + self.next_number.fetch_add(1, Ordering::Relaxed) % NUMBERS
    }

    /// Hears what concerns this number from now on.
    pub(super) fn listen(&self, number: u64) -> mpsc::Receiver<News> {
        let (sender, receiver) = mpsc::channel(WAITING_NEWS);
        let mut waiting = self.desk.lock();
        if !waiting.is_closed {
            waiting.listeners.insert(number, sender);
        }
        receiver
    }

    /// Hears no more of it.
    pub(super) fn ignore(&self, number: u64) {
        self.desk.lock().listeners.remove(&number);
    }

    /// Asks for a deed.
    pub(super) async fn ask<T: DeserializeOwned>(&self, deed: &str, with: Value) -> Result<T, NoAnswer> {
        let id = self.next_question.fetch_add(1, Ordering::Relaxed);
        let (reply, answer) = oneshot::channel();
        {
            let mut waiting = self.desk.lock();
            if waiting.is_closed {
                return Err(NoAnswer::Gone);
            }
            waiting.replies.insert(id, reply);
        }
        let mut line = json!({ "id": id, "do": deed, "with": with }).to_string().into_bytes();
        line.push(b'\n');
        let answered = async {
            self.questions.send(line).await.map_err(|_| NoAnswer::Gone)?;
            answer.await.unwrap_or(Err(NoAnswer::Gone))
        };
        let answered = timeout(PATIENCE, answered).await;
        self.desk.lock().replies.remove(&id);
        let value = answered.map_err(|_| NoAnswer::Slow)??;
        serde_json::from_value(value).map_err(|error| NoAnswer::Failed(error.to_string()))
    }
}

/// Those below belong to the system, and those above do not exist for an engine that is not root.
const FIRST_NUMBER: u64 = 2_000;
const NUMBERS: u64 = 58_000;

impl Desk {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self) {
        let mut waiting = self.lock();
        waiting.is_closed = true;
        waiting.replies.clear();
        waiting.listeners.clear();
    }

    fn reply(&self, id: u64, answer: Result<Value, NoAnswer>) {
        // Nobody may wait any more.
        if let Some(reply) = self.lock().replies.remove(&id) {
            let _ = reply.send(answer);
        }
    }

    async fn take(&self, said: Said) {
        match said {
            Said::Answer { id, answer } => self.reply(id, Ok(answer)),
            Said::Refused { id, refused } => self.reply(id, Err(NoAnswer::Refused(refused))),
            Said::Failed { id, failed } => self.reply(id, Err(NoAnswer::Failed(failed))),
            other => {
                let Some((number, news)) = other.news() else { return };
                let listener = self.lock().listeners.get(&number).cloned();
                if let Some(listener) = listener {
                    let _ = listener.send(news).await;
                }
            }
        }
    }
}

/// Takes in what the keeper says until it says nothing more, or nonsense.
async fn listen(mut output: Output, desk: &Desk) {
    let mut line = Vec::new();
    while let Some(Ok(piece)) = output.next().await {
        let bytes = match piece {
            LogOutput::StdOut { message } | LogOutput::Console { message } => message,
            LogOutput::StdErr { message } => {
                tracing::warn!("the keeper of a box complains: {}", String::from_utf8_lossy(&message).trim());
                continue;
            }
            LogOutput::StdIn { .. } => continue,
        };
        let mut rest = bytes.as_ref();
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            line.extend_from_slice(&rest[..end]);
            rest = &rest[end + 1..];
            match serde_json::from_slice(&line) {
                Ok(said) => desk.take(said).await,
                Err(error) => return tracing::warn!(%error, "the keeper of a box says what nobody understands"),
            }
            line.clear();
        }
        line.extend_from_slice(rest);
        if line.len() > LINE_LIMIT_BYTES {
            return tracing::warn!("the keeper of a box does not come to an end");
        }
    }
}

/// Passes questions on until nobody asks any more.
async fn pass_on(mut input: Pin<Box<dyn AsyncWrite + Send>>, mut asked: mpsc::Receiver<Vec<u8>>) {
    while let Some(line) = asked.recv().await {
        if input.write_all(&line).await.is_err() || input.flush().await.is_err() {
            return;
        }
    }
    let _ = input.shutdown().await;
}
