//! What a page's scripts and styles may do, said to the browser with every page.

use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

/// Sets the page's content security policy. Only scripts with this answer's nonce run; nothing is loaded from elsewhere.
pub fn set(holds_editors: bool) {
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
    // Monaco and xterm.js write styles that cannot carry a nonce; the pages that hold them allow inline styles.
    let style = if holds_editors { "'self' 'unsafe-inline'" } else { "'self'" };
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

/// While a developer watches, the page also listens for the next build.
fn reloading() -> &'static str {
    match option_env!("LEPTOS_WATCH") {
        Some(_) => " ws://127.0.0.1:3001 ws://localhost:3001",
        None => "",
    }
}
