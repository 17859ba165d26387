//! Invitations, and taking them up: once, by whoever comes first.

use service::ports::catalog::{Interview, Invitation, Taken};
use service::ports::{Catalog, PortError};

use super::samples::{assessment, interview, interview_id, invitation, start};

on_every_store! {
    an_invitation_is_found_by_its_token,
    invitations_are_listed_by_assessment_newest_first,
    an_invitation_is_added_once,
    an_invitation_to_nothing_is_refused,
    taking_an_invitation_stores_its_interview,
    a_second_taking_answers_the_first_interview_and_stores_nothing,
    an_unknown_invitation_cannot_be_taken,
    an_invitation_whose_interview_cannot_be_stored_stays_open,
    of_many_takers_at_once_exactly_one_is_first,
}

async fn an_invitation_is_found_by_its_token(store: impl Catalog) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    let known = Invitation { email: None, ..invitation("hash", "1") };
    store.put_invitation(&known).await.unwrap();
    assert_eq!(store.invitation("hash").await.unwrap(), Some(known));
    assert_eq!(store.invitation("HASH").await.unwrap(), None);
}

async fn invitations_are_listed_by_assessment_newest_first(store: impl Catalog) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    store.put_assessment(&assessment("2", "Frontend")).await.unwrap();
    for (token_hash, assessment, created_at) in [("a", "1", 10), ("c", "1", 30), ("b", "1", 30), ("d", "2", 20)] {
        let known = Invitation { created_at, ..invitation(token_hash, assessment) };
        store.put_invitation(&known).await.unwrap();
    }
    let listed: Vec<String> = store.invitations("1").await.unwrap().into_iter().map(|row| row.token_hash).collect();
    assert_eq!(listed, ["b", "c", "a"]);
    assert_eq!(store.invitations("3").await.unwrap(), []);
}

async fn an_invitation_is_added_once(store: impl Catalog) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    store.put_invitation(&invitation("hash", "1")).await.unwrap();
    assert!(matches!(store.put_invitation(&invitation("hash", "1")).await, Err(PortError::Conflict)));
}

async fn an_invitation_to_nothing_is_refused(store: impl Catalog) {
    let refused = store.put_invitation(&invitation("hash", "nothing")).await;
    assert!(matches!(refused, Err(PortError::Unavailable(_))));
    assert_eq!(store.invitation("hash").await.unwrap(), None);
}

async fn taking_an_invitation_stores_its_interview(store: impl Catalog) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    store.put_invitation(&invitation("hash", "1")).await.unwrap();
    let started = interview("i", "1");
    assert_eq!(store.take_invitation("hash", &started).await.unwrap(), Taken::Now);
    assert_eq!(store.interview(&started.id).await.unwrap(), Some(started.clone()));
    assert_eq!(store.invitation("hash").await.unwrap().unwrap().interview, Some(started.id));
}

async fn a_second_taking_answers_the_first_interview_and_stores_nothing(store: impl Catalog) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    store.put_invitation(&invitation("hash", "1")).await.unwrap();
    store.take_invitation("hash", &interview("first", "1")).await.unwrap();
    let second = store.take_invitation("hash", &interview("second", "1")).await.unwrap();
    assert_eq!(second, Taken::Before(interview_id("first")));
    assert_eq!(store.interview(&interview_id("second")).await.unwrap(), None);
}

async fn an_unknown_invitation_cannot_be_taken(store: impl Catalog) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    let refused = store.take_invitation("hash", &interview("i", "1")).await;
    assert!(matches!(refused, Err(PortError::Unavailable(_))));
    assert_eq!(store.interview(&interview_id("i")).await.unwrap(), None);
}

async fn an_invitation_whose_interview_cannot_be_stored_stays_open(store: impl Catalog) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    store.put_invitation(&invitation("hash", "1")).await.unwrap();
    start(&store, &interview("taken", "1")).await;

    let same_id = store.take_invitation("hash", &interview("taken", "1")).await;
    assert!(matches!(same_id, Err(PortError::Conflict)));
    let of_nothing = store.take_invitation("hash", &interview("i", "nothing")).await;
    assert!(matches!(of_nothing, Err(PortError::Unavailable(_))));

    assert_eq!(store.invitation("hash").await.unwrap().unwrap().interview, None);
    assert_eq!(store.take_invitation("hash", &interview("i", "1")).await.unwrap(), Taken::Now);
}

async fn of_many_takers_at_once_exactly_one_is_first<S: Catalog + Clone + 'static>(store: S) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    store.put_invitation(&invitation("hash", "1")).await.unwrap();
    let takers: Vec<_> = (0..8)
        .map(|taker| {
            let store = store.clone();
            let started = Interview { candidate: format!("taker {taker}"), ..interview(&format!("i{taker}"), "1") };
            tokio::spawn(async move { (store.take_invitation("hash", &started).await.unwrap(), started.id) })
        })
        .collect();

    let (mut first, mut later) = (Vec::new(), Vec::new());
    for taker in takers {
        match taker.await.unwrap() {
            (Taken::Now, own) => first.push(own),
            (Taken::Before(other), _) => later.push(other),
        }
    }
    assert_eq!(first.len(), 1);
    assert_eq!(later, vec![first[0].clone(); 7]);
}
