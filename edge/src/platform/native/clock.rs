//! The one place where native code reads the clock and draws entropy.

use std::time::{SystemTime, UNIX_EPOCH};

use shared::time::Timestamp;

/// The present instant.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Thirty-two bytes from the operating system.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that draws entropy")]
pub fn seed() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system has entropy");
    bytes
}
