//! Somebody who talks HTTP to a server and keeps the cookies they are given.

use std::collections::BTreeMap;

use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

#[derive(Clone)]
pub struct Visitor {
    url: String,
    client: Client,
    pub cookies: BTreeMap<String, String>,
}

pub struct Answer {
    pub status: u16,
    pub content_type: String,
    pub text: String,
    what: String,
}

impl Answer {
    /// Fails unless the status is this one.
    #[track_caller]
    pub fn gives(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text);
        self
    }

    /// Fails unless this is a problem of that status with a sentence.
    #[track_caller]
    pub fn refuses(self, status: u16) -> Value {
        let answer = self.gives(status);
        assert_eq!(answer.content_type, "application/problem+json", "{}", answer.what);
        let problem = answer.json();
        assert_eq!(problem["status"], status);
        assert!(problem["type"].as_str().unwrap().starts_with("/problems/"), "{problem}");
        assert!(problem["detail"].as_str().unwrap().len() > 8, "{problem}");
        problem
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{}: {error}: {}", self.what, self.text))
    }

    /// The events of a stream, in order.
    pub fn stream(&self) -> Vec<Value> {
        self.text
            .lines()
            .filter_map(|line| line.strip_prefix("data:"))
            .map(|data| serde_json::from_str(data).unwrap())
            .collect()
    }
}

impl Visitor {
    pub fn new(url: &str) -> Self {
        Self { url: url.to_owned(), client: Client::new(), cookies: BTreeMap::new() }
    }

    pub fn cookie_header(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        if self.cookies.is_empty() { request } else { request.header("cookie", self.cookie_header()) }
    }

    pub async fn send(&mut self, what: &str, request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        for cookie in response.headers().get_all("set-cookie") {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let content_type =
            response.headers().get("content-type").map_or("", |value| value.to_str().unwrap()).to_owned();
        let text = response.text().await.unwrap();
        Answer { status, content_type, text, what: what.to_owned() }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        let request = self.request(Method::GET, path);
        self.send(path, request).await
    }

    pub async fn post(&mut self, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path).json(body);
        self.send(path, request).await
    }

    pub async fn post_raw(&mut self, path: &str, body: Vec<u8>) -> Answer {
        let request = self.request(Method::POST, path).header("content-type", "application/json").body(body);
        self.send(path, request).await
    }

    /// All events of an interview, as this visitor may see them.
    pub async fn log(&mut self, interview: &str) -> Vec<Value> {
        let mut events = Vec::new();
        loop {
            let path = format!("/api/interview/{interview}/events?from={}", events.len());
            let page = self.get(&path).await.gives(200).json();
            let page = page["events"].as_array().unwrap().clone();
            if page.is_empty() {
                return events;
            }
            events.extend(page);
        }
    }
}
