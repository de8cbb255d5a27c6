//! What was decided about somebody, in plain sentences.

use maud::{Markup, html};
use shared::{lang::Lang, time::Timestamp};

use super::frame::part;
use crate::pages::console::parts::{Clock, day};

/// A decision as the person whom it is about reads it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Line {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub text: String,
}

/// The part of the page with the decisions, newest first.
#[must_use]
pub fn markup(clock: Clock, lines: &[Line]) -> Markup {
    let words = words(clock.lang);
    html! {
        @if !lines.is_empty() {
            (part("decisions", words[0], &html! {
                p.soft { (words[1]) }
                details {
                    summary { (words[2]) }
                    ol.decisions {
                        @for line in lines {
                            li { p.soft { (day(clock, line.at)) } p { (line.text) } }
                        }
                    }
                }
            }))
        }
    }
}

const fn words(lang: Lang) -> [&'static str; 3] {
    match lang {
        Lang::En => [
            "Why (not)?",
            "Whatever is decided about your sign-up and your rewards is written down with its reasons.",
            "Show the decisions",
        ],
        Lang::Fr => [
            "Pourquoi (pas)\u{a0}?",
            "Tout ce qui est décidé de votre inscription et de vos récompenses est noté avec ses raisons.",
            "Afficher les décisions",
        ],
    }
}
