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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::path::Path;
    use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

    use interview::ids::PATH_LIMIT_BYTES;

    use super::*;
    use crate::docker::plan::{CHANNELS, KEEPER};

    /// A keeper without a box, on folders of this machine.
    struct Bare {
        keeper: Child,
        questions: ChildStdin,
        answers: BufReader<ChildStdout>,
    }

    impl Bare {
        fn start(folder: &Path) -> Self {
            let (channels, workspace) = (folder.join("channels"), folder.join("workspace"));
            fs::create_dir_all(&channels).expect("a folder");
            fs::create_dir_all(&workspace).expect("a folder");
            let text = KEEPER
                .replace(CHANNELS, channels.to_str().expect("plain text"))
                .replace("\"/workspace\"", &format!("{workspace:?}"));
            let mut python = Command::new("python3");
            python.args(["-I", "-S", "-B", "-c", &text]).stdin(Stdio::piped()).stdout(Stdio::piped());
            let mut keeper = python.spawn().expect("python");
            let questions = keeper.stdin.take().expect("a pipe");
            let answers = BufReader::new(keeper.stdout.take().expect("a pipe"));
            let mut bare = Self { keeper, questions, answers };
            assert_eq!(bare.hear(), json!({ "ready": true }));
            bare
        }

        fn hear(&mut self) -> Value {
            let mut line = String::new();
            self.answers.read_line(&mut line).expect("a line");
            serde_json::from_str(&line).expect("the keeper is there")
        }

        fn ask(&mut self, deed: &str, with: Value) -> Value {
            writeln!(self.questions, "{}", json!({ "id": 1, "do": deed, "with": with })).expect("it listens");
            self.hear()["answer"].take()
        }
    }

    impl Drop for Bare {
        fn drop(&mut self) {
            let _ = self.keeper.kill();
            let _ = self.keeper.wait();
        }
    }

    #[test]
    fn a_start_that_is_none_is_lost_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut keeper = Bare::start(folder.path());
        let somebody_else = std::process::id().to_string();
        let tricks = ["x", "", "0", "-1", "99999999999999999999", somebody_else.as_str(), &"1".repeat(5_000)];
        for (number, trick) in (2_000..).zip(tricks) {
            let begun = keeper.ask("begin", json!([number]));
            let pipe = begun["pipe"].as_str().expect("a channel");
            fs::write(pipe, format!("{trick}\n")).expect("written");
            assert_eq!(keeper.hear(), json!({ "lost": number }), "{trick:?}");
        }
    }

    #[test]
    fn folders_in_folders_without_end_are_walked_only_as_deep_as_paths_may_be() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut keeper = Bare::start(folder.path());
        let mut deep = String::new();
        let mut files = Vec::new();
        for depth in 0..30 {
            let file = format!("{deep}file-{depth}");
            fs::write(folder.path().join("workspace").join(&file), "x").expect("written");
            deep += &format!("{}/", "d".repeat(20));
            fs::create_dir(folder.path().join("workspace").join(&deep)).expect("a folder");
            files.extend((file.len() <= PATH_LIMIT_BYTES).then_some(file));
        }
        let answer = keeper.ask("list", json!([]));
        let mut listed: Vec<String> = serde_json::from_value(answer).expect("a list");
        listed.sort_by_key(String::len);
        assert_eq!(listed, files);
    }
}
