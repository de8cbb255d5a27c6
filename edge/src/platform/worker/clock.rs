//! The one place where the worker reads the clock and draws entropy.

use shared::time::Timestamp;

/// The present instant, as far as the host tells it: between two waits it stands still.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
#[expect(clippy::cast_possible_truncation, reason = "milliseconds stay below 2^53")]
pub fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as i64)
}

/// Thirty-two bytes from `crypto.getRandomValues`.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that draws entropy")]
pub fn seed() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the host has entropy");
    bytes
}
