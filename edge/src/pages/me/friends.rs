//! Somebody's friends: a name only where the friend allowed it, the month, and how it stands.

use maud::{Markup, html};
use shared::{decision::Coarse, lang::Lang};

use super::frame::{part, theirs};

/// A friend, as the one who referred them sees them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Friend {
    /// Their first name, if they agreed to it, or an initial.
    pub name: String,
    /// The month in which they came.
    pub month: String,
    /// How it stands.
    pub status: Coarse,
}

/// The part of the page with the friends; `next`: the query of the page after this one.
#[must_use]
pub fn markup(lang: Lang, friends: &[Friend], next: Option<&str>) -> Markup {
    let words = words(lang);
    part(
        "friends",
        words.title,
        &html! {
            @if friends.is_empty() { p.empty { (words.empty) } }
            ul.rows {
                @for friend in friends {
                    li {
                        div { strong { (theirs(&friend.name)) } " " time.soft datetime=(friend.month) { (friend.month) } }
                        span class={ "badge " (tone(friend.status)) } { (words.status[place(friend.status)]) }
                        p.soft { (friend.status.sentence(lang)) }
                    }
                }
            }
            @if let Some(next) = next { p { a.button href={ "?" (next) "#friends" } { (words.more) } } }
            @if !friends.is_empty() { p.hint { (words.note) } }
        },
    )
}

const fn tone(status: Coarse) -> &'static str {
    match status {
        Coarse::Counts => "good",
        Coarse::DoesNotCount => "quiet",
        Coarse::Waits => "open",
    }
}

const fn place(status: Coarse) -> usize {
    match status {
        Coarse::Waits => 0,
        Coarse::Counts => 1,
        Coarse::DoesNotCount => 2,
    }
}

#[cfg_attr(test, derive(Debug))]
struct Words {
    title: &'static str,
    empty: &'static str,
    status: [&'static str; 3],
    more: &'static str,
    note: &'static str,
}

const fn words(lang: Lang) -> Words {
    match lang {
        Lang::En => Words {
            title: "Your friends",
            empty: "Nobody came through your link yet. Pass it on to somebody who may like it.",
            status: ["waits", "counts", "does not count"],
            more: "Earlier friends",
            note: "Of each friend you see an initial or the name that they allow, and whether they count. What they buy is theirs.",
        },
        Lang::Fr => Words {
            title: "Vos filleuls",
            empty: "Personne n’est encore venu par votre lien. Transmettez-le à quelqu’un qui pourrait aimer.",
            status: ["en attente", "compte", "ne compte pas"],
            more: "Filleuls précédents",
            note: "De chaque filleul, vous voyez une initiale ou le nom qu’il permet, et s’il compte. Ses achats ne regardent que lui.",
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
    fn friends_are_escaped_and_each_status_has_its_word() {
        let friend = |status| Friend { name: "<b>".into(), month: "2026-09".into(), status };
        let all = [Coarse::Waits, Coarse::Counts, Coarse::DoesNotCount].map(friend);
        for lang in [Lang::En, Lang::Fr] {
            let shown = markup(lang, &all, Some("friends=1-x")).into_string();
            assert!(!shown.contains("<b>"));
            for it in words(lang).status {
                assert!(shown.contains(it), "{shown}");
            }
            assert!(markup(lang, &[], None).into_string().contains("class=\"empty\""));
        }
    }
}
