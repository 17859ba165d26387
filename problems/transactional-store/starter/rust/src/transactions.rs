//! Transactions: changes to the store that can be undone together.

use std::fmt;

use crate::store::Store;

/// No transaction is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoTransaction;

impl fmt::Display for NoTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NO TRANSACTION")
    }
}

/// A key whose value is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub key: String,
    pub before: Option<String>,
    pub now: Option<String>,
}

/// The store, as seen and changed through transactions.
#[derive(Debug)]
pub struct Transactions {
    store: Store,
}

impl Transactions {
    /// No transaction is open.
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.store.get(key)
    }

    pub fn count(&self, value: &str) -> usize {
        self.store.count(value)
    }

    /// Gives the key a value, or takes it away.
    pub fn put(&mut self, key: &str, value: Option<String>) {
        self.store.put(key, value);
    }

    /// Opens a transaction inside the current one.
    pub fn begin(&mut self) {}

    /// Undoes the innermost transaction and closes it.
    pub fn rollback(&mut self) -> Result<(), NoTransaction> {
        Err(NoTransaction)
    }

    /// Closes the innermost transaction and keeps its changes.
    pub fn commit(&mut self) -> Result<(), NoTransaction> {
        Err(NoTransaction)
    }

    /// What the innermost transaction has changed, by key.
    pub fn changes(&self) -> Result<Vec<Change>, NoTransaction> {
        Err(NoTransaction)
    }
}
