//! `cargo xtask size`: what a browser and the edge download, against the budgets.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::tools::node::Node;
use crate::{artefacts, paths, shell, site};

/// Bytes of the unit in which budgets are stated.
const KB: usize = 1024;

/// 400 KB for the story from link to reward, 140 for the reward engine, 205 for mail, 240 for the console
/// and its people, 275 for set-up, settings, imports and the page for participants, 60 for what the browser's
/// side asks of it (`docs/decisions/0005-a-budget-for-each-part.md`).
const WORKER: usize = (400 + 140 + 205 + 240 + 275 + 60) * KB;

/// `cargo xtask size`.
pub(crate) fn run(_options: &[String]) -> Result<()> {
    let node = Node::ready()?;
    artefacts::widget(Some(&node))?;
    artefacts::bundle(&node)?;
    check()
}

/// Prints the sizes of what is built, and fails if one is over its budget.
pub(crate) fn check() -> Result<()> {
    let lines = shell::step("measuring", measure)?;
    print!("{}", table(&lines));
    std::io::stdout().flush()?;
    let over: Vec<&str> = lines.iter().filter(|it| it.is_over()).map(|it| it.what).collect();
    ensure!(over.is_empty(), "over budget: {}", over.join(", "));
    Ok(())
}

/// One thing that is downloaded.
struct Line {
    what: &'static str,
    raw: usize,
    gzip: usize,
    brotli: usize,
    budget: Budget,
}

/// How many bytes are allowed, and compressed by what.
#[derive(Clone, Copy)]
enum Budget {
    Brotli(usize),
    Gzip(usize),
}

impl Line {
    fn new(what: &'static str, files: &[Vec<u8>], budget: Budget) -> Result<Self> {
        let mut line = Self { what, raw: 0, gzip: 0, brotli: 0, budget };
        for text in files {
            line.raw += text.len();
            line.gzip += gzip(text)?;
            line.brotli += packed(text)?.len();
        }
        Ok(line)
    }

    fn is_over(&self) -> bool {
        match self.budget {
            Budget::Brotli(most) => most < self.brotli,
            Budget::Gzip(most) => most < self.gzip,
        }
    }
}

fn measure() -> Result<[Line; 9]> {
    let file = |path: &Path| fs::read(path).with_context(|| format!("no {}", path.display()));
    let mut worker = site::read(&paths::bundle())?;
    // Beside these, wrangler leaves a map for debuggers and a note.
    let is_sent = |it: &OsStr| it == "js" || it == "wasm";
    worker.retain(|name, _| Path::new(name).extension().is_some_and(is_sent));
    ensure!(worker.len() == 2, "the worker is not built");
    let widget = |name: &str| file(&site::widget_file(name)?);
    let everything = [
        file(&paths::www().join("p.js"))?,
        widget("widget.js")?,
        widget("widget.wasm")?,
        widget("dashboard.js")?,
        widget("acts.js")?,
        widget("dashboard.css")?,
        widget("catalogue.js")?,
        widget("speak.js")?,
        widget("around.js")?,
        widget("dialog.js")?,
        widget("signals.js")?,
    ];
    Ok([
        Line::new("loader p.js", &[file(&paths::www().join("p.js"))?], Budget::Brotli(2 * KB))?,
        Line::new("widget.js", &[widget("widget.js")?], Budget::Brotli(5 * KB))?,
        Line::new("widget.wasm", &[widget("widget.wasm")?], Budget::Brotli(25 * KB))?,
        // With the dashboard and what is asked around a purchase, which few pages load.
        Line::new("all in a page", &everything, Budget::Brotli(50 * KB))?,
        Line::new("German", &[widget("de.json")?], Budget::Brotli(3 * KB))?,
        Line::new("Arabic", &[widget("ar.json")?], Budget::Brotli(3 * KB))?,
        // What they say of the dashboard, as the service has English and French.
        Line::new("  dashboard de", &[widget("de.dashboard.json")?], Budget::Brotli(8 * KB))?,
        Line::new("  dashboard ar", &[widget("ar.dashboard.json")?], Budget::Brotli(8 * KB))?,
        Line::new("worker", &worker.into_values().collect::<Vec<_>>(), Budget::Gzip(WORKER))?,
    ])
}

fn table(lines: &[Line]) -> String {
    let row = |words: [&str; 6]| {
        let [what, raw, gzip, brotli, budget, left] = words;
        format!("{what:<14}{raw:>10}{gzip:>10}{brotli:>10}  {budget:<16}{left}\n")
    };
    let rows = lines.iter().map(|line| {
        let (kind, most, used) = match line.budget {
            Budget::Brotli(most) => ("brotli", most, line.brotli),
            Budget::Gzip(most) => ("gzip", most, line.gzip),
        };
        let left = match most.checked_sub(used) {
            Some(left) => format!("{} %", left * 100 / most),
            None => format!("OVER by {}", used - most),
        };
        let [raw, gzip, brotli] = [line.raw, line.gzip, line.brotli].map(|it| it.to_string());
        row([line.what, &raw, &gzip, &brotli, &format!("{most} {kind}"), &left])
    });
    let head = row(["bytes", "raw", "gzip", "brotli", "budget", "left"]);
    std::iter::once(head).chain(rows).collect()
}

fn gzip(text: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text)?;
    Ok(encoder.finish()?.len())
}

/// A text packed by brotli.
pub(crate) fn packed(mut text: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut text, &mut packed, &BrotliEncoderParams::default())?;
    Ok(packed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(used: usize) -> Line {
        Line { what: "x", raw: 9, gzip: used, brotli: 1, budget: Budget::Gzip(4) }
    }

    #[test]
    fn a_budget_may_be_used_up_but_not_exceeded() {
        assert!(!line(4).is_over());
        assert!(line(5).is_over());
    }

    #[test]
    fn the_table_says_what_is_left() {
        let text = table(&[line(3), line(5)]);
        let ends: Vec<&str> = text.lines().map(|it| it.rsplit("  ").next().unwrap()).collect();
        assert_eq!(ends, ["left", "25 %", "OVER by 1"].map(str::trim));
    }
}
