//! A candidate at work: in the room, with the shell open. And what the log says of it.

use interview::fact::Fact;
use interview::terminal::{Size, Terminal};
use interview::wire::{About, ClientMessage, Delivery, ServerMessage, Welcome};
use interview::{Event, FilePath, InterviewId, Seq, Stage};
use serde_json::{Value, json};

use crate::house::House;
use crate::socket::{Socket, room};
use crate::visitor::Visitor;

pub const FILE: &str = "solution.py";

/// A candidate in the room, with the shell open.
pub struct Desk {
    pub candidate: Visitor,
    pub id: String,
    pub tab: Socket,
    screen: Terminal,
    rev: u64,
    edits: u64,
    commands: u64,
}

fn events(message: &ServerMessage) -> &[Delivery] {
    match message {
        ServerMessage::Events { events } => events,
        _ => &[],
    }
}

impl Desk {
    pub async fn sit_down(house: &House) -> Self {
        let mut reviewer = house.reviewer().await;
        let (candidate, id) = house.candidate(&mut reviewer, json!({})).await;
        Self::open_room(house, candidate, id).await
    }

    pub async fn open_room(house: &House, candidate: Visitor, id: String) -> Self {
        let mut tab = room(house, &candidate, &id).await;
        let Welcome { stage, .. } = tab.hello("tab", None).await;
        tab.say(&ClientMessage::Resize(Size::USUAL)).await;
        let mut desk = Self { candidate, id, tab, screen: stage.terminal, rev: 0, edits: 0, commands: 0 };
        desk.shell_shows("$").await;
        desk
    }

    /// Types at the beginning of the file; answers once it is recorded.
    pub async fn type_text(&mut self, text: &str) {
        self.type_into(FILE, self.rev, text).await;
        self.rev += 1;
    }

    /// The same in any file as it is at that revision.
    pub async fn type_into(&mut self, file: &str, rev: u64, text: &str) {
        let edit = json!({ "path": file, "rev": rev, "changes": [[0, 0, text]], "via": "typing" });
        self.does("editor.edited", edit).await;
    }

    /// Does something to a file; answers once it is recorded.
    pub async fn does(&mut self, kind: &str, body: Value) {
        let fact = json!({ "n": self.edits, "t": self.edits, "kind": kind, "body": body });
        let path = format!("/api/interview/{}/events", self.id);
        self.candidate.post(&path, &json!({ "origin": "hand", "events": [fact] })).await.gives(200);
        self.edits += 1;
    }

    pub async fn enter(&mut self, command: &str) {
        self.tab.say(&ClientMessage::Type { data: format!("{command}\r") }).await;
    }

    /// Runs a command in the shell to its end.
    pub async fn shell(&mut self, command: &str) {
        self.commands += 1;
        self.enter(&format!("clear; {command}; echo $((0 + {}))-finished", self.commands)).await;
        self.shell_shows(&format!("{}-finished", self.commands)).await;
    }

    pub async fn shell_shows(&mut self, text: &str) {
        while !self.screen.lines().iter().any(|line| line.contains(text)) {
            let message = self.tab.hear().await.expect("the room goes on");
            for delivery in events(&message) {
                if let Fact::Terminal(fact) = &delivery.event.fact {
                    self.screen.apply(fact);
                }
            }
        }
    }

    /// Hears on until the room says that something is not possible.
    pub async fn hears_sorry(&mut self) -> String {
        self.tab
            .until(|message| match message {
                ServerMessage::Sorry { about: About::Terminal, reason } => Some(reason.clone()),
                _ => None,
            })
            .await
    }
}

pub async fn log(house: &House, id: &str) -> Vec<Event> {
    let id = InterviewId::parse(id).unwrap();
    let entries = house.service.outside.events.read(&id, Seq(0), 1_000_000).await.unwrap();
    entries.into_iter().map(|entry| entry.event).collect()
}

pub fn text_in(log: &[Event], path: &str) -> String {
    let mut stage = Stage::default();
    log.iter().for_each(|event| stage.apply(event));
    stage.editor.file(&FilePath::parse(path).unwrap()).unwrap().text.to_string()
}
