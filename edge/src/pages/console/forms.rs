//! Forms that the widget met and that wait for the owner's word, each with why it looks like a lead.

use maud::{Markup, html};
use shared::{
    campaign::Campaign,
    form::Code,
    lang::Lang,
    proposal::{Proposal, Why},
};

use super::{
    frame::csrf,
    parts::{Clock, Tone, badge, day, done, empty, section, wrong},
    settings::beside,
};
use crate::store::proposals::Row;

/// What the page shows.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// The campaign.
    pub campaign: &'a Campaign,
    /// What waits.
    pub waiting: &'a [Row],
    /// Whether the reader may decide.
    pub may: bool,
    /// What was just done.
    pub said: Option<&'a str>,
}

struct Words {
    title: &'static str,
    lead: &'static str,
    waiting: &'static str,
    none: &'static str,
    contact: &'static str,
    unreferred: &'static str,
    seen: &'static str,
    on: &'static str,
    fields: &'static str,
    buttons: &'static str,
    why: &'static str,
    points: &'static str,
    nameless: &'static str,
    take: &'static str,
    never: &'static str,
    listed: &'static str,
    taken: &'static str,
    ignored: &'static str,
    change: &'static str,
    said: [(&'static str, &'static str); 2],
    failed: [(&'static str, &'static str); 3],
}

const EN: Words = Words {
    title: "Forms",
    lead: "Forms of your site that look like a sign-up, but that are only taken if you say so. Nothing that anybody typed is shown here or kept.",
    waiting: "Waiting for you",
    none: "No form waits for you. Sign-ups and newsletters of referred friends are taken by themselves.",
    contact: "Contact form",
    unreferred: "Sent by somebody whom nobody referred",
    seen: "first seen on",
    on: "on",
    fields: "Asks for:",
    buttons: "Buttons:",
    why: "Why it looks like a sign-up",
    points: "points",
    nameless: "This form has no id, name or address of its own, so that it cannot be chosen here. Add data-parrain-form to its <form> tag to take it.",
    take: "Take from everybody",
    never: "Never take",
    listed: "Decided",
    taken: "Always taken, whoever sends them",
    ignored: "Never taken",
    change: "Change the lists in the settings",
    said: [
        ("take", "From now on this form is taken, whoever sends it."),
        ("never", "This form is left alone from now on."),
    ],
    failed: [
        ("gone", "This form was decided already."),
        ("unnamed", "Nothing names this form. Add data-parrain-form to its tag."),
        ("full", "The list is full. Take something out of it in the settings."),
    ],
};

const FR: Words = Words {
    title: "Formulaires",
    lead: "Des formulaires de votre site qui ressemblent à une inscription, mais ne sont pris que si vous le dites. Rien de ce que quelqu’un a saisi n’est montré ni gardé ici.",
    waiting: "En attente de votre choix",
    none: "Aucun formulaire ne vous attend. Les inscriptions et lettres d’information des filleuls sont prises d’elles-mêmes.",
    contact: "Formulaire de contact",
    unreferred: "Envoyé par quelqu’un que personne n’a parrainé",
    seen: "vu d’abord le",
    on: "sur",
    fields: "Demande\u{a0}:",
    buttons: "Boutons\u{a0}:",
    why: "Pourquoi il ressemble à une inscription",
    points: "points",
    nameless: "Ce formulaire n’a ni id, ni nom, ni adresse à lui\u{a0}: on ne peut pas le choisir ici. Ajoutez data-parrain-form à sa balise <form> pour le prendre.",
    take: "Prendre, de tout le monde",
    never: "Ne jamais prendre",
    listed: "Décidé",
    taken: "Toujours pris, qui que ce soit qui les envoie",
    ignored: "Jamais pris",
    change: "Modifier les listes dans les réglages",
    said: [
        ("take", "Ce formulaire est désormais pris, qui que ce soit qui l’envoie."),
        ("never", "Ce formulaire est désormais laissé de côté."),
    ],
    failed: [
        ("gone", "Ce formulaire a déjà été décidé."),
        ("unnamed", "Rien ne désigne ce formulaire. Ajoutez data-parrain-form à sa balise."),
        ("full", "La liste est pleine. Retirez-en un élément dans les réglages."),
    ],
};

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

/// The page.
#[must_use]
pub fn page(it: &Page<'_>) -> Markup {
    let words = words(it.lang);
    let find = |all: &[(&str, &'static str)]| {
        all.iter().find(|(key, _)| Some(*key) == it.said).map(|(_, text)| *text)
    };
    let forms = &it.campaign.installation.forms;
    html! {
        h1 { (words.title) }
        (beside(it.lang, &it.campaign.id, "forms"))
        @if let Some(text) = find(&words.said) { (done(text)) }
        @if let Some(text) = find(&words.failed) { (wrong(text)) }
        p { (words.lead) }
        (section("waiting", words.waiting, &html! {
            @if it.waiting.is_empty() { (empty(words.none)) }
            @for row in it.waiting { (proposal(it, row, words)) }
        }))
        @if !forms.take.is_empty() || !forms.ignore.is_empty() {
            (section("decided", words.listed, &html! {
                @for (name, list) in [(words.taken, &forms.take), (words.ignored, &forms.ignore)] {
                    @if !list.is_empty() {
                        h3 { (name) }
                        ul { @for selector in list { li { code { (selector) } } } }
                    }
                }
                p { a href={ "/console/" (it.campaign.id) "/settings" } { (words.change) } }
            }))
        }
    }
}

/// A form that waits.
fn proposal(it: &Page<'_>, row: &Row, words: &Words) -> Markup {
    let body: &Proposal = &row.body;
    let clock = Clock { lang: it.lang, zone: it.campaign.options.time_zone };
    let name = [&body.heading, &body.path].into_iter().find(|it| !it.is_empty());
    let tone = match body.why {
        Why::Contact => (Tone::Open, words.contact),
        Why::Unreferred => (Tone::Quiet, words.unreferred),
    };
    html! {
        article.note {
            h3 { (name.map_or("/", String::as_str)) }
            p { (badge(tone)) }
            p.soft { (words.seen) " " (day(clock, row.at)) " " (words.on) " " code { (body.path) } }
            @for (name, list) in [(words.fields, &body.fields), (words.buttons, &body.buttons)] {
                @if !list.is_empty() { p { strong { (name) } " " (list.join(" · ")) } }
            }
            details {
                summary { (words.why) " (" (body.score) " " (words.points) ")" }
                ul {
                    @for (code, points) in &body.signals {
                        li {
                            (sentence(code, it.lang))
                            @if *points != 0 { " (" (format!("{points:+}")) ")" }
                        }
                    }
                }
            }
            @if body.selector.is_none() { p { (words.nameless) } }
            @if it.may {
                form.acts method="post" {
                    (csrf(it.csrf))
                    input type="hidden" name="form" value=(row.signature);
                    @if body.selector.is_some() {
                        button type="submit" name="act" value="take" { (words.take) }
                        " "
                    }
                    button type="submit" name="act" value="never" { (words.never) }
                }
            }
        }
    }
}

/// What a signal says; of one that is no more, its code.
fn sentence(code: &str, lang: Lang) -> &str {
    let known = Code::ALL
        .iter()
        .find(|it| serde_json::to_value(it).is_ok_and(|it| it.as_str() == Some(code)));
    known.map_or(code, |it| it.sentence(lang))
}
