//! What people will read, by the code of the campaign card; and how the colours do.

use maud::{Markup, html};
use shared::{
    card::{self, Both, paragraphs},
    lang::Lang,
    look::Look,
    setup::{Plan, Step},
    time::Timestamp,
};

/// What a programme says, as far as a step decides on it.
#[must_use]
pub fn preview(lang: Lang, step: Step, plan: &Plan, now: Timestamp) -> Markup {
    let words = words(lang);
    let card = card::card(&plan.campaign, std::slice::from_ref(&plan.rule), now);
    let promise = card.rewards.first();
    let sentences: Vec<&Both> = promise
        .into_iter()
        .flat_map(|it| std::iter::once(&it.referrer).chain(&it.friend).chain(&it.limits))
        .collect();
    html! {
        @if step == Step::Design { (design(lang, plan.look)) (invitation(plan)) }
        @else {
            @for here in [lang, other(lang)] {
                blockquote.card lang=(here.tag()) {
                    @for it in &sentences { p { (it.in_lang(here)) } }
                    @if let (Step::Rewards | Step::Check, Some(said)) = (step, &card.disclosure) {
                        p.soft { q { (said.in_lang(here)) } }
                    }
                }
            }
            @if matches!(step, Step::Counting | Step::Check) {
                details.data open[step == Step::Counting] {
                    summary { (words.terms) }
                    ul { @for it in &card.terms { li { (it.in_lang(lang)) } } }
                }
            }
        }
    }
}

/// The headline and the invitation, whole, in both languages.
fn invitation(plan: &Plan) -> Markup {
    html! {
        @for lang in [Lang::En, Lang::Fr] {
            @let [headline, intro, ..] = plan.texts.in_lang(lang);
            blockquote.card lang=(lang.tag()) {
                p { strong { (if headline.is_empty() { plan.campaign.name.as_str() } else { headline }) } }
                @for paragraph in paragraphs(intro) {
                    p { @for (at, line) in paragraph.iter().enumerate() { @if 0 < at { br; } (line) } }
                }
            }
        }
    }
}

/// The colours on a button and a link, and whether they are read.
#[must_use]
pub fn design(lang: Lang, look: Look) -> Markup {
    let words = words(lang);
    let told = look.told();
    let ratio = format!("{:.1}", told.ratio);
    let ratio = if lang == Lang::Fr { ratio.replace('.', ",") } else { ratio };
    html! {
        // Attributes of SVG are no styles, which the page's policy forbids.
        svg.swatch viewBox="0 0 320 150" role="img" aria-label=(words.sample) {
            @for (x, paper, text, link) in [
                (0, "#ffffff", "#14211d", told.links[0].0),
                (160, "#17201d", "#e6eeeb", told.links[1].0),
            ] {
                rect x=(x) y="0" width="160" height="150" fill=(paper) {}
                text x=(x + 14) y="32" font-size="13" fill=(text) { (words.night_day[usize::from(x != 0)]) }
                rect x=(x + 14) y="48" width="132" height="40" rx="8" fill=(look.primary.hex()) {}
                text x=(x + 80) y="73" font-size="13" font-weight="600" text-anchor="middle" fill=(told.ink.hex()) {
                    (words.button)
                }
                text x=(x + 14) y="120" font-size="13" text-decoration="underline" fill=(link.hex()) { (words.link) }
            }
        }
        p { (words.on_button) " " (ratio) ":1 " (words.enough) }
        @for (place, (colour, same)) in told.links.iter().enumerate() {
            @if !same {
                p { (words.pale[place]) " " code { (colour.hex()) } "." }
            }
        }
        @if told.links.iter().all(|it| it.1) { p { (words.links_read) } }
    }
}

const fn other(lang: Lang) -> Lang {
    match lang {
        Lang::En => Lang::Fr,
        Lang::Fr => Lang::En,
    }
}

struct Words {
    terms: &'static str,
    sample: &'static str,
    night_day: [&'static str; 2],
    button: &'static str,
    link: &'static str,
    on_button: &'static str,
    enough: &'static str,
    pale: [&'static str; 2],
    links_read: &'static str,
}

const fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

const EN: Words = Words {
    terms: "The terms that go with it",
    sample: "A button and a link in your colours, on light and on dark",
    night_day: ["On light", "On dark"],
    button: "Share my link",
    link: "The terms",
    on_button: "Buttons are read well: contrast",
    enough: "where 4.5:1 is enough.",
    pale: [
        "On light your colour of links is too pale to be read; there we use a darker shade of it,",
        "On dark your colour of links is too dark to be read; there we use a paler shade of it,",
    ],
    links_read: "Links are read well on light and on dark.",
};

const FR: Words = Words {
    terms: "Les conditions qui vont avec",
    sample: "Un bouton et un lien à vos couleurs, en clair et en sombre",
    night_day: ["En clair", "En sombre"],
    button: "Partager",
    link: "Les conditions",
    on_button: "Les boutons se lisent bien\u{a0}: contraste",
    enough: "là où 4,5:1 suffit.",
    pale: [
        "En clair, votre couleur de liens est trop pâle pour être lue\u{a0}; nous y prenons une nuance plus foncée,",
        "En sombre, votre couleur de liens est trop foncée pour être lue\u{a0}; nous y prenons une nuance plus claire,",
    ],
    links_read: "Les liens se lisent bien en clair et en sombre.",
};
