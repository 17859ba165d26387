//! The values themselves, and how often each of them occurs.

use std::collections::HashMap;

#[derive(Debug, Default)]
pub struct Store {
    values: HashMap<String, String>,
    counts: HashMap<String, usize>,
}

impl Store {
    /// The key's value.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str)
    }

    /// Gives the key a value, or takes it away.
    pub fn put(&mut self, key: &str, value: Option<String>) {
        let before = match value {
            Some(value) => {
                *self.counts.entry(value.clone()).or_default() += 1;
                self.values.insert(key.into(), value)
            }
            None => self.values.remove(key),
        };
        if let Some(count) = before.and_then(|before| self.counts.get_mut(&before)) {
            *count -= 1;
        }
    }

    /// How many keys have this value.
    pub fn count(&self, value: &str) -> usize {
        self.counts.get(value).copied().unwrap_or(0)
    }
}
