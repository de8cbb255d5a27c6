//! The one place where native code reads the clock and draws entropy.

use std::{
    sync::{Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use shared::time::Timestamp;

/// The present instant.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// How many seeds one system call brings: it costs more than the bytes that it fills.
const DRAWN_AHEAD: usize = 128;

/// Seeds that nobody has taken yet.
static POOL: Mutex<Vec<[u8; 32]>> = Mutex::new(Vec::new());

/// Thirty-two bytes from the operating system, handed out once.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that draws entropy")]
pub fn seed() -> [u8; 32] {
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(seed) = pool.pop() {
        return seed;
    }
    let mut drawn = [[0; 32]; DRAWN_AHEAD];
    getrandom::fill(drawn.as_flattened_mut()).expect("the operating system has entropy");
    let [seed, rest @ ..] = drawn;
    pool.extend(rest);
    seed
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_seed_is_handed_out_twice() {
        let seeds: HashSet<_> = (0..3 * DRAWN_AHEAD).map(|_| seed()).collect();
        assert_eq!(seeds.len(), 3 * DRAWN_AHEAD);
    }
}
