//! The leaderboard: a first name only of those who agreed, and always one's own place.

use maud::{Markup, html};
use shared::{lang::Lang, written::number};

use super::frame::{part, theirs};

/// A place on the board.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Spot {
    /// One more than how many people have more.
    pub rank: u32,
    /// Their first name, if they agreed to it.
    pub name: Option<String>,
    /// How many referrals count.
    pub count: i64,
    /// Whether it is the reader.
    pub own: bool,
}

/// The part of the page with the board; `own` is the reader's rank, where they have one.
#[must_use]
pub fn markup(lang: Lang, spots: &[Spot], own: Option<u32>, count: u32) -> Markup {
    let words = words(lang);
    let count_of = |it: i64| number(lang, it.unsigned_abs());
    let is_shown = spots.iter().any(|it| it.own);
    html! {
        @if !spots.is_empty() {
            (part("board", words.title, &html! {
                ol.board {
                    @for spot in spots {
                        li aria-current=[spot.own.then_some("true")] {
                            span.rank { (spot.rank) }
                            span.name {
                                @if spot.own { strong { (words.you) } @if let Some(name) = &spot.name { " (" (theirs(name)) ")" } }
                                @else if let Some(name) = &spot.name { (theirs(name)) }
                                @else { span.soft { (words.somebody) } }
                            }
                            span.count { (count_of(spot.count)) }
                        }
                    }
                    @if let Some(own) = own.filter(|_| !is_shown) {
                        li aria-current="true" {
                            span.rank { (own) }
                            span.name { strong { (words.you) } }
                            span.count { (number(lang, count.into())) }
                        }
                    }
                }
                @if own.is_none() { p.soft { (words.none) } }
                p.hint { (words.note) }
            }))
        }
    }
}

#[cfg_attr(test, derive(Debug))]
struct Words {
    title: &'static str,
    you: &'static str,
    somebody: &'static str,
    none: &'static str,
    note: &'static str,
}

const fn words(lang: Lang) -> Words {
    match lang {
        Lang::En => Words {
            title: "Who recommends most",
            you: "You",
            somebody: "A participant",
            none: "Your place stands here as soon as one of your friends counts.",
            note: "Friends who count, since the beginning. Only those are named who allow it, under “Messages and data”.",
        },
        Lang::Fr => Words {
            title: "Qui recommande le plus",
            you: "Vous",
            somebody: "Un participant",
            none: "Votre place s’affiche ici dès qu’un de vos filleuls compte.",
            note: "Filleuls qui comptent, depuis le début. Seuls sont nommés ceux qui le permettent, sous «\u{a0}Messages et données\u{a0}».",
        },
    }
}

/// The English texts, as a test reads them.
#[cfg(test)]
pub(super) fn said() -> String {
    format!("{:?}", words(Lang::En))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_me_5_the_board_names_nobody_unasked_and_always_shows_ones_own_place() {
        let spot = |rank, name: Option<&str>, own| Spot {
            rank,
            name: name.map(Into::into),
            count: 3,
            own,
        };
        for lang in [Lang::En, Lang::Fr] {
            let words = words(lang);
            let spots = [spot(1, Some("<b>Ada"), false), spot(2, None, false)];
            let shown = markup(lang, &spots, Some(40), 1).into_string();
            assert!(shown.contains("&lt;b&gt;Ada") && shown.contains(words.somebody));
            assert!(shown.contains("<span class=\"rank\">40</span>"), "{shown}");
            let own = [spot(1, None, true)];
            let shown = markup(lang, &own, Some(1), 3).into_string();
            assert_eq!(shown.matches("<li").count(), 1, "{shown}");
            let none = markup(lang, &spots, None, 0).into_string();
            assert!(none.contains(words.none));
            assert_eq!(markup(lang, &[], None, 0).into_string(), "");
        }
    }
}
