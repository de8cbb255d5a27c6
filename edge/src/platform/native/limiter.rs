//! Counters per key and minute, in the process.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use shared::time::Timestamp;

/// So many calls per key and minute.
#[derive(Debug)]
pub struct Limiter {
    per_minute: u32,
    counts: Mutex<(i64, HashMap<String, u32>)>,
}

impl Limiter {
    /// A limiter for `per_minute` calls per key.
    #[must_use]
    pub fn new(per_minute: u32) -> Self {
        Self { per_minute, counts: Mutex::default() }
    }

    /// Counts a call; whether it may pass.
    pub async fn admits(&self, key: &str, now: Timestamp) -> bool {
        let minute = now.0.div_euclid(60_000);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.0 != minute {
            *counts = (minute, HashMap::new());
        }
        let count = counts.1.entry(key.into()).or_default();
        *count = count.saturating_add(1);
        *count <= self.per_minute
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_key_has_its_own_minute() {
        let limiter = Limiter::new(2);
        let at = |ms| Timestamp(ms);
        assert!(limiter.admits("a", at(0)).await);
        assert!(limiter.admits("a", at(59_999)).await);
        assert!(!limiter.admits("a", at(59_999)).await);
        assert!(limiter.admits("b", at(59_999)).await);
        assert!(limiter.admits("a", at(60_000)).await);
    }
}
