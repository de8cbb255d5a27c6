//! The worker on workerd alone: what a redirect costs without Miniflare's own Worker in front.
//!
//! Queue, KV and D1 are JavaScript objects that know the link and forget the click, so that only
//! the worker's own work is measured.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use super::pace::Pace;
use super::process::Server;
use super::report::{Bound, Report, median, ratio};
use super::{PASSES, folder, free_port, wrk};
use crate::tools::node::Node;
use crate::{paths, shell};

/// The module in front of ours; the text stands where what KV keeps belongs.
const STUBS: &str = include_str!("stubs.js");
const PLACE: &str = "__KEPT__";

/// How many links a pass opens that no cache knows.
const UNKNOWN: u32 = 20_000;

/// Measures the builds of a bare Worker and of ours; `cached` is what ours keeps in KV.
pub(super) fn measure(
    report: &mut Report,
    node: &Node,
    [bare, ours]: [&Path; 2],
    cached: &Value,
) -> Result<()> {
    let stubs = STUBS.replace(PLACE, &kept(cached)?.to_string());
    let (bare, bare_port) = start(node, "workerd-bare", bare, None)?;
    let (ours, port) = start(node, "workerd", ours, Some(&stubs))?;
    let (mut reference, mut product) = (Vec::new(), Vec::new());
    for pass in 1..=PASSES {
        shell::step(&format!("workerd, pass {pass} of {PASSES}"), || {
            reference.push(wrk::measure(&bare, bare_port, "/")?.0);
            product.push(wrk::measure(&ours, port, "/r/ada")?.0);
            Ok(())
        })?;
    }
    let misses = strangers(&ours, port)?;
    report.load("workerd, bare Rust Worker", &reference);
    report.load("workerd, click", &product);
    report.only("workerd, click that misses KV", None, Some(misses));
    let cpu = ratio(&product, &reference, |it| it.cpu);
    report.floor("workerd: CPU, of a bare Worker's", cpu, Bound::AtMost(1.5));
    Ok(())
}

/// CPU time of a click on a link that neither the isolate nor KV knows, in microseconds: of the
/// worker's own work, as looking it up and keeping it cost nothing here.
fn strangers(ours: &Server, port: u16) -> Result<f64> {
    let mut found = Vec::new();
    for pass in 1..=PASSES {
        shell::step(&format!("workerd, unknown links, pass {pass} of {PASSES}"), || {
            let before = ours.cpu()?;
            Pace::rush(UNKNOWN).follow(port, |it| format!("/r/bench-{pass}-{it}"))?;
            let cpu = ours.cpu()?.saturating_sub(before);
            found.push(wrk::micros(cpu) / f64::from(UNKNOWN));
            Ok(())
        })?;
    }
    Ok(median(found.into_iter()))
}

/// The link's entry and those of campaigns, from a list of pairs.
fn kept(cached: &Value) -> Result<Value> {
    let pairs = cached.as_array().context("KV is a list of pairs")?;
    let pair = |it: &Value| Some((it.get(0)?.as_str()?.to_owned(), it.get(1)?.clone()));
    let pairs = pairs.iter().filter_map(pair);
    Ok(Value::Object(pairs.filter(|it| !it.0.starts_with("code:bench-")).collect::<Map<_, _>>()))
}

fn start(node: &Node, name: &str, build: &Path, stubs: Option<&str>) -> Result<(Server, u16)> {
    let (folder, port) = (folder(name)?, free_port()?);
    for file in ["index.js", "index_bg.wasm"] {
        fs::copy(build.join(file), folder.join(file)).with_context(|| format!("no {file}"))?;
    }
    if let Some(stubs) = stubs {
        fs::write(folder.join("stubs.js"), stubs)?;
    }
    let file = folder.join("config.capnp");
    fs::write(&file, config(&date()?, port, stubs.is_some()))?;
    let mut command = shell::command(node.workerd()?);
    let mut server = Server::start(command.arg("serve").arg(&file))?;
    server.listens(port)?;
    Ok((server, port))
}

/// The worker's compatibility date.
fn date() -> Result<String> {
    let text = fs::read_to_string(paths::root().join("edge/wrangler.toml"))?;
    let date = text.lines().find_map(|it| it.strip_prefix("compatibility_date = "));
    Ok(date.context("wrangler.toml says no date")?.into())
}

fn config(date: &str, port: u16, is_stubbed: bool) -> String {
    let stubs =
        if is_stubbed { r#"(name = "stubs.js", esModule = embed "stubs.js"),"# } else { "" };
    format!(
        r#"using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:{port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  compatibilityDate = {date},
  modules = [
    {stubs}
    (name = "index.js", esModule = embed "index.js"),
    (name = "index_bg.wasm", wasm = embed "index_bg.wasm"),
  ],
);
"#
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_kv_keeps_is_handed_on_by_key() {
        let cached = json!([["code:ada", "{}"], ["code:bench-1", "{}"], ["campaign:x", "{}"]]);
        let expected = json!({ "code:ada": "{}", "campaign:x": "{}" });
        assert_eq!(kept(&cached).unwrap(), expected);
        assert!(kept(&json!({})).is_err());
    }

    #[test]
    fn the_worker_has_a_compatibility_date() {
        assert!(date().unwrap().starts_with('"'));
    }
}
