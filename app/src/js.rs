//! JavaScript behind Rust types: one per library, loaded when a page first needs it. Nothing here knows a room or a replay.

pub mod address;
pub mod clipboard;
pub mod download;
pub mod editor;
pub mod http;
pub mod page;
pub mod storage;
pub mod terminal;

use wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// The language's own `import(…)`: a module is fetched once, whoever asks.
    #[wasm_bindgen(js_name = "import")]
    fn import_module(path: &str) -> js_sys::Promise;
}

/// A library could not be loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a part of the page could not be loaded: {0}")]
pub struct LoadError(String);

/// Loads a module of `public/vendor/` and takes it for what `M` says it exports.
async fn load<M: JsCast>(path: &str) -> Result<M, LoadError> {
    let module = JsFuture::from(import_module(path)).await.map_err(|thrown| LoadError(told(&thrown)))?;
    Ok(module.unchecked_into())
}

/// What a thrown value says.
fn told(thrown: &JsValue) -> String {
    let message = thrown.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    message.unwrap_or_else(|| "the script did not say why".to_owned())
}
