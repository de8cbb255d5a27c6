//! Waiting for a condition, with a deadline: stories never sleep and hope.

use std::thread;
use std::time::{Duration, Instant};

/// How long a story waits for anything.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The moment the call is made: stories measure real time.
#[expect(clippy::disallowed_methods, reason = "stories run in real time")]
pub fn now() -> Instant {
    Instant::now()
}

/// The first value that `attempt` finds.
///
/// It panics, naming `what` was missing, when [`PATIENCE`] has run out.
#[track_caller]
pub fn eventually<T>(what: &str, attempt: impl FnMut() -> Option<T>) -> T {
    match within(PATIENCE, attempt) {
        Some(value) => value,
        None => panic!("waited {PATIENCE:?} in vain for {what}"),
    }
}

/// The first value that `attempt` finds within a time.
pub fn within<T>(time: Duration, mut attempt: impl FnMut() -> Option<T>) -> Option<T> {
    let start = now();
    loop {
        if let Some(value) = attempt() {
            return Some(value);
        }
        if start.elapsed() > time {
            return None;
        }
        thread::sleep(Duration::from_millis(25));
    }
}
