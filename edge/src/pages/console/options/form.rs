//! Fields of settings.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::{Kind, Opt, Say, days, pick};

/// A setting as a field, with what was typed and what is wrong with it.
#[must_use]
pub fn field(opt: &Opt, typed: &str, wrong: Option<&str>, say: Say) -> Markup {
    let lang = say.lang;
    let id = format!("f-{}", opt.path);
    let (hint, flaw) = (format!("{id}-hint"), format!("{id}-wrong"));
    let told = if wrong.is_some() { format!("{hint} {flaw}") } else { hint.clone() };
    let bad = wrong.map(|_| "true");
    let name = opt.path;
    html! {
        @if opt.kind == Kind::Flag {
            div.field.option {
                label.check {
                    input id=(id) type="checkbox" name=(name) value="1" checked[!typed.is_empty()]
                        aria-describedby=(told) aria-invalid=[bad];
                    span { (opt.label(lang)) }
                }
                (about(opt, &hint, &flaw, wrong, say))
            }
        } @else {
            div.field.option {
                @if opt.kind == Kind::Fixed {
                    p.label { (opt.label(lang)) }
                    p { strong { (typed) } }
                } @else {
                    label for=(id) { (opt.label(lang)) }
                }
                @match opt.kind {
                    Kind::Fixed | Kind::Flag => {}
                    Kind::Choice(choices) => {
                        select id=(id) name=(name) aria-describedby=(told) aria-invalid=[bad] {
                            // What is published never becomes a draft again.
                            @for (value, words) in choices.iter().filter(|it| it.0 != "DRAFT" || typed == "DRAFT") {
                                option value=(value) selected[*value == typed] { (pick(lang, *words)) }
                            }
                        }
                    }
                    Kind::Days(numbers, none) => {
                        select id=(id) name=(name) aria-describedby=(told) aria-invalid=[bad] {
                            @if let Some(words) = none {
                                option value="" selected[typed.is_empty()] { (pick(lang, words)) }
                            }
                            @for number in numbers {
                                @let number = number.to_string();
                                option value=(number) selected[number == typed] { (days(lang, &number)) }
                            }
                            @if !typed.is_empty() && !numbers.iter().any(|it| it.to_string() == typed) {
                                option value=(typed) selected { (typed) }
                            }
                        }
                    }
                    Kind::Text(_) | Kind::Lines | Kind::Pairs => {
                        textarea id=(id) name=(name) rows=(rows(opt.kind))
                            aria-describedby=(told) aria-invalid=[bad] { "\n" (typed) }
                    }
                    Kind::Instant => {
                        input id=(id) name=(name) type="datetime-local" value=(typed)
                            aria-describedby=(told) aria-invalid=[bad];
                    }
                    Kind::Line | Kind::Count | Kind::Money => {
                        span.unit {
                            input id=(id) name=(name) type="text" value=(typed) autocomplete="off"
                                inputmode=[mode(opt.kind)] aria-describedby=(told) aria-invalid=[bad];
                            @if opt.kind == Kind::Money { span { (say.currency.as_str()) } }
                        }
                    }
                }
                (about(opt, &hint, &flaw, wrong, say))
            }
        }
    }
}

fn about(opt: &Opt, hint: &str, flaw: &str, wrong: Option<&str>, say: Say) -> Markup {
    html! {
        @if let Some(wrong) = wrong { p.flaw id=(flaw) { (wrong) } }
        p.hint id=(hint) {
            (pick(say.lang, opt.help))
            @if opt.kind == Kind::Instant { " (" (say.zone.name()) ")" }
        }
    }
}

const fn rows(kind: Kind) -> u8 {
    match kind {
        Kind::Text(rows) => rows,
        _ => 3,
    }
}

const fn mode(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Count => Some("numeric"),
        Kind::Money => Some("decimal"),
        _ => None,
    }
}

/// The fields of a part: what most owners need, and the rest folded away; open where something in it
/// is wrong.
#[must_use]
pub fn fold(
    list: &[&Opt],
    typed: &BTreeMap<String, String>,
    wrong: &BTreeMap<String, String>,
    say: Say,
) -> Markup {
    let text = |opt: &Opt| typed.get(opt.path).map(String::as_str).unwrap_or_default();
    let flaw = |opt: &Opt| wrong.get(opt.path).map(String::as_str);
    let folded: Vec<&&Opt> = list.iter().filter(|it| it.folded).collect();
    let open = folded.iter().any(|it| flaw(it).is_some());
    html! {
        @for opt in list.iter().filter(|it| !it.folded) { (field(opt, text(opt), flaw(opt), say)) }
        @if !folded.is_empty() {
            details.more open[open] {
                summary { (pick(say.lang, ["More settings", "Plus de réglages"])) " (" (folded.len()) ")" }
                div { @for opt in folded { (field(opt, text(opt), flaw(opt), say)) } }
            }
        }
    }
}

/// What was typed, for a page that asks once more.
#[must_use]
pub fn hidden(typed: &BTreeMap<String, String>) -> Markup {
    html! {
        @for (name, value) in typed.iter().filter(|it| !it.1.is_empty()) {
            input type="hidden" name=(name) value=(value);
        }
    }
}
