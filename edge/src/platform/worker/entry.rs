//! What the host calls: requests, messages of the queue, the cron.

use std::{
    future::Future,
    task::{self, Poll, Waker},
};

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;
use worker::{Context, Env, MessageBatch, ScheduleContext, ScheduledEvent, event};

use super::{
    host, log,
    outline::Outline,
    queue,
    service::{app, broken, call, service},
};
use crate::engine::cron;

/// A request. Most clicks need no wait: their answer is handed out as it is, without the promise
/// that `#[event(fetch)]` makes for every request, which costs them a tenth of their time.
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "what JavaScript calls is public to wasm-bindgen")]
pub fn fetch(request: JsValue, env: JsValue, _context: JsValue) -> JsValue {
    let mut answer = Box::pin(answer(request, env));
    match answer.as_mut().poll(&mut task::Context::from_waker(Waker::noop())) {
        Poll::Ready(response) => response,
        Poll::Pending => future_to_promise(async { Ok(answer.await) }).into(),
    }
}

async fn answer(request: JsValue, env: JsValue) -> JsValue {
    let joined = host::outline(&request);
    let outline = Outline::read(&joined);
    let answered = match service(&env, outline.url) {
        Ok(service) if outline.is_click() => service.click(&outline).await,
        Ok(service) => service.route(&outline, &request).await,
        Err(why) => Err(why),
    };
    answered.unwrap_or_else(|why| broken(&why))
}

#[event(queue)]
async fn queue(batch: MessageBatch<JsValue>, env: Env, _context: Context) -> worker::Result<()> {
    match app(&env) {
        Ok(app) => queue::record(&app, &batch).await,
        Err(why) => {
            log(&why);
            batch.retry_all();
        }
    }
    // An error would end the isolate's other calls, too.
    Ok(())
}

#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    match app(&env) {
        Ok(app) => cron::run(&app, &call("")).await,
        Err(why) => log(&why),
    }
}
