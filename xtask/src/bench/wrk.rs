//! `wrk`: as many requests as a server answers.

use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::process::Server;
use super::report::Sample;
use super::{AGENT, CONNECTIONS};
use crate::shell;

/// How long a server is warmed up before it is measured, in seconds.
const WARM_UP: u32 = 2;

/// How long it is measured, in seconds.
const MEASURED: u32 = 6;

/// Measures one server; also says how many requests it answered in all.
pub(super) fn measure(server: &Server, port: u16, path: &str) -> Result<(Sample, u64)> {
    let warm = run(port, path, WARM_UP)?;
    let before = server.cpu()?;
    let load = run(port, path, MEASURED)?;
    let cpu = server.cpu()?.saturating_sub(before);
    let sample = Sample {
        rate: load.rate,
        cpu: micros(cpu) / count(load.requests),
        p50: micros(load.p50),
        p99: micros(load.p99),
    };
    Ok((sample, warm.requests + load.requests))
}

/// A span in microseconds.
pub(super) fn micros(span: Duration) -> f64 {
    span.as_secs_f64() * 1e6
}

#[expect(clippy::cast_precision_loss, reason = "nobody sends 2^53 requests")]
pub(super) fn count(requests: u64) -> f64 {
    requests as f64
}

fn run(port: u16, path: &str, seconds: u32) -> Result<Load> {
    let said = shell::capture(
        shell::command("wrk")
            .args(["-t1", &format!("-c{CONNECTIONS}"), &format!("-d{seconds}s"), "--latency"])
            .args(["-H", &format!("User-Agent: {AGENT}")])
            .arg(format!("http://127.0.0.1:{port}{path}")),
    )?;
    ensure!(!said.contains("Non-2xx"), "errors were answered:\n{said}");
    Load::read(&said).with_context(|| format!("wrk said:\n{said}"))
}

/// What wrk says at its end.
#[derive(Debug, PartialEq)]
struct Load {
    requests: u64,
    rate: f64,
    p50: Duration,
    p99: Duration,
}

impl Load {
    fn read(said: &str) -> Option<Self> {
        let after =
            |mark: &str| said.lines().find_map(|it| it.trim().strip_prefix(mark)).map(str::trim);
        let requests = said.lines().find(|it| it.contains(" requests in "))?;
        Some(Self {
            requests: requests.split_whitespace().next()?.parse().ok()?,
            rate: after("Requests/sec:")?.parse().ok()?,
            p50: span(after("50%")?)?,
            p99: span(after("99%")?)?,
        })
    }
}

/// A span as wrk writes it: `178.00us`, `5.61ms`, `1.20s`.
fn span(text: &str) -> Option<Duration> {
    let unit = text.find(|it: char| it.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at_checked(unit)?;
    let unit = match unit {
        "us" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        "m" => 60.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(number.parse::<f64>().ok()? * unit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_wrk_says_is_understood() {
        let said = "Running 6s test @ http://127.0.0.1:1/\n  1 threads and 16 connections\n\
            \x20 Latency Distribution\n     50%  178.00us\n     75%    1.00ms\n     99%    5.61ms\n\
            \x20 98876 requests in 2.10s, 38.38MB read\nRequests/sec:  47083.81\n";
        let expected = Load {
            requests: 98_876,
            rate: 47_083.81,
            p50: Duration::from_micros(178),
            p99: Duration::from_micros(5_610),
        };
        assert_eq!(Load::read(said), Some(expected));
        assert_eq!(Load::read("unable to connect"), None);
        assert_eq!(span("1.5s"), Some(Duration::from_millis(1_500)));
        assert_eq!(span("1.5h"), None);
    }
}
