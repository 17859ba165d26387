//! One request to Claude from the first try to the last piece. It tries again only while the candidate has seen nothing,
//! and stops at once, connection and all, when nobody listens any more.

use std::time::Duration;

use rand::RngExt as _;
use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use service::ports::assistant::{Piece, Prompt, Usage};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use super::event::{Fault, Refused};
use super::failure::{Failure, Retry};
use super::message::{Answer, Message};
use super::request::{Opaque, body, thinking_of};
use super::sse::Events;
use super::{Claude, Patience};

/// The version of the protocol this client speaks.
const VERSION: &str = "2023-06-01";
/// How much of a refusal's body is read.
const REFUSAL_LIMIT_BYTES: usize = 64 * 1024;
/// How long the end of a complete answer is waited for, so that its connection can be used again.
const LAST_BYTES_LIMIT: Duration = Duration::from_secs(1);

/// A request under way.
pub struct Exchange {
    claude: Claude,
    prompt: Prompt,
    pieces: mpsc::Sender<Piece>,
}

/// Why a try ended without an answer.
enum Broken {
    Failed(Failure),
    Abandoned,
}

impl<F: Into<Failure>> From<F> for Broken {
    fn from(failure: F) -> Self {
        Self::Failed(failure.into())
    }
}

impl Exchange {
    /// A request that will give its pieces to `pieces`.
    pub fn new(claude: Claude, prompt: Prompt, pieces: mpsc::Sender<Piece>) -> Self {
        Self { claude, prompt, pieces }
    }

    /// Runs until the answer is complete, has failed, or nobody listens. A complete answer leaves its response behind.
    pub async fn run(self) -> Option<Response> {
        let mut spent = Usage::default();
        let mut opaque = Opaque::Kept;
        let mut tries_left = self.claude.settings.patience.tries;
        loop {
            tries_left = tries_left.saturating_sub(1);
            let mut message = Message::new(thinking_of(&self.claude.settings.model));
            let failure = match self.try_once(opaque, &mut message).await {
                Ok(response) => return self.end(message, spent, response).await,
                Err(Broken::Abandoned) => return None,
                Err(Broken::Failed(failure)) => failure,
            };
            spent += message.usage();
            if failure.is_about_thinking() && opaque == Opaque::Kept {
                tracing::warn!(%failure, "the assistant's earlier thinking is left out");
                opaque = Opaque::Dropped;
                tries_left += 1;
            } else if let Some(pause) = self.pause(&failure, &message, tries_left) {
                tracing::info!(%failure, "the assistant is asked again");
                sleep(pause).await;
            } else {
                self.fail(&failure, spent).await;
                return None;
            }
        }
    }

    async fn try_once(&self, opaque: Opaque, message: &mut Message) -> Result<Response, Broken> {
        let patience = &self.claude.settings.patience;
        let mut response = self.send(opaque).await?;
        let mut stream = Events::default();
        let mut events = Vec::new();
        while !message.is_complete() {
            match timeout(patience.silence, response.chunk()).await {
                Err(_) => return Err(Failure::Silent.into()),
                Ok(Ok(Some(bytes))) => stream.push(&bytes, &mut events).map_err(Failure::from)?,
                // A lost connection and an early end look the same to the candidate. A last event may lack its newline.
                Ok(Ok(None) | Err(_)) => {
                    self.show_last(message, std::mem::take(&mut stream)).await?;
                    break;
                }
            }
            for event in events.drain(..) {
                self.show(message, &event).await?;
            }
        }
        if message.is_complete() { Ok(response) } else { Err(Failure::Cut.into()) }
    }

    async fn send(&self, opaque: Opaque) -> Result<Response, Broken> {
        let settings = &self.claude.settings;
        let body = body(&self.prompt, &settings.model, settings.effort, opaque)?;
        let request = self
            .claude
            .client
            .post(self.claude.endpoint.clone())
            .header("x-api-key", settings.api_key.header())
            .header("anthropic-version", VERSION)
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        let response = match timeout(settings.patience.silence, request.send()).await {
            Err(_) => return Err(Failure::Silent.into()),
            Ok(Err(error)) => return Err(Failure::Unreachable(error.without_url()).into()),
            Ok(Ok(response)) => response,
        };
        if response.status().is_success() {
            Ok(response)
        } else {
            Err(refused(response, &settings.patience).await.into())
        }
    }

    async fn show(&self, message: &mut Message, event: &str) -> Result<(), Broken> {
        let event = serde_json::from_str(event).map_err(Failure::from)?;
        if let Some(text) = message.apply(event)? {
            self.pieces.send(Piece::Text(text)).await.map_err(|_| Broken::Abandoned)?;
        }
        Ok(())
    }

    /// Shows an event whose end is missing, if all of it that matters is there.
    async fn show_last(&self, message: &mut Message, stream: Events) -> Result<(), Broken> {
        match stream.finish() {
            Some(event) if serde_json::from_str::<serde::de::IgnoredAny>(&event).is_ok() => {
                self.show(message, &event).await
            }
            Some(_) | None => Ok(()),
        }
    }

    /// How long to wait before another try, if there is to be one.
    fn pause(&self, failure: &Failure, message: &Message, tries_left: u32) -> Option<Duration> {
        let patience = &self.claude.settings.patience;
        if message.is_shown() || tries_left == 0 {
            return None;
        }
        match failure.retry() {
            Retry::Never => None,
            Retry::Soon => {
                let doublings = patience.tries.saturating_sub(tries_left + 1).min(8);
                let most = patience.backoff * 2_u32.pow(doublings);
                Some(most.mul_f64(rand::rng().random_range(0.5..=1.0)))
            }
            Retry::After(after) => (after <= patience.retry_after_limit).then_some(after),
        }
    }

    async fn end(&self, message: Message, mut spent: Usage, response: Response) -> Option<Response> {
        spent += message.usage();
        match message.finish() {
            Ok(answer) => self.pass_on(answer, spent).await,
            Err(failure) => self.fail(&failure, spent).await,
        }
        Some(response)
    }

    /// Nobody listening is no failure: there is just nobody to tell.
    async fn pass_on(&self, answer: Answer, usage: Usage) {
        for call in answer.calls {
            let _ = self.pieces.send(Piece::Call(call)).await;
        }
        let _ = self.pieces.send(Piece::Done { stop: answer.stop, blocks: answer.blocks, usage }).await;
    }

    async fn fail(&self, failure: &Failure, usage: Usage) {
        tracing::warn!(%failure, model = self.claude.settings.model, "the assistant did not answer");
        let _ = self.pieces.send(Piece::Failed { reason: failure.sentence(), usage }).await;
    }
}

/// Reads what comes after the end of an answer, which is nothing, so that its connection is free for the next request.
pub async fn read_to_the_end(response: Response) {
    let _ = timeout(LAST_BYTES_LIMIT, response.bytes()).await;
}

async fn refused(mut response: Response, patience: &Patience) -> Failure {
    let status = response.status();
    let retry_after = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let mut body = Vec::new();
    while let Ok(Ok(Some(bytes))) = timeout(patience.silence, response.chunk()).await {
        body.extend_from_slice(&bytes);
        if body.len() > REFUSAL_LIMIT_BYTES {
            break;
        }
    }
    let fault = serde_json::from_slice::<Refused>(&body).map_or_else(|_| Fault::default(), |refused| refused.error);
    Failure::Refused { status, retry_after, fault }
}
