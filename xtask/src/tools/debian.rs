//! What comes from Debian's packages, because no language's registry has it.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::shell;

/// One package or several, and how to see whether what they bring is there.
#[derive(Clone, Copy)]
pub(crate) struct Package {
    name: &'static str,
    is_there: fn() -> bool,
}

/// The browser of the end-to-end tests, with letters to write with.
pub(crate) const CHROMIUM: Package =
    Package { name: "chromium fonts-liberation", is_there: || chromium().is_some() };

/// The program that steers the browser.
pub(crate) const CHROMEDRIVER: Package =
    Package { name: "chromium-driver", is_there: || chromedriver().is_some() };

/// What the click is measured against.
pub(crate) const NGINX: Package = Package {
    name: "nginx",
    is_there: || shell::find(&["nginx"]).is_some() || PathBuf::from("/usr/sbin/nginx").exists(),
};

/// Headers of the library that `worker-build` links.
pub(crate) const OPENSSL: Package = Package {
    name: "libssl-dev",
    // Elsewhere than on Linux it links the system's own library.
    is_there: || {
        !cfg!(target_os = "linux")
            || shell::succeeds(shell::command("pkg-config").args(["--exists", "openssl"]))
    },
};

/// How crates find C libraries.
pub(crate) const PKG_CONFIG: Package = Package {
    name: "pkg-config",
    is_there: || !cfg!(target_os = "linux") || shell::find(&["pkg-config"]).is_some(),
};

/// What `python3 -m venv` needs on Debian.
pub(crate) const VENV: Package = Package {
    name: "python3-venv",
    is_there: || shell::succeeds(shell::command("python3").args(["-c", "import ensurepip, venv"])),
};

/// The load generator.
pub(crate) const WRK: Package =
    Package { name: "wrk", is_there: || shell::find(&["wrk"]).is_some() };

/// The browser on this machine.
pub(crate) fn chromium() -> Option<PathBuf> {
    shell::find(&["chromium", "chromium-browser", "google-chrome"])
}

/// The browser's driver on this machine.
pub(crate) fn chromedriver() -> Option<PathBuf> {
    shell::find(&["chromedriver"])
}

/// Installs what is missing; where it cannot, says what to install by hand.
pub(crate) fn ensure(packages: &[Package]) -> Result<()> {
    let missing: Vec<&str> =
        packages.iter().filter(|it| !(it.is_there)()).map(|it| it.name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    if shell::find(&["apt-get"]).is_none() || !is_root() {
        bail!("please install (names of Debian's packages): {names}");
    }
    shell::step(&format!("installing {names}"), || {
        let apt = || {
            let mut apt = shell::command("apt-get");
            apt.env("DEBIAN_FRONTEND", "noninteractive");
            apt
        };
        shell::run_quietly(apt().args(["update", "--quiet"]))?;
        shell::run_quietly(
            apt()
                .args(["install", "--yes", "--quiet", "--no-install-recommends"])
                .args(names.split_whitespace()),
        )
        .context("please install them by hand")
    })
}

fn is_root() -> bool {
    shell::capture(shell::command("id").arg("-u")).is_ok_and(|it| it.trim() == "0")
}
