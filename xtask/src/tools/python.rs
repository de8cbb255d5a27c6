//! Python, with what drives the service as its users' programs do.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, ensure};

use crate::paths;
use crate::shell;
use crate::tools::{debian, once};

/// The interpreter of an environment with `tests/requirements.txt` installed.
pub(crate) fn ready() -> Result<PathBuf> {
    let environment = paths::tools().join("venv");
    let program = environment.join("bin/python");
    let list = paths::root().join("tests/requirements.txt");
    let recipe = fs::read_to_string(&list)?;
    ensure!(
        shell::succeeds(
            shell::command("python3")
                .args(["-c", "import sys; sys.exit(sys.version_info < (3, 10))"])
        ),
        "please install Python 3.10 or newer"
    );
    debian::ensure(&[debian::VENV])?;
    once("Python's packages", &recipe, &program, || {
        shell::run_quietly(
            shell::command("python3").args(["-m", "venv", "--clear"]).arg(&environment),
        )?;
        shell::run_quietly(
            shell::command(&program)
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
                .arg(&list),
        )
    })?;
    Ok(program)
}
