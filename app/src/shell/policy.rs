//! What a page's scripts and styles may do, said to the browser with every page.

use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::request::Parts;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

/// Sets the page's content security policy. Only scripts with this answer's nonce run; nothing is loaded from elsewhere.
pub fn set() {
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
    let path = use_context::<Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
    // Monaco and xterm.js write styles that cannot carry a nonce; the pages that hold them allow inline styles.
    let style = if holds_editors(&path) { "'self' 'unsafe-inline'" } else { "'self'" };
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src {style}; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'{}; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
        reloading()
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}

/// Whether that address is a room's or a replay's.
fn holds_editors(path: &str) -> bool {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    matches!(segments[..], ["interview" | "replay", _])
}

/// While a developer watches, the page also listens for the next build.
fn reloading() -> &'static str {
    match option_env!("LEPTOS_WATCH") {
        Some(_) => " ws://127.0.0.1:3001 ws://localhost:3001",
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_room_and_the_replay_may_style_inline() {
        for path in ["/interview/1", "/interview/1/", "/replay/1"] {
            assert!(holds_editors(path), "{path}");
        }
        for path in ["/", "/login", "/dashboard", "/interview/start/secret", "/interview/1/done"] {
            assert!(!holds_editors(path), "{path}");
        }
    }
}
