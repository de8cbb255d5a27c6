//! The outside programs that the tasks need, installed under `target/tools/`.

pub(crate) mod crates;
pub(crate) mod debian;
pub(crate) mod node;
pub(crate) mod python;

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::paths;
use crate::shell;

/// Runs `install` unless it ran before with the same `recipe` and its `product` is there.
///
/// The recipe is whatever determines the result: a version, a lock file's text.
fn once(
    name: &str,
    recipe: &str,
    product: &Path,
    install: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let stamp = paths::tools().join(format!("{name}.stamp"));
    if product.exists() && fs::read_to_string(&stamp).is_ok_and(|it| it == recipe) {
        return Ok(());
    }
    fs::create_dir_all(paths::tools())?;
    shell::step(&format!("installing {name}"), install)?;
    Ok(fs::write(stamp, recipe)?)
}
