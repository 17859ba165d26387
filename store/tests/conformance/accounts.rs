//! Accounts and signed-in browsers.

use service::ports::catalog::Account;
use service::ports::{Catalog, PortError};

use super::samples::{account, login};

on_every_store! {
    an_account_is_found_by_its_address_and_its_id,
    an_account_put_again_keeps_its_id_and_changes_its_name_and_hash,
    another_account_of_the_same_id_is_a_conflict,
    another_password_signs_out_that_account_and_no_other,
    the_password_of_nobody_cannot_be_replaced,
    a_login_is_found_until_it_expires,
    a_login_put_again_lasts_longer,
    a_login_of_nobody_is_refused,
    signing_out_forgets_that_browser_and_the_expired_ones,
}

async fn an_account_is_found_by_its_address_and_its_id(store: impl Catalog) {
    let ada = account("1", "ada@example.org");
    store.put_account(&ada).await.unwrap();
    assert_eq!(store.account_by_email("ada@example.org").await.unwrap(), Some(ada.clone()));
    assert_eq!(store.account("1").await.unwrap(), Some(ada));
    assert_eq!(store.account_by_email("bob@example.org").await.unwrap(), None);
    assert_eq!(store.account("2").await.unwrap(), None);
}

async fn an_account_put_again_keeps_its_id_and_changes_its_name_and_hash(store: impl Catalog) {
    let first = account("1", "ada@example.org");
    store.put_account(&first).await.unwrap();
    let again = Account {
        name: "A'da".to_owned(),
        password_hash: "new".to_owned(),
        created_at: 5,
        ..account("2", &first.email)
    };
    store.put_account(&again).await.unwrap();
    let expected = Account { name: again.name, password_hash: again.password_hash, ..first };
    assert_eq!(store.account("1").await.unwrap(), Some(expected));
    assert_eq!(store.account("2").await.unwrap(), None);
}

async fn another_account_of_the_same_id_is_a_conflict(store: impl Catalog) {
    store.put_account(&account("1", "ada@example.org")).await.unwrap();
    let refused = store.put_account(&account("1", "bob@example.org")).await;
    assert!(matches!(refused, Err(PortError::Conflict)));
}

async fn another_password_signs_out_that_account_and_no_other(store: impl Catalog) {
    let ada = account("1", "ada@example.org");
    let bob = account("2", "bob@example.org");
    for (account, token_hashes) in [(&ada, ["laptop", "phone"]), (&bob, ["desk", "sofa"])] {
        store.put_account(account).await.unwrap();
        for token_hash in token_hashes {
            store.put_login(&login(token_hash, &account.id, 100)).await.unwrap();
        }
    }
    store.replace_password("1", "new").await.unwrap();
    assert_eq!(store.account("1").await.unwrap(), Some(Account { password_hash: "new".to_owned(), ..ada }));
    assert_eq!(store.account("2").await.unwrap(), Some(bob));
    for (token_hash, is_there) in [("laptop", false), ("phone", false), ("desk", true), ("sofa", true)] {
        assert_eq!(store.login(token_hash, 0).await.unwrap().is_some(), is_there, "{token_hash}");
    }
}

async fn the_password_of_nobody_cannot_be_replaced(store: impl Catalog) {
    let refused = store.replace_password("nobody", "new").await;
    assert!(matches!(refused, Err(PortError::Unavailable(_))));
}

async fn a_login_is_found_until_it_expires(store: impl Catalog) {
    store.put_account(&account("1", "ada@example.org")).await.unwrap();
    store.put_login(&login("hash", "1", 100)).await.unwrap();
    assert_eq!(store.login("hash", 99).await.unwrap(), Some(login("hash", "1", 100)));
    assert_eq!(store.login("hash", 100).await.unwrap(), None);
    assert_eq!(store.login("hash", u64::MAX).await.unwrap(), None);
    assert_eq!(store.login("other", 0).await.unwrap(), None);
}

async fn a_login_put_again_lasts_longer(store: impl Catalog) {
    store.put_account(&account("1", "ada@example.org")).await.unwrap();
    store.put_login(&login("hash", "1", 100)).await.unwrap();
    store.put_login(&login("hash", "1", 200)).await.unwrap();
    assert_eq!(store.login("hash", 150).await.unwrap(), Some(login("hash", "1", 200)));
}

async fn a_login_of_nobody_is_refused(store: impl Catalog) {
    let refused = store.put_login(&login("hash", "nobody", 100)).await;
    assert!(matches!(refused, Err(PortError::Unavailable(_))));
}

async fn signing_out_forgets_that_browser_and_the_expired_ones(store: impl Catalog) {
    store.put_account(&account("1", "ada@example.org")).await.unwrap();
    for (token_hash, expires_at) in [("leaving", 100), ("expired", 50), ("staying", 51)] {
        store.put_login(&login(token_hash, "1", expires_at)).await.unwrap();
    }
    store.remove_login("leaving", 50).await.unwrap();
    assert_eq!(store.login("leaving", 0).await.unwrap(), None);
    assert_eq!(store.login("expired", 0).await.unwrap(), None);
    assert!(store.login("staying", 0).await.unwrap().is_some());
}
