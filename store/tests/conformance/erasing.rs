//! Erasing an interview: all of it or nothing, and nothing else.

use interview::Seq;
use service::ports::catalog::{Erasure, Interview, InterviewState};
use service::ports::{Catalog, Events, PortError};

use super::samples::{asked, assessment, focused, interview, interview_id, invitation, start};

on_every_store! {
    an_interview_that_has_ended_is_erased_whole_and_others_stay,
    an_interview_that_has_not_ended_is_not_erased,
    an_unknown_interview_is_told,
    whoever_still_writes_to_an_erased_log_is_refused,
}

fn in_state(id: &str, state: InterviewState) -> Interview {
    Interview { state, ..interview(id, "1") }
}

async fn an_interview_that_has_ended_is_erased_whole_and_others_stay(store: impl Catalog + Events) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    store.put_invitation(&invitation("nobody's", "1")).await.unwrap();
    for id in ["i", "j"] {
        start(&store, &in_state(id, InterviewState::Ended)).await;
        store.append(&interview_id(id), &[asked(0, "why?"), focused(1)]).await.unwrap();
    }
    let erased = store.erase_interview(&interview_id("i")).await.unwrap();
    assert_eq!(erased, Erasure::Done { events: 2, invitations: 1 });
    assert_eq!(store.interview(&interview_id("i")).await.unwrap(), None);
    assert_eq!(store.read(&interview_id("i"), Seq(0), 9).await.unwrap(), []);
    assert_eq!(store.len(&interview_id("i")).await.unwrap(), Seq(0));
    assert_eq!(store.invitation("token of i").await.unwrap(), None);
    assert_eq!(store.erase_interview(&interview_id("i")).await.unwrap(), Erasure::Unknown);

    assert!(store.interview(&interview_id("j")).await.unwrap().is_some());
    assert_eq!(store.read(&interview_id("j"), Seq(0), 9).await.unwrap(), [asked(0, "why?"), focused(1)]);
    assert_eq!(store.invitations("1").await.unwrap().len(), 2);
}

async fn an_interview_that_has_not_ended_is_not_erased(store: impl Catalog + Events) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    for (id, state) in [("i", InterviewState::Running), ("j", InterviewState::Submitted)] {
        start(&store, &in_state(id, state)).await;
        store.append(&interview_id(id), &[focused(0)]).await.unwrap();
        assert_eq!(store.erase_interview(&interview_id(id)).await.unwrap(), Erasure::StillOpen);
        assert_eq!(store.read(&interview_id(id), Seq(0), 9).await.unwrap(), [focused(0)]);
        assert_eq!(store.interview(&interview_id(id)).await.unwrap(), Some(in_state(id, state)));
    }
    assert_eq!(store.invitations("1").await.unwrap().len(), 2);
}

async fn an_unknown_interview_is_told(store: impl Catalog) {
    assert_eq!(store.erase_interview(&interview_id("i")).await.unwrap(), Erasure::Unknown);
}

async fn whoever_still_writes_to_an_erased_log_is_refused(store: impl Catalog + Events) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    start(&store, &in_state("i", InterviewState::Ended)).await;
    store.append(&interview_id("i"), &[focused(0)]).await.unwrap();
    store.erase_interview(&interview_id("i")).await.unwrap();
    let late = store.append(&interview_id("i"), &[focused(1)]).await;
    assert!(matches!(late, Err(PortError::Conflict)));
    assert_eq!(store.len(&interview_id("i")).await.unwrap(), Seq(0));
}
