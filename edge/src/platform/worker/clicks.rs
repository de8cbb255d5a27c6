//! Clicks are gathered per isolate and sent to the queue as packed messages.
//!
//! The buffer and its flusher live in `host.js`, so that they survive a panic of the wasm. A click
//! that dies with its isolate comes back with the visit or the lead: its token says all of it.

use wasm_bindgen::JsValue;

use super::{host, log};
use crate::store::clicks::{self, Click};

/// The recorder.
#[derive(Clone, Debug)]
pub struct Clicks(JsValue);

impl Clicks {
    /// A recorder that sends to a queue.
    #[must_use]
    pub(super) const fn new(queue: JsValue) -> Self {
        Self(queue)
    }

    /// Records a click; it is on its way when this returns.
    pub async fn record(&self, click: Click) {
        if let Err(error) = host::gather(&self.0, &clicks::row(&click)) {
            log(&format!("a click was not gathered: {}", host::message(&error)));
        }
    }
}
