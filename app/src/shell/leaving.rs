//! Leaving a page for one that starts afresh.

/// Opens another page of ours in a document of its own, with its own policy, and lets nobody come back to this one. On
/// the server it does nothing.
pub fn open_afresh(address: &str) {
    #[cfg(feature = "browser")]
    crate::js::page::go_to(address);
    #[cfg(not(feature = "browser"))]
    let _ = address;
}
