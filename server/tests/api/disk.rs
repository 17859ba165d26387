//! Stories of the files between the room and its box: a disk that is full.

use interview::editor::Via;
use interview::fact::{EditorFact, Fact};
use interview::terminal::{Size, Terminal};
use interview::wire::{About, ClientMessage, Delivery, ServerMessage, Welcome};
use interview::{Event, FilePath, InterviewId, Seq, Stage};
use serde_json::json;

use crate::house::House;
use crate::socket::{Socket, room};
use crate::visitor::Visitor;

const FILE: &str = "solution.py";

/// A candidate in the room, with the shell open.
struct Desk {
    candidate: Visitor,
    id: String,
    tab: Socket,
    screen: Terminal,
    rev: u64,
}

fn events(message: &ServerMessage) -> &[Delivery] {
    match message {
        ServerMessage::Events { events } => events,
        _ => &[],
    }
}

impl Desk {
    async fn sit_down(house: &House) -> Self {
        let mut reviewer = house.reviewer().await;
        let (candidate, id) = house.candidate(&mut reviewer, json!({})).await;
        let mut tab = room(house, &candidate, &id).await;
        let Welcome { stage, .. } = tab.hello("tab", None).await;
        tab.say(&ClientMessage::Resize(Size::USUAL)).await;
        let mut desk = Self { candidate, id, tab, screen: stage.terminal, rev: 0 };
        desk.shell_shows("$").await;
        desk
    }

    /// Types at the beginning of the file; answers once it is recorded.
    async fn type_text(&mut self, text: &str) {
        let edit = json!({ "n": self.rev, "t": self.rev, "kind": "editor.edited", "body": {
            "path": FILE, "rev": self.rev, "changes": [[0, 0, text]], "via": "typing" } });
        let path = format!("/api/interview/{}/events", self.id);
        self.candidate.post(&path, &json!({ "origin": "hand", "events": [edit] })).await.gives(200);
        self.rev += 1;
    }

    async fn enter(&mut self, command: &str) {
        self.tab.say(&ClientMessage::Type { data: format!("{command}\r") }).await;
    }

    /// Runs a command in the shell to its end.
    async fn shell(&mut self, command: &str) {
        self.enter(&format!("clear; {command}; echo finished-$((40 + 2))")).await;
        self.shell_shows("finished-42").await;
    }

    async fn shell_shows(&mut self, text: &str) {
        let screen = &mut self.screen;
        self.tab
            .until(|message| {
                for delivery in events(message) {
                    if let Fact::Terminal(fact) = &delivery.event.fact {
                        screen.apply(fact);
                    }
                }
                screen.lines().iter().any(|line| line.contains(text)).then_some(())
            })
            .await;
    }

    /// Hears on until the room says that something is not possible.
    async fn hears_sorry(&mut self) -> String {
        self.tab
            .until(|message| match message {
                ServerMessage::Sorry { about: About::Terminal, reason } => Some(reason.clone()),
                _ => None,
            })
            .await
    }
}

async fn log(house: &House, id: &str) -> Vec<Event> {
    let id = InterviewId::parse(id).unwrap();
    let entries = house.service.outside.events.read(&id, Seq(0), 1_000_000).await.unwrap();
    entries.into_iter().map(|entry| entry.event).collect()
}

fn text_in(log: &[Event], path: &str) -> String {
    let mut stage = Stage::default();
    log.iter().for_each(|event| stage.apply(event));
    stage.editor.file(&FilePath::parse(path).unwrap()).unwrap().text.to_string()
}

fn is_edit_from_disk(fact: &Fact) -> bool {
    matches!(fact, Fact::Editor(EditorFact::Edited(edited)) if edited.via == Via::Disk)
}

#[tokio::test]
async fn a_full_disk_takes_nothing_that_was_typed_and_is_caught_up_with() {
    let house = House::open().await;
    let mut desk = Desk::sit_down(&house).await;
    let before = text_in(&log(&house, &desk.id).await, FILE);
    desk.shell("echo > witness.txt").await;
    house.seen(&desk.id, "editor.created", 1).await;
    desk.shell("cat /dev/zero > /tmp/filler; cat /dev/zero >> /tmp/filler").await;

    let long = "# Typed while nothing more can be written.\n".repeat(400);
    desk.type_text(&long).await;
    let reason = desk.hears_sorry().await;
    assert!(reason.contains("the disk is full") && reason.contains("Nothing that you typed is lost"), "{reason}");
    desk.type_text("# More.\n").await;
    // What a program does to the file now is older than what was typed; that it was looked at is seen by the other file.
    desk.shell("echo '# by a program' > solution.py; rm witness.txt").await;
    house.seen(&desk.id, "editor.deleted", 1).await;

    let seen = log(&house, &desk.id).await;
    assert!(!seen.iter().any(|event| is_edit_from_disk(&event.fact)));
    let whole = format!("# More.\n{long}{before}");
    assert_eq!(text_in(&seen, FILE), whole);

    desk.shell("rm /tmp/filler; until grep -q More solution.py; do :; done").await;
    desk.shell("cp solution.py copy.txt").await;
    house.seen(&desk.id, "editor.created", 2).await;
    let seen = log(&house, &desk.id).await;
    assert_eq!(text_in(&seen, "copy.txt"), whole);
    assert_eq!(text_in(&seen, FILE), whole);
}
