//! One answer of the assistant, from the question to its usage: requests, tools between them, and every way it can end.

use std::sync::Arc;
use std::time::Duration;

use interview::chat::{Answered, Asked, ENDED_WITH_QUESTION, Failed, MessageId, Part, STOPPED, Stop, Streamed};
use interview::fact::ChatFact;
use interview::session::Capture;
use interview::wire::Begun;
use interview::{Actor, Stage};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::edits::FileEdit;
use super::room::{Inner, RoomTask, Voice};
use super::tools::{self, Reach};
use super::{Outside, Reply, RoomError, prompt};
use crate::ports::Draft;
use crate::ports::assistant::{Block, Call, Piece, Prompt, Turn, Usage};
use crate::ports::catalog::AssistantMode;

/// Longest message to the assistant, in bytes.
const MESSAGE_LIMIT_BYTES: usize = 16 * 1024;

/// Pieces of an answer are merged for so long.
const MERGE: Duration = Duration::from_millis(50);

/// Most requests in one answer: a model that keeps calling tools comes to an end.
const ROUND_LIMIT: u32 = 16;

/// The answer under way. Dropping it stops it.
pub(super) struct Answering {
    message: MessageId,
    stop: Option<oneshot::Sender<Stopped>>,
}

impl Answering {
    /// Whether nobody has stopped it.
    pub fn is_wanted(&self) -> bool {
        self.stop.is_some()
    }
}

/// Why an answer was stopped.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stopped {
    /// The candidate did not want more of it, or handed in.
    ByCandidate,
    /// Its question is closed: the next one has other files.
    WithItsQuestion,
    /// Nobody was there any more to read it.
    Unread,
}

impl Stopped {
    /// The reason, as the candidate reads it.
    fn words(self) -> &'static str {
        match self {
            Self::ByCandidate => STOPPED,
            Self::WithItsQuestion => ENDED_WITH_QUESTION,
            Self::Unread => "the answer was stopped, as nobody was there to read it; ask again",
        }
    }
}

impl RoomTask {
    pub(super) fn ask(&mut self, text: String, reply: Reply<Begun>) {
        if let Err(error) = self.may_ask(&text) {
            let _ = reply.send(Err(error));
            return;
        }
        let message = self.stage.chat.next_message();
        self.append(Draft::by(Actor::Candidate, ChatFact::Asked(Asked { message, text })));
        let (stop, stopped) = oneshot::channel();
        let (begin, begun) = oneshot::channel();
        self.answer = Some(Answering { message, stop: Some(stop) });
        let run = AnswerTask {
            voice: self.voice.clone(),
            outside: self.outside.clone(),
            mode: self.assessment.assistant,
            question: self.stage.questions.0.len(),
            message,
            cost_left: self.assessment.budget_microusd.saturating_sub(self.stage.chat.cost_microusd()),
            interview: self.interview.as_str().to_owned(),
            asked: Instant::now(),
            usage: Usage::default(),
            under_way: Usage::default(),
            spent: 0,
            first: None,
        };
        let stage = self.stage.clone();
        tokio::spawn(async move {
            if begun.await.is_ok() {
                run.live(stage, stopped).await;
            }
        });
        self.tail.when_durable(self.stage.next, move || {
            let _ = begin.send(());
            let _ = reply.send(Ok(Begun::Message(message)));
        });
    }

    fn may_ask(&self, text: &str) -> Result<(), RoomError> {
        let not_now = |reason: String| Err(RoomError::NotNow(reason));
        if !self.may_still_write() {
            return Err(RoomError::Ended);
        }
        if self.closing.is_some() {
            return not_now("the last run of this question is under way; ask again in the next one".to_owned());
        }
        if self.assessment.assistant == AssistantMode::Off {
            return not_now("there is no assistant in this interview".to_owned());
        }
        if !self.captures(Capture::Assistant) {
            return not_now("the assistant is off: the conversation was not agreed to be recorded".to_owned());
        }
        if text.trim().is_empty() {
            return not_now("the message is empty".to_owned());
        }
        if text.len() > MESSAGE_LIMIT_BYTES {
            return not_now("a message may hold at most 16 KiB; put longer text into a file".to_owned());
        }
        if self.answer.is_some() {
            return not_now("the assistant is still answering; stop it or wait".to_owned());
        }
        if self.stage.chat.messages_used() >= self.assessment.budget_messages {
            return not_now(format!("all {} messages of this interview are used up", self.assessment.budget_messages));
        }
        let is_model = self.outside.assistant.is_language_model();
        if is_model && self.stage.chat.cost_microusd() >= self.assessment.budget_microusd {
            return not_now("the assistant's budget for this interview is used up".to_owned());
        }
        Ok(())
    }

    pub(super) fn stop_answer(&mut self, why: Stopped) {
        self.forget_proposals();
        if let Some(stop) = self.answer.as_mut().and_then(|answer| answer.stop.take()) {
            let _ = stop.send(why);
        }
    }

    /// The answer's last fact: whoever sees it may ask again.
    pub(super) fn answer_ended(&mut self, message: MessageId, fact: ChatFact) {
        self.append(Draft::by(Actor::Assistant, fact));
        if self.answer.as_ref().is_some_and(|answer| answer.message == message) {
            self.answer = None;
            self.forget_proposals();
        }
    }

    fn forget_proposals(&mut self) {
        self.proposals.clear();
        self.early_decisions.clear();
    }

    /// After a restart: an answer that was coming will not come.
    pub(super) fn break_off_answer(&mut self) {
        let Some(message) = self.stage.chat.answering().map(|exchange| exchange.message) else { return };
        let reason = "the answer was interrupted by a restart; ask again".to_owned();
        self.append(Draft::by(Actor::System, ChatFact::Failed(Failed { message, reason, cost_microusd: 0 })));
    }

    pub(super) fn decide(&mut self, call: &str, accept: bool, reply: Reply<()>) {
        let answer = match self.proposals.remove(call) {
            Some(decision) => decision.send(accept).map_err(|_| RoomError::NotNow("the answer was stopped".to_owned())),
            None if self.is_open_call(call) => {
                self.early_decisions.insert(call.to_owned(), accept);
                Ok(())
            }
            None => Err(RoomError::NotNow("this proposal is no longer open".to_owned())),
        };
        let _ = reply.send(answer);
    }

    /// Whether the answer under way has called this and waits: the candidate may have decided before we asked.
    fn is_open_call(&self, call: &str) -> bool {
        if !self.answer.as_ref().is_some_and(Answering::is_wanted) {
            return false;
        }
        let parts = self.stage.chat.answering().map_or(&[][..], |exchange| &exchange.parts);
        parts.iter().any(|part| match part {
            Part::Tool(tool) => tool.call == call && tool.name == "edit_file" && tool.result.is_none(),
            Part::Text { .. } => false,
        })
    }

    pub(super) fn propose(&mut self, call: String, decision: oneshot::Sender<bool>) {
        match self.early_decisions.remove(&call) {
            Some(accept) => {
                let _ = decision.send(accept);
            }
            None => {
                self.proposals.insert(call, decision);
            }
        }
    }

    pub(super) fn undo(&mut self, call: &str, reply: Reply<()>) {
        let answer = if self.may_still_write() { self.take_back(call) } else { Err(RoomError::Ended) };
        let _ = reply.send(answer);
    }

    fn take_back(&mut self, call: &str) -> Result<(), RoomError> {
        if self.stage.chat.is_undone(call) {
            return Ok(());
        }
        let (fact, undone) = self.assistant_edits.undo(call, &self.stage, &self.history).map_err(RoomError::NotNow)?;
        self.append(Draft::by(Actor::Candidate, fact));
        self.append(Draft::by(Actor::Candidate, ChatFact::EditUndone(undone)));
        Ok(())
    }

    /// Makes an edit in the files of the question that the assistant was asked in; those of another are not meant.
    pub(super) fn apply_assistant_edit(&mut self, question: usize, edit: &FileEdit) -> Result<(), String> {
        if !self.may_still_write() {
            return Err("the interview has ended".to_owned());
        }
        if self.stage.questions.0.len() != question {
            return Err("the question was closed".to_owned());
        }
        let fact = edit.fact(&self.stage)?;
        self.append(Draft::by(Actor::Assistant, fact));
        Ok(())
    }
}

struct AnswerTask {
    voice: Voice,
    outside: Arc<Outside>,
    mode: AssistantMode,
    /// How many questions there were when it was asked: the last of them is meant.
    question: usize,
    message: MessageId,
    cost_left: u64,
    interview: String,
    asked: Instant,
    /// What all requests used, the one under way included.
    usage: Usage,
    /// What the request under way has used so far, estimated.
    under_way: Usage,
    /// What the requests that are complete cost; each is priced by itself.
    spent: u64,
    first: Option<Instant>,
}

enum End {
    Answered(Stop),
    Failed(String),
    RoomGone,
}

enum Round {
    Again(Vec<Block>, Vec<Call>),
    End(End),
}

impl AnswerTask {
    async fn live(mut self, stage: Stage, mut stopped: oneshot::Receiver<Stopped>) {
        let end = tokio::select! {
            biased;
            why = &mut stopped => End::Failed(why.unwrap_or(Stopped::ByCandidate).words().to_owned()),
            end = self.rounds(&stage) => end,
        };
        self.finish(end).await;
    }

    async fn rounds(&mut self, stage: &Stage) -> End {
        let Some(problem) =
            stage.questions.current().and_then(|question| self.outside.bank.problem(&question.question))
        else {
            return End::Failed("there is no question on the table".to_owned());
        };
        let mut prompt = prompt::build(stage, problem, self.mode, &self.interview);
        let (voice, outside) = (self.voice.clone(), self.outside.clone());
        let reach =
            Reach { voice: &voice, outside: &outside, mode: self.mode, question: self.question, message: self.message };
        for _ in 0..ROUND_LIMIT {
            match self.round(prompt.clone()).await {
                Round::End(end) => return end,
                Round::Again(blocks, calls) => {
                    let mut results = Vec::new();
                    for call in calls {
                        match tools::call(&reach, call).await {
                            Some(result) => results.push(result),
                            None => return End::RoomGone,
                        }
                    }
                    prompt.turns.push(Turn::Assistant(blocks));
                    prompt.turns.push(Turn::Results(results));
                }
            }
            if self.outside.assistant.is_language_model() && self.cost() >= self.cost_left {
                return End::Failed("the assistant's budget for this interview is used up".to_owned());
            }
        }
        End::Failed(
            "the assistant used its tools too many times without coming to an end; ask more narrowly".to_owned(),
        )
    }

    /// One request and its stream.
    async fn round(&mut self, prompt: Prompt) -> Round {
        let before = self.usage;
        // What is read for an answer is paid for also where it is stopped before it begins.
        self.under_way.input_tokens = (prompt.system.len() + prompt.context.len()) as u64 / 4;
        self.usage += self.under_way;
        let mut pieces = self.outside.assistant.answer(prompt).await;
        let mut calls = Vec::new();
        let mut unsaid = String::new();
        let mut due: Option<Instant> = None;
        loop {
            let piece = tokio::select! {
                piece = pieces.recv() => piece,
                () = sleep_until(due), if due.is_some() => {
                    due = None;
                    if !self.say(&mut unsaid).await { return Round::End(End::RoomGone) }
                    continue;
                }
            };
            match piece {
                Some(Piece::Text(text)) => {
                    let is_first = self.first.is_none();
                    self.first.get_or_insert_with(Instant::now);
                    // Counted as it comes, so that a stop at any moment has counted what was shown.
                    self.under_way.output_tokens += (text.len() as u64).div_ceil(4);
                    self.usage = before;
                    self.usage += self.under_way;
                    unsaid.push_str(&text);
                    if is_first {
                        if !self.say(&mut unsaid).await {
                            return Round::End(End::RoomGone);
                        }
                    } else {
                        due.get_or_insert_with(|| Instant::now() + MERGE);
                    }
                }
                Some(Piece::Call(call)) => calls.push(call),
                Some(Piece::Done { stop, blocks, usage }) => {
                    self.settle(before, usage);
                    if !self.say(&mut unsaid).await {
                        return Round::End(End::RoomGone);
                    }
                    return match stop {
                        Stop::ToolUse if !calls.is_empty() => Round::Again(blocks, calls),
                        Stop::ToolUse | Stop::PauseTurn => Round::End(End::Answered(stop)),
                        Stop::EndTurn | Stop::MaxTokens | Stop::StopSequence | Stop::Refusal => {
                            Round::End(End::Answered(stop))
                        }
                        Stop::ModelContextWindowExceeded => Round::End(End::Answered(stop)),
                    };
                }
                Some(Piece::Failed { reason, usage }) => {
                    self.settle(before, usage);
                    if !self.say(&mut unsaid).await {
                        return Round::End(End::RoomGone);
                    }
                    return Round::End(End::Failed(reason));
                }
                None => {
                    if !self.say(&mut unsaid).await {
                        return Round::End(End::RoomGone);
                    }
                    return Round::End(End::Failed("the answer broke off; ask again".to_owned()));
                }
            }
        }
    }

    async fn say(&self, unsaid: &mut String) -> bool {
        if unsaid.is_empty() {
            return true;
        }
        let streamed = Streamed { message: self.message, text: std::mem::take(unsaid) };
        let drafts = vec![Draft::by(Actor::Assistant, ChatFact::Streamed(streamed))];
        self.voice.tell(Inner::Append { drafts, reply: None }).await
    }

    /// A request is over: its usage counts, and is priced, by itself.
    fn settle(&mut self, before: Usage, usage: Usage) {
        self.usage = before;
        self.usage += usage;
        self.spent += self.outside.assistant.cost_microusd(usage);
        self.under_way = Usage::default();
    }

    fn cost(&self) -> u64 {
        self.spent + self.outside.assistant.cost_microusd(self.under_way)
    }

    async fn finish(self, end: End) {
        let message = self.message;
        let fact = match end {
            End::RoomGone => return,
            End::Failed(reason) => ChatFact::Failed(Failed { message, reason, cost_microusd: self.cost() }),
            End::Answered(stop) => ChatFact::Answered(Answered {
                message,
                model: self.outside.assistant.model().to_owned(),
                stop,
                input_tokens: self.usage.input_tokens,
                output_tokens: self.usage.output_tokens,
                cache_read_tokens: self.usage.cache_read_tokens,
                cache_write_tokens: self.usage.cache_write_tokens,
                cost_microusd: self.cost(),
                first_token_ms: self.first.map_or(0, |first| millis(first - self.asked)),
                total_ms: millis(self.asked.elapsed()),
            }),
        };
        self.voice.tell(Inner::AnswerEnded { message, fact }).await;
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

async fn sleep_until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}
