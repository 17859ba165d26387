//! What is sent: the fake service checks every request; these look at what it cannot know.

use serde_json::{Value, json};
use server::claude::prices::{Prices, PricesError};
use server::claude::{ApiKey, Claude, ClaudeError, Effort};
use service::ports::Assistant as _;
use service::ports::assistant::{Block, Call, Prompt, ToolOutput, Turn, Usage};

use crate::fake_claude::{FakeClaude, Reply, text_reply};
use crate::{KEY, ask, asking, claude, settings};

#[tokio::test]
async fn a_request_says_who_asks_what_and_of_whom() {
    let fake = FakeClaude::start().await;
    fake.reply(text_reply("Yes."));
    ask(&claude(&fake), asking("Is it sorted?")).await;
    let request = fake.requests().pop().unwrap();
    assert_eq!(request.headers["x-api-key"], KEY);
    let mark = json!({ "type": "ephemeral" });
    assert_eq!(
        request.body,
        json!({
            "model": "claude-sonnet-5-5",
            "max_tokens": 1000,
            "stream": true,
            "thinking": { "type": "between_tools" },
            "output_config": { "effort": "medium" },
            "metadata": { "user_id": "interview-7" },
            "system": [{ "type": "text", "text": "You help a candidate.", "cache_control": mark }],
            "tools": [{
                "name": "read_file", "description": "Reads a file.",
                "input_schema": { "type": "object", "properties": { "path": { "type": "string" } } }
            }],
            "messages": [{ "role": "user", "content": [
                { "type": "text", "text": "<room>\nmain.py is empty.\n</room>" },
                { "type": "text", "text": "Is it sorted?", "cache_control": mark }
            ] }]
        })
    );
}

#[tokio::test]
async fn every_model_gets_the_thinking_it_accepts() {
    let fake = FakeClaude::start().await;
    for model in ["claude-sonnet-5-5", "claude-opus-5-5", "claude-haiku-5-5"] {
        for effort in [Effort::Low, Effort::Medium, Effort::High] {
            let mut settings = settings(&fake);
            (settings.model, settings.effort) = (model.into(), effort);
            fake.reply(text_reply("Yes."));
            let heard = ask(&Claude::new(settings).unwrap(), asking("Well?")).await;
            assert_eq!(heard.text, "Yes.", "{model} {effort:?}: {:?}", heard.failed);
        }
    }
}

#[tokio::test]
async fn what_was_said_before_stays_the_same_when_the_room_changes() {
    let fake = FakeClaude::start().await;
    let claude = claude(&fake);
    let mut prompt = asking("First?");
    prompt.turns.push(Turn::Assistant(vec![Block::Text("Yes.".into())]));
    prompt.turns.push(Turn::Candidate("Second?".into()));
    let before = sent(&fake, &claude, prompt.clone()).await;
    prompt.context = "main.py has a loop.".into();
    prompt.turns.push(Turn::Assistant(vec![Block::Text("No.".into())]));
    prompt.turns.push(Turn::Candidate("Third?".into()));
    let after = sent(&fake, &claude, prompt).await;
    for part in ["system", "tools"] {
        assert_eq!(before[part], after[part]);
    }
    let (before, after) = (&before["messages"], &after["messages"]);
    assert_eq!(before[0], after[0]);
    assert_eq!(before[1]["content"][0]["text"], after[1]["content"][0]["text"]);
    assert!(before[1]["content"][0]["cache_control"].is_object(), "the cache holds all before the current question");
    assert_eq!(after[4]["content"][0]["text"], "<room>\nmain.py has a loop.\n</room>");
}

#[tokio::test]
async fn a_conversation_that_was_broken_off_can_go_on() {
    let fake = FakeClaude::start().await;
    let mut prompt = asking("Lost question");
    prompt.turns.insert(0, Turn::Results(vec![output("trimmed", "")]));
    prompt.turns.extend([
        Turn::Assistant(vec![Block::Text("  ".into())]),
        Turn::Candidate("Read both.".into()),
        Turn::Assistant(vec![call("a"), call("b")]),
        Turn::Results(vec![output("b", "text of b"), output("stray", "")]),
        Turn::Assistant(vec![Block::Text("Half an ans".into()), call("c")]),
        Turn::Candidate("Again?".into()),
    ]);
    let body = sent(&fake, &claude(&fake), prompt).await;
    let content = |message: usize| body["messages"][message]["content"].clone();
    assert_eq!(body["messages"].as_array().unwrap().len(), 5);
    assert_eq!(content(0)[1]["text"], "Read both.");
    assert_eq!((&content(2)[0]["tool_use_id"], &content(2)[0]["is_error"]), (&json!("a"), &json!(true)));
    assert_eq!((&content(2)[1]["tool_use_id"], &content(2)[1]["content"]), (&json!("b"), &json!("text of b")));
    assert_eq!((&content(4)[0]["tool_use_id"], &content(4)[2]["text"]), (&json!("c"), &json!("Again?")));
}

#[tokio::test]
async fn thinking_that_no_longer_fits_is_left_out_and_the_question_is_asked_again() {
    let fake = FakeClaude::start().await;
    let claude = claude(&fake);
    fake.reply(Reply::message().thinking("Looking.", "seal").tool("a", "read_file", "{}").stop("tool_use"));
    let mut prompt = asking("Help.");
    let heard = ask(&claude, prompt.clone()).await;
    prompt.turns.push(Turn::Assistant(heard.blocks()));
    prompt.turns.push(Turn::Results(vec![output("a", "text")]));
    prompt.context = "The candidate typed on meanwhile.".into();
    let body = sent(&fake, &claude, prompt).await;
    assert_eq!(fake.requests().len(), 3);
    assert_eq!(body["messages"][1]["content"][0]["type"], "tool_use");
}

#[tokio::test]
async fn a_prompt_without_a_question_is_not_sent() {
    let fake = FakeClaude::start().await;
    let mut prompt = asking("Hello?");
    prompt.turns.push(Turn::Assistant(vec![Block::Text("Hello.".into())]));
    let claude = claude(&fake);
    assert!(ask(&claude, prompt).await.failed.is_some());
    assert!(ask(&claude, Prompt::default()).await.failed.is_some());
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn the_key_does_not_follow_a_redirect() {
    let (fake, elsewhere) = (FakeClaude::start().await, FakeClaude::start().await);
    fake.reply(Reply::status(307).header("location", &format!("{}/v1/messages", elsewhere.base_url())));
    assert!(ask(&claude(&fake), asking("Hello?")).await.failed.is_some());
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn the_key_is_never_printed() {
    let fake = FakeClaude::start().await;
    let printed = format!("{:?}", settings(&fake));
    assert!(printed.contains("api_key") && !printed.contains(KEY), "{printed}");
}

#[tokio::test]
async fn settings_that_cannot_work_are_named_at_the_start() {
    let fake = FakeClaude::start().await;
    let mut unknown = settings(&fake);
    unknown.model = "claude-sonnet-4-5".into();
    let error = Claude::new(unknown).err().unwrap();
    assert!(matches!(error, ClaudeError::Prices(PricesError::UnknownModel { .. })));
    assert!(error.to_string().contains("claude-sonnet-4-5"), "{error}");
    let mut nowhere = settings(&fake);
    nowhere.base_url = "ftp://claude".into();
    assert!(matches!(Claude::new(nowhere).err().unwrap(), ClaudeError::BaseUrl(_)));
    assert!(matches!(ApiKey::new(" "), Err(ClaudeError::NoKey)));
    assert!(matches!(ApiKey::new("sk\nant"), Err(ClaudeError::Key(_))));
}

#[tokio::test]
async fn a_price_file_of_ones_own_counts() {
    let folder = std::env::temp_dir().join(format!("prices-{}.toml", std::process::id()));
    let text = "as_of = \"2027-01-01\"\ncache = { write = 2.0, read = 0.5 }\n\
                model = [{ id = \"claude-sonnet-5-5\", tiers = [{ input = 1, output = 3 }] }]";
    std::fs::write(&folder, text).unwrap();
    let fake = FakeClaude::start().await;
    let mut settings = settings(&fake);
    settings.prices = Prices::read(&folder).unwrap();
    std::fs::remove_file(&folder).unwrap();
    let usage = Usage { input_tokens: 10, output_tokens: 10, cache_read_tokens: 10, cache_write_tokens: 10 };
    assert_eq!(Claude::new(settings).unwrap().cost_microusd(usage), 10 + 30 + 5 + 20);
}

async fn sent(fake: &FakeClaude, claude: &Claude, prompt: Prompt) -> Value {
    fake.reply(text_reply("Yes."));
    let heard = ask(claude, prompt).await;
    assert!(heard.done.is_some(), "{:?}", heard.failed);
    fake.last_body()
}

fn call(id: &str) -> Block {
    Block::Call(Call { id: id.into(), name: "read_file".into(), input: json!({}) })
}

fn output(call: &str, text: &str) -> ToolOutput {
    ToolOutput { call: call.into(), text: text.into(), failed: false }
}
