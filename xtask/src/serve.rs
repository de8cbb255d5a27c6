//! `cargo xtask serve`: the service on this machine.

use std::os::unix::process::CommandExt;

use anyhow::{Context, Result};

use crate::tools::node::Node;
use crate::{artefacts, e2e, shell};

/// Builds and runs the service; the options go to `parrain serve`, or with `--worker` to the
/// script that starts Cloudflare's runtime.
pub(crate) fn run(options: &[String]) -> Result<()> {
    let is_worker = |it: &String| it == "--worker";
    if options.iter().any(is_worker) {
        let rest: Vec<String> = options.iter().filter(|it| !is_worker(it)).cloned().collect();
        return worker(&rest);
    }
    artefacts::widget(None)?;
    let program = artefacts::native(artefacts::SERVE)?;
    let mut command = shell::command(&program);
    command.arg("serve").args(or(options, &["--demo", "--data", "target/demo"]));
    // From here on this process is the service: signals reach it, and nothing outlives it.
    Err(command.exec()).with_context(|| format!("could not start {}", program.display()))
}

fn worker(options: &[String]) -> Result<()> {
    let node = Node::ready()?;
    artefacts::widget(Some(&node))?;
    artefacts::bundle(&node)?;
    let usual = ["--port", "8787", "--persist", "target/worker-state", "--demo"];
    let mut command = node.command(&node.program);
    command.arg("tests/miniflare.mjs").args(or(options, &usual));
    command.envs(e2e::worker_variables(&node));
    Err(command.exec()).context("could not start Node")
}

/// What the user asked for, and the usual options too unless they name a folder of their own.
fn or(options: &[String], usual: &[&str]) -> Vec<String> {
    let own = options.iter().any(|it| it == "--data" || it == "--persist");
    let usual = usual.iter().filter(|_| !own).map(ToString::to_string);
    usual.chain(options.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(options: &[&str], expected: &[&str]) {
        let options: Vec<String> = options.iter().map(ToString::to_string).collect();
        assert_eq!(or(&options, &["--demo", "--data", "d"]), expected);
    }

    #[test]
    fn the_demo_runs_unless_a_folder_is_named() {
        check(&[], &["--demo", "--data", "d"]);
        check(&["--port", "1"], &["--demo", "--data", "d", "--port", "1"]);
        check(&["--data", "mine"], &["--data", "mine"]);
    }
}
