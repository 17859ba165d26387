//! What happens without anybody asking.

use std::sync::Arc;
use std::time::Duration;

use service::Service;

/// How often overdue interviews are looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(5);

/// Ends interviews whose time is up while nobody is in them. Runs until the task is dropped.
pub async fn end_overdue(service: Arc<Service>) {
    let mut tick = tokio::time::interval(SWEEP_EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(error) = service.rooms.end_overdue().await {
            tracing::warn!(%error, "overdue interviews could not be looked for");
        }
    }
}
