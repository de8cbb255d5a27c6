//! Packed clicks, from the queue into the table.

use serde::de::IgnoredAny;
use wasm_bindgen::JsValue;
use worker::{MessageBatch, MessageExt, QueueRetryOptionsBuilder, RawMessage};

use super::log;
use crate::{app::App, sql::DbError, store::clicks};

/// How long a message waits for its next attempt, in seconds.
const DELAY: u32 = 5;

/// Records the clicks of a batch of messages. Each message is settled by itself: what cannot be
/// recorded now comes again, what never can be is logged and dropped.
pub(super) async fn record(app: &App, batch: &MessageBatch<JsValue>) {
    let mut messages = Vec::new();
    for message in batch.raw_iter() {
        match packed(&message) {
            Some(text) => messages.push((message, text)),
            None => drop_poison(&message, "it holds no rows"),
        }
    }
    // One batch for all, which is quick, and one for each only where one of them is poison.
    match insert(app, &messages).await {
        Err(DbError::Constraint) => {
            for pair in messages {
                let one = [pair];
                let inserted = insert(app, &one).await;
                settle(&one, &inserted);
            }
        }
        inserted => settle(&messages, &inserted),
    }
}

/// The rows of a message, if it is a JSON array of arrays.
fn packed(message: &RawMessage) -> Option<String> {
    let text = message.body().as_string()?;
    serde_json::from_str::<Vec<Vec<IgnoredAny>>>(&text).is_ok().then_some(text)
}

async fn insert(app: &App, messages: &[(RawMessage, String)]) -> Result<(), DbError> {
    if messages.is_empty() {
        return Ok(());
    }
    app.db.batch(messages.iter().map(|it| clicks::insert_packed(&it.1)).collect()).await
}

fn settle(messages: &[(RawMessage, String)], inserted: &Result<(), DbError>) {
    if let Err(DbError::Failed(text)) = inserted {
        log(&format!("clicks not recorded yet: {text}"));
    }
    for (message, _) in messages {
        match inserted {
            Ok(()) => message.ack(),
            Err(DbError::Constraint) => drop_poison(message, "its rows break a constraint"),
            Err(DbError::Failed(_)) => {
                let options = QueueRetryOptionsBuilder::new().with_delay_seconds(DELAY).build();
                message.retry_with_options(&options);
            }
        }
    }
}

fn drop_poison(message: &RawMessage, why: &str) {
    log(&format!("a message of clicks was dropped: {why}"));
    message.ack();
}
