//! What is built: the widget, the native binary, the worker.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::tools::crates::{self, WASM};
use crate::tools::node::Node;
use crate::{bindgen, dashboard, digest, paths, shell, site};

/// What most pages never load: what is done around a purchase, texts of other languages, people's own page,
/// links where wasm is forbidden, the site's consent banner, tests of an installation.
const ON_DEMAND: [&str; 9] = [
    "acts.js",
    "around.js",
    "catalogue.js",
    "dashboard.js",
    "dialog.js",
    "plain.js",
    "signals.js",
    "speak.js",
    "test.js",
];

/// What the widget's source has where the hash of its wasm belongs.
const PLACE: &str = "__WASM__";

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

    // Custom elements need classes, which no wasm can declare, and a page needs listeners: they are part
    // of the same module, which alone uses what the glue has.
    let source = paths::root().join("widget");
    let (script, wasm) = (folder.join("widget.js"), folder.join("widget_bg.wasm"));
    let glue = fs::read_to_string(&script)?.replace("export function", "function");
    let (glue, binary) = renamed(glue, fs::read(&wasm)?);
    fs::write(&wasm, binary)?;
    let ours = |name: &str| fs::read_to_string(source.join(name));
    let mut parts: Vec<&str> = glue.lines().filter(|it| !it.starts_with("export {")).collect();
    let (elements, live) = (ours("element.js")?, ours("live.js")?);
    parts.extend([elements.as_str(), live.as_str()]);
    fs::write(&script, parts.join("\n"))?;

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
    for name in ON_DEMAND {
        files.insert(name.into(), script(name)?.into_bytes());
    }
    files.extend(site::read(&source.join("catalogues"))?);
    files.insert("dashboard.css".into(), sheet(node, &folder)?);
    let wasm = files.remove("widget_bg.wasm").context("wasm-bindgen wrote no wasm")?;
    let script = files.remove("widget.js").context("there is no widget")?;
    files.insert("widget.js".into(), knowing(&String::from_utf8(script)?, &wasm)?.into_bytes());
    files.insert("widget.wasm".into(), wasm);
    site::assemble(files, &loader)
}

/// The script with the hash of its wasm: whoever checks the one has checked the other. The shorter hash is as good.
fn knowing(script: &str, wasm: &[u8]) -> Result<String> {
    ensure!(script.matches(PLACE).count() == 1, "widget/element.js does not say {PLACE} once");
    Ok(script.replace(PLACE, &format!("sha256-{}", digest::base64(wasm))))
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

/// Script and wasm with small numbers in place of the hashes in the names of imports, which no
/// compression makes smaller. Each keeps its length, so that the wasm's own lengths stay right.
fn renamed(mut script: String, mut wasm: Vec<u8>) -> (String, Vec<u8>) {
    const HASH: usize = 16;
    let is_hash = |it: &str| {
        it.len() == HASH && it.bytes().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it))
    };
    let words = script.split(|it: char| !it.is_ascii_alphanumeric() && it != '_');
    let names: BTreeSet<String> = words
        .filter(|it| it.rsplit_once('_').is_some_and(|(_, hash)| is_hash(hash)))
        .map(ToOwned::to_owned)
        .collect();
    let mut numbers = BTreeMap::<&str, usize>::new();
    // In their order no new name is an old one that has yet to go.
    for name in &names {
        let (start, _) = name.split_at(name.len() - HASH);
        let number = numbers.entry(start).or_default();
        let short = format!("{start}{number:0HASH$}");
        *number += 1;
        script = script.replace(name.as_str(), &short);
        let places: Vec<usize> = (wasm.windows(name.len()).enumerate())
            .filter_map(|(at, it)| (it == name.as_bytes()).then_some(at))
            .collect();
        for at in places {
            wasm[at..at + name.len()].copy_from_slice(short.as_bytes());
        }
    }
    (script, wasm)
}

const MINIFY: [&str; 3] = ["--minify", "--target=es2020", "--log-level=warning"];

/// Leaves one small script and one small wasm in the folder.
fn shrink(node: &Node, folder: &Path) -> Result<()> {
    let (script, wasm) = (folder.join("widget.js"), folder.join("widget_bg.wasm"));
    let mut minify = node.command(node.esbuild()?);
    minify.arg(&script).args(MINIFY).args([
        "--format=esm",
        "--tree-shaking=true",
        "--allow-overwrite",
    ]);
    shell::run(minify.arg(format!("--outfile={}", script.display())))?;
    let optimise = || {
        let mut optimiser = node.command(node.wasm_opt());
        shell::run(optimiser.arg("-Oz").arg(&wasm).arg("-o").arg(&wasm))
    };
    shell::step("optimising the widget", optimise)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_renamed_alike_in_script_and_wasm() {
        let script = |names: [&str; 3]| {
            format!("{{ {}: 1, {}: 2, {}: x_12 }}", names[0], names[1], names[2])
        };
        let old = [
            "__wbg_get_2080c49015e35254",
            "__wbg_new_cd4348290afae586",
            "__wbg_new_0000000000000001",
        ];
        let new = [
            "__wbg_get_0000000000000000",
            "__wbg_new_0000000000000001",
            "__wbg_new_0000000000000000",
        ];
        let wasm = |names: [&str; 3]| format!("\0{}\u{1a}{}", names[1], names[0]).into_bytes();
        assert_eq!(renamed(script(old), wasm(old)), (script(new), wasm(new)));
    }
}
