//! Work that goes on after the answer: the call is held until it is done.

use std::future::Future;

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;

use super::{host, log};

/// Where such work is put.
#[derive(Clone, Copy, Debug, Default)]
pub struct Background;

impl Background {
    /// Runs the work, under the call that hands it in. What must not be lost is in the outbox
    /// already.
    pub fn run(&self, work: impl Future<Output = ()> + Send + 'static) {
        let promise = future_to_promise(async {
            work.await;
            Ok(JsValue::UNDEFINED)
        });
        if let Err(error) = host::hold(&promise) {
            log(&format!("work after the answer may be cut off: {}", host::message(&error)));
        }
    }
}

/// Lets the calls that wait go first: here they do at every step of the database.
pub async fn pause() {}
