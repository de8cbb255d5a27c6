//! A campaign's settings, in a few parts; each is a form of its own.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::Value;
use shared::lang::Lang;

use super::{
    frame::csrf,
    options::{Opt, PARTS, SETTINGS, Say, Section, at, fold, pick},
    parts::{done, section, wrong},
};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Settings<'a> {
    /// What values are said in.
    pub say: Say,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// The campaign's id.
    pub campaign: &'a str,
    /// The settings as they are on the wire.
    pub values: &'a Value,
    /// The number of their changes: a form holds what it was made from.
    pub revision: i64,
    /// Whether the reader may change them.
    pub may_edit: bool,
    /// The part that was sent, what was typed, and what is wrong with it.
    pub sent: Option<Sent<'a>>,
    /// What was just done.
    pub said: Option<&'a str>,
}

/// A form that is shown once more.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    /// The part of the page.
    pub part: &'a str,
    /// What was typed.
    pub typed: &'a BTreeMap<String, String>,
    /// What is wrong, by field; under an empty name, what is of no field.
    pub wrong: &'a BTreeMap<String, String>,
}

/// The pages that stand beside each other under "Settings".
#[must_use]
pub fn beside(lang: Lang, campaign: &str, here: &str) -> Markup {
    let pages: &[(&str, [&str; 2])] = &[
        ("settings", ["General", "Général"]),
        ("rules", ["Rules", "Règles"]),
        ("card", ["Card and terms", "Carte et conditions"]),
        ("design", ["Design", "Apparence"]),
        ("install", ["Installation", "Installation"]),
        ("forms", ["Forms", "Formulaires"]),
        ("versions", ["Versions", "Versions"]),
    ];
    html! {
        nav aria-label=(pick(lang, ["Settings", "Réglages"])) {
            ul.links.beside-pages {
                @for (page, name) in pages {
                    li { a href={ "/console/" (campaign) "/" (page) } aria-current=[(*page == here).then_some("page")] { (pick(lang, *name)) } }
                }
            }
        }
    }
}

/// The page.
#[must_use]
pub fn page(it: &Settings<'_>) -> Markup {
    let (lang, words) = (it.say.lang, words(it.say.lang));
    let problem = it.sent.and_then(|sent| {
        let general = sent.wrong.get("").map(String::as_str);
        (!sent.wrong.is_empty()).then_some(general.unwrap_or(words.mend))
    });
    html! {
        div.titled { h1 { (words.title) } }
        (beside(lang, it.campaign, "settings"))
        @match it.said {
            Some("saved") => { (done(words.saved)) }
            Some("same") => { (done(words.same)) }
            _ => {}
        }
        @if let Some(problem) = problem { (wrong(problem)) }
        nav aria-label=(words.parts) {
            ul.links.jump {
                @for part in PARTS { li { a href={ "#" (part.name) } { (pick(lang, part.title)) } } }
            }
        }
        @for part in PARTS {
            (section(part.name, pick(lang, part.title), &panel(it, part, words)))
        }
        (section("mails", words.mails, &html! {
            p { (words.mails_lead) }
            p { a.button href={ "/console/" (it.campaign) "/mail" } { (words.to_mails) } }
        }))
    }
}

/// The settings of a part.
#[must_use]
pub fn of_part(part: &str) -> Vec<&'static Opt> {
    SETTINGS.iter().filter(|it| it.part == part).collect()
}

fn panel(it: &Settings<'_>, part: Section, words: &Words) -> Markup {
    let list = of_part(part.name);
    let lead = html! { p.soft { (pick(it.say.lang, part.lead)) } };
    if !it.may_edit {
        return html! {
            (lead)
            dl.facts {
                @for opt in list {
                    div { dt { (opt.label(it.say.lang)) } dd.kept { (opt.said(at(it.values, opt.path), it.say)) } }
                }
            }
        };
    }
    let sent = it.sent.filter(|sent| sent.part == part.name);
    let known: BTreeMap<String, String> = list
        .iter()
        .map(|opt| {
            let value = at(it.values, opt.path);
            let fixed = opt.kind == super::options::Kind::Fixed;
            let text = if fixed { opt.said(value, it.say) } else { opt.typed(value, it.say) };
            (opt.path.to_owned(), text)
        })
        .collect();
    // What cannot be typed is not sent.
    let typed = sent.map_or_else(
        || known.clone(),
        |sent| {
            let fixed = list.iter().filter(|it| it.kind == super::options::Kind::Fixed);
            let own =
                fixed.filter_map(|it| Some((it.path.to_owned(), known.get(it.path)?.clone())));
            sent.typed.clone().into_iter().chain(own).collect()
        },
    );
    let none = BTreeMap::new();
    html! {
        (lead)
        form.stack method="post" action={ "/console/" (it.campaign) "/settings#" (part.name) } {
            (csrf(it.csrf))
            input type="hidden" name="part" value=(part.name);
            input type="hidden" name="revision" value=(it.revision);
            (fold(&list, &typed, sent.map_or(&none, |it| it.wrong), it.say))
            button.primary type="submit" { (words.look) }
        }
    }
}

struct Words {
    title: &'static str,
    parts: &'static str,
    saved: &'static str,
    same: &'static str,
    mend: &'static str,
    look: &'static str,
    mails: &'static str,
    mails_lead: &'static str,
    to_mails: &'static str,
}

const fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

/// What the page is called.
#[must_use]
pub const fn title(lang: Lang) -> &'static str {
    words(lang).title
}

const EN: Words = Words {
    title: "Settings",
    parts: "Parts of this page",
    saved: "Saved. It is a version of its own, with your name.",
    same: "Nothing changed: everything stands as you typed it.",
    mend: "Something has to be mended: it is marked below, and nothing was saved.",
    look: "See what this changes",
    mails: "E-mails to you and to your customers",
    mails_lead: "Which messages go out, to customers and to your team (rewards that wait for approval, coupon pools that run low), is set on the page of e-mails.",
    to_mails: "Go to e-mails",
};

const FR: Words = Words {
    title: "Réglages",
    parts: "Parties de cette page",
    saved: "Enregistré. C’est une version à part, avec votre nom.",
    same: "Rien n’a changé\u{a0}: tout est déjà comme vous l’avez tapé.",
    mend: "Quelque chose est à corriger\u{a0}: voyez ci-dessous. Rien n’a été enregistré.",
    look: "Voir ce que cela change",
    mails: "E-mails pour vous et vos clients",
    mails_lead: "Les messages aux clients et à votre équipe (récompenses à valider, réserves de bons presque vides) se règlent sur la page des e-mails.",
    to_mails: "Aller aux e-mails",
};
