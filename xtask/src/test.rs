//! `cargo xtask test`: everything that must hold; what the build machine runs.

use std::ffi::OsStr;
use std::fs;

use anyhow::{Result, bail};

use crate::tools::crates::{self, WASM};
use crate::tools::node::Node;
use crate::{artefacts, e2e, paths, shell, size};

/// Runs step after step and stops at the first that fails.
pub(crate) fn run(options: &[String]) -> Result<()> {
    let Options { quick, histories } = parse(options)?;
    // The native host embeds this folder, which must exist for `edge` to compile.
    fs::create_dir_all(paths::www())?;

    shell::chapter("format", || shell::run(&mut shell::cargo("fmt --all --check")))?;
    shell::chapter("lints", || {
        shell::run(&mut shell::cargo("clippy --workspace --all-targets -- -D warnings"))
    })?;
    shell::chapter("lints, for browser and worker", || {
        crates::wasm_target()?;
        // One by one: what `edge` asks of a shared dependency would bring std into the widget.
        for package in ["widget", "edge"] {
            let what = format!("clippy --package {package} --lib --target {WASM} -- -D warnings");
            shell::run(&mut shell::cargo(&what))?;
        }
        Ok(())
    })?;
    shell::chapter("documentation", || {
        shell::run(
            shell::cargo("doc --workspace --no-deps --quiet").env("RUSTDOCFLAGS", "-D warnings"),
        )
    })?;
    shell::chapter("licences and bans of dependencies", || {
        let mut deny = shell::command(crates::cargo_deny()?);
        shell::run(deny.args(["check", "--hide-inclusion-graph", "licenses", "bans"]))
    })?;
    shell::chapter("unit tests", || {
        let what = "test --package shared --package edge --package widget --package xtask";
        shell::run(shell::cargo(what).envs(histories.map(|it| ("PARRAIN_HISTORIES", it))))
    })?;
    if quick {
        return Ok(());
    }
    let node = Node::ready()?;
    shell::chapter("widget and static files", || artefacts::widget(Some(&node)))?;
    let program = shell::chapter("native binary", || artefacts::native(artefacts::SERVE))?;
    shell::chapter("worker, as it is deployed", || artefacts::bundle(&node))?;
    shell::chapter("sizes", size::check)?;
    shell::chapter("end-to-end tests", || e2e::tell(&node, &program, &[]))
}

struct Options<'a> {
    quick: bool,
    histories: Option<&'a OsStr>,
}

fn parse(options: &[String]) -> Result<Options<'_>> {
    let mut parsed = Options { quick: false, histories: None };
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match (option.as_str(), options.as_slice()) {
            ("--quick", _) => parsed.quick = true,
            ("--histories", [number, ..]) if number.parse::<u32>().is_ok() => {
                parsed.histories = Some(number.as_ref());
                options.next();
            }
            _ => bail!("the options of test are --quick and --histories N"),
        }
    }
    Ok(parsed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(options: &[&str], expected: Option<(bool, Option<&str>)>) {
        let options: Vec<String> = options.iter().map(ToString::to_string).collect();
        let found = parse(&options).ok().map(|it| (it.quick, it.histories));
        assert_eq!(found, expected.map(|(quick, number)| (quick, number.map(OsStr::new))));
    }

    #[test]
    fn options_are_read_or_refused() {
        check(&[], Some((false, None)));
        check(&["--quick"], Some((true, None)));
        check(&["--histories", "9", "--quick"], Some((true, Some("9"))));
        check(&["--histories"], None);
        check(&["--histories", "many"], None);
        check(&["--fast"], None);
    }
}
