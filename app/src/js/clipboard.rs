//! The clipboard, and what is selected on the page.

use wasm_bindgen_futures::JsFuture;

/// Puts a text on the clipboard; whether the browser allowed it.
pub async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    let clipboard = window.navigator().clipboard();
    // Away from localhost and without TLS there is none.
    if clipboard.is_undefined() {
        return false;
    }
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// The text that is selected on the page.
pub fn selected_text() -> String {
    let selection = web_sys::window().and_then(|window| window.get_selection().ok().flatten());
    selection.map(|selection| String::from(selection.to_string())).unwrap_or_default()
}
