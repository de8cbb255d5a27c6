//! Counters per key and minute: a rate-limiting binding, which counts per location.

use shared::time::Timestamp;
use wasm_bindgen::JsValue;
use worker::send::SendFuture;

use super::{host, log};

/// So many calls per key and minute, as the binding says.
#[derive(Debug)]
pub struct Limiter(Option<JsValue>);

impl Limiter {
    /// A limiter by a binding; without one, all may pass.
    #[must_use]
    pub(super) const fn new(limit: Option<JsValue>) -> Self {
        Self(limit)
    }

    /// Counts a call; whether it may pass. A limit that cannot be asked stops nobody.
    pub async fn admits(&self, key: &str, _now: Timestamp) -> bool {
        let Some(limit) = &self.0 else { return true };
        match SendFuture::new(host::admits(limit, key)).await {
            Ok(admitted) => admitted.as_bool().unwrap_or(true),
            Err(error) => {
                log(&format!("a rate limit did not answer: {}", host::message(&error)));
                true
            }
        }
    }
}
