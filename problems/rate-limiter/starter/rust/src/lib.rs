use interview::record;

record! {
    /// One call to the API.
    #[derive(Clone, Debug)]
    pub struct Request {
        pub at: i64,
        pub client: String,
        pub cost: i64,
    }
}

/// Decides on each request: 0 to accept it, the milliseconds to wait, or -1 for never.
///
/// `limit` is what each client may spend in one window of `window_ms` milliseconds.
pub fn rate_limit(limit: i64, window_ms: i64, requests: &[Request]) -> Vec<i64> {
    Vec::new()
}
