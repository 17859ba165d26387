//! Reviewers' accounts and their signed-in browsers. Passwords and tokens arrive here as hashes.

use service::ports::catalog::{Account, Login};
use sqlx::SqlitePool;

use crate::columns::{number, read_number};
use crate::database::Store;
use crate::fault::Fault;

const BY_EMAIL: &str = "select id, email, name, password_hash, created_at from accounts where email = $1";

const BY_ID: &str = "select id, email, name, password_hash, created_at from accounts where id = $1";

const PUT: &str = "
insert into accounts (id, email, name, password_hash, created_at)
values ($1, $2, $3, $4, $5)
on conflict (email) do update set name = excluded.name, password_hash = excluded.password_hash";

const REPLACE_PASSWORD: &str = "update accounts set password_hash = $2 where id = $1";

const REMOVE_LOGINS_OF: &str = "delete from logins where account = $1";

const LOGIN: &str = "select token_hash, account, expires_at from logins where token_hash = $1 and expires_at > $2";

const PUT_LOGIN: &str = "
insert into logins (token_hash, account, expires_at)
values ($1, $2, $3)
on conflict (token_hash) do update set account = excluded.account, expires_at = excluded.expires_at";

const REMOVE_LOGIN: &str = "delete from logins where token_hash = $1 or expires_at <= $2";

pub(crate) async fn by_email(pool: &SqlitePool, email: &str) -> Result<Option<Account>, Fault> {
    let row: Option<AccountRow> = sqlx::query_as(BY_EMAIL).bind(email).fetch_optional(pool).await?;
    row.map(AccountRow::into_account).transpose()
}

pub(crate) async fn by_id(pool: &SqlitePool, id: &str) -> Result<Option<Account>, Fault> {
    let row: Option<AccountRow> = sqlx::query_as(BY_ID).bind(id).fetch_optional(pool).await?;
    row.map(AccountRow::into_account).transpose()
}

/// Adds an account, or replaces the name and hash of the one with the same address.
pub(crate) async fn put(pool: &SqlitePool, account: &Account) -> Result<(), Fault> {
    sqlx::query(PUT)
        .bind(&account.id)
        .bind(&account.email)
        .bind(&account.name)
        .bind(&account.password_hash)
        .bind(number(account.created_at))
        .execute(pool)
        .await?;
    Ok(())
}

/// Gives an account another password. Whoever signed in with the one before is signed out.
pub(crate) async fn replace_password(store: &Store, account: &str, password_hash: &str) -> Result<(), Fault> {
    let mut writing = store.begin().await?;
    let replaced = sqlx::query(REPLACE_PASSWORD).bind(account).bind(password_hash).execute(&mut *writing).await?;
    if replaced.rows_affected() == 0 {
        return Err(Fault::Absent("account", account.to_owned()));
    }
    sqlx::query(REMOVE_LOGINS_OF).bind(account).execute(&mut *writing).await?;
    Ok(writing.commit().await?)
}

/// The signed-in browser with that token's hash, when not expired at `now`.
pub(crate) async fn login(pool: &SqlitePool, token_hash: &str, now: u64) -> Result<Option<Login>, Fault> {
    let row: Option<LoginRow> = sqlx::query_as(LOGIN).bind(token_hash).bind(number(now)).fetch_optional(pool).await?;
    row.map(LoginRow::into_login).transpose()
}

/// Remembers a signed-in browser, or until when it is.
pub(crate) async fn put_login(pool: &SqlitePool, login: &Login) -> Result<(), Fault> {
    sqlx::query(PUT_LOGIN)
        .bind(&login.token_hash)
        .bind(&login.account)
        .bind(number(login.expires_at))
        .execute(pool)
        .await?;
    Ok(())
}

/// Forgets a signed-in browser, and all that have expired at `now`.
pub(crate) async fn remove_login(pool: &SqlitePool, token_hash: &str, now: u64) -> Result<(), Fault> {
    sqlx::query(REMOVE_LOGIN).bind(token_hash).bind(number(now)).execute(pool).await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    id: String,
    email: String,
    name: String,
    password_hash: String,
    created_at: i64,
}

impl AccountRow {
    fn into_account(self) -> Result<Account, Fault> {
        Ok(Account {
            id: self.id,
            email: self.email,
            name: self.name,
            password_hash: self.password_hash,
            created_at: read_number("created_at", self.created_at)?,
        })
    }
}

#[derive(sqlx::FromRow)]
struct LoginRow {
    token_hash: String,
    account: String,
    expires_at: i64,
}

impl LoginRow {
    fn into_login(self) -> Result<Login, Fault> {
        Ok(Login {
            token_hash: self.token_hash,
            account: self.account,
            expires_at: read_number("expires_at", self.expires_at)?,
        })
    }
}
