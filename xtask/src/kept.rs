//! `cargo xtask keep`: what pages have pinned goes along with what is built next.
//!
//! A page that names a fixed version of the script, and by its hash no other, loads nothing once that version is
//! gone. The running service says in `/p.json` which versions it has.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value};
use ureq::Agent;

use crate::paths;
use crate::site::{self, Files};

/// The most bytes of one file; ours are a hundredth of it.
const LONGEST: u64 = 8 << 20;

/// Takes over every version that the service at this origin has.
pub(crate) fn run(options: &[String]) -> Result<()> {
    let [service] = options else { bail!("say which service: keep https://links.example") };
    ensure!(service.starts_with("https://"), "only what comes by https:// is believed");
    from(service)
}

/// The same.
pub(crate) fn from(service: &str) -> Result<()> {
    fetch(service.trim_end_matches('/'), &folder()).with_context(|| {
        format!(
            "{service} did not give the versions that pages may have pinned; nothing was changed"
        )
    })
}

/// Forgets what was taken over.
pub(crate) fn nothing() -> Result<()> {
    write(Files::new(), &folder())
}

/// What was taken over and goes into each build, until `target/` is removed.
pub(crate) fn folder() -> std::path::PathBuf {
    paths::target().join("kept")
}

/// Reads the versions of a service into a folder: all of them, each as it was published, or none.
fn fetch(service: &str, folder: &Path) -> Result<()> {
    let agent: Agent = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .into();
    let text = read(&agent, &format!("{service}/p.json"))?.context("there is no p.json")?;
    let published: Value = serde_json::from_slice(&text).context("p.json is no JSON")?;
    ensure!(published["files"].is_object(), "p.json names no files");
    let mut files = Files::new();
    for (path, integrity) in
        ["files", "kept"].iter().filter_map(|it| published[it].as_object()).flatten()
    {
        let name = versioned(path).with_context(|| format!("p.json names {path}"))?;
        let text = read(&agent, &format!("{service}{path}"))?
            .with_context(|| format!("{path} is gone"))?;
        ensure!(*integrity == site::integrity(&text), "{path} is not what was published");
        files.insert(name.to_owned(), text);
    }
    println!("{} files of {service} are kept", files.len());
    write(files, folder)
}

/// Leaves these files in the folder, and no others: what one service had is nothing to another.
fn write(files: Files, folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, text)?;
    }
    Ok(())
}

/// What is there, or that nothing is.
fn read(agent: &Agent, url: &str) -> Result<Option<Vec<u8>>> {
    let mut answer = agent.get(url).call().with_context(|| url.to_owned())?;
    match answer.status().as_u16() {
        200 => Ok(Some(answer.body_mut().with_config().limit(LONGEST).read_to_vec()?)),
        404 => Ok(None),
        other => bail!("{url}: {other}"),
    }
}

/// The file that a path of `p.json` means, below the folder of its version and nowhere else.
fn versioned(path: &str) -> Option<&str> {
    let name = path.strip_prefix('/')?;
    let mut steps = name.split('/');
    let is_version = |it: &str| it.len() == 12 && it.bytes().all(|it| it.is_ascii_hexdigit());
    let is_name = |it: &str| {
        let kind = it.rsplit_once('.').map_or("", |it| it.1);
        matches!(kind, "css" | "js" | "json" | "wasm")
            && !it.starts_with('.')
            && it.bytes().all(|it| it.is_ascii_alphanumeric() || b".-_".contains(&it))
    };
    let fits = steps.next() == Some("p")
        && steps.next().is_some_and(is_version)
        && steps.next().is_some_and(is_name)
        && steps.next().is_none();
    fits.then_some(name)
}

/// What `p.json` says of versions other than its own.
pub(crate) fn told(files: &Files) -> Map<String, Value> {
    let paths = files.iter().map(|(name, text)| (format!("/{name}"), text));
    paths
        .filter(|(path, _)| versioned(path).is_some())
        .map(|(path, text)| (path, site::integrity(text).into()))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread;

    use serde_json::json;

    use super::*;

    /// A service that has these files, for as long as the tests run.
    fn service(files: Files) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let _ = thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut asked = Vec::new();
                while !asked.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    stream.read_exact(&mut byte).unwrap();
                    asked.push(byte[0]);
                }
                let asked = String::from_utf8(asked).unwrap();
                let path = asked.split(' ').nth(1).unwrap();
                let found = files.get(&path[1..]);
                let status = if found.is_some() { "200 OK" } else { "404 Not Found" };
                let text = found.map_or(&b""[..], Vec::as_slice);
                let head = format!(
                    "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                    text.len()
                );
                stream.write_all(head.as_bytes()).unwrap();
                stream.write_all(text).unwrap();
            }
        });
        url
    }

    fn published(files: &[(&str, &[u8])], kept: &[(&str, &[u8])]) -> Vec<u8> {
        let told = |all: &[(&str, &[u8])]| -> Value {
            all.iter()
                .map(|(path, text)| (format!("/{path}"), Value::from(site::integrity(text))))
                .collect::<Map<_, _>>()
                .into()
        };
        json!({ "src": "/p/0123456789ab/p.js", "files": told(files), "kept": told(kept) })
            .to_string()
            .into_bytes()
    }

    fn empty(name: &str) -> std::path::PathBuf {
        let folder =
            std::env::temp_dir().join(format!("parrain-kept-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    const NEW: (&str, &[u8]) = ("p/0123456789ab/p.js", b"new");
    const OLD: (&str, &[u8]) = ("p/ba9876543210/p.js", b"old");

    #[test]
    fn the_version_of_a_service_and_those_before_it_are_kept() {
        let mut files =
            Files::from([NEW, OLD].map(|(path, text)| (path.to_owned(), text.to_owned())));
        files.insert("p.json".into(), published(&[NEW], &[OLD]));
        let (url, folder) = (service(files.clone()), empty("all"));
        for _ in 0..2 {
            fetch(&url, &folder).unwrap();
            let _ = files.remove("p.json");
            assert_eq!(site::read(&folder).unwrap(), files);
        }
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_is_not_as_it_was_published_changes_nothing() {
        for (name, told) in [
            ("another", published(&[NEW], &[(OLD.0, b"other")])),
            ("gone", published(&[NEW], &[("p/aaaaaaaaaaaa/p.js", b"old")])),
            ("outside", published(&[NEW], &[("p/../../../p.js", b"old")])),
            ("no-json", b"<!doctype html>".to_vec()),
            ("no-files", b"{}".to_vec()),
            ("no-script", published(&[("p/0123456789ab/p.html", b"new")], &[])),
        ] {
            let mut files =
                Files::from([NEW, OLD].map(|(path, text)| (path.to_owned(), text.to_owned())));
            files.insert("p.json".into(), told);
            let (url, folder) = (service(files), empty(name));
            assert!(fetch(&url, &folder).is_err(), "{name}");
            assert!(!folder.exists(), "{name}");
        }
    }

    #[test]
    fn a_service_that_publishes_nothing_or_is_away_is_no_service_that_has_nothing() {
        let folder = empty("none");
        assert!(fetch(&service(Files::new()), &folder).is_err());
        assert!(fetch("http://127.0.0.1:1", &folder).is_err());
        assert!(!folder.exists());
        assert!(run(&[]).is_err());
        assert!(run(&["http://links.example".into()]).is_err());
    }

    #[test]
    fn what_another_service_had_is_not_kept() {
        let folder = empty("other");
        for (path, text) in [NEW, OLD] {
            let mut files = Files::from([(path.to_owned(), text.to_owned())]);
            files.insert("p.json".into(), published(&[(path, text)], &[]));
            fetch(&service(files), &folder).unwrap();
            assert_eq!(
                site::read(&folder).unwrap(),
                Files::from([(path.to_owned(), text.to_owned())])
            );
        }
        write(Files::new(), &folder).unwrap();
        assert!(!folder.exists());
    }

    #[test]
    fn only_files_of_a_version_are_taken() {
        for (path, expected) in [
            ("/p/0123456789ab/widget.wasm", true),
            ("/p/0123456789ab/de.json", true),
            ("/p/0123456789ab/.env", false),
            ("/p/0123456789ab/.js", false),
            ("/p/0123456789ab/x.html", false),
            ("/p/0123456789ab/", false),
            ("/p/0123456789ab/a/b", false),
            ("/p/0123456789a/p.js", false),
            ("/p/0123456789ag/p.js", false),
            ("/x/0123456789ab/p.js", false),
            ("p/0123456789ab/p.js", false),
            ("/p/0123456789ab/..\\p.js", false),
        ] {
            assert_eq!(versioned(path).is_some(), expected, "{path}");
        }
    }
}
