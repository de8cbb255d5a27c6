//! Clicks are recorded before they are answered, many in one transaction.
//!
//! Calls push their row and wait; the recorder, a task on the same thread, runs when all calls that
//! were ready have pushed, and commits what has gathered. Answered = recorded, also across SIGKILL.
//! A click that the database refuses comes back with the visit or the lead: its token says all of it.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, oneshot};

use super::{Db, log};
use crate::{
    sql::Statement,
    store::clicks::{self, Click},
};

/// A row on its way, and who waits for it.
type Waiting = (Statement, oneshot::Sender<()>);

/// The recorder.
#[derive(Clone, Debug)]
pub struct Clicks(Arc<Gathered>);

#[derive(Debug, Default)]
struct Gathered {
    rows: Mutex<Vec<Waiting>>,
    wake: Notify,
}

impl Clicks {
    /// Starts the recorder on the current runtime.
    #[must_use]
    pub fn start(db: Db) -> Self {
        let gathered = Arc::<Gathered>::default();
        tokio::spawn(record(db, Arc::clone(&gathered)));
        Self(gathered)
    }

    /// Records a click; the answer may be sent when this returns.
    pub async fn record(&self, click: Click) {
        let (done, recorded) = oneshot::channel();
        let first = {
            let mut rows = self.0.rows.lock().unwrap_or_else(PoisonError::into_inner);
            rows.push((clicks::insert(click), done));
            rows.len() == 1
        };
        if first {
            self.0.wake.notify_one();
        }
        // Without the recorder there is nothing to wait for.
        let _ = recorded.await;
    }
}

async fn record(db: Db, gathered: Arc<Gathered>) {
    loop {
        gathered.wake.notified().await;
        let waiting =
            std::mem::take(&mut *gathered.rows.lock().unwrap_or_else(PoisonError::into_inner));
        let (rows, done): (Vec<_>, Vec<_>) = waiting.into_iter().unzip();
        if let Err(error) = db.commit(&rows) {
            log(&format!("clicks not recorded: {error}"));
        }
        for done in done {
            // Who hung up does not wait any more.
            let _ = done.send(());
        }
    }
}
