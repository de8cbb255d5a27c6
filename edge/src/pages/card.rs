//! The campaign card: what the live rules promise, for anybody to read.

use maud::{Markup, html};
use shared::{
    campaign::Status,
    card::{Both, Card, paragraphs},
    lang::Lang,
    written::date,
};

use super::look::{Brand, branded};

/// The page of a card in the programme's own look; `json` is the address of the same for machines, `logo`
/// that of the owner's logo. One that stands no more says so, and leads to the one that does.
#[must_use]
pub fn card(
    lang: Lang,
    card: &Card,
    version: &str,
    stands: bool,
    json: &str,
    logo: Option<&str>,
) -> Markup {
    let words = words(lang);
    let main = html! {
        h1 { (headline(lang, card)) }
        @if !stands {
            p.note {
                (words.earlier) " "
                a href={ "/c/" (card.campaign) "?lang=" (lang.tag()) } { (words.present) } "."
            }
        }
        (content(lang, card))
        @if stands && card.status == Status::InProgress {
            p { a.button.primary href={ "/me/" (card.campaign) "?lang=" (lang.tag()) } { (words.join) } }
        }
        p.version { (words.version) " " code { (version) } " · " a href=(json) { (words.machines) } }
    };
    let by = card.company.as_deref();
    let brand = Brand { campaign: &card.campaign, name: by.unwrap_or(&card.name), logo };
    branded(lang, &card.name, brand, &main)
}

/// The owner's headline, or else the programme's name.
#[must_use]
pub fn headline(lang: Lang, card: &Card) -> &str {
    let [headline, ..] = card.own.in_lang(lang);
    if headline.is_empty() { &card.name } else { headline }
}

/// What a card says, below its headline.
#[must_use]
pub fn content(lang: Lang, card: &Card) -> Markup {
    let words = words(lang);
    let [_, intro, eligibility, terms, contact] = card.own.in_lang(lang);
    html! {
        p.lead {
            @match card.company.as_deref() {
                Some(company) => { (words.lead_by) " " (company) "." }
                None => { (words.lead) }
            }
        }
        (own(intro))
        @if card.status == Status::Complete { p.note { (words.ended) } }
        @if let Some(at) = card.ends_at { p { (words.ends) " " (date(lang, at)) " (UTC)." } }
        h2 { (words.rewards) }
        @if card.rewards.is_empty() { p { (words.nothing) } }
        @for promise in &card.rewards {
            section.card.promise {
                p { (promise.referrer.in_lang(lang)) }
                @if let Some(friend) = &promise.friend { p { (friend.in_lang(lang)) } }
                (list(lang, &promise.limits))
            }
        }
        @if !card.charities.is_empty() {
            h2 { (words.charities) }
            ul { @for name in &card.charities { li { (name) } } }
        }
        @if !eligibility.is_empty() { h2 { (words.eligibility) } (own(eligibility)) }
        h2 { (words.terms) }
        (list(lang, &card.terms))
        (own(terms))
        @if let Some(disclosure) = &card.disclosure {
            h2 { (words.disclosure) }
            blockquote.card { p { (disclosure.in_lang(lang)) } }
        }
        @if !contact.is_empty() { h2 { (words.contact) } (own(contact)) }
    }
}

/// A text of the owner's: plain, in paragraphs.
#[must_use]
pub fn own(text: &str) -> Markup {
    html! {
        @for paragraph in paragraphs(text) {
            p { @for (at, line) in paragraph.iter().enumerate() { @if 0 < at { br; } (line) } }
        }
    }
}

fn list(lang: Lang, sentences: &[Both]) -> Markup {
    html! {
        @if !sentences.is_empty() {
            ul { @for it in sentences { li { (it.in_lang(lang)) } } }
        }
    }
}

struct Words {
    lead: &'static str,
    lead_by: &'static str,
    ended: &'static str,
    ends: &'static str,
    rewards: &'static str,
    nothing: &'static str,
    charities: &'static str,
    eligibility: &'static str,
    terms: &'static str,
    contact: &'static str,
    disclosure: &'static str,
    version: &'static str,
    earlier: &'static str,
    present: &'static str,
    machines: &'static str,
    join: &'static str,
}

const fn words(lang: Lang) -> Words {
    match lang {
        Lang::En => Words {
            lead: "What this referral programme gives, and on which terms.",
            lead_by: "What this referral programme gives, and on which terms. It is run by",
            ended: "This programme has ended: nothing more is earned.",
            ends: "It ends on",
            rewards: "What is earned",
            nothing: "Nothing is promised at present.",
            charities: "Whom donations go to",
            eligibility: "Who may take part",
            terms: "The terms",
            contact: "Whom to ask",
            disclosure: "What to say when you share your link",
            version: "Version",
            earlier: "These are earlier terms. Here are",
            present: "those of today",
            machines: "the same for machines",
            join: "Join and get my link",
        },
        Lang::Fr => Words {
            lead: "Ce que donne ce programme de parrainage, et à quelles conditions.",
            lead_by: "Ce que donne ce programme de parrainage, et à quelles conditions. Il est \
                      proposé par",
            ended: "Ce programme est terminé\u{a0}: plus rien n’est gagné.",
            ends: "Il se termine le",
            rewards: "Ce que l’on gagne",
            nothing: "Rien n’est promis pour le moment.",
            charities: "À qui vont les dons",
            eligibility: "Qui peut participer",
            terms: "Les conditions",
            contact: "À qui s’adresser",
            disclosure: "Ce qu’il faut dire en partageant votre lien",
            version: "Version",
            earlier: "Ce sont des conditions antérieures. Voici",
            present: "celles d’aujourd’hui",
            machines: "la même pour les machines",
            join: "Participer et recevoir mon lien",
        },
    }
}

#[cfg(test)]
mod tests {
    use shared::card::{Own, Texts};

    use super::*;

    #[test]
    fn what_owners_write_is_escaped() {
        let card_of = |name: &str| Card {
            campaign: "shop".into(),
            name: name.into(),
            company: Some("<b>".into()),
            status: Status::Complete,
            currency: shared::money::Currency::EUR,
            time_zone: "UTC".into(),
            ends_at: None,
            rewards: Vec::new(),
            terms: Vec::new(),
            charities: vec!["<i>".into()],
            disclosure: None,
            own: Own {
                en: Texts { terms: "<u>one</u>\ntwo\n\nthree".into(), ..Texts::default() },
                ..Own::default()
            },
        };
        let page = card(Lang::En, &card_of("<script>"), "v", true, "/c/shop/card.json", None)
            .into_string();
        assert!(!page.contains("<b>") && !page.contains("<i>") && !page.contains("<script>"));
        assert!(page.contains("<p>&lt;u&gt;one&lt;/u&gt;<br>two</p><p>three</p>"), "{page}");
        assert!(page.contains("This programme has ended"));
        assert!(page.contains("Nothing is promised at present."));
    }
}
