//! `cargo xtask deploy`: the service on the owner's Cloudflare account.

mod account;
mod plan;
mod secrets;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use self::account::Account;
use self::plan::{Address, CONFIG, Step};
use self::secrets::Secrets;
use crate::tools::node::Node;
use crate::{artefacts, kept, paths, shell};

/// Builds everything and puts it on the account, or with `--dry-run` says how.
///
/// Repeating it is harmless: what the account has is kept, secrets are made once. With
/// `--owner-link` it only lets the owner in once more.
pub(crate) fn run(options: &[String]) -> Result<()> {
    let Options { mode, address, from, keeps } = parse(options)?;
    let node = Node::ready()?;
    if mode == Mode::OwnerLink {
        return let_in(&node, &address);
    }
    let account = (mode == Mode::Perform).then(|| look(&node)).transpose()?;
    if let Some(account) = &account {
        let was = from.or_else(|| account.has_secret.then(|| address.clone()));
        match was.filter(|_| keeps) {
            Some(was) => kept::from(&was.url()).context(
                "name where the service is with --from, or lose them with --keep-nothing",
            )?,
            None => kept::nothing()?,
        }
    }
    artefacts::widget(Some(&node))?;
    let folder = artefacts::bundle(&node)?;
    match account {
        Some(account) => perform(&node, &address, account),
        None => rehearse(&address, &folder),
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Mode {
    OwnerLink,
    Perform,
    Rehearse,
}

#[derive(Debug)]
struct Options {
    mode: Mode,
    /// Where the service will be.
    address: Address,
    /// Where it is, if that is elsewhere.
    from: Option<Address>,
    /// Whether the versions that it has are kept.
    keeps: bool,
}

fn parse(options: &[String]) -> Result<Options> {
    let (mut mode, mut url, mut from, mut keeps) = (Mode::Perform, None, None, true);
    let mut options = options.iter().map(String::as_str);
    while let Some(option) = options.next() {
        match option {
            "--dry-run" if mode == Mode::Perform => mode = Mode::Rehearse,
            "--owner-link" if mode == Mode::Perform => mode = Mode::OwnerLink,
            "--public-url" => url = Some(options.next().context("--public-url lacks its value")?),
            "--keep-nothing" => keeps = false,
            "--from" => from = Some(options.next().context("--from lacks its value")?),
            _ => bail!(
                "the options of deploy are --public-url https://HOST, --from https://HOST where it \
                 moves from there, --keep-nothing, and --dry-run or --owner-link"
            ),
        }
    }
    if mode == Mode::Rehearse {
        url = url.or(Some("https://referral.example"));
    }
    let url = url.context("say where links live: deploy --public-url https://HOST")?;
    let from = from.map(Address::parse).transpose()?;
    Ok(Options { mode, address: Address::parse(url)?, from, keeps })
}

fn perform(node: &Node, address: &Address, mut account: Account) -> Result<()> {
    for step in plan::missing(&account) {
        carry_out(node, &step)?;
    }
    if !account.is_complete() {
        account = look(node)?;
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

/// Makes a link by which the owner enters the console, and shows it once.
fn let_in(node: &Node, address: &Address) -> Result<()> {
    let account = look(node)?;
    ensure!(account.has_secret, "nothing is deployed yet: the first deployment prints a link");
    fs::write(paths::root().join(CONFIG), plan::config(&account)?)?;
    let owner = Secrets::random()?.owner;
    carry_out(node, &plan::owner_link(&owner))?;
    println!("Shown once, good for a day:\n  {}", plan::entrance(address, &owner));
    Ok(())
}

/// Says what a first deployment would do; the bundle that it would send is there.
fn rehearse(address: &Address, folder: &Path) -> Result<()> {
    println!("A first deployment to {} would run:", address.url());
    let secrets = Secrets::random()?;
    let steps = plan::missing(&Account::default());
    for step in steps.into_iter().chain(plan::release(address, Some(&secrets))) {
        println!("  {}\n    {}", step.why, step.shown());
    }
    println!("and print the first API key and the owner's link, once. Nothing is sent now.");
    println!("The bundle is in {}.", folder.display());
    Ok(())
}

fn look(node: &Node) -> Result<Account> {
    shell::step("looking at the account", || survey(node))
}

fn survey(node: &Node) -> Result<Account> {
    let ask = |words: &[&str]| shell::capture(node.wrangler().args(words));
    Ok(Account {
        database: account::id(&ask(&account::DATABASES)?, plan::DATABASE)?,
        namespace: account::id(&ask(&account::NAMESPACES)?, plan::NAMESPACE)?,
        has_queue: shell::succeeds(node.wrangler().args(account::QUEUE)),
        has_dead_queue: shell::succeeds(node.wrangler().args(account::DEAD_QUEUE)),
        has_secret: account::has_secret(ask(&account::SECRETS))?,
    })
}

fn carry_out(node: &Node, step: &Step) -> Result<()> {
    println!("{}", step.why);
    let mut wrangler: Command = node.wrangler();
    // With an input that is no terminal, wrangler asks nothing.
    shell::feed(wrangler.args(&step.words), step.input.as_deref().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(options: &[&str], expected: Option<(Mode, &str)>) {
        let options: Vec<String> = options.iter().map(ToString::to_string).collect();
        let found = parse(&options).ok().map(|it| (it.mode, it.address.url()));
        assert_eq!(found, expected.map(|(mode, url)| (mode, url.to_owned())));
    }

    #[test]
    fn options_are_read_or_refused() {
        let (named, ours) = ("https://a.example", "https://referral.example");
        check(&["--public-url", named], Some((Mode::Perform, named)));
        check(&["--dry-run"], Some((Mode::Rehearse, ours)));
        check(&["--dry-run", "--public-url", named], Some((Mode::Rehearse, named)));
        check(&["--owner-link", "--public-url", named], Some((Mode::OwnerLink, named)));
        check(&["--public-url", named, "--owner-link"], Some((Mode::OwnerLink, named)));
        check(&[], None);
        check(&["--owner-link"], None);
        check(&["--public-url"], None);
        check(&["--dry-run", "--owner-link", "--public-url", named], None);
        check(&["--public-url", named, "--from", "elsewhere"], None);
        let moved = ["--public-url", named, "--from", "https://old.example/"].map(str::to_owned);
        let moved = parse(&moved).unwrap();
        assert_eq!(
            (moved.from.unwrap().url().as_str(), moved.keeps),
            ("https://old.example", true)
        );
        let lost = ["--public-url", named, "--keep-nothing"].map(str::to_owned);
        assert!(!parse(&lost).unwrap().keeps);
    }
}
