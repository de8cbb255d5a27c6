//! Real forms of the web, judged by `shared::form`.

mod page;

use std::fmt::Write;

use serde::Deserialize;
use shared::form::{Detection, detect};

use crate::page::Page;

/// Where the corpus lies.
const CORPUS: &str = include_str!("../../../tests/forms/forms.json");

/// A form and what is right about it.
#[derive(Deserialize)]
struct Case {
    id: String,
    html: String,
    expect: Expected,
}

#[derive(Deserialize)]
struct Expected {
    capture: bool,
    email_selector: Option<String>,
    first_name_selector: Option<String>,
    last_name_selector: Option<String>,
    full_name_selector: Option<String>,
    #[serde(default)]
    never_read: Vec<String>,
}

/// The places of the fields that would be read.
fn read(found: &Detection) -> Vec<usize> {
    let places = [found.email, found.first_name, found.last_name, found.full_name];
    places.into_iter().flatten().collect()
}

#[test]
fn the_corpus_is_judged_well() {
    let cases: Vec<Case> = serde_json::from_str(CORPUS).unwrap();
    let (mut right, mut positives, mut false_captures) = (0_usize, 0_usize, 0_usize);
    let mut report = String::new();
    let mut forbidden = Vec::new();
    for Case { id, html, expect } in &cases {
        let page = Page::parse(html);
        let found = detect(&page.form);
        let captured = found.taken || found.proposed;
        let place = |selector: &Option<String>| selector.as_ref().map(|it| page.place(it));
        let expected = [
            place(&expect.email_selector),
            place(&expect.first_name_selector),
            place(&expect.last_name_selector),
            place(&expect.full_name_selector),
        ];
        let names = [found.first_name, found.last_name, found.full_name];
        if expect.never_read.iter().any(|it| read(&found).contains(&page.place(it))) {
            forbidden.push(id.as_str());
        }
        if !expect.capture {
            false_captures += usize::from(captured);
            if captured {
                writeln!(report, "{id}: captured, should not be: {:?}", found.signals).unwrap();
            }
            continue;
        }
        positives += 1;
        let same = captured && found.email == expected[0];
        right += usize::from(same);
        if !same {
            writeln!(report, "{id}: not captured: {found:?}").unwrap();
        }
        if names != expected[1..] {
            writeln!(report, "{id}: names {names:?}, should be {:?}", &expected[1..]).unwrap();
        }
    }
    let negatives = cases.len() - positives;
    println!("{right} of {positives} captured, {false_captures} of {negatives} falsely\n{report}");
    assert_eq!(forbidden, Vec::<&str>::new(), "fields that must never be read");
    assert!(false_captures <= 3, "{false_captures} of {negatives} captured falsely\n{report}");
    assert!(positives * 80 <= right * 100, "{right} of {positives} captured\n{report}");
}
