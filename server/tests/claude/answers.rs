//! What an answer gives: text as it comes, tool calls when they are whole, the turn and its cost at the end.

use interview::chat::Stop;
use serde_json::json;
use service::ports::Assistant as _;
use service::ports::assistant::{Block, Call, Piece, Turn, Usage};

use crate::fake_claude::{FakeClaude, Gate, Reply, text_reply, tool_reply};
use crate::{ask, asking, claude, hear, next_text, settings};

const USED: Usage = Usage { input_tokens: 100, output_tokens: 40, cache_read_tokens: 30, cache_write_tokens: 20 };

#[tokio::test]
async fn an_answer_is_its_words_its_turn_and_its_usage() {
    let fake = FakeClaude::start().await;
    fake.reply(text_reply("Sort first, then scan."));
    let heard = ask(&claude(&fake), asking("How?")).await;
    assert_eq!(heard.text, "Sort first, then scan.");
    let (stop, blocks, usage) = heard.done.unwrap();
    assert_eq!((stop, usage), (Stop::EndTurn, USED));
    assert!(matches!(&blocks[..], [Block::Text(text)] if text == "Sort first, then scan."));
}

#[tokio::test]
async fn a_word_is_passed_on_before_the_next_is_written() {
    let fake = FakeClaude::start().await;
    let gate = Gate::new();
    let word =
        |text| json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": text } });
    let start = json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "text", "text": "" } });
    fake.reply(Reply::message().event(start).event(word("One ")).wait(&gate).event(word("two.")).stop("end_turn"));
    let mut pieces = claude(&fake).answer(asking("Count.")).await;
    assert_eq!(next_text(&mut pieces).await, "One ");
    gate.open();
    assert_eq!(next_text(&mut pieces).await, "two.");
    assert!(hear(pieces).await.done.is_some());
}

#[tokio::test]
async fn however_the_bytes_are_cut_the_answer_is_the_same() {
    let text = "Größe: 日本 🦀 \"quoted\"\n\n```python\nprint('naïve')\n```";
    let reply = || Reply::message().text(text).tool("toolu_1", "read_file", "{\"path\":\"größe.py\"}").stop("tool_use");
    let styles = [
        reply(),
        reply().crlf(),
        reply().comments(),
        reply().chunks_of(1),
        reply().chunks_of(3).crlf().comments(),
        reply().no_final_newline(),
        reply().no_final_newline().lose_connection(),
    ];
    for (index, style) in styles.into_iter().enumerate() {
        let fake = FakeClaude::start().await;
        fake.reply(style);
        let heard = ask(&claude(&fake), asking("How?")).await;
        assert_eq!(heard.text, text, "style {index}");
        assert_eq!(heard.calls[0].input, json!({ "path": "größe.py" }), "style {index}");
        assert_eq!(heard.done.unwrap().2, USED, "style {index}");
        assert_eq!(fake.requests().len(), 1, "style {index}");
    }
}

#[tokio::test]
async fn what_is_newer_than_the_client_is_passed_over() {
    let fake = FakeClaude::start().await;
    let citation = json!({ "type": "citations_delta", "citation": { "cited_text": "x" } });
    let text = json!({ "type": "text_delta", "text": "Yes." });
    fake.reply(
        Reply::message()
            .event(json!({ "type": "weather_report", "sky": ["blue"] }))
            .bytes(b"event: ping\ndata: {\"type\": \"ping\"}\n\n")
            .block(json!({ "type": "hologram", "depth": 3 }), vec![json!({ "type": "hologram_delta", "z": 1 })])
            .block(json!({ "type": "text", "text": "", "citations": null }), vec![citation, text])
            .stop("end_turn"),
    );
    let heard = ask(&claude(&fake), asking("Well?")).await;
    assert_eq!(heard.text, "Yes.");
    assert!(heard.done.is_some());
}

#[tokio::test]
async fn a_tool_call_is_given_out_whole() {
    let fake = FakeClaude::start().await;
    fake.reply(tool_reply("read_file", json!({ "path": "main.py" })));
    let heard = ask(&claude(&fake), asking("Read it.")).await;
    let call = Call { id: "toolu_1".into(), name: "read_file".into(), input: json!({ "path": "main.py" }) };
    assert_eq!(heard.calls, [call]);
    assert_eq!(heard.done.unwrap().0, Stop::ToolUse);
}

#[tokio::test]
async fn a_tool_call_without_input_has_an_empty_one() {
    let fake = FakeClaude::start().await;
    fake.reply(Reply::message().tool("a", "run_tests", "").tool("b", "list_files", "{}").stop("tool_use"));
    let heard = ask(&claude(&fake), asking("Run it.")).await;
    let calls: Vec<_> = heard.calls.iter().map(|call| (call.id.as_str(), call.input.clone())).collect();
    assert_eq!(calls, [("a", json!({})), ("b", json!({}))]);
}

#[tokio::test]
async fn why_an_answer_stopped_is_told() {
    let reasons = [
        ("end_turn", Stop::EndTurn),
        ("max_tokens", Stop::MaxTokens),
        ("stop_sequence", Stop::StopSequence),
        ("pause_turn", Stop::PauseTurn),
        ("refusal", Stop::Refusal),
        ("model_context_window_exceeded", Stop::ModelContextWindowExceeded),
        ("a_reason_of_tomorrow", Stop::EndTurn),
    ];
    let fake = FakeClaude::start().await;
    let claude = claude(&fake);
    for (reason, stop) in reasons {
        fake.reply(Reply::message().text("So far.").stop(reason));
        assert_eq!(ask(&claude, asking("Go.")).await.done.unwrap().0, stop, "{reason}");
    }
}

#[tokio::test]
async fn what_is_said_between_tools_is_shown_and_goes_back_unchanged() {
    let fake = FakeClaude::start().await;
    let first = Reply::message().thinking("I will look at the file.", "seal-1").tool("a", "read_file", "{}");
    fake.reply(first.stop("tool_use"));
    fake.reply(Reply::message().thinking("It is empty.", "seal-2").text("Begin with a loop.").stop("end_turn"));
    let claude = claude(&fake);
    let mut prompt = asking("Help.");
    let heard = ask(&claude, prompt.clone()).await;
    assert_eq!(heard.text, "I will look at the file.");
    prompt.turns.push(Turn::Assistant(heard.blocks()));
    prompt.turns.push(Turn::Results(vec![output("a", "")]));
    let heard = ask(&claude, prompt).await;
    assert_eq!(heard.text, "It is empty.\n\nBegin with a loop.");
    assert_eq!(fake.requests().len(), 2, "the thinking was accepted as it was");
    let sent_back = &fake.last_body()["messages"][1]["content"][0];
    let expected = json!({ "type": "thinking", "thinking": "I will look at the file.", "signature": "seal-1" });
    assert_eq!(*sent_back, expected);
}

#[tokio::test]
async fn reasoning_is_kept_but_not_shown() {
    let fake = FakeClaude::start().await;
    fake.reply(Reply::message().thinking("The candidate wants…", "seal").text("Sort first.").stop("end_turn"));
    let mut settings = settings(&fake);
    settings.model = "claude-opus-5-5".into();
    let heard = ask(&server::claude::Claude::new(settings).unwrap(), asking("How?")).await;
    assert_eq!(heard.text, "Sort first.");
    assert!(matches!(&heard.blocks()[..], [Block::Opaque(value), Block::Text(_)] if value["signature"] == "seal"));
}

#[tokio::test]
async fn the_next_answer_uses_the_same_connection() {
    let fake = FakeClaude::start().await;
    let claude = claude(&fake);
    for round in 1..=5 {
        let gate = Gate::new();
        fake.reply(text_reply("Yes.").wait(&gate));
        let mut pieces = claude.answer(asking("Still there?")).await;
        while !matches!(pieces.recv().await, Some(Piece::Done { .. })) {}
        drop(pieces);
        // A client that hung up with its last piece would have done so by now.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        gate.open();
        fake.finished(round).await;
    }
    assert!(fake.connections() < 5, "each answer had a connection of its own");
}

fn output(call: &str, text: &str) -> service::ports::assistant::ToolOutput {
    service::ports::assistant::ToolOutput { call: call.into(), text: text.into(), failed: false }
}
