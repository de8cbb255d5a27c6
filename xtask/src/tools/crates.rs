//! What comes from crates.io and rustup.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::paths;
use crate::shell;
use crate::tools::{debian, once};

/// The triple of browsers and workers.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The program that turns `edge` into a Cloudflare Worker.
pub(crate) fn worker_build() -> Result<PathBuf> {
    // It links the system's OpenSSL, for downloads that we never let it make.
    debian::ensure(&[debian::PKG_CONFIG, debian::OPENSSL])?;
    install("worker-build", "0.8.7")
}

/// The program that checks licences.
pub(crate) fn cargo_deny() -> Result<PathBuf> {
    install("cargo-deny", "0.20.2")
}

/// Makes sure that there is a standard library for [`WASM`].
pub(crate) fn wasm_target() -> Result<()> {
    let libraries = shell::capture(shell::command("rustc").args([
        "--print",
        "target-libdir",
        "--target",
        WASM,
    ]))?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    shell::step(&format!("installing the Rust target {WASM}"), || {
        shell::run_quietly(shell::command("rustup").args(["target", "add", WASM]))
            .context("install it by hand: a Rust toolchain from rustup with this target")
    })
}

fn install(name: &str, version: &str) -> Result<PathBuf> {
    let program = paths::tools().join("bin").join(name);
    once(&format!("{name} {version}"), version, &program, || {
        // Compiling takes longer than these programs ever run: no optimisation, no debug info.
        // Without CARGO_TARGET_DIR Cargo builds in a temporary folder and leaves nothing behind.
        shell::run_quietly(
            shell::cargo("install --quiet --locked --force --debug")
                .arg("--root")
                .arg(paths::tools())
                .args([name, "--version", &format!("={version}")])
                .env("CARGO_PROFILE_DEV_DEBUG", "false")
                .env_remove("CARGO_TARGET_DIR"),
        )
    })?;
    Ok(program)
}
