//! Recordings of interviews that still run: what is added to a log is added to its recording, and nothing is read twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use futures::future::join_all;
use interview::replay::{RecordingIndex, Segment};
use interview::{InterviewId, Seq};
use serde_json::{Value, json};
use service::ports::{Entry, Events, PortError};
use service::recordings::Recordings;

use crate::house::House;
use crate::visitor::Visitor;

/// A log that counts what is read from it.
struct Counted {
    log: Arc<dyn Events>,
    read: AtomicUsize,
}

impl Counted {
    fn of(house: &House) -> Arc<Self> {
        Arc::new(Self { log: house.service.outside.events.clone(), read: AtomicUsize::new(0) })
    }

    /// How many entries were read since this was asked last.
    fn read(&self) -> usize {
        self.read.swap(0, Ordering::SeqCst)
    }
}

#[async_trait]
impl Events for Counted {
    async fn append(&self, interview: &InterviewId, entries: &[Entry]) -> Result<(), PortError> {
        self.log.append(interview, entries).await
    }

    async fn read(&self, interview: &InterviewId, from: Seq, limit: usize) -> Result<Vec<Entry>, PortError> {
        let entries = self.log.read(interview, from, limit).await?;
        self.read.fetch_add(entries.len(), Ordering::SeqCst);
        Ok(entries)
    }

    async fn len(&self, interview: &InterviewId) -> Result<Seq, PortError> {
        self.log.len(interview).await
    }

    async fn check(&self) -> Result<(), PortError> {
        self.log.check().await
    }
}

fn recordings(house: &House, events: Arc<dyn Events>) -> Recordings {
    Recordings::new(house.service.outside.catalog.clone(), events)
}

/// Types so many characters, one event each, after `typed` of them.
async fn type_on(candidate: &mut Visitor, id: &str, typed: u64, count: u64) {
    let events: Vec<Value> = (typed..typed + count)
        .map(|n| {
            let body = json!({ "path": "solution.py", "rev": typed, "changes": [[0, 0, "x"]], "via": "typing" });
            json!({ "n": n, "t": n * 40, "kind": "editor.edited", "body": body })
        })
        .collect();
    let batch = json!({ "origin": "tab", "events": events });
    candidate.post(&format!("/api/interview/{id}/events"), &batch).await.gives(200);
}

async fn whole(recordings: &Recordings, id: &InterviewId) -> (RecordingIndex, Vec<Segment>) {
    let index = recordings.index(id).await.unwrap().unwrap();
    let mut segments = Vec::new();
    while let Some(segment) = recordings.segment(id, segments.len()).await.unwrap() {
        segments.push(segment);
    }
    (index, segments)
}

#[tokio::test]
async fn a_recording_that_grows_is_the_one_that_is_folded_anew_and_reads_only_what_is_new() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (mut candidate, text) = house.candidate(&mut reviewer, json!({})).await;
    let id = InterviewId::parse(text.as_str()).unwrap();
    let log = Counted::of(&house);
    let growing = recordings(&house, log.clone());
    let mut typed = 0;
    growing.index(&id).await.unwrap();
    log.read();
    for count in [1, 700, 3, 600] {
        type_on(&mut candidate, &text, typed, count).await;
        typed += count;
        let grown = whole(&growing, &id).await;
        assert_eq!(log.read() as u64, count);
        let anew = recordings(&house, house.service.outside.events.clone());
        assert_eq!(grown, whole(&anew, &id).await);
        assert_eq!(grown.1.len(), grown.0.segments.len());
    }
    assert!(whole(&growing, &id).await.1.len() > 2);
}

#[tokio::test]
async fn reviewers_who_open_a_recording_at_once_all_get_the_whole_of_it() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (mut candidate, text) = house.candidate(&mut reviewer, json!({})).await;
    let id = InterviewId::parse(text.as_str()).unwrap();
    type_on(&mut candidate, &text, 0, 900).await;
    let anew = recordings(&house, house.service.outside.events.clone());
    let expected = whole(&anew, &id).await;
    let shared = recordings(&house, house.service.outside.events.clone());
    for seen in join_all((0..8).map(|_| whole(&shared, &id))).await {
        assert_eq!(seen, expected);
    }
}

#[tokio::test]
async fn only_the_recordings_looked_at_last_are_kept() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let mut ids = Vec::new();
    for _ in 0..9 {
        let (_, id) = house.candidate(&mut reviewer, json!({})).await;
        ids.push(InterviewId::parse(id).unwrap());
    }
    let log = Counted::of(&house);
    let recordings = recordings(&house, log.clone());
    for id in ids[..8].iter().chain([&ids[0], &ids[8]]) {
        recordings.index(id).await.unwrap().unwrap();
    }
    log.read();
    recordings.index(&ids[0]).await.unwrap();
    assert_eq!(log.read(), 0, "it was looked at again");
    recordings.index(&ids[1]).await.unwrap();
    assert!(log.read() > 0, "it was not");
    let unknown = InterviewId::parse("nobody").unwrap();
    assert_eq!(recordings.index(&unknown).await.unwrap(), None);
}
