//! The link cache beyond the isolate: KV. What fails is logged and asked of the database.

use wasm_bindgen::JsValue;
use worker::send::SendFuture;

use super::{host, log};

/// How long a text is kept, in seconds.
const LIFE: u32 = 300;

/// The cache.
#[derive(Clone, Debug)]
pub struct LinkStore(JsValue);

impl LinkStore {
    /// A cache in a namespace.
    #[must_use]
    pub(super) const fn new(links: JsValue) -> Self {
        Self(links)
    }

    /// What is kept under a key.
    pub async fn read(&self, key: &str) -> Option<String> {
        match SendFuture::new(host::read(&self.0, key)).await {
            Ok(kept) => kept.as_string(),
            Err(error) => {
                log(&format!("the link cache did not answer: {}", host::message(&error)));
                None
            }
        }
    }

    /// Keeps a text for a while. Nobody waits for it.
    pub async fn keep(&self, key: &str, text: &str) {
        if let Err(error) = host::keep(&self.0, key, text, LIFE) {
            log(&format!("the link cache took nothing: {}", host::message(&error)));
        }
    }
}
