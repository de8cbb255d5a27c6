//! Work that goes on after the answer: a task of the runtime.

use std::future::Future;

/// Where such work is put.
#[derive(Clone, Copy, Debug, Default)]
pub struct Background;

impl Background {
    /// Runs the work beside the calls that follow. What must not be lost is in the outbox already.
    pub fn run(&self, work: impl Future<Output = ()> + Send + 'static) {
        tokio::spawn(work);
    }
}

/// Lets the calls that wait go first: the database is on their thread, and its work never waits.
pub async fn pause() {
    tokio::task::yield_now().await;
}
