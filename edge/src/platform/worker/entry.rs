//! What the host calls: requests, messages of the queue, the cron.

use wasm_bindgen::{JsCast, JsValue};
use worker::{Context, Env, MessageBatch, ScheduleContext, ScheduledEvent, event};

use super::{
    host, log, queue,
    service::{Outline, app, broken, call, service},
};
use crate::engine::cron;

#[event(fetch)]
async fn fetch(
    request: web_sys::Request,
    env: Env,
    _context: Context,
) -> worker::Result<web_sys::Response> {
    let joined = host::outline(&request);
    let outline = Outline::read(&joined);
    let answered = match service(&env, outline.url) {
        Ok(service) if outline.is_click() => service.click(&outline).await,
        Ok(service) => service.route(&outline, &request).await,
        Err(why) => Err(why),
    };
    let response = answered.unwrap_or_else(|why| broken(&why));
    Ok(response.unchecked_into())
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
