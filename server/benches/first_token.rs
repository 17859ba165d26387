//! How much later the first word comes through the client than over a bare connection to the same service.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement is neither an interface nor quiet"
)]

#[path = "support/bare.rs"]
mod bare;
#[path = "../tests/support/fake_claude.rs"]
mod fake_claude;

use std::time::Duration;

use bare::Bare;
use fake_claude::{FakeClaude, text_reply};
use server::claude::prices::Prices;
use server::claude::{ApiKey, Claude, Settings};
use service::ports::Assistant as _;
use service::ports::assistant::{Piece, Prompt, Turn};
use tokio::time::Instant;

/// Other programs disturb a batch; the one in the middle is what counts.
const BATCHES: usize = 5;
const ROUNDS: usize = 500;
/// What the client may add, for ninety-nine of a hundred answers.
const LIMIT: Duration = Duration::from_millis(2);

#[tokio::main]
async fn main() {
    let fake = FakeClaude::start().await;
    let mut settings = Settings::new(ApiKey::new("key").unwrap(), "claude-sonnet-5-5", Prices::built_in());
    settings.base_url = fake.base_url();
    let claude = Claude::new(settings).unwrap();
    let turns = vec![Turn::Candidate("How do I start? ".repeat(2_000))];
    let prompt = Prompt { system: "Help.".into(), turns, max_output_tokens: 100, ..Prompt::default() };
    through_client(&fake, &claude, &prompt).await;
    let body = fake.last_body().to_string();
    let mut bare = Bare::open(&fake).await;
    let mut added = Vec::new();
    for _ in 0..BATCHES {
        let (mut direct, mut client) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            direct.push(bare.first_word(&fake, &body).await);
            client.push(through_client(&fake, &claude, &prompt).await);
        }
        let (direct, client) = (Spread::of(direct), Spread::of(client));
        println!("first word over a bare connection {direct:?}, through the client {client:?}");
        added.push(client.p99.saturating_sub(direct.p99));
    }
    let added = Spread::of(added).p50;
    println!("added at the 99th percentile: {added:?} (at most {LIMIT:?})");
    assert!(added <= LIMIT, "the client is too slow");
}

async fn through_client(fake: &FakeClaude, claude: &Claude, prompt: &Prompt) -> Duration {
    fake.reply(text_reply("Sort the list."));
    let (prompt, start) = (prompt.clone(), Instant::now());
    let mut pieces = claude.answer(prompt).await;
    let first = pieces.recv().await;
    let took = start.elapsed();
    assert!(matches!(first, Some(Piece::Text(_))), "{first:?}");
    while pieces.recv().await.is_some() {}
    took
}

#[derive(Debug)]
#[allow(dead_code, reason = "both are printed")]
struct Spread {
    p50: Duration,
    p99: Duration,
}

impl Spread {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self { p50: times[times.len() / 2], p99: times[times.len() * 99 / 100] }
    }
}
