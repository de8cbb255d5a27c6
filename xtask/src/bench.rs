//! `cargo xtask bench`: load and latency of both hosts.

use anyhow::{Result, bail};

use crate::tools::debian;

/// Runs the benchmark.
pub(crate) fn run(_options: &[String]) -> Result<()> {
    debian::ensure(&[debian::NGINX, debian::WRK])?;
    bail!("there is no benchmark yet")
}
