//! How the product feels, measured from outside: the real server as a process, spoken to as a browser does.
#![allow(
    missing_docs,
    dead_code,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement is neither an interface nor quiet"
)]

#[path = "support/bare.rs"]
mod bare;
#[path = "../tests/support/fake_claude.rs"]
mod fake_claude;
#[path = "../tests/api/house.rs"]
mod house;
#[path = "../tests/api/socket.rs"]
mod socket;
#[path = "../tests/api/visitor.rs"]
mod visitor;

use std::time::Duration;

use interview::editor::{Change, Edited, Via};
use interview::fact::{ChatFact, EditorFact, Fact, TerminalFact};
use interview::terminal::Size;
use interview::wire::{ClientFact, ClientMessage, ServerMessage};
use interview::{FilePath, Origin};
use serde_json::json;
use tempfile::TempDir;
use tokio::time::Instant;

use crate::bare::Bare;
use crate::fake_claude::{FakeClaude, text_reply};
use crate::house::{EMAIL, House, PASSWORD, start_process};
use crate::socket::Socket;
use crate::visitor::Visitor;

const ROOMS: usize = 20;

#[tokio::main]
async fn main() {
    acknowledgements_and_memory().await;
    echo().await;
    runs().await;
    first_word().await;
}

/// Prints and gives the middle one, and the one that ninety-nine of a hundred do not exceed.
fn spread(name: &str, mut times: Vec<Duration>) -> [Duration; 2] {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!("{name:<52} p50 {:>9.2?}  p99 {:>9.2?}  ({} times)", at(0.5), at(0.99), times.len());
    [at(0.5), at(0.99)]
}

/// Twenty rooms in a server of their own, each typing.
async fn acknowledgements_and_memory() {
    let data = TempDir::new().unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let server = start_process(&url, data.path()).await;
    let mut reviewer = Visitor::new(&url);
    reviewer.post("/api/auth/login", &json!({ "email": EMAIL, "password": PASSWORD })).await.gives(204);
    let assessment = reviewer.get("/api/assessments").await.json()["assessments"][0]["id"].as_str().unwrap().to_owned();
    let mut rooms = Vec::new();
    for number in 0..ROOMS {
        let path = format!("/api/assessments/{assessment}/invitations");
        let invited = reviewer.post(&path, &json!({ "name": format!("Candidate {number}") })).await.json();
        let mut candidate = Visitor::new(&url);
        let agreed = json!({ "consent": ["editor", "terminal", "assistant"] });
        let path = format!("/api/interview/start/{}", invited["token"].as_str().unwrap());
        let id = candidate.post(&path, &agreed).await.json()["id"].as_str().unwrap().to_owned();
        let mut tab = socket::open(&url, &format!("/api/interview/{id}/room"), &candidate, None).await.ok().unwrap();
        tab.hello("tab", None).await;
        tab.say(&ClientMessage::Facts { origin: origin(), now: 0, facts: vec![created()] }).await;
        acknowledged(&mut tab).await;
        rooms.push(tab);
    }
    let mut times = Vec::new();
    for n in 1..=50 {
        for tab in &mut rooms {
            let from = Instant::now();
            tab.say(&ClientMessage::Facts { origin: origin(), now: n * 50, facts: vec![typed(n)] }).await;
            acknowledged(tab).await;
            times.push(from.elapsed());
        }
    }
    spread("a keystroke until it is durable and acknowledged", times);
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id().unwrap())).unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap().trim().to_owned();
    println!("{:<52} {resident} (at most 120 MB)", format!("the server's memory with {ROOMS} live rooms"));
}

fn origin() -> Origin {
    Origin::parse("tab").unwrap()
}

fn path() -> FilePath {
    FilePath::parse("typed.txt").unwrap()
}

fn created() -> ClientFact {
    let created = interview::editor::Created { path: path(), text: String::new() };
    ClientFact { n: 0, t: 0, fact: EditorFact::Created(created).into() }
}

fn typed(n: u64) -> ClientFact {
    let edited =
        Edited { path: path(), rev: n - 1, changes: vec![Change::new(0, 0, "x")], via: Via::Typing, from: None };
    ClientFact { n, t: n * 50, fact: EditorFact::Edited(edited).into() }
}

async fn acknowledged(tab: &mut Socket) {
    tab.until(|message| match message {
        ServerMessage::Acknowledged { .. } => Some(()),
        ServerMessage::Refused { reason, .. } => panic!("{reason}"),
        _ => None,
    })
    .await;
}

async fn printed(tab: &mut Socket, text: &str) {
    let mut seen = String::new();
    tab.until(|message| {
        if let ServerMessage::Events { events } = message {
            for delivery in events {
                if let Fact::Terminal(TerminalFact::Printed(bytes)) = &delivery.event.fact {
                    seen.push_str(&bytes.data);
                }
            }
        }
        seen.contains(text).then_some(())
    })
    .await;
}

/// A key in the shell until it is printed: socket, room, box and back.
async fn echo() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (candidate, id) = house.candidate(&mut reviewer, json!({})).await;
    let mut tab = socket::room(&house, &candidate, &id).await;
    tab.hello("tab", None).await;
    tab.say(&ClientMessage::Resize(Size::USUAL)).await;
    printed(&mut tab, "$").await;
    let mut times = Vec::new();
    for round in 0..400 {
        let key = char::from(b'a' + (round % 26) as u8).to_string();
        let from = Instant::now();
        tab.say(&ClientMessage::Type { data: key.clone() }).await;
        printed(&mut tab, &key).await;
        times.push(from.elapsed());
        if round % 20 == 19 {
            tab.say(&ClientMessage::Type { data: "\x15".to_owned() }).await;
        }
        // As far apart as a fast typist's keys, so that each is an echo of its own.
        let _ = tokio::time::timeout(Duration::from_millis(15), std::future::pending::<()>()).await;
    }
    spread("a key in the shell until it is echoed (aim: 5 ms)", times);
}

/// Runs of the candidate's own cases, from the request to the last result.
async fn runs() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let aims = [
        ("python", 10, ""),
        ("python", 20, " (aim: 1.2 s)"),
        ("javascript", 20, " (aim: 1.5 s)"),
        ("typescript", 20, " (aim: 1.5 s)"),
        ("go", 20, " (aim: 1.5 s)"),
        ("rust", 20, ""),
    ];
    for (language, cases, aim) in aims {
        let (mut candidate, id) = house.candidate(&mut reviewer, json!({ "languages": [language] })).await;
        let case = |number: usize| json!({ "name": number.to_string(), "input": "[1, 1, []]", "expectedOutput": "[]" });
        let asked = json!({ "cases": (0..cases).map(case).collect::<Vec<_>>() });
        let mut times = Vec::new();
        for _ in 0..6 {
            let from = Instant::now();
            let ran = candidate.post(&format!("/api/interview/{id}/run-tests"), &asked).await.gives(200).json();
            times.push(from.elapsed());
            assert_eq!(ran["passed"], cases, "{language}: {ran}");
        }
        // The first one finds the compiler's files on the disk; the others find them in memory.
        let first = times.remove(0);
        spread(&format!("{cases} cases in {language}{aim}"), times);
        println!("{:<52} {first:>13.2?}", "    the first of them");
    }
}

/// From the question to the answer's first word in the browser, less what a bare connection takes.
async fn first_word() {
    let claude = FakeClaude::start().await;
    let house = House::open_with(&[("ANTHROPIC_API_KEY", "key"), ("ANTHROPIC_BASE_URL", &claude.base_url())]).await;
    let mut reviewer = house.reviewer().await;
    let particulars = json!({ "budget_messages": 500, "assistant": "chat" });
    let (candidate, id) = house.candidate(&mut reviewer, particulars).await;
    let mut tab = socket::room(&house, &candidate, &id).await;
    tab.hello("tab", None).await;
    let mut bare = Bare::open(&claude).await;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..200 {
        claude.reply(text_reply("Sort the list."));
        let from = Instant::now();
        tab.say(&ClientMessage::Ask { text: "how do I begin?".to_owned() }).await;
        chat(&mut tab, |fact| matches!(fact, ChatFact::Streamed(_))).await;
        ours.push(from.elapsed());
        chat(&mut tab, |fact| matches!(fact, ChatFact::Answered(_))).await;
        theirs.push(bare.first_word(&claude, &claude.last_body().to_string()).await);
    }
    let (ours, theirs) = (
        spread("a question in the room until its first word", ours),
        spread("    the same over a bare connection", theirs),
    );
    let added = [ours[0].saturating_sub(theirs[0]), ours[1].saturating_sub(theirs[1])];
    println!("{:<52} p50 {:>9.2?}  p99 {:>9.2?}", "    added, commit included (aim: 2 ms)", added[0], added[1]);
}

async fn chat(tab: &mut Socket, is_it: impl Fn(&ChatFact) -> bool) {
    tab.until(|message| {
        let ServerMessage::Events { events } = message else { return None };
        events.iter().any(|delivery| matches!(&delivery.event.fact, Fact::Chat(fact) if is_it(fact))).then_some(())
    })
    .await;
}
