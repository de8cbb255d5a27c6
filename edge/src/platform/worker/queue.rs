//! Packed clicks, from the queue into the table.

use serde::de::IgnoredAny;
use shared::time::Span;
use wasm_bindgen::JsValue;
use worker::{MessageBatch, MessageExt, QueueRetryOptionsBuilder, RawMessage};

use super::{log, now};
use crate::{app::App, sql::DbError, store::clicks};

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
                let wait = u32::try_from(clicks::patience(age(message)).0 / 1000);
                let options = QueueRetryOptionsBuilder::new()
                    .with_delay_seconds(wait.unwrap_or_default())
                    .build();
                message.retry_with_options(&options);
            }
        }
    }
}

/// How long ago a message was sent.
fn age(message: &RawMessage) -> Span {
    let sent = i64::try_from(message.timestamp().as_millis()).unwrap_or(i64::MAX);
    Span(now().0.saturating_sub(sent))
}

fn drop_poison(message: &RawMessage, why: &str) {
    log(&format!("a message of clicks was dropped: {why}"));
    message.ack();
}
