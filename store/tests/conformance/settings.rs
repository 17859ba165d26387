//! Settings of the server's own.

use service::ports::Catalog;

on_every_store! {
    a_setting_is_put_once_and_holds,
    of_many_who_put_a_setting_at_once_all_are_told_the_same,
}

async fn a_setting_is_put_once_and_holds(store: impl Catalog) {
    assert_eq!(store.setting("key").await.unwrap(), None);
    assert_eq!(store.put_setting("key", "first").await.unwrap(), "first");
    assert_eq!(store.put_setting("key", "second").await.unwrap(), "first");
    assert_eq!(store.setting("key").await.unwrap().as_deref(), Some("first"));
    assert_eq!(store.put_setting("other", "").await.unwrap(), "");
    assert_eq!(store.setting("other").await.unwrap().as_deref(), Some(""));
}

async fn of_many_who_put_a_setting_at_once_all_are_told_the_same<S: Catalog + Clone + 'static>(store: S) {
    let putting: Vec<_> = (0..8)
        .map(|value| {
            let store = store.clone();
            tokio::spawn(async move { store.put_setting("key", &value.to_string()).await.unwrap() })
        })
        .collect();
    let holding = all_of(putting).await;
    assert!(holding.iter().all(|value| *value == holding[0]), "{holding:?}");
    assert_eq!(store.setting("key").await.unwrap().as_ref(), Some(&holding[0]));
}

async fn all_of(tasks: Vec<tokio::task::JoinHandle<String>>) -> Vec<String> {
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}
