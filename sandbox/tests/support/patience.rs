//! How long tests wait for what must come.

use std::time::Duration;

use tokio::time::timeout;

/// Longer than anything takes that is not broken, on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// Waits for what must come.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.expect("it does not take that long")
}
