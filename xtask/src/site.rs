//! `target/www/`: the static files that both hosts serve.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{digest, kept, paths, size};

/// Contents by path, relative and with slashes.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// The script that sites embed.
const LOADER: &str = "p.js";

/// What the loader's source has where the widget's folder belongs.
const PLACE: &str = "__ASSETS__";

/// What of the root pages of any origin load, also those that isolate themselves, and how long they keep
/// it; what stands below `p/` never changes.
const PUBLISHED: [&str; 4] = ["p.js", "p.json", "parrain.d.ts", "custom-elements.json"];

/// Lays out `www/`, the widget and its loader, and the versions that sites may have pinned.
pub(crate) fn assemble(widget: Files, loader: &str) -> Result<()> {
    let mut files = read(&paths::root().join("www"))?;
    files.extend(read(&kept::folder())?);
    let mut files = laid_out(files, widget, loader)?;
    // The native host sends what pages load of us as small as the other one does.
    let packed: Vec<(String, Vec<u8>)> = (files.iter())
        .filter(|(name, _)| *name == LOADER || name.starts_with("p/"))
        .map(|(name, text)| Ok((format!("{name}.br"), size::packed(text)?)))
        .collect::<Result<_>>()?;
    files.extend(packed);
    files.insert(".assetsignore".into(), b"*.br\n".to_vec());
    write(&paths::www(), &files)
}

/// All files by their paths: the loader as it is now, and this version of everything for good.
fn laid_out(mut files: Files, mut widget: Files, loader: &str) -> Result<Files> {
    ensure!(loader.contains(PLACE), "widget/loader.js does not say {PLACE}");
    widget.insert(LOADER.into(), loader.into());
    let folder = format!("p/{}", version(&widget));
    let loader = loader.replace(PLACE, &folder).into_bytes();
    files.insert(LOADER.into(), loader.clone());
    widget.insert(LOADER.into(), loader);
    files.retain(|name, _| !name.starts_with(&format!("{folder}/")));
    let published = published(&folder, &widget, &files);
    files.insert("p.json".into(), published.to_string().into_bytes());
    files.extend(widget.into_iter().map(|(path, text)| (format!("{folder}/{path}"), text)));
    files.insert("_headers".into(), headers().into_bytes());
    Ok(files)
}

/// What stands in the `integrity` of whatever loads these bytes.
pub(crate) fn integrity(text: &[u8]) -> String {
    format!("sha384-{}", digest::sha384(text))
}

/// The address of this version's loader, and by what a page knows that a file is the one that it means; of other
/// versions the files alone.
fn published(folder: &str, widget: &Files, others: &Files) -> Value {
    let files: BTreeMap<String, String> = (widget.iter())
        .map(|(name, text)| (format!("/{folder}/{name}"), integrity(text)))
        .collect();
    let src = format!("/{folder}/{LOADER}");
    json!({ "integrity": files.get(&src), "src": src, "files": files, "kept": kept::told(others) })
}

/// How Cloudflare serves the files; the native host says the same in its own words.
fn headers() -> String {
    let rule = |path: &str, age: &str| {
        format!(
            "/{path}\n  Access-Control-Allow-Origin: *\n  Cache-Control: public, max-age={age}\n  \
             Cross-Origin-Resource-Policy: cross-origin\n  Timing-Allow-Origin: *\n  \
             X-Content-Type-Options: nosniff\n"
        )
    };
    let mut text: String = PUBLISHED.iter().map(|it| rule(it, "300")).collect();
    // By its ending alone it would be taken for a film.
    let typed = "/parrain.d.ts\n";
    text = text
        .replace(typed, &format!("{typed}  Content-Type: application/typescript; charset=utf-8\n"));
    text + &rule("p/*", "31536000, immutable")
}

/// The path of a file of the widget that was built last in `target/www/`.
pub(crate) fn widget_file(name: &str) -> Result<PathBuf> {
    let text = fs::read(paths::www().join("p.json")).context("the widget is not built")?;
    let published: Value = serde_json::from_slice(&text)?;
    let loader = published["src"].as_str().context("p.json names no loader")?;
    let file = paths::www().join(loader.trim_start_matches('/')).with_file_name(name);
    ensure!(file.is_file(), "{name} is not built");
    Ok(file)
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
    fn what_is_published_names_this_version_and_keeps_others() {
        let old = "p/0123456789ab/widget.js";
        let pinned = Files::from([(old.into(), b"o".into())]);
        let widget = |text: &str| Files::from([("widget.js".to_owned(), text.into())]);
        let new = laid_out(pinned.clone(), widget("w"), "import('__ASSETS__/widget.js')").unwrap();
        assert_eq!(new[old], b"o");
        let told: Value = serde_json::from_slice(&new["p.json"]).unwrap();
        assert_eq!(told["kept"], json!({ format!("/{old}"): integrity(b"o") }));
        let src = told["src"].as_str().unwrap();
        let folder = src.strip_suffix("/p.js").unwrap();
        // The loader of a version is the one that pages have meanwhile, and asks for that version's files.
        assert_eq!(new[&src[1..]], new["p.js"]);
        assert_eq!(new["p.js"], format!("import('{}/widget.js')", &folder[1..]).into_bytes());
        assert_eq!(told["integrity"], told["files"][src]);
        assert_eq!(told["files"][format!("{folder}/widget.js")], integrity(b"w"));
        // The same built again is no version besides itself.
        let again = laid_out(new.clone(), widget("w"), "import('__ASSETS__/widget.js')").unwrap();
        assert_eq!(again, new);
        // Another loader is another version, too: what is kept for good never changes.
        for (text, loader) in
            [("w", "import('__ASSETS__/widget.js');"), ("v", "import('__ASSETS__/widget.js')")]
        {
            let other = laid_out(Files::new(), widget(text), loader).unwrap();
            assert!(!other.contains_key(&src[1..]), "{text} {loader}");
        }
        assert!(laid_out(Files::new(), Files::new(), "no place").is_err());
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
