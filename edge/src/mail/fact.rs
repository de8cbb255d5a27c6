//! What a message tells: names and numbers that templates merge, and an example of each.

use std::collections::BTreeMap;

use minijinja::Value;
use shared::lang::Lang;

use super::{Kind, markup};

/// One fact.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Fact {
    /// Whether something is so.
    Flag(bool),
    /// Sentences or names.
    List(Vec<String>),
    /// A number.
    Number(u64),
    /// What people or owners wrote: never markup, never a link.
    Text(String),
    /// An address of ours.
    Url(String),
}

/// Facts by the names that templates use.
pub type Facts = BTreeMap<&'static str, Fact>;

impl From<&Fact> for Value {
    fn from(fact: &Fact) -> Self {
        let text = |it: &String| markup::clean(it);
        match fact {
            Fact::Flag(it) => Self::from(*it),
            Fact::List(it) => it.iter().map(text).collect::<Vec<_>>().into(),
            Fact::Number(it) => Self::from(*it),
            Fact::Text(it) => Self::from(text(it)),
            Fact::Url(it) => Self::from(markup::linked(it)),
        }
    }
}

/// A name as messages merge it: what could be an advertisement or an address is none.
///
/// Whoever fills in a form can have a welcome sent to somebody else: the name must not carry a text of
/// theirs.
#[must_use]
pub fn first_name(given: Option<&str>) -> String {
    let name = given.unwrap_or_default().trim();
    let is_name = |it: char| it.is_alphabetic() || matches!(it, ' ' | '-' | '\'' | '’' | '.');
    let is_short = name.chars().count() <= 40 && name.split(' ').count() <= 4;
    // `a.b` is how addresses look; `J. R.` is a name.
    let has_domain = name.split(' ').any(|it| it.trim_end_matches('.').contains('.'));
    let fits = is_short && !has_domain && name.chars().all(is_name);
    if fits { name.into() } else { String::new() }
}

/// Examples of all facts that a kind may tell, for previews and to try templates on; `full` or with
/// everything left out that may be.
#[must_use]
pub fn examples(kind: Kind, lang: Lang, full: bool) -> Facts {
    let pick = |en: &str, fr: &str| match lang {
        Lang::En => en.to_owned(),
        Lang::Fr => fr.to_owned(),
    };
    let text = |en: &str, fr: &str| Fact::Text(if full { pick(en, fr) } else { String::new() });
    let list = |en: &str, fr: &str| Fact::List(if full { vec![pick(en, fr)] } else { Vec::new() });
    let number = |it: u64| Fact::Number(if full { it } else { 0 });
    let url = |path: &str| Fact::Url(format!("https://links.example{path}"));
    let facts = kind.variables().into_iter().map(|name| {
        let fact = match name {
            "firstName" => text("Ada", "Ada"),
            "lastName" => text("Martin", "Martin"),
            "programName" => Fact::Text(pick("The Shop’s friends", "Les amis de la boutique")),
            "companyName" => text("The Shop", "La Boutique"),
            "shareUrl" => url("/r/ada"),
            "pageUrl" => url("/me/shop"),
            "cardUrl" => url("/c/shop"),
            "consoleUrl" => url("/console"),
            "signInUrl" => url("/enter#example"),
            "host" => Fact::Text("links.example".into()),
            "rewards" => list(
                "For each friend who becomes a customer, you get: €10.",
                "Pour chaque filleul qui devient client, vous recevez\u{a0}: 10 €.",
            ),
            "friendRewards" => list(
                "Each friend who becomes a customer gets: €10.",
                "Chaque filleul qui devient client reçoit\u{a0}: 10 €.",
            ),
            "disclosure" => text(
                "If you become a customer through my link, I may get this: €10.",
                "Si vous devenez client avec mon lien, je peux recevoir\u{a0}: 10 €.",
            ),
            "leadCount" => number(4),
            "referralCount" => number(3),
            "rewardCount" | "monthlyReferralCount" => number(2),
            "waitingCount" => Fact::Number(if full { 5 } else { 1 }),
            "monthlyClickCount" => number(41),
            "month" => Fact::Text(pick("October 2026", "octobre 2026")),
            "referrerFirstName" => text("Bob", "Bob"),
            "friendName" => text("C.", "C."),
            "reward" => Fact::Text(pick("€10 of credit", "10 € d’avoir")),
            "couponCode" => text("THANKYOU10", "MERCI10"),
            "pools" => Fact::List(vec![pick("summer: 3 left", "été\u{a0}: 3 restants")]),
            // `isReferrer`, `needsAddress` and `choosesCharity`.
            _ => Fact::Flag(full),
        };
        (name, fact)
    });
    facts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_name_is_a_name_or_nothing() {
        for name in ["Ada", "Jean-Luc", "O’Neil", "Marie Anne", "J. R.", "Ève", "李"] {
            assert_eq!(first_name(Some(&format!(" {name} "))), name);
        }
        for text in [
            "www.evil.example",
            "evil.example",
            "https://evil.example",
            "Win 100 €",
            "{{firstName}}",
            "<b>Ada</b>",
            "[x](y)",
            "buy now at the shop",
            "Ada\nBcc",
        ] {
            assert_eq!(first_name(Some(text)), "", "{text}");
        }
        assert_eq!(first_name(Some(&"x".repeat(41))), "");
        assert_eq!(first_name(None), "");
    }
}
