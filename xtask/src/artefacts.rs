//! What is built: the widget, the native binary, the worker.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::tools::crates::{self, WASM};
use crate::tools::node::Node;
use crate::{bindgen, dashboard, paths, shell, site};

/// The profile of native binaries that are built to be tried and tested.
pub(crate) const SERVE: &str = "serve";

/// The profile of native binaries that are built to be given away.
pub(crate) const RELEASE: &str = "release";

/// `cargo xtask build`.
pub(crate) fn run(options: &[String]) -> Result<()> {
    let profile = match options {
        [] => SERVE,
        [option] if option == "--release" => RELEASE,
        _ => bail!("the only option of build is --release"),
    };
    let node = Node::ready()?;
    widget(Some(&node))?;
    println!("{}", native(profile)?.display());
    println!("{}", worker(&node)?.display());
    Ok(())
}

/// Builds the widget and lays out `target/www/`.
///
/// Node makes it small; without Node it works all the same.
pub(crate) fn widget(node: Option<&Node>) -> Result<()> {
    crates::wasm_target()?;
    shell::run(&mut shell::cargo(&format!(
        "build --package widget --lib --profile widget --target {WASM}"
    )))?;
    let built = paths::cargo_target().join(WASM).join("widget/widget.wasm");
    let folder = paths::target().join("widget");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    bindgen::web(&built, &folder)?;

    // Custom elements need classes, which no wasm can declare: they are part of the same module.
    let source = paths::root().join("widget");
    let glue = folder.join("widget.js");
    let parts = [fs::read_to_string(&glue)?, fs::read_to_string(source.join("element.js"))?];
    fs::write(&glue, parts.concat())?;

    if let Some(node) = node {
        shrink(node, &folder)?;
    }
    let script = |name: &str| match node {
        None => Ok(site::without_comments(&fs::read_to_string(source.join(name))?)),
        Some(node) => {
            let mut minify = node.command(node.esbuild()?);
            shell::capture(minify.arg(source.join(name)).args(MINIFY))
        }
    };
    let (mut files, loader) = (site::read(&folder)?, script("loader.js")?);
    // What tests an installation is loaded by nobody else.
    files.insert("test.js".into(), script("test.js")?.into_bytes());
    // What shows people their own page comes where a page of a site has room for it.
    files.insert("dashboard.js".into(), script("dashboard.js")?.into_bytes());
    files.insert("dashboard.css".into(), sheet(node, &folder)?);
    let wasm = files.remove("widget_bg.wasm").context("wasm-bindgen wrote no wasm")?;
    files.insert("widget.wasm".into(), wasm);
    site::assemble(files, &loader)
}

/// The dashboard's sheet, small where Node makes it so.
fn sheet(node: Option<&Node>, folder: &Path) -> Result<Vec<u8>> {
    let sheet = dashboard::sheet()?;
    let Some(node) = node else { return Ok(sheet.into_bytes()) };
    let whole = folder.with_extension("css");
    fs::write(&whole, sheet)?;
    let mut minify = node.command(node.esbuild()?);
    let minify = minify.arg(&whole).args(["--minify", "--log-level=warning"]);
    Ok(shell::capture(minify)?.into_bytes())
}

/// Builds the native binary and returns its path; `target/www/` goes into it.
pub(crate) fn native(profile: &str) -> Result<PathBuf> {
    shell::run(&mut shell::cargo(&format!(
        "build --package edge --bin parrain --profile {profile}"
    )))?;
    Ok(paths::cargo_target().join(profile).join("parrain"))
}

/// Builds the worker and returns its folder.
pub(crate) fn worker(node: &Node) -> Result<PathBuf> {
    worker_of(node, &paths::root().join("edge"))?;
    Ok(paths::worker())
}

/// Builds the Worker that ours is measured against, in the same way, and returns its folder.
pub(crate) fn bare_worker(node: &Node) -> Result<PathBuf> {
    let package = paths::root().join("xtask/bare-worker");
    worker_of(node, &package)?;
    Ok(package.join("build"))
}

fn worker_of(node: &Node, package: &Path) -> Result<()> {
    crates::wasm_target()?;
    let mut build = node.command(crates::worker_build()?);
    build
        .args(["--profile", "worker"])
        .current_dir(package)
        .env("ESBUILD_BIN", node.esbuild()?)
        .env("WASM_OPT_BIN", node.wasm_opt());
    bindgen::lend(&mut build)?;
    shell::run(&mut build)
}

/// Builds the worker, bundles it as a deployment would, and returns the folder of the bundle.
///
/// Wrangler bundles anew what `worker-build` made: what is tested must be what is sent. It sends
/// nothing here, and needs `target/www/`.
pub(crate) fn bundle(node: &Node) -> Result<PathBuf> {
    worker(node)?;
    let folder = paths::bundle();
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut wrangler = node.wrangler();
    wrangler.args(["deploy", "--dry-run", "--config", "edge/wrangler.toml", "--outdir"]);
    wrangler.arg(&folder);
    shell::step("bundling the worker", || shell::run_quietly(&mut wrangler))?;
    Ok(folder)
}

const MINIFY: [&str; 3] = ["--minify", "--target=es2020", "--log-level=warning"];

/// Leaves one small script and one small wasm in the folder.
fn shrink(node: &Node, folder: &Path) -> Result<()> {
    let (script, wasm) = (folder.join("widget.js"), folder.join("widget_bg.wasm"));
    let mut minify = node.command(node.esbuild()?);
    minify.arg(&script).args(MINIFY).args(["--format=esm", "--allow-overwrite"]);
    shell::run(minify.arg(format!("--outfile={}", script.display())))?;
    let optimise = || {
        let mut optimiser = node.command(node.wasm_opt());
        shell::run(optimiser.arg("-Oz").arg(&wasm).arg("-o").arg(&wasm))
    };
    shell::step("optimising the widget", optimise)
}
