//! Assessments.

use interview::question::Language;
use interview::session::Capture;
use service::ports::catalog::{Assessment, AssistantMode};
use service::ports::{Catalog, PortError};

use super::samples::assessment;

on_every_store! {
    an_assessment_is_read_back_whole,
    an_assessment_may_hold_nothing_or_everything,
    assessments_are_listed_newest_first,
    an_assessment_is_added_once,
}

async fn an_assessment_is_read_back_whole(store: impl Catalog) {
    let backend = assessment("1", "Backend, \"senior\" — 50%");
    store.put_assessment(&backend).await.unwrap();
    assert_eq!(store.assessment("1").await.unwrap(), Some(backend));
    assert_eq!(store.assessment("2").await.unwrap(), None);
}

async fn an_assessment_may_hold_nothing_or_everything(store: impl Catalog) {
    let nothing = Assessment {
        problems: Vec::new(),
        languages: Vec::new(),
        required_consents: Vec::new(),
        minutes: 0,
        assistant: AssistantMode::Off,
        ..assessment("1", "")
    };
    let everything = Assessment {
        languages: Language::ALL.to_vec(),
        required_consents: Capture::ALL.to_vec(),
        minutes: u32::MAX,
        budget_messages: u32::MAX,
        budget_microusd: i64::MAX as u64,
        assistant: AssistantMode::Agent,
        ..assessment("2", "All")
    };
    for kept in [nothing, everything] {
        store.put_assessment(&kept).await.unwrap();
        assert_eq!(store.assessment(&kept.id).await.unwrap(), Some(kept));
    }
}

async fn assessments_are_listed_newest_first(store: impl Catalog) {
    assert_eq!(store.assessments().await.unwrap(), []);
    for (id, created_at) in [("a", 10), ("b", 30), ("c", 20), ("d", 20)] {
        store.put_assessment(&Assessment { created_at, ..assessment(id, "One of many") }).await.unwrap();
    }
    let listed: Vec<String> = store.assessments().await.unwrap().into_iter().map(|row| row.id).collect();
    assert_eq!(listed, ["b", "d", "c", "a"]);
}

async fn an_assessment_is_added_once(store: impl Catalog) {
    store.put_assessment(&assessment("1", "First")).await.unwrap();
    let refused = store.put_assessment(&assessment("1", "Second")).await;
    assert!(matches!(refused, Err(PortError::Conflict)));
    assert_eq!(store.assessment("1").await.unwrap().unwrap().title, "First");
}
