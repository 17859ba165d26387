//! The replay as a program of its own, which is all that its page fetches.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page's script, with what the page knows of the recording.
#[wasm_bindgen]
pub fn replay(given: String) {
    app::replay::begin(given);
}
