//! `cargo xtask deploy`: the service on the owner's Cloudflare account.

mod account;
mod plan;
mod secrets;

use std::fs;
use std::process::Command;

use anyhow::{Result, bail};

use self::account::Account;
use self::plan::{Address, CONFIG, Step, TEMPLATE};
use self::secrets::Secrets;
use crate::tools::node::Node;
use crate::{artefacts, paths, shell};

/// Builds everything and puts it on the account, or with `--dry-run` says how.
///
/// Repeating it is harmless: what the account has is kept, secrets are made once.
pub(crate) fn run(options: &[String]) -> Result<()> {
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let (is_rehearsal, address) = match options[..] {
        ["--dry-run"] => (true, Address::parse("https://referral.example")?),
        ["--dry-run", "--public-url", url] | ["--public-url", url, "--dry-run"] => {
            (true, Address::parse(url)?)
        }
        ["--public-url", url] => (false, Address::parse(url)?),
        _ => bail!("the options of deploy are --public-url https://HOST and --dry-run"),
    };
    let node = Node::ready()?;
    artefacts::widget(Some(&node))?;
    artefacts::worker(&node)?;
    if is_rehearsal { rehearse(&node, &address) } else { perform(&node, &address) }
}

fn perform(node: &Node, address: &Address) -> Result<()> {
    let mut account = shell::step("looking at the account", || survey(node))?;
    for step in plan::missing(&account) {
        carry_out(node, &step)?;
    }
    if !account.is_complete() {
        account = shell::step("looking at the account", || survey(node))?;
    }
    fs::write(paths::root().join(CONFIG), plan::config(&account)?)?;

    let secrets = if account.has_secret { None } else { Some(Secrets::random()?) };
    for step in plan::release(address, secrets.as_ref()) {
        carry_out(node, &step)?;
    }
    println!("Parrain runs at {}.", address.url());
    if let Some(secrets) = secrets {
        println!("{}", plan::farewell(address, &secrets));
    }
    Ok(())
}

/// Says what a first deployment would do, and lets wrangler bundle what it would send.
fn rehearse(node: &Node, address: &Address) -> Result<()> {
    println!("A first deployment to {} would run:", address.url());
    let secrets = Secrets::random()?;
    let steps = plan::missing(&Account::default());
    for step in steps.into_iter().chain(plan::release(address, Some(&secrets))) {
        println!("  {}\n    {}", step.why, step.shown());
    }
    println!("and print the first API key and the owner's link, once. Nothing is sent now.");
    let folder = paths::target().join("deploy");
    let mut wrangler = node.wrangler();
    wrangler.args(["deploy", "--dry-run", "--config", TEMPLATE, "--outdir"]).arg(&folder);
    shell::run(&mut wrangler)?;
    println!("The bundle is in {}.", folder.display());
    Ok(())
}

fn survey(node: &Node) -> Result<Account> {
    let ask = |words: &[&str]| shell::capture(node.wrangler().args(words));
    Ok(Account {
        database: account::id(&ask(&account::DATABASES)?, plan::DATABASE)?,
        namespace: account::id(&ask(&account::NAMESPACES)?, plan::NAMESPACE)?,
        has_queue: shell::succeeds(node.wrangler().args(account::QUEUE)),
        // Wrangler refuses to list the secrets of a worker that is not there yet.
        has_secret: ask(&account::SECRETS).is_ok_and(|it| it.contains(plan::SECRET)),
    })
}

fn carry_out(node: &Node, step: &Step) -> Result<()> {
    println!("{}", step.why);
    let mut wrangler: Command = node.wrangler();
    // With an input that is no terminal, wrangler asks nothing.
    shell::feed(wrangler.args(&step.words), step.input.as_deref().unwrap_or_default())
}
