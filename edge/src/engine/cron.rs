//! Due work, in bounded bites; any run may be repeated or overlap with another.

use crate::{
    app::App,
    call::Call,
    engine::jobs,
    platform::{log, pause},
    sql::DbError,
    store::{clicks, jobs as outbox, owner, salts},
};

/// The most steps of the roll-up in one run.
const FOLDS: usize = 200;

/// Does what is due now.
pub async fn run(app: &App, call: &Call) {
    jobs::run_due(app, call).await;
    if let Err(error) = tables(app, call).await {
        log(&format!("the cron failed: {error}"));
    }
}

async fn tables(app: &App, call: &Call) -> Result<(), DbError> {
    for _ in 0..FOLDS {
        if !clicks::fold(&app.db, call.now).await? {
            break;
        }
        pause().await;
    }
    let mut batch = clicks::prune(call.now);
    batch.extend([salts::forget(call.now.day()), outbox::prune(call.now)]);
    batch.extend(outbox::bury(call.now));
    batch.extend(owner::forget(call.now));
    app.db.batch(batch).await
}
