//! The event log: dense, whole, once, and exactly as it was written.

use interview::chat::{CalledTool, MessageId};
use interview::fact::{ChatFact, SessionFact};
use interview::session::{EndReason, Ended};
use interview::{Actor, Seq};
use service::ports::{Entry, Events, PortError};

use super::samples::{asked, entry, focused, interview_id, printed, sent};

on_every_store! {
    a_log_that_nobody_wrote_is_empty,
    what_was_appended_is_read_back_in_order,
    an_empty_append_changes_nothing,
    every_actor_and_source_is_read_back,
    a_page_of_the_log_starts_and_stops_where_it_was_asked_to,
    each_interview_has_its_own_log,
    an_append_that_leaves_a_gap_is_a_conflict,
    an_append_over_the_end_is_a_conflict,
    an_append_with_a_gap_inside_is_a_conflict,
    a_second_copy_of_a_fact_is_a_conflict_and_nothing_of_its_batch_is_kept,
    a_batch_that_holds_a_fact_twice_is_a_conflict,
    the_same_count_of_another_tab_or_interview_is_another_fact,
    a_count_may_be_any_number,
    text_of_any_script_and_control_characters_come_back_unchanged,
    a_mebibyte_of_text_comes_back_unchanged,
    a_full_group_is_appended_at_once,
    of_two_writers_at_one_place_exactly_one_is_let_in,
    the_log_can_be_checked,
}

async fn a_log_that_nobody_wrote_is_empty(store: impl Events) {
    let interview = interview_id("a");
    assert_eq!(store.len(&interview).await.unwrap(), Seq(0));
    assert_eq!(store.read(&interview, Seq(0), 10).await.unwrap(), []);
}

async fn what_was_appended_is_read_back_in_order(store: impl Events) {
    let interview = interview_id("a");
    let entries = [focused(0), asked(1, "why?"), printed(2, "$ ")];
    store.append(&interview, &entries[..2]).await.unwrap();
    store.append(&interview, &entries[2..]).await.unwrap();
    assert_eq!(store.len(&interview).await.unwrap(), Seq(3));
    assert_eq!(store.read(&interview, Seq(0), 10).await.unwrap(), entries);
}

async fn an_empty_append_changes_nothing(store: impl Events) {
    let interview = interview_id("a");
    store.append(&interview, &[]).await.unwrap();
    assert_eq!(store.len(&interview).await.unwrap(), Seq(0));
}

async fn every_actor_and_source_is_read_back(store: impl Events) {
    let interview = interview_id("a");
    let input = serde_json::json!({ "path": "main.go", "lines": [1, 2.5, null, true] });
    let called = CalledTool { message: MessageId(3), call: "c1".to_owned(), name: "read".to_owned(), input };
    let ended = Ended { reason: EndReason::TimedOut };
    let entries = [
        sent(0, "tab-1", 7),
        entry(1, Actor::Assistant, ChatFact::CalledTool(called)),
        entry(2, Actor::Reviewer, SessionFact::Ended(ended)),
        entry(3, Actor::System, SessionFact::Ended(ended)),
    ];
    store.append(&interview, &entries).await.unwrap();
    assert_eq!(store.read(&interview, Seq(0), 10).await.unwrap(), entries);
}

async fn a_page_of_the_log_starts_and_stops_where_it_was_asked_to(store: impl Events) {
    let interview = interview_id("a");
    store.append(&interview, &group(0, 20)).await.unwrap();
    assert_eq!(store.read(&interview, Seq(5), 3).await.unwrap(), group(5, 3));
    assert_eq!(store.read(&interview, Seq(18), 10).await.unwrap(), group(18, 2));
    assert_eq!(store.read(&interview, Seq(20), 10).await.unwrap(), []);
    assert_eq!(store.read(&interview, Seq(u64::MAX), usize::MAX).await.unwrap(), []);
    assert_eq!(store.read(&interview, Seq(0), 0).await.unwrap(), []);
}

async fn each_interview_has_its_own_log(store: impl Events) {
    let (one, other) = (interview_id("a"), interview_id("b"));
    store.append(&one, &[focused(0), focused(1)]).await.unwrap();
    store.append(&other, &[asked(0, "hello")]).await.unwrap();
    assert_eq!(store.len(&one).await.unwrap(), Seq(2));
    assert_eq!(store.read(&other, Seq(0), 10).await.unwrap(), [asked(0, "hello")]);
}

async fn an_append_that_leaves_a_gap_is_a_conflict(store: impl Events) {
    refuses(&store, &[focused(4)]).await;
}

async fn an_append_over_the_end_is_a_conflict(store: impl Events) {
    refuses(&store, &[focused(2), focused(3)]).await;
}

async fn an_append_with_a_gap_inside_is_a_conflict(store: impl Events) {
    refuses(&store, &[focused(3), focused(5)]).await;
    refuses(&store, &[focused(3), focused(3)]).await;
}

async fn a_second_copy_of_a_fact_is_a_conflict_and_nothing_of_its_batch_is_kept(store: impl Events) {
    refuses(&store, &[sent(3, "tab-2", 0), sent(4, "tab-1", 0), sent(5, "tab-2", 1)]).await;
}

async fn a_batch_that_holds_a_fact_twice_is_a_conflict(store: impl Events) {
    refuses(&store, &[sent(3, "tab-2", 0), focused(4), sent(5, "tab-2", 0)]).await;
    let mut long = group(3, 40);
    long.push(sent(43, "tab-1", 0));
    refuses(&store, &long).await;
}

/// The log stays as it was, and goes on where it ended.
async fn refuses(store: &impl Events, batch: &[Entry]) {
    let interview = interview_id("a");
    let before = [sent(0, "tab-1", 0), sent(1, "tab-1", 1), focused(2)];
    if store.len(&interview).await.unwrap() == Seq(0) {
        store.append(&interview, &before).await.unwrap();
    }
    assert!(matches!(store.append(&interview, batch).await, Err(PortError::Conflict)));
    assert_eq!(store.read(&interview, Seq(0), 10).await.unwrap(), before);
    assert_eq!(store.len(&interview).await.unwrap(), Seq(3));
}

async fn the_same_count_of_another_tab_or_interview_is_another_fact(store: impl Events) {
    store.append(&interview_id("a"), &[sent(0, "tab-1", 0), sent(1, "tab-2", 0)]).await.unwrap();
    store.append(&interview_id("b"), &[sent(0, "tab-1", 0)]).await.unwrap();
}

async fn a_count_may_be_any_number(store: impl Events) {
    let interview = interview_id("a");
    let entries = [sent(0, "tab", u64::MAX), sent(1, "tab", u64::MAX - 1), sent(2, "tab", 1 << 63), sent(3, "tab", 0)];
    store.append(&interview, &entries).await.unwrap();
    assert_eq!(store.read(&interview, Seq(0), 10).await.unwrap(), entries);
}

async fn text_of_any_script_and_control_characters_come_back_unchanged(store: impl Events) {
    let interview = interview_id("a");
    let text = "naïve 日本語 🧑‍🚀 \u{0} \u{1b}[31m \u{7f} \u{2028} \u{fffd} \"quoted\" '; drop table events; -- \\ \r\n";
    let entries = [asked(0, text), printed(1, text)];
    store.append(&interview, &entries).await.unwrap();
    assert_eq!(store.read(&interview, Seq(0), 10).await.unwrap(), entries);
}

async fn a_mebibyte_of_text_comes_back_unchanged(store: impl Events) {
    let interview = interview_id("a");
    let entries = [printed(0, &"x\u{1b}é🧑".repeat(1 << 17)), printed(1, "$ ")];
    store.append(&interview, &entries).await.unwrap();
    assert!(store.read(&interview, Seq(0), 10).await.unwrap() == entries, "the texts differ");
}

async fn a_full_group_is_appended_at_once(store: impl Events) {
    let interview = interview_id("a");
    store.append(&interview, &group(0, 256)).await.unwrap();
    store.append(&interview, &group(256, 255)).await.unwrap();
    assert_eq!(store.len(&interview).await.unwrap(), Seq(511));
    assert_eq!(store.read(&interview, Seq(0), 1000).await.unwrap(), group(0, 511));
}

async fn of_two_writers_at_one_place_exactly_one_is_let_in<S: Events + Clone + 'static>(store: S) {
    let interview = interview_id("a");
    for round in 0..20 {
        let writers: Vec<_> = ["one", "other"]
            .into_iter()
            .map(|writer| {
                let (store, interview, batch) = (store.clone(), interview.clone(), [asked(round, writer)]);
                tokio::spawn(async move { store.append(&interview, &batch).await })
            })
            .collect();
        let mut let_in = 0;
        for writer in writers {
            match writer.await.unwrap() {
                Ok(()) => let_in += 1,
                Err(PortError::Conflict) => {}
                Err(PortError::Unavailable(why)) => panic!("{why}"),
            }
        }
        assert_eq!(let_in, 1);
        assert_eq!(store.len(&interview).await.unwrap(), Seq(round + 1));
    }
}

async fn the_log_can_be_checked(store: impl Events) {
    store.check().await.unwrap();
    store.check().await.unwrap();
}

/// Entries of every shape: with and without a source, in one batch.
fn group(from: u64, count: u64) -> Vec<Entry> {
    (from..from + count).map(|seq| if seq % 3 == 0 { asked(seq, "größer?") } else { sent(seq, "tab-1", seq) }).collect()
}
