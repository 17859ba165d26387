//! What the real service says no to, as far as the room could get it wrong: the 5.5 models' rules about thinking, tools
//! and sampling, and the shape of a conversation.

use serde_json::{Value, json};

use super::{Reply, Request};

const MODELS: [&str; 3] = ["claude-sonnet-5-5", "claude-opus-5-5", "claude-haiku-5-5"];
const FIELDS: [&str; 10] = [
    "model",
    "max_tokens",
    "messages",
    "system",
    "tools",
    "tool_choice",
    "thinking",
    "output_config",
    "metadata",
    "stream",
];

/// A thinking block the service gave out, and the conversation it is bound to.
pub(super) struct Issued {
    block: Value,
    prefix: Value,
}

/// The thinking blocks a reply gives out.
pub(super) fn issued(request: &Request, reply: &Reply) -> Vec<Issued> {
    let messages = request.body["messages"].as_array().map_or(0, Vec::len);
    let mut blocks: Vec<(Value, Value)> = Vec::new();
    for event in reply.events() {
        let index = &event["index"];
        match event["type"].as_str() {
            Some("content_block_start") => blocks.push((index.clone(), event["content_block"].clone())),
            Some("content_block_delta") => {
                let Some((_, block)) = blocks.iter_mut().find(|(at, _)| at == index) else { continue };
                for field in ["thinking", "signature"] {
                    if let Some(more) = event["delta"][field].as_str() {
                        block[field] = json!(format!("{}{more}", block[field].as_str().unwrap_or_default()));
                    }
                }
            }
            _ => {}
        }
    }
    let thinking = blocks.into_iter().map(|(_, block)| block).filter(|block| block["type"] == "thinking");
    thinking.map(|block| Issued { block, prefix: prefix(&request.body, messages) }).collect()
}

/// The service's objection to a request, if it has one.
pub(super) fn objection(request: &Request, issued: &[Issued]) -> Option<Reply> {
    let body = &request.body;
    let header = |name: &str| request.headers.get(name).map_or("", String::as_str);
    if header(":request") != "POST /v1/messages HTTP/1.1" {
        return Some(Reply::refusal(404, "not_found_error", "no such place"));
    }
    if header("x-api-key").is_empty() {
        return Some(Reply::refusal(401, "authentication_error", "x-api-key header is required"));
    }
    if !MODELS.contains(&body["model"].as_str().unwrap_or_default()) {
        return Some(Reply::refusal(404, "not_found_error", "no such model"));
    }
    let message = None
        .or_else(|| (header("anthropic-version") != "2023-06-01").then(|| "anthropic-version".to_owned()))
        .or_else(|| (header("content-type") != "application/json").then(|| "content-type".to_owned()))
        .or_else(|| settings(body))
        .or_else(|| tools(body))
        .or_else(|| conversation(body))
        .or_else(|| thinking_sent_back(body, issued))
        .or_else(|| cache(body));
    message.map(|message| Reply::refusal(400, "invalid_request_error", &message))
}

fn settings(body: &Value) -> Option<String> {
    let fields = body.as_object()?;
    if let Some(field) = fields.keys().find(|field| ["temperature", "top_p", "top_k"].contains(&field.as_str())) {
        return Some(format!("{field}: not supported by this model"));
    }
    if let Some(field) = fields.keys().find(|field| !FIELDS.contains(&field.as_str())) {
        return Some(format!("{field}: extra inputs are not permitted"));
    }
    let effort = body["output_config"]["effort"].as_str().unwrap_or("medium");
    let thinking = &body["thinking"];
    let is_sonnet = body["model"] == "claude-sonnet-5-5";
    match thinking["type"].as_str().unwrap_or("adaptive") {
        "adaptive" => {}
        "between_tools"
            if is_sonnet && thinking.as_object()?.len() == 1 && ["low", "medium", "high"].contains(&effort) => {}
        kind => return Some(format!("thinking.type {kind} at effort {effort} is not supported by this model")),
    }
    if body["max_tokens"].as_u64().unwrap_or(0) == 0 {
        return Some("max_tokens: must be greater than zero".into());
    }
    (body["stream"] != true).then(|| "this service only streams".into())
}

fn tools(body: &Value) -> Option<String> {
    if ["any", "tool"].contains(&body["tool_choice"]["type"].as_str().unwrap_or("auto")) {
        return Some("tool_choice: forced tool use is not supported by this model".into());
    }
    let tools = body["tools"].as_array().map(Vec::as_slice).unwrap_or_default();
    let bad = tools.iter().find(|tool| !tool["name"].is_string() || tool["input_schema"]["type"] != "object");
    bad.map(|tool| format!("tools: {tool}"))
}

fn conversation(body: &Value) -> Option<String> {
    let messages = body["messages"].as_array()?;
    if messages.is_empty() || messages[0]["role"] != "user" {
        return Some("messages: the first message must be the user's".into());
    }
    if messages.last()?["role"] != "user" {
        return Some("This model does not support assistant message prefill.".into());
    }
    let mut open: Vec<&Value> = Vec::new();
    for (index, message) in messages.iter().enumerate() {
        let content = message["content"].as_array().map(Vec::as_slice).unwrap_or_default();
        if content.is_empty() {
            return Some(format!("messages.{index}: content must not be empty"));
        }
        if content.iter().any(is_blank_text) {
            return Some(format!("messages.{index}: text content blocks must contain non-whitespace text"));
        }
        let results: Vec<_> = content.iter().take_while(|block| block["type"] == "tool_result").collect();
        let all = content.iter().filter(|block| block["type"] == "tool_result").count();
        let answered = open.iter().all(|call| results.iter().any(|result| result["tool_use_id"] == **call));
        if !answered || all != results.len() || results.len() != open.len() {
            return Some(format!("messages.{index}: tool_use ids and tool_result blocks do not match"));
        }
        open = content.iter().filter(|block| block["type"] == "tool_use").map(|block| &block["id"]).collect();
    }
    None
}

fn is_blank_text(block: &Value) -> bool {
    block["type"] == "text" && block["text"].as_str().unwrap_or_default().trim().is_empty()
}

fn thinking_sent_back(body: &Value, issued: &[Issued]) -> Option<String> {
    for (index, message) in body["messages"].as_array()?.iter().enumerate() {
        for block in message["content"].as_array()?.iter().filter(|block| block["type"] == "thinking") {
            let Some(known) = issued.iter().find(|known| known.block == *block) else {
                return Some(format!("messages.{index}: Invalid `signature` in `thinking` block."));
            };
            if known.prefix != prefix(body, index) {
                return Some(format!(
                    "messages.{index}: Invalid `signature` in `thinking` block. The block is bound to a different conversation."
                ));
            }
        }
    }
    None
}

fn cache(body: &Value) -> Option<String> {
    let mut marks = 0;
    let mut wrong = false;
    visit(body, &mut |value| {
        if value.get("cache_control").is_some() {
            marks += 1;
            wrong |= value["cache_control"]["type"] != "ephemeral" || value["type"] == "thinking";
        }
    });
    (marks > 4 || wrong).then(|| "cache_control: too many, or in the wrong place".into())
}

/// Everything before a message, without the marks for the cache.
fn prefix(body: &Value, messages: usize) -> Value {
    let before = &body["messages"].as_array().map(Vec::as_slice).unwrap_or_default()[..messages];
    let mut prefix = json!({ "system": body["system"], "tools": body["tools"], "messages": before });
    unmark(&mut prefix);
    prefix
}

fn unmark(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("cache_control");
            fields.values_mut().for_each(unmark);
        }
        Value::Array(items) => items.iter_mut().for_each(unmark),
        _ => {}
    }
}

fn visit(value: &Value, look: &mut impl FnMut(&Value)) {
    look(value);
    match value {
        Value::Object(fields) => fields.values().for_each(|value| visit(value, look)),
        Value::Array(items) => items.iter().for_each(|value| visit(value, look)),
        _ => {}
    }
}
