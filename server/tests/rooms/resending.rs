//! Two laws on the real room: however a client's facts are cut into batches, shuffled and sent again, the log holds each
//! once and in order; and whatever clocks say, its numbers are dense and its time never goes back.

use std::collections::BTreeSet;

use interview::wire::ClientFact;
use interview::{Fact, InterviewId, Seq};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::json;
use service::live::{Room, RoomError};

use crate::house::{House, assessment, origin, typed};

/// What a client sends at once: from one of its facts to another, in some order, by some clock, some time later.
#[derive(Clone, Debug)]
struct Sending {
    ends: (Index, Index),
    shuffled: Vec<Index>,
    now: Option<u64>,
    pause: u64,
}

fn any_clock() -> impl Strategy<Value = u64> {
    prop_oneof![0u64..100_000, Just(0), Just(9_000_000_000_000_000), any::<u64>()]
}

fn any_sending() -> impl Strategy<Value = Sending> {
    let now = proptest::option::of(any_clock());
    let shuffled = proptest::collection::vec(any::<Index>(), 0..6);
    let pause = select(&[0, 0, 1, 40, 7_000][..]);
    (any::<(Index, Index)>(), shuffled, now, pause).prop_map(|(ends, shuffled, now, pause)| Sending {
        ends,
        shuffled,
        now,
        pause,
    })
}

/// Some facts as a client numbers them; every text is another, so that their order shows.
fn any_facts() -> impl Strategy<Value = Vec<ClientFact>> {
    proptest::collection::vec((any_clock(), 0u8..6), 1..24)
        .prop_map(|facts| (0..).zip(facts).map(|(n, (t, what))| ClientFact { n, t, ..made(n, what) }).collect())
}

fn made(n: u64, what: u8) -> ClientFact {
    let (kind, body) = match what {
        0 => ("editor.created", json!({ "path": format!("made-{n}.txt"), "text": "x" })),
        1 => ("editor.selected", json!({ "path": "solution.py", "ranges": [[n, 0]] })),
        2 => ("session.blurred", json!({})),
        _ => return typed(n, 0, 0, &format!("{n} ")),
    };
    ClientFact { n, t: 0, fact: Fact::decode(kind, 1, body).unwrap() }
}

impl Sending {
    fn of(&self, facts: &[ClientFact]) -> Vec<ClientFact> {
        let (one, other) = (self.ends.0.index(facts.len()), self.ends.1.index(facts.len()));
        let mut batch = facts[one.min(other)..=one.max(other)].to_vec();
        for (place, index) in self.shuffled.iter().enumerate() {
            let (place, other) = (place % batch.len(), index.index(batch.len()));
            batch.swap(place, other);
            batch.push(batch[other].clone());
        }
        batch
    }
}

/// The files that the facts make when they come one after the other, without any accident.
async fn sent_once(house: &House, facts: &[ClientFact]) -> interview::editor::Editor {
    let (_, room) = house.room(assessment()).await;
    room.take(origin("tab"), None, facts.to_vec()).await.unwrap();
    texts_alone(room.look().await.unwrap().0.editor)
}

fn texts_alone(editor: interview::editor::Editor) -> interview::editor::Editor {
    interview::editor::Editor { edited_at: None, moved_at: None, ..editor }
}

async fn send(house: &House, room: &Room, facts: &[ClientFact], sendings: &[Sending]) {
    for sending in sendings {
        house.clock.wind(sending.pause);
        match room.take(origin("tab"), sending.now, sending.of(facts)).await {
            Ok(_) | Err(RoomError::Refused { .. }) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    // In the end a client has sent everything.
    room.take(origin("tab"), Some(0), facts.to_vec()).await.unwrap();
}

async fn check_log(house: &House, id: &InterviewId, facts: &[ClientFact]) -> Result<(), TestCaseError> {
    let entries = house.entries(id).await;
    let sent: Vec<u64> = entries.iter().filter_map(|entry| entry.source.as_ref()).map(|source| source.n).collect();
    prop_assert_eq!(sent, (0..facts.len() as u64).collect::<Vec<_>>());
    for (place, pair) in (0..).zip(entries.windows(2)) {
        prop_assert_eq!(pair[0].event.seq, Seq(place));
        prop_assert!(pair[0].event.at <= pair[1].event.at);
    }
    Ok(())
}

#[test]
fn facts_that_are_cut_shuffled_and_sent_again_are_in_the_log_once_and_time_never_goes_back() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let house = runtime.block_on(async { House::open() });
    let sendings = proptest::collection::vec(any_sending(), 0..12);
    proptest!(ProptestConfig::with_cases(96), |(facts in any_facts(), sendings in sendings)| {
        runtime.block_on(async {
            let expected = sent_once(&house, &facts).await;
            let (id, room) = house.room(assessment()).await;
            send(&house, &room, &facts, &sendings).await;
            prop_assert_eq!(texts_alone(room.look().await.unwrap().0.editor), expected);
            check_log(&house, &id, &facts).await
        })?;
    });
}

#[tokio::test]
async fn every_tab_counts_for_itself() {
    let house = House::open();
    let (id, room) = house.room(assessment()).await;
    for tab in ["one", "two", "one"] {
        room.take(origin(tab), Some(0), vec![typed(0, 0, 0, tab)]).await.unwrap();
    }
    let sources: BTreeSet<String> = house
        .entries(&id)
        .await
        .into_iter()
        .filter_map(|entry| entry.source)
        .map(|source| source.origin.to_string())
        .collect();
    assert_eq!(sources.len(), 2);
    assert_eq!(house.entries(&id).await.len(), 5);
}
