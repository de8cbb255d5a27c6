//! A client that sends at set times, whether the server keeps up or not.

use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::CONNECTIONS;
use super::http::Connection;
use crate::shell;

/// How many requests are sent, and the time from one to the next.
pub(super) struct Pace {
    pub(super) requests: u32,
    apart: Duration,
}

/// The median and the 99th percentile of what requests took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Latency {
    pub(super) p50: Duration,
    pub(super) p99: Duration,
}

impl Pace {
    /// So many requests a second, for so many seconds.
    pub(super) fn steady(per_second: u32, seconds: u32) -> Self {
        Self { requests: per_second * seconds, apart: Duration::from_secs(1) / per_second }
    }

    /// So many requests, each as soon as a connection is free.
    pub(super) fn rush(requests: u32) -> Self {
        Self { requests, apart: Duration::ZERO }
    }

    /// Follows the links, and fails unless each redirects.
    ///
    /// What a request took counts from the time at which it was due, so that a server that stalls
    /// pays for those that had to wait.
    pub(super) fn follow(&self, port: u16, path: impl Fn(u32) -> String + Sync) -> Result<Latency> {
        let path = &path;
        // Connections are opened before the first request is due.
        let start = shell::now() + Duration::from_millis(100);
        let took = thread::scope(|scope| {
            let clients: Vec<_> = (0..self.requests)
                .take(CONNECTIONS)
                .map(|first| {
                    scope.spawn(move || {
                        let mut connection = Connection::open(port)?;
                        let mut took = Vec::new();
                        for request in (first..self.requests).step_by(CONNECTIONS) {
                            let due = start + self.apart * request;
                            thread::sleep(due.saturating_duration_since(shell::now()));
                            let status = connection.get(&path(request))?;
                            ensure!(status == 302, "a link answered {status}");
                            took.push(shell::now().saturating_duration_since(due));
                        }
                        Ok(took)
                    })
                })
                .collect();
            let ended = clients.into_iter().map(|it| it.join().expect("a client does not panic"));
            ended.collect::<Result<Vec<_>>>()
        })?;
        Ok(Latency::of(took.concat()))
    }
}

impl Latency {
    /// The pass whose 99th percentile is the one in the middle.
    pub(super) fn median(mut passes: Vec<Self>) -> Self {
        passes.sort_unstable_by_key(|it| it.p99);
        let none = Self { p50: Duration::ZERO, p99: Duration::ZERO };
        passes.get(passes.len() / 2).copied().unwrap_or(none)
    }

    fn of(mut took: Vec<Duration>) -> Self {
        took.sort_unstable();
        let at = |percent: usize| {
            took.get((took.len() * percent / 100).min(took.len().saturating_sub(1))).copied()
        };
        Self { p50: at(50).unwrap_or_default(), p99: at(99).unwrap_or_default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_occurred() {
        let took: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
        let expected = Latency { p50: Duration::from_millis(101), p99: Duration::from_millis(199) };
        assert_eq!(Latency::of(took), expected);
        assert_eq!(Latency::of(vec![]).p99, Duration::ZERO);
    }
}
