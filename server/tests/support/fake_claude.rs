//! A server on this machine that speaks Claude's protocol over real HTTP, faults included. It answers from a script, and
//! says no to whatever the real service would say no to.

#![allow(dead_code, unused_imports, reason = "each test uses the part it needs")]
#![allow(clippy::unwrap_used, missing_docs, reason = "this is part of the tests")]

#[path = "fake_claude/reply.rs"]
mod reply;
#[path = "fake_claude/rules.rs"]
mod rules;

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use reply::{Ending, Step};
pub use reply::{Gate, Reply, text_reply, tool_reply};

/// After this long something that should happen has not.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Its body.
    pub body: Value,
}

/// The server. It stops when it is dropped.
pub struct FakeClaude {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    script: Mutex<VecDeque<Reply>>,
    requests: Mutex<Vec<Request>>,
    issued: Mutex<Vec<rules::Issued>>,
    counts: watch::Sender<Counts>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    connections: usize,
    requests: usize,
    complete: usize,
    departures: usize,
}

impl FakeClaude {
    /// Starts a server with an empty script. Without a script it answers 500.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let task = tokio::spawn(accept(listener, shared.clone()));
        Self { address, shared, task }
    }

    /// What the client is told as its base URL.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Adds a reply to the end of the script.
    pub fn reply(&self, reply: Reply) {
        self.shared.script.lock().unwrap().push_back(reply);
    }

    /// Every request so far, also those that were refused.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// The body of the latest request.
    pub fn last_body(&self) -> Value {
        self.requests().pop().expect("a request").body
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.shared.counts.borrow().connections
    }

    /// Waits until this many requests have arrived.
    pub async fn asked(&self, requests: usize) {
        self.until(|counts| counts.requests >= requests).await;
    }

    /// Waits until this many replies have been given to their end.
    pub async fn finished(&self, replies: usize) {
        self.until(|counts| counts.complete >= replies).await;
    }

    /// Waits until this many clients have gone away in the middle of a reply.
    pub async fn left(&self, departures: usize) {
        self.until(|counts| counts.departures >= departures).await;
    }

    /// Whether a client has gone away in the middle of a reply.
    pub fn was_left(&self) -> bool {
        self.shared.counts.borrow().departures > 0
    }

    async fn until(&self, condition: impl FnMut(&Counts) -> bool) {
        let mut counts = self.shared.counts.subscribe();
        let waiting = counts.wait_for(condition);
        timeout(LONGEST_WAIT, waiting).await.expect("it should have happened by now").unwrap();
    }
}

impl Drop for FakeClaude {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What becomes of a connection.
enum Next {
    Keep,
    Close,
    Reset,
    Left,
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        shared.counts.send_modify(|counts| counts.connections += 1);
        connections.spawn(serve(stream, shared.clone()));
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    stream.set_nodelay(true).unwrap();
    let mut stream = BufReader::new(stream);
    while let Some(request) = read_request(&mut stream).await {
        let refusal = rules::objection(&request, &shared.issued.lock().unwrap());
        let reply = match refusal {
            Some(refusal) => refusal,
            None => shared.script.lock().unwrap().pop_front().unwrap_or_else(|| Reply::status(500)),
        };
        shared.issued.lock().unwrap().extend(rules::issued(&request, &reply));
        shared.requests.lock().unwrap().push(request);
        shared.counts.send_modify(|counts| counts.requests += 1);
        match send_reply(&mut stream, reply).await.unwrap_or(Next::Left) {
            Next::Keep => shared.counts.send_modify(|counts| counts.complete += 1),
            Next::Close => return,
            Next::Reset => return stream.get_ref().set_zero_linger().unwrap(),
            Next::Left => return shared.counts.send_modify(|counts| counts.departures += 1),
        }
    }
}

async fn read_request(stream: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut first = String::new();
    if stream.read_line(&mut first).await.ok()? == 0 {
        return None;
    }
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    headers.insert(":request".into(), first.trim_end().to_owned());
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Request { headers, body: serde_json::from_slice(&body).unwrap_or(Value::Null) })
}

async fn send_reply(stream: &mut BufReader<TcpStream>, reply: Reply) -> std::io::Result<Next> {
    if let Some(next) = without_headers(&reply) {
        return Ok(next);
    }
    let mut head = Some(reply.head());
    for step in reply.wire_steps() {
        match step {
            Step::Bytes(bytes) => {
                stream.write_all(head.take().unwrap_or_default().as_bytes()).await?;
                stream.write_all(format!("{:x}\r\n", bytes.len()).as_bytes()).await?;
                stream.write_all(&bytes).await?;
                stream.write_all(b"\r\n").await?;
                stream.flush().await?;
            }
            Step::Wait(gate) => {
                if !opens_before_client_leaves(&gate, stream).await {
                    return Ok(Next::Left);
                }
            }
            Step::Event(_) => unreachable!("wire steps hold no events"),
        }
    }
    match reply.ending {
        Ending::Complete => {
            stream.write_all(b"0\r\n\r\n").await?;
            Ok(Next::Keep)
        }
        Ending::Closed => Ok(Next::Close),
        Ending::Reset => Ok(Next::Reset),
    }
}

fn without_headers(reply: &Reply) -> Option<Next> {
    match reply.ending {
        Ending::Closed if reply.steps.is_empty() => Some(Next::Close),
        Ending::Reset if reply.steps.is_empty() => Some(Next::Reset),
        Ending::Closed | Ending::Reset | Ending::Complete => None,
    }
}

async fn opens_before_client_leaves(gate: &Gate, stream: &mut BufReader<TcpStream>) -> bool {
    tokio::select! {
        () = gate.opened() => true,
        _ = stream.fill_buf() => false,
    }
}

fn error_body(kind: &str, message: &str) -> Value {
    json!({ "type": "error", "error": { "type": kind, "message": message }, "request_id": "req_fake" })
}
