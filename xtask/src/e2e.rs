//! `cargo xtask e2e`: the end-to-end tests, which find what they drive by these variables.
//!
//! | variable | what |
//! | --- | --- |
//! | `PARRAIN_BIN` | the native binary |
//! | `PARRAIN_WORKER_BUILD` | the folder of the worker, as a deployment would send it |
//! | `PARRAIN_NODE`, `PARRAIN_NODE_MODULES` | Node, and its packages |
//! | `PARRAIN_VENV_PYTHON` | Python, with the wire's official client |
//! | `PARRAIN_CHROMIUM`, `PARRAIN_CHROMEDRIVER` | the browser and its driver; set them to use others |

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::tools::node::Node;
use crate::tools::{debian, python};
use crate::{artefacts, paths, shell};

/// Builds everything and runs the tests; the options go to `cargo test`.
pub(crate) fn run(options: &[String]) -> Result<()> {
    let node = Node::ready()?;
    artefacts::widget(Some(&node))?;
    let program = artefacts::native(artefacts::SERVE)?;
    artefacts::bundle(&node)?;
    tell(&node, &program, options)
}

/// Runs the tests against what is built.
pub(crate) fn tell(node: &Node, program: &Path, options: &[String]) -> Result<()> {
    let python = python::ready()?;
    let mut stories = shell::cargo("test --package tests");
    stories
        .args(options)
        .envs(worker_variables(node))
        .env("PARRAIN_BIN", program)
        .env("PARRAIN_VENV_PYTHON", python);
    lend_browser(&mut stories)?;
    shell::run(&mut stories)
}

/// Says where the browser is and what steers it.
pub(crate) fn lend_browser(command: &mut Command) -> Result<()> {
    let (chromium, chromedriver) = browser()?;
    command.env("PARRAIN_CHROMIUM", chromium).env("PARRAIN_CHROMEDRIVER", chromedriver);
    Ok(())
}

/// What the script that starts Cloudflare's runtime has to know.
pub(crate) fn worker_variables(node: &Node) -> [(&'static str, PathBuf); 3] {
    [
        ("PARRAIN_NODE", node.program.clone()),
        ("PARRAIN_NODE_MODULES", node.modules.clone()),
        ("PARRAIN_WORKER_BUILD", paths::bundle()),
    ]
}

fn browser() -> Result<(PathBuf, PathBuf)> {
    let named = |variable| env::var_os(variable).map(PathBuf::from);
    if let (Some(chromium), Some(driver)) =
        (named("PARRAIN_CHROMIUM"), named("PARRAIN_CHROMEDRIVER"))
    {
        return Ok((chromium, driver));
    }
    debian::ensure(&[debian::CHROMIUM, debian::CHROMEDRIVER])?;
    Ok((
        debian::chromium().context("Chromium is not on the PATH")?,
        debian::chromedriver().context("ChromeDriver is not on the PATH")?,
    ))
}
