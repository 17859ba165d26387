//! Where the browser starts: it takes over the page that the server rendered. While one develops it also draws the room and
//! the replay, which a release has as programs of their own.

#![recursion_limit = "512"]

use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page's script.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}

#[cfg(feature = "rooms")]
#[wasm_bindgen]
/// Called once by a room's script, with the interview's id.
pub fn room(interview: String) {
    app::room::begin(interview);
}

#[cfg(feature = "rooms")]
#[wasm_bindgen]
/// Called once by a replay's script, with what the page knows of the recording.
pub fn replay(given: String) {
    app::replay::begin(given);
}
