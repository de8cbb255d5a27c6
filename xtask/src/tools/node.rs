//! Node and what runs on it: wrangler, esbuild, wasm-opt, axe.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::paths;
use crate::shell;
use crate::tools::once;

/// The packages of `tests/package-lock.json`, installed.
///
/// Node itself is one of them: wrangler wants a newer one than Debian has.
pub(crate) struct Node {
    /// The program `node`.
    pub(crate) program: PathBuf,
    /// The folder `node_modules`.
    pub(crate) modules: PathBuf,
}

impl Node {
    /// Installs what is missing.
    pub(crate) fn ready() -> Result<Self> {
        let folder = paths::tools().join("node");
        let modules = folder.join("node_modules");
        let source = paths::root().join("tests");
        let lock = fs::read_to_string(source.join("package-lock.json"))?;
        once("Node's packages", &lock, &modules, || {
            ensure!(shell::find(&["npm"]).is_some(), "please install npm");
            fs::create_dir_all(&folder)?;
            for name in ["package.json", "package-lock.json"] {
                fs::copy(source.join(name), folder.join(name))?;
            }
            // No package of ours needs its install script: each brings a binary as a package.
            shell::run_quietly(
                shell::command("npm")
                    .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
                    .arg("--loglevel=error")
                    .current_dir(&folder),
            )
        })?;
        let program = packaged(&modules, "node")
            .or_else(|| shell::find(&["node"]))
            .context("no package brings Node for this machine: please install Node 22 or newer")?;
        Ok(Self { program, modules })
    }

    /// A command that finds this Node, at the root of the repository.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = shell::command(program.as_ref());
        command.env("PATH", self.path());
        command
    }

    /// The bundler, as a native program.
    pub(crate) fn esbuild(&self) -> Result<PathBuf> {
        packaged(&self.modules.join("@esbuild"), "esbuild").context("esbuild is not installed")
    }

    /// Cloudflare's runtime by itself.
    pub(crate) fn workerd(&self) -> Result<PathBuf> {
        packaged(&self.modules.join("@cloudflare"), "workerd").context("workerd is not installed")
    }

    /// The optimiser of wasm; it finds Node on the path.
    pub(crate) fn wasm_opt(&self) -> PathBuf {
        self.modules.join(".bin/wasm-opt")
    }

    /// Cloudflare's command line, which asks nobody anything and reports to nobody.
    pub(crate) fn wrangler(&self) -> Command {
        let mut command = self.command(&self.program);
        command
            .arg(self.modules.join("wrangler/bin/wrangler.js"))
            .env("WRANGLER_SEND_METRICS", "false")
            .env("WRANGLER_HIDE_BANNER", "true");
        command
    }

    fn path(&self) -> OsString {
        let ours = self.program.parent().map(Path::to_path_buf);
        let others = std::env::var_os("PATH").unwrap_or_default();
        let all = ours.into_iter().chain(std::env::split_paths(&others));
        std::env::join_paths(all).unwrap_or(others)
    }
}

/// `bin/<program>` of the one package that was installed for this kind of machine.
fn packaged(packages: &Path, program: &str) -> Option<PathBuf> {
    let folders = fs::read_dir(packages).ok()?.filter_map(Result::ok);
    folders.map(|it| it.path().join("bin").join(program)).find(|it| it.is_file())
}
