//! What `host.js` does for us, in as few crossings as there can be.

use http::{HeaderMap, HeaderName, HeaderValue};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/platform/worker/host.js")]
extern "C" {
    pub(super) fn outline(request: &JsValue) -> String;
    pub(super) fn headers(request: &JsValue) -> String;
    #[wasm_bindgen(catch)]
    pub(super) async fn body(request: &JsValue, most: u32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) fn redirect(location: &str, cookie: Option<&str>) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) fn respond(status: u16, headers: &str, body: &[u8]) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) fn hold(promise: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) async fn all(db: &JsValue, sql: &str, args: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) async fn batch(db: &JsValue, statements: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) async fn read(links: &JsValue, key: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) fn keep(links: &JsValue, key: &str, text: &str, seconds: u32)
    -> Result<(), JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) async fn admits(limit: &JsValue, key: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) fn gather(queue: &JsValue, row: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) async fn mail(binding: &JsValue, message: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) async fn ask(
        method: &str,
        url: &str,
        headers: &str,
        body: &[u8],
        most: u32,
        patience: u32,
    ) -> Result<JsValue, JsValue>;
}

/// Headers as `host.js` takes them: names and values by turns.
pub(super) fn joined(headers: &HeaderMap) -> String {
    let mut joined = String::new();
    for (name, value) in headers {
        let Ok(value) = value.to_str() else { continue };
        for text in [name.as_str(), "\0", value, "\0"] {
            joined.push_str(text);
        }
    }
    joined
}

/// Headers as `host.js` hands them out, if they are some by the book.
pub(super) fn split(joined: &str) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    let mut texts = joined.split('\0');
    while let (Some(name), Some(value)) = (texts.next(), texts.next()) {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        headers.append(name, HeaderValue::from_bytes(value.as_bytes()).ok()?);
    }
    Some(headers)
}

/// What an exception says.
pub(super) fn message(error: &JsValue) -> String {
    let said = error.dyn_ref::<js_sys::Error>().map(|it| String::from(it.message()));
    said.or_else(|| error.as_string()).unwrap_or_else(|| "an exception without a message".into())
}
