//! Transactions: changes to the store that can be undone together.

use std::collections::BTreeMap;
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

/// What keys that a transaction has touched were before.
type Undo = BTreeMap<String, Option<String>>;

/// The store, as seen and changed through transactions.
#[derive(Debug)]
pub struct Transactions {
    store: Store,
    /// The open transactions, the innermost last.
    open: Vec<Undo>,
}

impl Transactions {
    /// No transaction is open.
    pub fn new(store: Store) -> Self {
        Self { store, open: Vec::new() }
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.store.get(key)
    }

    pub fn count(&self, value: &str) -> usize {
        self.store.count(value)
    }

    /// Gives the key a value, or takes it away.
    pub fn put(&mut self, key: &str, value: Option<String>) {
        if let Some(undo) = self.open.last_mut()
            && !undo.contains_key(key)
        {
            undo.insert(key.into(), self.store.get(key).map(String::from));
        }
        self.store.put(key, value);
    }

    /// Opens a transaction inside the current one.
    pub fn begin(&mut self) {
        self.open.push(Undo::new());
    }

    /// Undoes the innermost transaction and closes it.
    pub fn rollback(&mut self) -> Result<(), NoTransaction> {
        for (key, before) in self.open.pop().ok_or(NoTransaction)? {
            self.store.put(&key, before);
        }
        Ok(())
    }

    /// Closes the innermost transaction and keeps its changes.
    pub fn commit(&mut self) -> Result<(), NoTransaction> {
        let closed = self.open.pop().ok_or(NoTransaction)?;
        if let Some(outer) = self.open.last_mut() {
            for (key, before) in closed {
                outer.entry(key).or_insert(before);
            }
        }
        Ok(())
    }

    /// What the innermost transaction has changed, by key.
    pub fn changes(&self) -> Result<Vec<Change>, NoTransaction> {
        let undo = self.open.last().ok_or(NoTransaction)?;
        let changes = undo.iter().map(|(key, before)| {
            let now = self.store.get(key).map(String::from);
            Change { key: key.clone(), before: before.clone(), now }
        });
        Ok(changes.filter(|change| change.before != change.now).collect())
    }
}
