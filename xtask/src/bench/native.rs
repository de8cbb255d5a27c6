//! The native host: a whole click, recorded before it is answered, beside nginx's empty redirect.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::pace::{Latency, Pace};
use super::process::Server;
use super::report::{Bound, Report, Sample, median, ratio};
use super::{CONNECTIONS, PASSES, folder, free_port, nginx, wrk};
use crate::{artefacts, shell};

/// The link of the demo's referrer.
const LINK: &str = "/r/ada";

/// The set rate, a second.
const STEADY: u32 = 300;

/// How long the rate is kept up, in seconds.
const STEADY_SECONDS: u32 = 10;

/// Measures, and fails if an answered click was not recorded.
pub(super) fn measure(report: &mut Report) -> Result<()> {
    let program = shell::chapter("native binary, release", || {
        artefacts::widget(None)?;
        artefacts::native(artefacts::RELEASE)
    })?;
    let (nginx, nginx_port) = nginx::start()?;
    let data = folder("data")?;
    let (parrain, port) = start(&program, &data)?;

    let mut answered = 0;
    let (mut reference, mut product) = (Vec::new(), Vec::new());
    for pass in 1..=PASSES {
        shell::step(&format!("native, pass {pass} of {PASSES}"), || {
            reference.push(wrk::measure(&nginx, nginx_port, "/")?.0);
            let (sample, requests) = wrk::measure(&parrain, port, LINK)?;
            product.push(sample);
            answered += requests;
            Ok(())
        })?;
    }
    // wrk ends in the middle of requests, which it does not count: at most one per connection of
    // each of two runs a pass.
    let unheard = u64::try_from(2 * PASSES * CONNECTIONS)?;
    let recorded = clicks(&data)?;
    ensure!(
        answered <= recorded && recorded <= answered + unheard,
        "{answered} clicks were answered and {recorded} recorded"
    );

    let pace = Pace::steady(STEADY, STEADY_SECONDS);
    let paced = |port, path: &str| {
        let path = path.to_owned();
        shell::step(&format!("native, {STEADY} a second"), || pace.follow(port, |_| path.clone()))
    };
    let (mut reference_paced, mut product_paced) = (Vec::new(), Vec::new());
    for _ in 0..PASSES {
        reference_paced.push(paced(nginx_port, "/")?);
        product_paced.push(paced(port, LINK)?);
    }
    let reference_paced = Latency::median(reference_paced);
    let product_paced = Latency::median(product_paced);
    let sent = u64::from(pace.requests) * u64::try_from(PASSES)?;
    ensure!(clicks(&data)? == recorded + sent, "not every click at a set rate was recorded");

    report.load("nginx `return 302`, 1 worker", &reference);
    report.load("native, click", &product);
    report.paced("nginx `return 302`, set rate", STEADY, reference_paced);
    report.paced("native, click, set rate", STEADY, product_paced);
    let cpu = |passes: &[Sample]| median(passes.iter().map(|it| it.cpu));
    report.floor(
        "native: rate, of nginx's",
        ratio(&product, &reference, |it| it.rate),
        Bound::AtLeast(0.4),
    );
    report.floor("native: CPU µs per click", cpu(&product), Bound::AtMost(25.0));
    let [theirs, ours] = [reference_paced, product_paced].map(|it| wrk::micros(it.p99) / 1e3);
    // The bound is ours alone. What nginx took says whether others had the processor.
    let what = format!("native: p99 ms at {STEADY} clicks a second (nginx {theirs:.2})");
    report.floor(&what, ours, Bound::AtMost(2.0));
    Ok(())
}

fn start(program: &Path, data: &Path) -> Result<(Server, u16)> {
    let port = free_port()?;
    let mut command = shell::command(program);
    command.args(["serve", "--demo", "--port", &port.to_string(), "--data"]).arg(data);
    let server = Server::start(&mut command)?;
    server.says("parrain: owner link")?;
    Ok((server, port))
}

/// How many clicks the database holds.
fn clicks(data: &Path) -> Result<u64> {
    const READ: &str = "import sqlite3, sys; \
        print(sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM click').fetchone()[0])";
    // What was answered is there already: nothing is waited for.
    let mut python = shell::command("python3");
    let said = shell::capture(python.args(["-c", READ]).arg(data.join("parrain.db")))?;
    said.trim().parse().with_context(|| format!("{said:?} is no number"))
}
