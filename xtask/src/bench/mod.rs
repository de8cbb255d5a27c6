//! `cargo xtask bench`: what a click costs, beside what an empty redirect costs on the same host,
//! what the reward engine costs, beside what SQLite costs by itself, and what a page with our tag costs,
//! beside the page alone.
//!
//! Reference and product take turns in three passes, and what counts is the median: of ratios
//! within a pass where a floor is a ratio, so that a busy machine slows both. CPU is user and system
//! time of all processes of a server, from procfs.

mod engine;
mod http;
mod miniflare;
mod native;
mod nginx;
mod pace;
mod process;
mod report;
mod widget;
mod workerd;
mod wrk;

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::paths;
use crate::tools::debian;
use report::Report;

/// How often reference and product take turns.
const PASSES: usize = 3;

/// A browser of people: without it a click is a robot's, and costs less.
const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
    Chrome/156.0.0.0 Safari/537.36";

/// How many connections are kept alive.
const CONNECTIONS: usize = 16;

/// Runs the benchmark.
pub(crate) fn run(options: &[String]) -> Result<()> {
    let Options { hosts, check } = parse(options)?;
    let mut report = Report::default();
    if hosts.iter().any(|it| matches!(it, Host::Native | Host::Worker)) {
        debian::ensure(&[debian::NGINX, debian::WRK])?;
    }
    if hosts.contains(&Host::Engine) {
        engine::measure(&mut report)?;
    }
    if hosts.contains(&Host::Native) {
        native::measure(&mut report)?;
    }
    if hosts.contains(&Host::Worker) {
        miniflare::measure(&mut report)?;
    }
    if hosts.contains(&Host::Widget) {
        widget::measure(&mut report)?;
    }
    print!("{}", report.table());
    if check { report.check() } else { Ok(()) }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Host {
    /// The reward engine on the native host.
    Engine,
    Native,
    /// A page in a browser.
    Widget,
    Worker,
}

struct Options {
    hosts: Vec<Host>,
    check: bool,
}

fn parse(options: &[String]) -> Result<Options> {
    let mut parsed = Options { hosts: Vec::new(), check: false };
    for option in options {
        match option.as_str() {
            "--check" => parsed.check = true,
            "engine" => parsed.hosts.push(Host::Engine),
            "native" => parsed.hosts.push(Host::Native),
            "widget" => parsed.hosts.push(Host::Widget),
            "worker" => parsed.hosts.push(Host::Worker),
            other => bail!("bench takes engine, native, widget, worker and --check, not {other}"),
        }
    }
    if parsed.hosts.is_empty() {
        parsed.hosts = vec![Host::Engine, Host::Native, Host::Worker, Host::Widget];
    }
    Ok(parsed)
}

/// An empty folder of the benchmark.
fn folder(name: &str) -> Result<PathBuf> {
    let folder = paths::target().join("bench").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// A port that nobody listens on.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(options: &[&str], expected: Option<(&[Host], bool)>) {
        let options: Vec<String> = options.iter().map(ToString::to_string).collect();
        let found = parse(&options).ok();
        let found = found.as_ref().map(|it| (it.hosts.as_slice(), it.check));
        assert_eq!(found, expected);
    }

    #[test]
    fn all_is_measured_unless_one_is_named() {
        check(&[], Some((&[Host::Engine, Host::Native, Host::Worker, Host::Widget], false)));
        check(&["engine"], Some((&[Host::Engine], false)));
        check(&["widget"], Some((&[Host::Widget], false)));
        check(&["worker", "--check"], Some((&[Host::Worker], true)));
        check(&["--quick"], None);
    }
}
