//! The harness of the end-to-end stories: both hosts, a browser, a merchant's site.
//!
//! Every story is a plain function of a [`Host`]; [`on_both_hosts`] makes two tests of it.
#![expect(clippy::must_use_candidate, reason = "what a story does not need it may drop")]
#![expect(clippy::missing_panics_doc, reason = "a harness says what went wrong by panicking")]

pub mod browser;
pub mod campaign;
pub mod host;
pub mod http;
pub mod process;
pub mod site;
mod sqlite;
pub mod wait;

pub use browser::Browser;
pub use campaign::{Campaign, Setup};
pub use host::Host;
pub use site::Site;

use std::path::{Path, PathBuf};

/// Makes two tests of each story: one for the native host, one for the worker.
#[macro_export]
macro_rules! on_both_hosts {
    ($($story:ident),+ $(,)?) => {
        mod native {
            $(#[test] fn $story() { super::$story($crate::Host::native()); })+
        }
        mod worker {
            $(#[test] fn $story() { super::$story($crate::Host::worker()); })+
        }
    };
}

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a member of the workspace").into()
}

/// The folder for what a run leaves behind, as a path below `target`.
pub fn output(folder: &str) -> PathBuf {
    let path = root().join("target").join(folder);
    std::fs::create_dir_all(&path).expect("target can be written");
    path
}

/// A tool that `cargo xtask test` names by a variable, or else the one given here.
pub fn tool(variable: &str, otherwise: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| otherwise.into(), PathBuf::from)
}
