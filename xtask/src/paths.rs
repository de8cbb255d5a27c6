//! Where things are.

use std::path::{Path, PathBuf};

/// The repository.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// Everything that the tasks make, but for what Cargo builds.
pub(crate) fn target() -> PathBuf {
    root().join("target")
}

/// Where Cargo builds: also `target/`, unless `CARGO_TARGET_DIR` says otherwise.
pub(crate) fn cargo_target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(target, |it| root().join(it))
}

/// Programs installed for the project alone.
pub(crate) fn tools() -> PathBuf {
    target().join("tools")
}

/// The static files that both hosts serve.
pub(crate) fn www() -> PathBuf {
    target().join("www")
}

/// The worker as `worker-build` leaves it.
pub(crate) fn worker() -> PathBuf {
    root().join("edge/build")
}

/// The worker as it is sent to Cloudflare.
pub(crate) fn bundle() -> PathBuf {
    target().join("deploy")
}
