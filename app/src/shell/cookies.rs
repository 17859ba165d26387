//! The cookies of the product: their names, and how they are read and written.

/// The cookie of a signed-in reviewer.
pub const LOGIN: &str = "interviewlm_login";

/// The name of the cookie that opens one interview for its candidate.
pub fn candidate(interview: &str) -> String {
    format!("interviewlm_candidate_{interview}")
}

/// The value of a cookie in a `Cookie` header.
pub fn find<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    header
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// A `Set-Cookie` header: readable by no script, sent to no other site.
pub fn set(name: &str, value: &str, max_age_seconds: u64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_seconds}{secure}")
}
