//! The styles of the dashboard: those of the participant's page, made to fit a shadow root.

use std::fs;

use anyhow::{Context, Result};

use crate::paths;

/// What the participant's page takes of our own pages' sheet; the rest of that is the console's.
const SHARED: [&str; 8] =
    [":root", ".actions", ".badge", ".copyable", ".decisions", ".empty", ".tiles", "textarea"];

/// What stands outside of the page's subject, which is all that the dashboard shows.
const OUTSIDE: [&str; 4] = [".skip", ".top", "main", "parrain-"];

/// The sheet of the dashboard.
pub(crate) fn sheet() -> Result<String> {
    let read = |path: &str| {
        let path = paths::root().join(path);
        fs::read_to_string(&path).with_context(|| format!("no {}", path.display()))
    };
    let is_inside = |it: &str| !OUTSIDE.iter().any(|part| it.starts_with(part));
    let is_shared = |it: &str| SHARED.iter().any(|part| it.starts_with(part));
    let mut sheet = fitted(&read("www/base.css")?, &is_inside);
    sheet.push_str(&fitted(&read("www/parrain.css")?, &is_shared));
    sheet.push_str(&fitted(&read("www/me.css")?, &is_inside));
    sheet.push_str(&fitted(&read("widget/dashboard.css")?, &|_| true));
    Ok(sheet)
}

/// The rules whose selectors are wanted, for a shadow root: the page is `:host` and `.page`, widths are
/// the element's, and lengths do not follow the root element of somebody else's page.
fn fitted(css: &str, wanted: &dyn Fn(&str) -> bool) -> String {
    let css = without_comments(css);
    blocks(&css).into_iter().filter_map(|(head, body)| rule(head, body, wanted)).collect()
}

/// One of them; none, where nothing of it is wanted.
fn rule(head: &str, body: &str, wanted: &dyn Fn(&str) -> bool) -> Option<String> {
    if head.starts_with("@media print") {
        return None;
    }
    if head.starts_with("@keyframes") {
        return Some(format!("{head}{{{body}}}\n"));
    }
    if head.starts_with('@') {
        let rules = fitted(body, wanted);
        return (!rules.is_empty()).then(|| format!("{}{{{rules}}}\n", condition(head)));
    }
    let kept: Vec<String> =
        selectors(head).into_iter().filter(|it| wanted(it)).map(selector).collect();
    let body = lengths(body, "rem", |it| format!("calc({it}*var(--rem))"));
    let body = lengths(&body, "vw", |it| format!("{it}cqi"));
    (!kept.is_empty()).then(|| format!("{}{{{}}}\n", kept.join(","), body.trim()))
}

/// What a rule within an element asks for: not how wide the window is, but how wide the element is.
fn condition(head: &str) -> String {
    let head = lengths(head, "rem", |it| {
        let length: f64 = it.parse().unwrap_or_default();
        format!("{}px", length * 16.0)
    });
    if head.contains("-width") { head.replace("@media", "@container") } else { head }
}

/// A selector of a page, within its element.
fn selector(it: &str) -> String {
    match it {
        ":root" | "html" => ":host".into(),
        "body" => ".page".into(),
        it => it.into(),
    }
}

/// The selectors of a list; commas within brackets part none.
fn selectors(head: &str) -> Vec<&str> {
    let mut depth = 0;
    head.split(|it: char| {
        depth += i32::from(it == '(') - i32::from(it == ')');
        it == ',' && depth == 0
    })
    .map(str::trim)
    .collect()
}

/// Rules and their bodies, as far as they stand in no other.
fn blocks(css: &str) -> Vec<(&str, &str)> {
    let (mut found, mut rest) = (Vec::new(), css);
    while let Some(open) = rest.find('{') {
        let mut depth = 0;
        let end = rest.bytes().enumerate().find(|(_, it)| {
            depth += i32::from(*it == b'{') - i32::from(*it == b'}');
            *it == b'}' && depth == 0
        });
        let Some((end, _)) = end else { break };
        found.push((rest[..open].trim(), &rest[open + 1..end]));
        rest = &rest[end + 1..];
    }
    found
}

fn without_comments(css: &str) -> String {
    let mut parts = css.split("/*");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str(part.split_once("*/").map_or("", |it| it.1));
    }
    kept
}

/// A text with every length of a unit written anew.
fn lengths(text: &str, unit: &str, write: impl Fn(&str) -> String) -> String {
    let (mut written, mut rest) = (String::new(), text);
    while let Some(place) = rest.find(unit) {
        let (before, after) = (&rest[..place], &rest[place + unit.len()..]);
        let number = before.rfind(|it: char| !it.is_ascii_digit() && it != '.' && it != '-');
        let begin = number.map_or(0, |it| it + 1);
        let ends = !after.starts_with(|it: char| it.is_ascii_alphanumeric() || it == '-');
        let length = &before[begin..];
        if ends && length.parse::<f64>().is_ok() {
            written.push_str(&before[..begin]);
            written.push_str(&write(length));
        } else {
            written.push_str(before);
            written.push_str(unit);
        }
        rest = after;
    }
    written + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_becomes_an_element() {
        let css = "/* x { */ html, a:is(b, c) { margin: 1.5rem auto -2rem; }\n\
                   body { width: clamp(1rem, 3vw, 2rem); }\n\
                   @media (min-width: 56rem) { .two { gap: 0; } .skip { top: 0 } }\n\
                   @media (prefers-color-scheme: dark) { :root { --x: #fff; } }\n\
                   @media print { p { gap: 1px } } .skip { top: 0 }";
        let shown = fitted(css, &|it| !it.starts_with(".skip"));
        let expected = ":host,a:is(b, c){margin: calc(1.5*var(--rem)) auto calc(-2*var(--rem));}\n\
             .page{width: clamp(calc(1*var(--rem)), 3cqi, calc(2*var(--rem)));}\n\
             @container (min-width: 896px){.two{gap: 0;}\n}\n\
             @media (prefers-color-scheme: dark){:host{--x: #fff;}\n}\n";
        assert_eq!(shown, expected);
    }

    #[test]
    fn words_that_end_like_a_unit_are_no_lengths() {
        let kept = |it: &str| lengths(it, "rem", |_| "?".into());
        assert_eq!(kept("--rem: 1rem; 2remx rem"), "--rem: ?; 2remx rem");
    }

    #[test]
    fn the_sheet_is_made_of_ours() {
        let sheet = sheet().unwrap();
        for part in [":host", ".page", ".badge.good", ".copyable", ".tiles", "@container", ".bone"]
        {
            assert!(sheet.contains(part), "{part}");
        }
        for part in ["rem;", ":root", ".menu", "body", "parrain-share", ".skip"] {
            assert!(!sheet.contains(part), "{part}");
        }
    }
}
