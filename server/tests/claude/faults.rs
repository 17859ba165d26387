//! What goes wrong: the candidate keeps what was shown, reads one sentence, and what was streamed is counted.

use std::time::Duration;

use serde_json::json;
use server::claude::Claude;
use service::ports::Assistant as _;
use service::ports::assistant::Usage;

use crate::fake_claude::{FakeClaude, Gate, Reply, text_reply};
use crate::{Heard, KEY, ask, asking, claude, hear, next_text, settings};

/// A message whose first word has been written, and that goes on when the gate opens.
fn one_word(gate: &Gate) -> Reply {
    let start = json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "text", "text": "" } });
    let word = json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": "Sort the list " } });
    Reply::message().event(start).event(word).wait(gate)
}

/// What the start of every message says was used, and nothing written yet.
fn used(output_tokens: u64) -> Usage {
    Usage { input_tokens: 100, output_tokens, cache_read_tokens: 30, cache_write_tokens: 20 }
}

/// Asks, waits for the first word, lets the fault happen and listens to the end.
async fn interrupted(reply: impl FnOnce(Reply) -> Reply) -> (FakeClaude, Heard) {
    let fake = FakeClaude::start().await;
    let gate = Gate::new();
    fake.reply(reply(one_word(&gate)));
    fake.reply(text_reply("This must not be asked for."));
    let mut pieces = claude(&fake).answer(asking("How?")).await;
    assert_eq!(next_text(&mut pieces).await, "Sort the list ");
    gate.open();
    let heard = hear(pieces).await;
    assert_eq!(fake.requests().len(), 1, "what was shown in part is not asked again");
    (fake, heard)
}

#[tokio::test]
async fn a_passing_fault_before_the_first_word_goes_unnoticed() {
    let overloaded = json!({ "type": "error", "error": { "type": "overloaded_error", "message": "Overloaded" } });
    let faults = [
        Reply::status(500),
        Reply::status(502),
        Reply::status(503),
        Reply::status(529),
        Reply::reset(),
        Reply::stream().lose_connection(),
        Reply::stream(),
        Reply::stream().event(overloaded),
        Reply::status(429).retry_after("0"),
        Reply::status(429).retry_after("0.001"),
    ];
    for (index, fault) in faults.into_iter().enumerate() {
        let fake = FakeClaude::start().await;
        fake.reply(fault);
        fake.reply(text_reply("Here."));
        let heard = ask(&claude(&fake), asking("There?")).await;
        assert_eq!(heard.text, "Here.", "fault {index}: {:?}", heard.failed);
        assert_eq!((fake.requests().len(), heard.done.unwrap().2), (2, used(40)), "fault {index}");
    }
}

#[tokio::test]
async fn a_fault_that_stays_is_told_after_three_tries() {
    for (status, word) in [(500, "fault"), (529, "overloaded"), (503, "overloaded")] {
        let fake = FakeClaude::start().await;
        (0..5).for_each(|_| fake.reply(Reply::status(status)));
        let heard = ask(&claude(&fake), asking("There?")).await;
        assert!(heard.reason().contains(word), "{}", heard.reason());
        assert_eq!(fake.requests().len(), 3);
    }
}

#[tokio::test]
async fn a_lost_try_that_had_begun_is_counted_too() {
    let fake = FakeClaude::start().await;
    fake.reply(Reply::message().lose_connection());
    fake.reply(text_reply("Here."));
    let heard = ask(&claude(&fake), asking("There?")).await;
    let mut twice = used(1);
    twice += used(40);
    assert_eq!((heard.text.as_str(), heard.done.unwrap().2), ("Here.", twice));
}

#[tokio::test]
async fn a_service_that_is_not_there_is_told() {
    let fake = FakeClaude::start().await;
    let claude = claude(&fake);
    drop(fake);
    let heard = ask(&claude, asking("There?")).await;
    assert!(heard.reason().contains("cannot be reached"), "{}", heard.reason());
}

#[tokio::test]
async fn a_long_wait_for_the_quota_is_told_instead_of_waited() {
    for (retry_after, words) in [("30", "30 seconds"), ("600", "10 minutes"), ("soon", "a minute")] {
        let fake = FakeClaude::start().await;
        fake.reply(Reply::status(429).retry_after(retry_after));
        let heard = ask(&claude(&fake), asking("There?")).await;
        assert!(heard.reason().contains(words), "{}", heard.reason());
        assert_eq!(fake.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_refusal_is_told_once_and_without_its_internals() {
    for status in [400, 401, 402, 403, 404, 413, 422] {
        let fake = FakeClaude::start().await;
        fake.reply(Reply::status(status));
        let heard = ask(&claude(&fake), asking("There?")).await;
        let reason = heard.reason();
        assert!(!reason.contains("secret") && !reason.contains(KEY) && reason.ends_with('.'), "{reason}");
        assert_eq!((fake.requests().len(), heard.failed.unwrap().1), (1, Usage::default()), "{status}");
    }
}

#[tokio::test]
async fn a_prompt_that_is_too_long_is_told_as_that() {
    let fake = FakeClaude::start().await;
    fake.reply(Reply::refusal(400, "invalid_request_error", "prompt is too long: 1000001 tokens > 1000000 maximum"));
    let heard = ask(&claude(&fake), asking("There?")).await;
    assert!(heard.reason().contains("more than the assistant can read"), "{}", heard.reason());
}

#[tokio::test]
async fn an_answer_that_breaks_off_keeps_its_words_and_its_cost() {
    let error = json!({ "type": "error", "error": { "type": "overloaded_error", "message": "internal" } });
    let (_, reset) = interrupted(Reply::reset_connection).await;
    let (_, lost) = interrupted(Reply::lose_connection).await;
    let (_, ended) = interrupted(|reply| reply).await;
    let (_, gave_up) = interrupted(|reply| reply.event(error)).await;
    let (_, nonsense) = interrupted(|reply| reply.bytes(b"data: {\"type\": \"content_block_delta\", \"ind\n\n")).await;
    for (heard, words) in [
        (reset, "broke off"),
        (lost, "broke off"),
        (ended, "broke off"),
        (gave_up, "overloaded"),
        (nonsense, "could not be read"),
    ] {
        assert!(heard.reason().contains(words) && !heard.reason().contains("internal"), "{}", heard.reason());
        assert_eq!(heard.failed.unwrap().1, used(4), "fourteen characters are four tokens");
    }
}

#[tokio::test]
async fn half_an_event_at_the_end_is_a_broken_answer() {
    let (_, heard) = interrupted(|reply| reply.bytes(b"event: message_delta\ndata: {\"type\": \"message_de")).await;
    assert!(heard.reason().contains("broke off"), "{}", heard.reason());
}

#[tokio::test]
async fn a_service_that_falls_silent_is_given_up() {
    let fake = FakeClaude::start().await;
    let mut settings = settings(&fake);
    settings.patience.silence = Duration::from_millis(50);
    let claude = Claude::new(settings).unwrap();
    fake.reply(one_word(&Gate::new()));
    let heard = ask(&claude, asking("There?")).await;
    assert_eq!(heard.text, "Sort the list ");
    assert!(heard.reason().contains("stopped sending"), "{}", heard.reason());
    assert_eq!(heard.failed.unwrap().1, used(4));
    fake.left(1).await;
    fake.reply(Reply::stream().stall());
    let heard = ask(&claude, asking("There?")).await;
    assert!(heard.reason().contains("stopped sending"), "{}", heard.reason());
    assert_eq!(fake.requests().len(), 2, "a silence is long enough once");
}

#[tokio::test]
async fn a_tool_call_that_is_not_whole_never_runs() {
    let half = || Reply::message().text("Now.").tool("a", "run_command", "{\"command\": \"rm -r bui");
    let cases = [
        half().stop("tool_use"),
        half().stop("max_tokens"),
        half().lose_connection(),
        Reply::message().text("Now.").tool("a", "run_command", "{\"command\": \"ls\"}").lose_connection(),
        Reply::message().text("Now.").tool("a", "run_command", "{\"command\": \"ls\"}").stop("max_tokens"),
        Reply::message().text("Now.").tool("a", "run_command", "\"ls\"").stop("tool_use"),
    ];
    for (index, case) in cases.into_iter().enumerate() {
        let fake = FakeClaude::start().await;
        fake.reply(case);
        let heard = ask(&claude(&fake), asking("Clean up.")).await;
        assert_eq!((heard.text.as_str(), heard.calls.len()), ("Now.", 0), "case {index}");
        assert!(heard.reason().contains("broke off"), "case {index}: {}", heard.reason());
    }
}

#[tokio::test]
async fn a_refused_answer_runs_no_tool() {
    let fake = FakeClaude::start().await;
    fake.reply(Reply::message().text("I").tool("a", "run_command", "{\"command\": \"ls\"}").stop("refusal"));
    let heard = ask(&claude(&fake), asking("Break in.")).await;
    assert!(heard.calls.is_empty() && heard.blocks().len() == 1);
}

#[tokio::test]
async fn a_candidate_who_leaves_ends_the_request_upstream() {
    let fake = FakeClaude::start().await;
    let claude = claude(&fake);
    fake.reply(one_word(&Gate::new()));
    let mut pieces = claude.answer(asking("How?")).await;
    next_text(&mut pieces).await;
    drop(pieces);
    fake.left(1).await;
    fake.reply(Reply::stream().stall());
    let pieces = claude.answer(asking("How?")).await;
    fake.asked(2).await;
    drop(pieces);
    fake.left(2).await;
}

#[tokio::test]
async fn a_candidate_who_leaves_between_two_tries_ends_them() {
    let fake = FakeClaude::start().await;
    fake.reply(Reply::status(529));
    fake.reply(text_reply("Nobody hears this."));
    let mut settings = settings(&fake);
    settings.patience.backoff = Duration::from_secs(3600);
    let mut pieces = Claude::new(settings).unwrap().answer(asking("How?")).await;
    fake.asked(1).await;
    pieces.close();
    let rest = tokio::time::timeout(Duration::from_secs(20), pieces.recv()).await;
    assert!(matches!(rest, Ok(None)), "{rest:?}");
}
