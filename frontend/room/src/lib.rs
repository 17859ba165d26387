//! The room as a program of its own, which is all that its page fetches.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page's script, with the interview's id.
#[wasm_bindgen]
pub fn room(interview: String) {
    app::room::begin(interview);
}
