//! The page's address: what it asks for, and what it says for whoever copies or reloads it.

use wasm_bindgen::JsValue;

/// The whole address, up to the question mark.
pub fn without_query() -> String {
    let Some(location) = web_sys::window().map(|window| window.location()) else { return String::new() };
    format!("{}{}", location.origin().unwrap_or_default(), location.pathname().unwrap_or_default())
}

/// Puts another query, `?` and all, behind the page's path, without leaving a step behind to go back to.
pub fn replace_query(query: &str) {
    let Some(window) = web_sys::window() else { return };
    let (Ok(history), Ok(path)) = (window.history(), window.location().pathname()) else { return };
    // The router keeps something there; it stays.
    let state = history.state().unwrap_or(JsValue::NULL);
    let _ = history.replace_state_with_url(&state, "", Some(&format!("{path}{query}")));
}
