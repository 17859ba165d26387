//! Claude as the room's assistant: the Messages API over HTTP. It runs no tool, keeps nothing between two requests, and
//! never shows what the service or the operator's key looks like.

mod event;
mod exchange;
mod failure;
mod message;
pub mod prices;
mod request;
mod sse;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::{HeaderValue, InvalidHeaderValue};
use reqwest::{Client, Url, redirect};
use service::ports::Assistant;
use service::ports::assistant::{Piece, Prompt, Usage};
use tokio::sync::mpsc;

use exchange::{Exchange, read_to_the_end};
use prices::{ModelPrice, Prices, PricesError};
pub use request::Effort;

/// Where Claude is, unless the operator says otherwise.
pub const BASE_URL: &str = "https://api.anthropic.com";

/// How many pieces may wait for a slow reader.
const PIECES_WAITING: usize = 64;

/// Claude, through the Messages API.
#[derive(Clone)]
pub struct Claude {
    client: Client,
    endpoint: Url,
    price: ModelPrice,
    settings: Arc<Settings>,
}

impl Claude {
    /// A client for these settings. It sends nothing yet.
    pub fn new(settings: Settings) -> Result<Self, ClaudeError> {
        let price = settings.prices.model(&settings.model)?;
        let endpoint = endpoint(&settings.base_url).ok_or_else(|| ClaudeError::BaseUrl(settings.base_url.clone()))?;
        let mut client = Client::builder()
            .connect_timeout(settings.patience.connect)
            .tcp_nodelay(true)
            .tcp_keepalive(Duration::from_secs(30))
            // The key goes where the operator said and nowhere else.
            .redirect(redirect::Policy::none());
        if is_this_machine(&endpoint) {
            client = client.no_proxy();
        }
        let client = client.build().map_err(ClaudeError::Client)?;
        Ok(Self { client, endpoint, price, settings: Arc::new(settings) })
    }
}

#[async_trait]
impl Assistant for Claude {
    fn model(&self) -> &str {
        &self.settings.model
    }

    fn is_language_model(&self) -> bool {
        true
    }

    async fn answer(&self, prompt: Prompt) -> mpsc::Receiver<Piece> {
        let (sender, receiver) = mpsc::channel(PIECES_WAITING);
        let exchange = Exchange::new(self.clone(), prompt, sender.clone());
        // The receiver owns this task: when it goes, the request goes with it. Only a complete answer is read to its end.
        tokio::spawn(async move {
            let complete = tokio::select! {
                response = exchange.run() => response,
                () = sender.closed() => None,
            };
            drop(sender);
            if let Some(response) = complete {
                read_to_the_end(response).await;
            }
        });
        receiver
    }

    fn cost_microusd(&self, usage: Usage) -> u64 {
        self.price.cost_microusd(usage)
    }
}

/// How to reach Claude, and which one.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the service is, without `/v1/messages`.
    pub base_url: String,
    /// The key.
    pub api_key: ApiKey,
    /// The model's id.
    pub model: String,
    /// What models cost.
    pub prices: Prices,
    /// How much the model should put into an answer.
    pub effort: Effort,
    /// How long to wait and how often to try.
    pub patience: Patience,
}

impl Settings {
    /// The usual settings for a model.
    pub fn new(api_key: ApiKey, model: impl Into<String>, prices: Prices) -> Self {
        Self {
            base_url: BASE_URL.to_owned(),
            api_key,
            model: model.into(),
            prices,
            effort: Effort::default(),
            patience: Patience::default(),
        }
    }
}

/// A key to the service. It is never printed.
#[derive(Clone)]
pub struct ApiKey(HeaderValue);

impl ApiKey {
    /// Takes a key as it stands in the environment.
    pub fn new(key: &str) -> Result<Self, ClaudeError> {
        let mut header = HeaderValue::from_str(key.trim())?;
        if header.is_empty() {
            return Err(ClaudeError::NoKey);
        }
        header.set_sensitive(true);
        Ok(Self(header))
    }

    fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiKey(…)")
    }
}

/// How long to wait for the service and how often to try.
#[derive(Clone, Debug)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For the next byte.
    pub silence: Duration,
    /// Before the second try; each further try waits twice as long.
    pub backoff: Duration,
    /// The longest `retry-after` that is waited for; with a longer one the candidate is told when to come back.
    pub retry_after_limit: Duration,
    /// How often to try in all, while the candidate has seen nothing.
    pub tries: u32,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            silence: Duration::from_secs(60),
            backoff: Duration::from_millis(500),
            retry_after_limit: Duration::from_secs(5),
            tries: 3,
        }
    }
}

/// Settings that cannot work.
#[derive(Debug, thiserror::Error)]
pub enum ClaudeError {
    /// The model has no price.
    #[error(transparent)]
    Prices(#[from] PricesError),
    /// The key is empty.
    #[error("the API key is empty")]
    NoKey,
    /// The key cannot be sent.
    #[error("the API key has characters that no key has")]
    Key(#[from] InvalidHeaderValue),
    /// The address is not one.
    #[error("the assistant's base URL is not an http or https address: {0}")]
    BaseUrl(String),
    /// This machine cannot make connections, for example because it has no certificates.
    #[error("the HTTP client cannot be made")]
    Client(#[source] reqwest::Error),
}

fn endpoint(base_url: &str) -> Option<Url> {
    let url = Url::parse(&format!("{}/v1/messages", base_url.trim_end_matches('/'))).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

fn is_this_machine(url: &Url) -> bool {
    url.host_str().is_some_and(|host| host == "localhost" || host == "[::1]" || host.starts_with("127."))
}
