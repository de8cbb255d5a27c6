//! The table of what was measured, and the floors.

use std::fmt::Write;
use std::fs;

use anyhow::{Result, ensure};

use super::pace::Latency;
use super::wrk::micros;

/// One pass over one server: requests a second; the rest in microseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sample {
    pub(super) rate: f64,
    /// CPU time of all processes, per request.
    pub(super) cpu: f64,
    pub(super) p50: f64,
    pub(super) p99: f64,
}

/// What was found, in the order in which it is told.
#[derive(Default)]
pub(super) struct Report {
    rows: Vec<[String; 5]>,
    texts: Vec<String>,
    floors: Vec<Floor>,
}

/// What must hold.
struct Floor {
    what: String,
    found: f64,
    bound: Bound,
}

/// The number that is still good enough.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

impl Report {
    /// A server that was measured at its limit, pass by pass.
    pub(super) fn load(&mut self, what: &str, passes: &[Sample]) {
        let of = |field: fn(&Sample) -> f64| median(passes.iter().map(field));
        self.rows.push([
            what.into(),
            format!("{:.0}", of(|it| it.rate)),
            format!("{:.1}", of(|it| it.cpu)),
            format!("{:.2}", of(|it| it.p50) / 1e3),
            format!("{:.2}", of(|it| it.p99) / 1e3),
        ]);
    }

    /// A server that was measured at a set rate.
    pub(super) fn paced(&mut self, what: &str, per_second: u32, latency: Latency) {
        let [p50, p99] = [latency.p50, latency.p99].map(|it| format!("{:.2}", micros(it) / 1e3));
        self.rows.push([what.into(), per_second.to_string(), "–".into(), p50, p99]);
    }

    /// Something of which only the rate or the CPU time is known.
    pub(super) fn only(&mut self, what: &str, rate: Option<f64>, cpu: Option<f64>) {
        let number = |it: Option<f64>| it.map_or("–".into(), |it| format!("{it:.0}"));
        self.rows.push([what.into(), number(rate), number(cpu), "–".into(), "–".into()]);
    }

    /// Something that is told in a way of its own.
    pub(super) fn tell(&mut self, text: &str) {
        self.texts.push(text.into());
    }

    /// A number that must keep to its bound.
    pub(super) fn floor(&mut self, what: &str, found: f64, bound: Bound) {
        self.floors.push(Floor { what: what.into(), found, bound });
    }

    /// Everything, as a text.
    pub(super) fn table(&self) -> String {
        let mut text = String::new();
        let head = ["", "per second", "CPU µs", "p50 ms", "p99 ms"].map(String::from);
        if !self.rows.is_empty() {
            for [what, rate, cpu, p50, p99] in std::iter::once(&head).chain(&self.rows) {
                let _ = writeln!(text, "{what:<44}{rate:>12}{cpu:>10}{p50:>10}{p99:>10}");
            }
            text.push_str("medians of three passes\n\n");
        }
        for told in &self.texts {
            let _ = writeln!(text, "{told}");
        }
        for floor in &self.floors {
            let _ = writeln!(text, "{}", floor.text());
        }
        let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let load = load.split(' ').take(3).collect::<Vec<_>>().join(" ");
        let _ = writeln!(text, "\nload average {load}");
        text
    }

    /// Fails, by name, if something does not keep to its bound.
    pub(super) fn check(&self) -> Result<()> {
        let below: Vec<&str> =
            self.floors.iter().filter(|it| !it.holds()).map(|it| it.what.as_str()).collect();
        ensure!(below.is_empty(), "not good enough: {}", below.join("; "));
        Ok(())
    }
}

impl Floor {
    fn holds(&self) -> bool {
        match self.bound {
            Bound::AtLeast(least) => least <= self.found,
            Bound::AtMost(most) => self.found <= most,
        }
    }

    fn text(&self) -> String {
        let (word, bound) = match self.bound {
            Bound::AtLeast(least) => ("at least", least),
            Bound::AtMost(most) => ("at most", most),
        };
        let verdict = if self.holds() { "good" } else { "NOT GOOD ENOUGH" };
        let [found, bound] = [self.found, bound].map(short);
        format!("{:<56}{found:>10}  {word} {bound:<8}{verdict}", self.what)
    }
}

/// The median over the passes of what the product has per what the reference has.
pub(super) fn ratio(product: &[Sample], reference: &[Sample], of: fn(&Sample) -> f64) -> f64 {
    median(product.iter().zip(reference).map(|(product, reference)| of(product) / of(reference)))
}

/// The number in the middle.
pub(super) fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

fn short(number: f64) -> String {
    if number < 100.0 { format!("{number:.2}") } else { format!("{number:.0}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(rate: f64) -> Sample {
        Sample { rate, cpu: 1.0, p50: 1.0, p99: 1.0 }
    }

    #[test]
    fn ratios_are_taken_within_a_pass() {
        let product = [sample(40.0), sample(50.0), sample(6.0)];
        let reference = [sample(100.0), sample(100.0), sample(10.0)];
        assert!((ratio(&product, &reference, |it| it.rate) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn a_bound_itself_is_good_and_what_is_not_good_is_named() {
        let mut report = Report::default();
        report.floor("first", 0.4, Bound::AtLeast(0.4));
        report.floor("second", 25.0, Bound::AtMost(25.0));
        assert!(report.check().is_ok());
        report.floor("third", 0.39, Bound::AtLeast(0.4));
        report.floor("fourth", f64::NAN, Bound::AtMost(1.0));
        assert_eq!(report.check().unwrap_err().to_string(), "not good enough: third; fourth");
        assert!(report.table().contains("NOT GOOD ENOUGH"));
    }
}
