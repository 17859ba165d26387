//! Asking this server for data.

use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The server cannot be reached.
    #[error("the server cannot be reached")]
    Unreachable,
    /// It answers with another status than 200.
    #[error("the server answers with status {0}")]
    Status(u16),
    /// It answers something else than was asked for.
    #[error("the answer cannot be read")]
    Unreadable,
}

/// What the server has at that address, read from JSON.
pub async fn get_json<T: DeserializeOwned>(address: &str) -> Result<T, FetchError> {
    let window = web_sys::window().ok_or(FetchError::Unreachable)?;
    let answer = JsFuture::from(window.fetch_with_str(address)).await.map_err(|_| FetchError::Unreachable)?;
    let answer: web_sys::Response = answer.unchecked_into();
    if !answer.ok() {
        return Err(FetchError::Status(answer.status()));
    }
    let text = JsFuture::from(answer.text().map_err(|_| FetchError::Unreadable)?).await;
    let text = text.ok().and_then(|text| text.as_string()).ok_or(FetchError::Unreachable)?;
    serde_json::from_str(&text).map_err(|_| FetchError::Unreadable)
}
