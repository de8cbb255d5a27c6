//! What `host.js` does for us, in as few crossings as there can be.

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
}

/// What an exception says.
pub(super) fn message(error: &JsValue) -> String {
    let said = error.dyn_ref::<js_sys::Error>().map(|it| String::from(it.message()));
    said.or_else(|| error.as_string()).unwrap_or_else(|| "an exception without a message".into())
}
