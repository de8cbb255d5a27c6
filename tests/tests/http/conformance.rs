//! GrowSurf's own client works against us.

use std::process::Command;

use tests::{Host, on_both_hosts, root, tool};

on_both_hosts!(the_official_python_client_finds_what_it_expects);

fn the_official_python_client_finds_what_it_expects(host: &'static Host) {
    let ran = Command::new(tool("PARRAIN_VENV_PYTHON", "python3"))
        .arg(root().join("tests/python/rest.py"))
        .env("GROWSURF_BASE_URL", format!("{}/v2", host.url()))
        .env("GROWSURF_API_KEY", host.key())
        .env("GROWSURF_SPARE_KEY", host.spare_key())
        .output()
        .expect("Python");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(ran.status.success(), "{}{}", text(&ran.stdout), text(&ran.stderr));
}
