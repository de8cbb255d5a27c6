//! The worker in Miniflare, with all its bindings: a click beside a bare Rust Worker's redirect.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::pace::Pace;
use super::process::Server;
use super::report::{Bound, Report, median, ratio};
use super::wrk::{self, count, micros};
use super::{PASSES, free_port, http, workerd};
use crate::tools::node::Node;
use crate::{artefacts, e2e, shell};

/// The link of the demo's referrer. The bare Worker is asked for it too: what Miniflare does before
/// a Worker is reached, such as to look for a static file, depends on the path.
const LINK: &str = "/r/ada";

/// How many links a pass opens that no cache knows.
const UNKNOWN: u32 = 3_000;

/// How many clicks a message holds, and how many messages a batch: as in production.
const PACKED: [u32; 2] = [100, 10];

/// How many batches a pass drains.
const BATCHES: u32 = 30;

/// A Worker in Miniflare.
struct Miniflare {
    server: Server,
    port: u16,
    control: u16,
}

/// Measures in Miniflare, and then on workerd alone.
pub(super) fn measure(report: &mut Report) -> Result<()> {
    let node = Node::ready()?;
    let (ours, bare) = shell::chapter("worker, and a bare one", || {
        artefacts::widget(Some(&node))?;
        Ok((artefacts::worker(&node)?, artefacts::bare_worker(&node)?))
    })?;
    let cached = {
        let bare = Miniflare::start(&node, &bare)?;
        let ours = Miniflare::start(&node, &ours)?;
        // The first page seeds the demo.
        http::once(ours.port, "GET", "/", "")?;
        clicks(report, &bare, &ours)?;
        strangers(report, &ours)?;
        drain(report, &ours)?;
        ours.ask("/kv", &json!({}))?
    };
    workerd::measure(report, &node, [&bare, &ours], &cached)
}

/// Clicks on a link that the isolate knows.
fn clicks(report: &mut Report, bare: &Miniflare, ours: &Miniflare) -> Result<()> {
    let (mut reference, mut product) = (Vec::new(), Vec::new());
    for pass in 1..=PASSES {
        shell::step(&format!("Miniflare, pass {pass} of {PASSES}"), || {
            reference.push(wrk::measure(&bare.server, bare.port, LINK)?.0);
            product.push(wrk::measure(&ours.server, ours.port, LINK)?.0);
            Ok(())
        })?;
    }
    report.load("Miniflare, bare Rust Worker", &reference);
    report.load("Miniflare, click", &product);
    let rate = ratio(&product, &reference, |it| it.rate);
    let cpu = ratio(&product, &reference, |it| it.cpu);
    report.floor("Miniflare: rate, of a bare Worker's", rate, Bound::AtLeast(0.75));
    report.floor("Miniflare: CPU, of a bare Worker's", cpu, Bound::AtMost(1.4));
    Ok(())
}

/// Clicks on links that neither the isolate nor KV knows.
fn strangers(report: &mut Report, ours: &Miniflare) -> Result<()> {
    let passes = u32::try_from(PASSES)?;
    ours.sql(
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)
         INSERT INTO code (code, campaign, participant, created_at)
         SELECT 'bench-' || i, campaign, participant, 1 FROM n, code WHERE code = 'ada'",
        &json!([UNKNOWN * passes]),
    )?;
    let mut found = Vec::new();
    for pass in 0..passes {
        shell::step(&format!("Miniflare, unknown links, pass {} of {PASSES}", pass + 1), || {
            let before = ours.server.cpu()?;
            let first = pass * UNKNOWN;
            Pace::rush(UNKNOWN).follow(ours.port, |it| format!("/r/bench-{}", first + it))?;
            let cpu = ours.server.cpu()?.saturating_sub(before);
            found.push(micros(cpu) / f64::from(UNKNOWN));
            Ok(())
        })?;
    }
    let cpu = median(found.into_iter());
    report.only("Miniflare, click that misses KV", None, Some(cpu));
    report.floor("Miniflare: CPU µs per click that misses KV", cpu, Bound::AtMost(700.0));
    Ok(())
}

/// Packed clicks from the queue's consumer into D1.
fn drain(report: &mut Report, ours: &Miniflare) -> Result<()> {
    let [clicks, messages] = PACKED;
    let mut found = Vec::new();
    for pass in 0..u32::try_from(PASSES)? {
        shell::step(&format!("Miniflare, queue to D1, pass {} of {PASSES}", pass + 1), || {
            let batches: Vec<Value> =
                (0..BATCHES).map(|it| batch(pass * BATCHES + it, messages, clicks)).collect();
            let before = ours.recorded()?;
            let started = shell::now();
            for batch in &batches {
                ours.ask("/queue", batch)?;
            }
            let took = started.elapsed().as_secs_f64();
            let recorded = ours.recorded()? - before;
            ensure!(recorded == u64::from(BATCHES * messages * clicks), "{recorded} were recorded");
            found.push(count(recorded) / took);
            Ok(())
        })?;
    }
    let rate = median(found.into_iter());
    report.only("Miniflare, clicks from queue to D1", Some(rate), None);
    report.floor("Miniflare: clicks a second from queue to D1", rate, Bound::AtLeast(1e4));
    Ok(())
}

/// Messages as the worker packs them, with ids that sort by time.
fn batch(number: u32, messages: u32, clicks: u32) -> Value {
    let row = |message: u32, click: u32| {
        let place = (number * messages + message) * clicks + click;
        let id = format!("0bench{place:020}");
        let visitor = format!("{place:016x}");
        json!([id, "bench", "ada", "email", "PERSON", visitor, 1_790_000_000_000_u64])
    };
    let message =
        |message| Value::Array((0..clicks).map(|click| row(message, click)).collect()).to_string();
    json!({ "messages": (0..messages).map(message).collect::<Vec<_>>() })
}

impl Miniflare {
    /// Starts a built Worker with the bindings of ours: both pay for the same surroundings.
    fn start(node: &Node, build: &Path) -> Result<Self> {
        let (port, control) = (free_port()?, free_port()?);
        let mut command = node.command(&node.program);
        command
            .args(["tests/miniflare.mjs", "--tied", "--demo", "--port", &port.to_string()])
            .args(["--foreign-port", &free_port()?.to_string()])
            .args(["--control-port", &control.to_string()])
            .envs(e2e::worker_variables(node))
            .env("PARRAIN_WORKER_BUILD", build);
        let server = Server::start(&mut command)?;
        server.says("parrain: listening on")?;
        Ok(Self { server, port, control })
    }

    fn ask(&self, path: &str, question: &Value) -> Result<Value> {
        let answer = http::once(self.control, "POST", path, &question.to_string())?;
        serde_json::from_str(&answer).with_context(|| format!("{path} answered {answer}"))
    }

    fn sql(&self, sql: &str, params: &Value) -> Result<Value> {
        self.ask("/sql", &json!({ "sql": sql, "params": params }))
    }

    /// How many of our own clicks are recorded.
    fn recorded(&self) -> Result<u64> {
        let rows =
            self.sql("SELECT count(*) AS n FROM click WHERE campaign = 'bench'", &json!([]))?;
        rows.pointer("/0/n").and_then(Value::as_u64).context("a count is a number")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_holds_messages_of_rows_with_ids_of_their_own() {
        let text = |number| batch(number, 2, 2)["messages"][1].as_str().unwrap().to_owned();
        let rows: Value = serde_json::from_str(&text(0)).unwrap();
        assert_eq!(rows[1][0], "0bench00000000000000000003");
        assert_eq!(rows[1].as_array().unwrap().len(), 7);
        assert_ne!(text(0), text(1));
    }
}
