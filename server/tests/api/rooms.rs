//! Stories of the room's socket: taking over, coming back, the shell, a flood, a proposal.

use interview::fact::{Fact, TerminalFact};
use interview::terminal::Terminal;
use interview::wire::{About, ClientMessage, Delivery, ServerMessage};
use interview::{Seq, Stage};
use serde_json::json;

use crate::clock::HandClock;
use crate::desk::{Desk, log};
use crate::house::House;
use crate::socket::{Socket, room};

fn events(message: &ServerMessage) -> &[Delivery] {
    match message {
        ServerMessage::Events { events } => events,
        _ => &[],
    }
}

#[tokio::test]
async fn a_second_tab_takes_over_and_the_first_is_told() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (candidate, id) = house.candidate(&mut reviewer, json!({})).await;
    let mut first = room(&house, &candidate, &id).await;
    first.hello("first", None).await;
    let mut second = room(&house, &candidate, &id).await;
    let welcome = second.hello("second", None).await;
    assert_eq!(first.until(|message| (*message == ServerMessage::TakenOver).then_some(())).await, ());
    assert!(first.hear().await.is_none());
    assert_eq!(welcome.stage.session.tabs.len(), 1);
}

#[tokio::test]
async fn a_line_that_died_unnoticed_is_an_outage_when_the_tab_comes_back() {
    let clock = std::sync::Arc::new(HandClock::default());
    let house = House::open_by(Some(clock.clone()), &[]).await;
    let mut reviewer = house.reviewer().await;
    let (mut candidate, id) = house.candidate(&mut reviewer, json!({})).await;
    let mut silent = room(&house, &candidate, &id).await;
    let from = silent.hello("tab", None).await.stage.next;
    clock.wind(20_000);
    // It stays open, and says nothing any more.
    let mut tab = room(&house, &candidate, &id).await;
    tab.hello("tab", Some(from)).await;
    let typed = json!({ "path": "solution.py", "rev": 0, "changes": [[0, 0, "x"]], "via": "typing" });
    for (n, t) in [(0, 5_000), (1, 15_000)] {
        let fact = json!({ "n": n, "t": t, "kind": "editor.edited", "body": typed });
        tab.say_text(json!({ "say": "facts", "origin": "tab", "now": 20_000, "facts": [fact] }).to_string()).await;
        tab.until(|message| matches!(message, ServerMessage::Acknowledged { .. }).then_some(())).await;
    }
    tab.say(&ClientMessage::Ask { text: "hello".to_owned() }).await;
    house.seen(&id, "chat.answered", 1).await;
    let log = candidate.log(&id).await;
    let told = |kind: &str| -> Vec<u64> {
        log.iter().filter(|event| event["kind"] == kind).map(|event| event["at"].as_u64().unwrap()).collect()
    };
    assert_eq!((told("session.left"), told("session.joined")), (vec![0], vec![0, 20_000]));
    assert_eq!(told("editor.edited"), [5_000, 15_000]);
    drop(silent);
}

#[tokio::test]
async fn a_batch_that_comes_after_the_end_is_refused_once() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (mut candidate, id) = house.candidate(&mut reviewer, json!({})).await;
    let mut tab = room(&house, &candidate, &id).await;
    tab.hello("tab", None).await;
    candidate.post(&format!("/api/interview/{id}/submit"), &json!({})).await.gives(204);
    let facts: Vec<_> =
        (0..20).map(|n| json!({ "n": n, "t": n, "kind": "session.blurred", "v": 1, "body": {} })).collect();
    let batch = json!({ "say": "facts", "origin": "tab", "now": 20, "facts": facts }).to_string();
    let mut refused = 0;
    for _ in 0..2 {
        tab.say_text(batch.clone()).await;
        let about = tab
            .until(|message| match message {
                ServerMessage::Sorry { about, .. } => Some(*about),
                _ => None,
            })
            .await;
        assert_eq!(about, About::Session);
        refused += 1;
    }
    tab.say(&ClientMessage::Ping).await;
    tab.until(|message| {
        refused += usize::from(matches!(message, ServerMessage::Sorry { .. }));
        matches!(message, ServerMessage::Pong { .. }).then_some(())
    })
    .await;
    assert_eq!(refused, 2);
}

#[tokio::test]
async fn what_was_missed_while_away_comes_with_the_welcome() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (mut candidate, id) = house.candidate(&mut reviewer, json!({})).await;
    let mut tab = room(&house, &candidate, &id).await;
    let welcome = tab.hello("tab", None).await;
    let from = welcome.stage.next;
    drop(tab);
    let created = json!({ "origin": "api", "events": [
        { "n": 0, "t": 0, "kind": "editor.created", "body": { "path": "notes.md", "text": "hi" } } ]});
    candidate.post(&format!("/api/interview/{id}/events"), &created).await.gives(200);
    let mut tab = room(&house, &candidate, &id).await;
    let welcome = tab.hello("tab", Some(from)).await;
    let kinds: Vec<&str> = welcome.missed.iter().map(|delivery| delivery.event.fact.kind()).collect();
    assert_eq!(kinds, ["editor.created"]);
}

#[tokio::test]
async fn the_session_counts_outages_and_the_assistants_files_as_the_recording_does() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (mut candidate, id) = house.candidate(&mut reviewer, json!({})).await;
    let write = json!({ "message": "write notes.txt\n```\n12345678\n```" });
    candidate.post(&format!("/api/interview/{id}/chat"), &write).await.gives(200);
    for visit in 1..=3 {
        let mut tab = room(&house, &candidate, &id).await;
        tab.hello("tab", None).await;
        if visit == 3 {
            candidate.post(&format!("/api/interview/{id}/submit"), &json!({})).await.gives(204);
            house.ended(&id).await;
        }
        drop(tab);
        house.seen(&id, "session.left", visit).await;
    }
    let session = reviewer.get(&format!("/api/sessions/{id}")).await.gives(200).json();
    let recording = reviewer.get(&format!("/api/sessions/{id}/recording")).await.gives(200).json();
    let outages = recording["index"]["outages"].as_array().unwrap().len();
    assert_eq!(session["statistics"]["connections_lost"], outages);
    // One that lasted less than a millisecond is none; the last connection to go was not lost.
    assert!(outages <= 2, "{outages}");
    let log = reviewer.log(&id).await;
    let made = log.iter().find(|event| event["kind"] == "editor.created").unwrap();
    let length = made["body"]["text"].as_str().unwrap().len();
    assert_eq!(session["statistics"]["characters_by_assistant"], length);
}

/// Hears on until the screen shows something, and answers the screen.
async fn screen_shows(socket: &mut Socket, screen: &mut Terminal, text: &str) {
    screen_has(socket, screen, |line| line.contains(text)).await;
}

async fn screen_has(socket: &mut Socket, screen: &mut Terminal, is_wanted: impl Fn(&str) -> bool) {
    socket
        .until(|message| {
            for delivery in events(message) {
                if let Fact::Terminal(fact) = &delivery.event.fact {
                    screen.apply(fact);
                }
            }
            screen.lines().iter().any(|line| is_wanted(line)).then_some(())
        })
        .await;
}

#[tokio::test]
async fn the_shell_edits_the_files_and_its_screen_survives_a_reconnect() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (candidate, id) = house.candidate(&mut reviewer, json!({})).await;
    let mut tab = room(&house, &candidate, &id).await;
    let mut screen = tab.hello("tab", None).await.stage.terminal;
    let typed = |data: &str| ClientMessage::Type { data: data.to_owned() };
    tab.say(&ClientMessage::Resize(interview::terminal::Size { cols: 100, rows: 30 })).await;
    screen_shows(&mut tab, &mut screen, "$").await;
    tab.say(&typed("echo 'print(6 * 7)' > made.py && python3 made.py\r")).await;
    let mut made = false;
    tab.until(|message| {
        for delivery in events(message) {
            match &delivery.event.fact {
                Fact::Terminal(fact @ TerminalFact::Printed(_)) => screen.apply(fact),
                Fact::Editor(fact) => made |= fact.kind() == "editor.created",
                _ => {}
            }
        }
        // The prompt is the last that is printed; without it the screen is still to change.
        let is_done = screen.lines().windows(2).any(|lines| lines[0] == "42" && lines[1].ends_with('$'));
        (made && is_done).then_some(())
    })
    .await;
    drop(tab);
    let mut tab = room(&house, &candidate, &id).await;
    let welcome = tab.hello("tab", None).await;
    assert!(welcome.stage.terminal.open);
    assert_eq!(welcome.stage.terminal.lines(), screen.lines());
    assert_eq!(
        welcome.stage.editor.file(&interview::FilePath::parse("made.py").unwrap()).unwrap().text.to_string(),
        "print(6 * 7)\n"
    );
}

#[tokio::test]
async fn a_flood_that_asks_for_whole_screens_leaves_other_rooms_answering() {
    let house = House::open().await;
    let mut stranger = Desk::sit_down(&house).await;
    let mut healthy = Desk::sit_down(&house).await;
    // Each of these few bytes asks for sixty-five thousand characters.
    stranger
        .enter("python3 -c \"import sys; sys.stdout.write('x\\x1b[65535b' * 100000)\"; clear; echo flood-$((1 + 1))")
        .await;
    for _ in 0..10 {
        healthy.shell("true").await;
    }
    stranger.shell_shows("flood-2").await;
}

#[tokio::test]
async fn a_shell_that_is_killed_says_so_in_its_terminal() {
    let house = House::open().await;
    let mut desk = Desk::sit_down(&house).await;
    desk.enter("kill -KILL $$").await;
    desk.shell_shows("The shell was killed").await;
    house.seen(&desk.id, "terminal.closed", 1).await;
    let recorded = log(&house, &desk.id).await;
    let stage = Stage::fold(&recorded);
    assert!(
        stage.terminal.lines().iter().any(|line| line.contains("The shell was killed")),
        "a replay shows it as well"
    );
}

#[tokio::test]
async fn a_restarted_sandbox_keeps_the_files_and_nothing_else() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (candidate, id) = house.candidate(&mut reviewer, json!({})).await;
    let mut tab = room(&house, &candidate, &id).await;
    let mut screen = tab.hello("tab", None).await.stage.terminal;
    let typed = |data: &str| ClientMessage::Type { data: data.to_owned() };
    tab.say(&ClientMessage::Resize(interview::terminal::Size { cols: 100, rows: 30 })).await;
    screen_shows(&mut tab, &mut screen, "$").await;
    tab.say(&typed("echo kept > kept.txt; touch /tmp/left; echo made-$((1 + 1))\r")).await;
    let mut kept = false;
    tab.until(|message| {
        for delivery in events(message) {
            match &delivery.event.fact {
                Fact::Terminal(fact) => screen.apply(fact),
                Fact::Editor(fact) => kept |= fact.kind() == "editor.created",
                _ => {}
            }
        }
        (kept && screen.lines().iter().any(|line| line == "made-2")).then_some(())
    })
    .await;
    // Twice: whoever is impatient clicks again.
    tab.say(&ClientMessage::RestartSandbox).await;
    tab.say(&ClientMessage::RestartSandbox).await;
    let mut kinds = Vec::new();
    tab.until(|message| {
        for delivery in events(message) {
            if let Fact::Terminal(fact) = &delivery.event.fact {
                kinds.push(delivery.event.fact.kind());
                screen.apply(fact);
            }
        }
        let lines = screen.lines();
        (lines[0].starts_with("This is a new sandbox") && lines.iter().any(|line| line.contains('$'))).then_some(())
    })
    .await;
    kinds.retain(|kind| *kind != "terminal.printed");
    assert_eq!(kinds, ["terminal.closed", "terminal.opened"]);
    tab.say(&typed("cat kept.txt; ls /tmp | wc -l; echo done-$((1 + 1))\r")).await;
    screen_shows(&mut tab, &mut screen, "done-2").await;
    let lines = screen.lines();
    let answer: Vec<&str> = lines.iter().map(String::as_str).skip_while(|line| *line != "kept").take(3).collect();
    assert_eq!(answer, ["kept", "0", "done-2"]);
}

#[tokio::test]
async fn a_flood_of_output_can_be_interrupted_and_stays_small_in_the_log() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (candidate, id) = house.candidate(&mut reviewer, json!({})).await;
    let mut tab = room(&house, &candidate, &id).await;
    let mut screen = tab.hello("tab", None).await.stage.terminal;
    let typed = |data: &str| ClientMessage::Type { data: data.to_owned() };
    tab.say(&ClientMessage::Resize(interview::terminal::Size::USUAL)).await;
    screen_shows(&mut tab, &mut screen, "$").await;
    tab.say(&typed("yes | head -c 100000000; echo flood-$((40 + 2))\r")).await;
    screen_shows(&mut tab, &mut screen, "flood-42").await;
    tab.say(&typed("clear; yes again\r")).await;
    // Not the command that is echoed: what it prints. Before, nobody would hear the interrupt.
    screen_has(&mut tab, &mut screen, |line| line.trim_end() == "again").await;
    tab.say(&typed("\x03")).await;
    tab.say(&typed("echo after-$((1 + 1))\r")).await;
    screen_shows(&mut tab, &mut screen, "after-2").await;
    let entries = house
        .service
        .outside
        .events
        .read(&interview::InterviewId::parse(id.as_str()).unwrap(), Seq(0), 1_000_000)
        .await
        .unwrap();
    let printed: usize = entries.iter().map(|entry| entry.event.fact.body().get().len()).sum();
    assert!(printed < 12 << 20, "{printed} bytes");
}

#[tokio::test]
async fn a_proposed_edit_waits_for_the_candidate() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (candidate, id) = house.candidate(&mut reviewer, json!({ "assistant": "propose" })).await;
    for accept in [false, true] {
        let mut tab = room(&house, &candidate, &id).await;
        tab.hello("tab", None).await;
        let text = "write solution.py\n```python\n# proposed\n```".to_owned();
        tab.say(&ClientMessage::Ask { text }).await;
        let call = tab
            .until(|message| {
                events(message).iter().find_map(|delivery| match &delivery.event.fact {
                    Fact::Chat(interview::fact::ChatFact::CalledTool(called)) if called.name == "edit_file" => {
                        Some(called.call.clone())
                    }
                    _ => None,
                })
            })
            .await;
        tab.say(&ClientMessage::Decide { call, accept }).await;
        let mut edited = false;
        tab.until(|message| {
            events(message).iter().find_map(|delivery| {
                edited |= delivery.event.fact.kind() == "editor.edited";
                delivery.event.fact.kind().starts_with("chat.answered").then_some(())
            })
        })
        .await;
        assert_eq!(edited, accept);
    }
}
