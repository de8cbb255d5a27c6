//! The card as people read it, and the owner's own texts on it.

use std::collections::BTreeMap;

use maud::{Markup, html};
use shared::{card::Card, lang::Lang};

use super::{
    frame::csrf,
    options::{Opt, Say, TEXTS, fold, pick},
    parts::{done, section, wrong},
    settings::beside,
};
use crate::pages::card::{content, headline};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// What values are said in.
    pub say: Say,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// The card as it stands.
    pub card: &'a Card,
    /// Whether anybody can read it: not before the programme runs.
    pub is_public: bool,
    /// The number of the texts' changes: the form holds what it was made from.
    pub revision: i64,
    /// Whether the reader may change the texts.
    pub may_edit: bool,
    /// What stands in the fields.
    pub typed: &'a BTreeMap<String, String>,
    /// What is wrong, by field.
    pub wrong: &'a BTreeMap<String, String>,
    /// What was just done.
    pub said: Option<&'a str>,
}

/// The page.
#[must_use]
pub fn page(it: &Page<'_>) -> Markup {
    let (lang, words) = (it.say.lang, words(it.say.lang));
    let id = &it.card.campaign;
    let own = |of: &str| TEXTS.iter().filter(|it| it.part == of).collect::<Vec<&Opt>>();
    html! {
        div.titled {
            h1 { (words.title) }
            @if it.is_public { p { a.button href={ "/c/" (id) } { (words.public) } } }
        }
        (beside(lang, id, "card"))
        @match it.said {
            Some("saved") => { (done(words.saved)) }
            Some("same") => { (done(words.same)) }
            _ => {}
        }
        @if !it.wrong.is_empty() { (wrong(words.mend)) }
        p.lead { (words.lead) }
        @if !it.is_public { p.warn { (words.draft) } }
        div.split.previews {
            @for (of, name) in [(Lang::En, "English"), (Lang::Fr, "Français")] {
                section.panel aria-labelledby={ "card-" (of.tag()) } {
                    h2 id={ "card-" (of.tag()) } { (words.preview) " · " (name) }
                    div.sheet lang=(of.tag()) { p { strong { (headline(of, it.card)) } } (content(of, it.card)) }
                }
            }
        }
        @if it.may_edit {
            (section("texts", words.texts, &html! {
                p.soft { (words.texts_lead) }
                form.stack method="post" action={ "/console/" (id) "/card#texts" } {
                    (csrf(it.csrf))
                    input type="hidden" name="revision" value=(it.revision);
                    div.split {
                        @for (of, name) in [("en", ["English", "Anglais"]), ("fr", ["French", "Français"])] {
                            fieldset.plain {
                                legend { (pick(lang, name)) }
                                (fold(&own(of), it.typed, it.wrong, it.say))
                            }
                        }
                    }
                    button.primary type="submit" { (words.look) }
                }
            }))
        }
    }
}

struct Words {
    title: &'static str,
    public: &'static str,
    saved: &'static str,
    same: &'static str,
    mend: &'static str,
    lead: &'static str,
    draft: &'static str,
    preview: &'static str,
    texts: &'static str,
    texts_lead: &'static str,
    look: &'static str,
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
    title: "Card and terms",
    public: "Open the public page",
    saved: "Saved. People read it from now on.",
    same: "Nothing changed: the texts are as you typed them.",
    mend: "Something has to be mended: it is marked below, and nothing was saved.",
    lead: "What anybody may read about your programme. The sentences are written from your live rules and settings; you add what only you can say.",
    draft: "Nobody can read it yet: the programme does not run.",
    preview: "Preview",
    texts: "Your own texts",
    texts_lead: "Plain text; an empty line begins a new paragraph. Where a language has no text, people read the other one.",
    look: "See what this changes",
};

const FR: Words = Words {
    title: "Carte et conditions",
    public: "Ouvrir la page publique",
    saved: "Enregistré. Les gens le lisent désormais.",
    same: "Rien n’a changé\u{a0}: les textes sont déjà ainsi.",
    mend: "Quelque chose est à corriger\u{a0}: voyez ci-dessous. Rien n’a été enregistré.",
    lead: "Ce que chacun peut lire sur votre programme. Les phrases viennent de vos règles et réglages en vigueur\u{a0}; vous ajoutez ce que vous seul pouvez dire.",
    draft: "Personne ne peut encore la lire\u{a0}: le programme n’est pas en cours.",
    preview: "Aperçu",
    texts: "Vos propres textes",
    texts_lead: "Du texte simple\u{a0}; une ligne vide commence un paragraphe. Là où une langue n’a pas de texte, on lit l’autre.",
    look: "Voir ce que cela change",
};
