//! Whether this server can do what it is for: append an event and sync it.

use std::sync::Arc;
use std::time::Duration;

use service::ports::{Events, PortError};
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How long one answer serves everybody who asks: anybody may, and each check is a write with a sync.
const FRESH: Duration = Duration::from_secs(1);

/// Asks the log, but not more often than once a second.
#[derive(Clone, Default)]
pub struct Health(Arc<Mutex<Option<(Instant, bool)>>>);

impl Health {
    /// Whether an event can be appended and synced, as of at most a second ago. Those who ask meanwhile wait for the same
    /// answer.
    pub async fn check(&self, events: &dyn Events) -> Result<(), PortError> {
        let mut last = self.0.lock().await;
        if let Some((at, is_well)) = *last
            && at.elapsed() < FRESH
        {
            return if is_well {
                Ok(())
            } else {
                Err(PortError::Unavailable("the log failed a moment ago".to_owned()))
            };
        }
        let found = events.check().await;
        *last = Some((Instant::now(), found.is_ok()));
        found
    }
}
