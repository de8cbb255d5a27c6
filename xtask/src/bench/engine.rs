//! The reward engine on the native host: a decision, orders that pay both sides, what is due.
//!
//! Orders are told by 16 clients at once to a process that is killed in the middle: every order that
//! it had answered must be in its file, with both rewards, and how many it answered in a second is
//! what counts. Beside them SQLite alone writes as many rows in a transaction as an order does.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::process::Server;
use super::report::{Bound, Report, median};
use super::{PASSES, folder};
use crate::{artefacts, paths, shell};

/// How many participants a small campaign has, and a large one.
const PEOPLE: [u32; 2] = [20_000, 1_000_000];

/// How long orders are told before the process is killed.
const LOAD: Duration = Duration::from_secs(4);

/// Friends of the campaign whose process is killed: more than can order in that time.
const FRIENDS: u32 = 120_000;

/// What orders cost: medians of passes with 16 clients.
struct Orders {
    cpu: f64,
    /// How many there are to a bare transaction.
    to_bare: f64,
}

/// Measures, and fails if an order that was answered is not in the file of a killed process.
pub(super) fn measure(report: &mut Report) -> Result<()> {
    let program = shell::chapter("benchmark of the engine", program)?;
    let decisions = of("decision", &figures(&program, &["decision"])?)?;
    ensure!(decisions.len() == 2, "a decision is measured with 1 and 20 conditions a rule");
    let at_most = |report: &mut Report, what: &str, found, most| {
        report.floor(&format!("engine: {what}"), found, Bound::AtMost(most));
    };
    at_most(report, "decision µs, 20 rules, 20 conditions", decisions[0], 10.0);

    let mut rates = Vec::new();
    for pass in 1..=PASSES {
        let what = format!("orders until SIGKILL, pass {pass} of {PASSES}");
        rates.push(shell::step(&what, || killed(&program))?);
    }
    let rate = median(rates.into_iter());
    report.only("order, 16 clients, until SIGKILL", Some(rate), None);
    let what = "engine: orders a second, durable across SIGKILL";
    report.floor(what, rate, Bound::AtLeast(3_000.0));

    let small = orders(report, &program, PEOPLE[0])?;
    let large = orders(report, &program, PEOPLE[1])?;
    let what = "CPU of an order, 1,000,000 people to 20,000";
    at_most(report, what, large.cpu / small.cpu, 1.5);
    for it in shell::step("what is due", || figures(&program, &["due"]))? {
        let name = it["due"].as_str().context("a kind of due work")?;
        let micros = it["micros"].as_f64().context("its time")?;
        report.only(&format!("due: {name}"), Some(1e6 / micros), it["cpu"].as_f64());
        at_most(report, &format!("µs of one due {name}"), micros, 300.0);
    }
    let referrers = shell::step("referrers", || figures(&program, &["referrers"]))?;
    let referrers = of("referrer", &referrers)?;
    ensure!(referrers.len() == 2, "a referrer is measured with 10 and 10,000 rewards");
    let what = "a referrer of 10,000 rewards to one of 10";
    at_most(report, what, referrers[1] / referrers[0], 1.5);
    println!("a decision by 20 rules with 20 conditions each takes {:.1} µs", decisions[1]);
    println!("orders to bare transactions: {:.2} and {:.2}", small.to_bare, large.to_bare);
    Ok(())
}

/// Measures orders in a campaign with so many people.
fn orders(report: &mut Report, program: &Path, people: u32) -> Result<Orders> {
    let number = people.to_string();
    let (mut rate, mut cpu, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    for clients in ["1", "16", "16", "16"] {
        let what = format!("orders, {people} people, clients: {clients}");
        let told = shell::step(&what, || figures(program, &["orders", &number, clients]))?;
        rate.extend(of("orders", &told)?);
        cpu.extend(of("cpu", &told)?);
        bare.extend(of("bare", &told)?);
    }
    let name = |clients: &str| format!("order, {people} people, {clients}");
    report.only(&name("1 client"), Some(rate.remove(0)), Some(cpu.remove(0)));
    bare.remove(0);
    let to_bare = median(rate.iter().zip(&bare).map(|(ours, theirs)| ours / theirs));
    let [rate, cpu, bare] = [rate, cpu, bare].map(|it| median(it.into_iter()));
    report.only(&name("16 clients"), Some(rate), Some(cpu));
    report.only("SQLite, a transaction of as many rows", Some(bare), None);
    Ok(Orders { cpu, to_bare })
}

/// Builds the benchmark and returns its path. Most of the time is SQLite's, which is built alike in
/// every profile that is optimised.
fn program() -> Result<PathBuf> {
    let mut build = shell::cargo(&format!(
        "build --package edge --bench engine --profile {} --message-format json",
        artefacts::SERVE
    ));
    let told = shell::capture(&mut build)?;
    let built = told.lines().filter_map(|it| serde_json::from_str::<Value>(it).ok());
    let mut programs = built
        .filter(|it| it["target"]["name"] == "engine")
        .filter_map(|it| Some(PathBuf::from(it["executable"].as_str()?)));
    programs.next().context("cargo built no benchmark")
}

/// What the benchmark tells, a value a line.
fn figures(program: &Path, words: &[&str]) -> Result<Vec<Value>> {
    let mut command = shell::command(program);
    // Its files lie where those of the service would, and not in memory.
    command.args(words).env("TMPDIR", folder("engine")?);
    let told = shell::capture(&mut command)?;
    told.lines().map(|it| serde_json::from_str(it).context("a line of JSON")).collect()
}

/// The figures of one name.
fn of(name: &str, told: &[Value]) -> Result<Vec<f64>> {
    let found: Vec<f64> = told.iter().filter_map(|it| it[name].as_f64()).collect();
    ensure!(!found.is_empty(), "the benchmark told no {name}");
    Ok(found)
}

/// How many orders a process answered in a second before it was killed.
fn killed(program: &Path) -> Result<f64> {
    let data = folder("killed")?;
    let mut command = shell::command(program);
    command.arg("load").arg(&data).args([(2 * FRIENDS).to_string(), FRIENDS.to_string()]);
    let mut server = Server::start(&mut command)?;
    server.says("ready")?;
    let started = shell::now();
    thread::sleep(LOAD);
    let took = started.elapsed();
    let mut answered = server.kill()?;
    // The last line may have been cut off, and so be another's number.
    answered.pop();
    ensure!(u32::try_from(answered.len())? < FRIENDS - 16, "too few friends for this machine");
    let list = paths::target().join("bench/answered");
    std::fs::write(&list, answered.join("\n"))?;
    let missing = missing(&data, &list)?;
    ensure!(missing == 0, "{missing} of {} answered orders are not recorded", answered.len());
    let answered = f64::from(u32::try_from(answered.len())?);
    Ok(answered / took.as_secs_f64())
}

/// How many of the answered orders are not whole in the file: the order, its credit, both rewards, and
/// the decision.
fn missing(data: &Path, answered: &Path) -> Result<u64> {
    const READ: &str = "import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
whole = {number for (number,) in db.execute('''
    SELECT n.number FROM conversion_number AS n
      JOIN conversion AS c ON c.id = n.conversion
      JOIN referral AS r ON r.campaign = c.campaign AND r.friend = c.participant
                        AND r.conversion = c.id AND r.outcome = 'AWARDED'
     WHERE 2 = (SELECT count(*) FROM reward WHERE friend = c.participant)
       AND 1 = (SELECT count(*) FROM decision WHERE participant = c.participant)''')}
assert db.execute('PRAGMA integrity_check').fetchone() == ('ok',)
print(len(set(open(sys.argv[2]).read().split()) - whole))";
    let mut python = shell::command("python3");
    let python = python.args(["-c", READ]).arg(data.join("parrain.db")).arg(answered);
    let said = shell::capture(python)?;
    said.trim().parse().with_context(|| format!("{said:?} is no number"))
}
