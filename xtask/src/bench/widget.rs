//! A page with our tag beside the same page without it, in Chromium on a slow processor and network.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::folder;
use super::report::{Bound, Report, median};
use crate::tools::node::Node;
use crate::{artefacts, e2e, shell};

/// What a load may be longer at most, of the largest paint without us or in milliseconds.
const LATER: (f64, f64) = (0.05, 50.0);

/// Loads pages again and again, keeps a line of each in `target/bench/widget/loads.jsonl`, and judges them.
pub(super) fn measure(report: &mut Report) -> Result<()> {
    let node = Node::ready()?;
    artefacts::widget(Some(&node))?;
    let program = artefacts::native(artefacts::SERVE)?;
    let lines = shell::chapter("pages with the tag and without", || {
        let mut bench = shell::cargo("test --quiet --package tests --bench widget");
        e2e::lend_browser(bench.env("PARRAIN_BIN", program))?;
        let mut child = bench.stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().context("there is a pipe")?;
        let mut lines = Vec::new();
        for line in BufReader::new(output).lines() {
            let line = line?;
            if line.starts_with('{') {
                eprint!(".");
                lines.push(line);
            }
        }
        eprintln!();
        ensure!(child.wait()?.success(), "the pages could not be measured");
        Ok(lines)
    })?;
    let file = folder("widget")?.join("loads.jsonl");
    fs::write(&file, lines.join("\n"))?;
    let loads: Vec<Load> = lines.iter().map(|it| Load::read(it)).collect::<Result<_>>()?;
    report.tell(&table(&loads));
    for page in ["content", "heavy"] {
        judge(report, page, &loads);
    }
    Ok(())
}

/// One load of a page.
#[derive(Clone, Debug, PartialEq)]
struct Load {
    page: String,
    tagged: bool,
    /// Milliseconds until the largest paint.
    paint: f64,
    /// Milliseconds of each task of more than 50.
    long: Vec<f64>,
    /// Layout shift, all in all.
    shift: f64,
    /// Bytes of our files.
    bytes: f64,
    /// Milliseconds of our longest script within a long frame.
    ours: f64,
}

impl Load {
    fn read(line: &str) -> Result<Self> {
        let it: Value = serde_json::from_str(line)?;
        let number = |name: &str| it[name].as_f64().with_context(|| format!("no {name} in {line}"));
        let list = |name: &str| it[name].as_array().with_context(|| format!("no {name} in {line}"));
        Ok(Self {
            page: it["page"].as_str().unwrap_or_default().into(),
            tagged: it["tagged"] == true,
            paint: number("lcp")?,
            long: list("long")?.iter().filter_map(|it| it[1].as_f64()).collect(),
            shift: number("shift")?,
            bytes: number("bytes")?,
            ours: list("ours")?.iter().filter_map(|it| it[0].as_f64()).fold(0.0, f64::max),
        })
    }

    fn longest(&self) -> f64 {
        self.long.iter().copied().fold(0.0, f64::max)
    }

    #[expect(clippy::cast_precision_loss, reason = "a few tasks")]
    fn tasks(&self) -> f64 {
        self.long.len() as f64
    }
}

/// The loads of a page, with the tag or without, in the order in which they were made.
fn of<'a>(loads: &'a [Load], page: &str, tagged: bool) -> Vec<&'a Load> {
    loads.iter().filter(|it| it.page == page && it.tagged == tagged).collect()
}

fn middle(loads: &[&Load], what: fn(&Load) -> f64) -> f64 {
    median(loads.iter().map(|it| what(it)))
}

fn judge(report: &mut Report, page: &str, loads: &[Load]) {
    let (with, without) = (of(loads, page, true), of(loads, page, false));
    let added = |what: fn(&Load) -> f64| {
        median(with.iter().zip(&without).map(|(with, without)| what(with) - what(without)))
    };
    let [ours, theirs] = [&with, &without].map(|it| middle(it, |it| it.paint));
    let most = LATER.1.max(theirs * LATER.0);
    report.floor(&format!("{page}: largest paint, ms later"), ours - theirs, Bound::AtMost(most));
    report.floor(&format!("{page}: long tasks more"), added(Load::tasks), Bound::AtMost(0.0));
    let busy = middle(&with, |it| it.ours);
    report.floor(&format!("{page}: our longest script, ms"), busy, Bound::AtMost(50.0));
    report.floor(&format!("{page}: layout shift more"), added(|it| it.shift), Bound::AtMost(0.0));
}

/// The medians, a line of the table and one of JSON for each page with and without the tag.
fn table(loads: &[Load]) -> String {
    let mut text = String::new();
    let head = ["loads", "LCP ms", "long tasks", "longest ms", "shift", "bytes"];
    let mut row = |what: &str, cells: [&str; 6]| {
        let _ = write!(text, "{what:<20}");
        for it in cells {
            let _ = write!(text, "{it:>12}");
        }
        text.push('\n');
    };
    row("", head);
    let mut lines = Vec::new();
    for page in ["content", "heavy"] {
        for tagged in [false, true] {
            let some = of(loads, page, tagged);
            let number = |what: fn(&Load) -> f64| middle(&some, what);
            let [paint, tasks, longest, shift, bytes] = [
                number(|it| it.paint),
                number(Load::tasks),
                number(Load::longest),
                number(|it| it.shift),
                number(|it| it.bytes),
            ];
            let what = format!("{page}{}", if tagged { ", our tag" } else { "" });
            let cells = [
                some.len().to_string(),
                format!("{paint:.0}"),
                format!("{tasks:.0}"),
                format!("{longest:.0}"),
                format!("{shift:.4}"),
                format!("{bytes:.0}"),
            ];
            row(&what, cells.each_ref().map(String::as_str));
            lines.push(json!({
                "page": page, "tagged": tagged, "loads": some.len(), "lcp": paint, "longTasks": tasks,
                "longest": longest, "shift": shift, "bytes": bytes,
            }));
        }
    }
    text.push('\n');
    for line in lines {
        let _ = writeln!(text, "{line}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(tagged: bool, paint: f64, long: &[f64], shift: f64) -> [Load; 2] {
        ["content", "heavy"].map(|page| Load {
            page: page.into(),
            tagged,
            paint,
            long: long.to_vec(),
            shift,
            bytes: 9.0,
            ours: 0.0,
        })
    }

    /// What is found bad of three loads without us, and these with us.
    fn bad(theirs: f64, with: [(f64, &[f64], f64); 3]) -> String {
        let mut loads = Vec::new();
        for (paint, long, shift) in with {
            loads.extend(load(false, theirs, &[60.0], 0.1));
            loads.extend(load(true, paint, long, shift));
        }
        let mut report = Report::default();
        judge(&mut report, "content", &loads);
        report.check().map_or_else(|it| it.to_string(), |()| String::new())
    }

    #[test]
    fn a_page_may_be_a_twentieth_or_50_ms_later_and_nothing_else() {
        let all = |paint: f64, long: &'static [f64], shift: f64| [(paint, long, shift); 3];
        let (one, two): (&[f64], &[f64]) = (&[60.0], &[60.0, 51.0]);
        assert_eq!(bad(900.0, all(950.0, one, 0.1)), "");
        assert!(bad(900.0, all(951.0, one, 0.1)).contains("largest paint"));
        assert_eq!(bad(2_000.0, all(2_100.0, one, 0.1)), "");
        assert!(bad(2_000.0, all(2_101.0, one, 0.1)).contains("largest paint"));
        assert!(bad(900.0, all(900.0, two, 0.1)).contains("long tasks"));
        assert!(bad(900.0, all(900.0, one, 0.2)).contains("layout shift"));
        // What happens once in three loads is the machine's.
        assert_eq!(bad(900.0, [(2e3, two, 0.2), (900.0, one, 0.1), (900.0, one, 0.1)]), "");
    }

    #[test]
    fn a_line_is_a_load() {
        let line = r#"{"page":"heavy","tagged":true,"lcp":12.5,"long":[[3,60],[99,51]],"ours":[[7,"p.js","",0],[9,"p.js","",0]],
            "shift":0,"bytes":7,"files":3,"ready":true,"what":"img"}"#;
        let read = Load::read(line).unwrap();
        assert_eq!((read.longest(), read.tasks(), read.ours), (60.0, 2.0, 9.0));
        assert!(table(&[read]).contains("heavy, our tag"));
        assert!(Load::read("{}").is_err());
    }
}
