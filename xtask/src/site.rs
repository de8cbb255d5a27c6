//! `target/www/`: the static files that both hosts serve.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{digest, paths};

/// Contents by path, relative and with slashes.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// What the loader's source has where the widget's folder belongs.
const PLACE: &str = "__ASSETS__";

/// How Cloudflare serves the files; the native host says the same in its own words.
///
/// Pages of any origin load the widget, also those that isolate themselves.
const HEADERS: &str = "\
/p.js
  Access-Control-Allow-Origin: *
  Cache-Control: public, max-age=300
  Cross-Origin-Resource-Policy: cross-origin
/p/*
  Access-Control-Allow-Origin: *
  Cache-Control: public, max-age=31536000, immutable
  Cross-Origin-Resource-Policy: cross-origin
";

/// Lays out `www/`, the widget and its loader.
pub(crate) fn assemble(widget: Files, loader: &str) -> Result<()> {
    let mut files = read(&paths::root().join("www"))?;
    ensure!(loader.contains(PLACE), "widget/loader.js does not say {PLACE}");
    let folder = format!("p/{}", version(&widget));
    files.insert("p.js".into(), loader.replace(PLACE, &folder).into_bytes());
    files.extend(widget.into_iter().map(|(path, text)| (format!("{folder}/{path}"), text)));
    files.insert("_headers".into(), HEADERS.into());
    write(&paths::www(), &files)
}

/// The path of the widget's file in `target/www/`, whatever its version.
pub(crate) fn widget_file(name: &str) -> Result<PathBuf> {
    let folders = fs::read_dir(paths::www().join("p")).context("the widget is not built")?;
    let mut found = folders.filter_map(Result::ok).map(|it| it.path().join(name));
    found.find(|it| it.is_file()).with_context(|| format!("{name} is not built"))
}

/// All files under a folder; none if there is no such folder.
pub(crate) fn read(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(current) = open.pop() {
        if !current.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&current)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
                files.insert(name, fs::read(&path)?);
            }
        }
    }
    Ok(files)
}

/// JavaScript without whole-line comments, empty lines and indentation.
///
/// What a machine without esbuild serves: safe for code without multi-line template literals.
pub(crate) fn without_comments(script: &str) -> String {
    let mut kept = String::new();
    let mut in_comment = false;
    for line in script.lines().map(str::trim) {
        in_comment |= line.starts_with("/*");
        if in_comment {
            in_comment = !line.ends_with("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// Makes the folder hold these files and no others.
///
/// A file that is already right is not touched: Cargo would build the native binary again.
fn write(folder: &Path, files: &Files) -> Result<()> {
    let present = read(folder)?;
    for name in present.keys().filter(|it| !files.contains_key(*it)) {
        let path = folder.join(name);
        fs::remove_file(&path)?;
        for parent in path.ancestors().skip(1).take_while(|it| *it != folder) {
            // Fails, as it should, while the folder holds something else.
            let _ = fs::remove_dir(parent);
        }
    }
    for (name, text) in files.iter().filter(|(name, text)| present.get(*name) != Some(text)) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, text)?;
    }
    Ok(())
}

/// Twelve hexadecimal digits that change when a byte of the widget does.
fn version(widget: &Files) -> String {
    let all: Vec<u8> = widget.values().flatten().copied().collect();
    let mut version = digest::sha256(&all);
    version.truncate(12);
    version
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_indentation_go_and_code_stays() {
        let script =
            "// One.\n/* Two\n * lines. */\nlet a = 1; // kept\n\n  f(a);\n/** Three. */\ng();\n";
        assert_eq!(without_comments(script), "let a = 1; // kept\nf(a);\ng();\n");
    }

    #[test]
    fn the_version_is_that_of_script_and_wasm() {
        let widget =
            Files::from([("widget.wasm".into(), b"b".into()), ("widget.js".into(), b"a".into())]);
        assert_eq!(version(&widget), "fb8e20fc2e4c");
    }

    #[test]
    fn a_folder_ends_with_the_files_it_was_given() {
        let folder = std::env::temp_dir().join(format!("parrain-site-{}", std::process::id()));
        let first = Files::from([("p/1/x/a".into(), b"1".into()), ("b".into(), b"2".into())]);
        let second = Files::from([("p/2/a".into(), b"1".into()), ("b".into(), b"3".into())]);
        for files in [first, second.clone(), second] {
            write(&folder, &files).unwrap();
            assert_eq!(read(&folder).unwrap(), files);
        }
        assert!(!folder.join("p/1").exists());
        fs::remove_dir_all(folder).unwrap();
    }
}
