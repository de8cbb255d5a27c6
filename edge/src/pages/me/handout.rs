//! A sheet of small cards to print, cut and give away: somebody's link as a QR code and as a code.

use maud::{Markup, html};
use shared::{campaign::Campaign, lang::Lang, picture, share::plain_link};

use super::frame::{Frame, Tab, frame};

/// How many cards an A4 sheet has.
const CARDS: u8 = 8;

/// What stands on a card.
#[derive(Clone, Copy, Debug)]
pub struct Handout<'a> {
    /// The language of the page and of the cards.
    pub lang: Lang,
    /// The campaign.
    pub campaign: &'a Campaign,
    /// Where links live.
    pub base: &'a str,
    /// The code in the link.
    pub code: &'a str,
    /// Who gives it away, by their first name.
    pub name: Option<&'a str>,
    /// What the friend gets.
    pub offer: Option<&'a str>,
    /// What the sharer gets by it.
    pub disclosure: Option<&'a str>,
}

/// The page. On a screen it shows one card; a printer gets the sheet.
#[must_use]
pub fn page(it: &Handout<'_>) -> Markup {
    let words = words(it.lang);
    let main = html! {
        link rel="stylesheet" href="/handout.css";
        script type="module" src="/print.js" {}
        h1.unprinted { (words.title) }
        p.unprinted { (words.lead) }
        p.unprinted { button.primary #print hidden type="button" { (words.print) } }
        div.handouts {
            (card(it))
            @for _ in 1..CARDS { div aria-hidden="true" { (card(it)) } }
        }
    };
    frame(&Frame {
        lang: it.lang,
        service: it.base,
        campaign: it.campaign,
        query: Some(""),
        tab: Some(Tab::Home),
        told: None,
        main,
    })
}

fn card(it: &Handout<'_>) -> Markup {
    let words = words(it.lang);
    let shop = it.campaign.company_name.as_deref().unwrap_or(&it.campaign.name);
    let link = plain_link(it.base, it.code);
    let logo = it.campaign.company_logo_image_url.as_deref();
    let logo = picture::logo(it.base, &it.campaign.id, logo);
    // Nobody presses a link on paper.
    let shown = link.split_once("://").map_or(&*link, |it| it.1);
    html! {
        div.handout {
            img.qr src={ "/q/" (it.code) ".svg" } alt=(words.qr) width="120" height="120";
            div {
                @if let Some(logo) = logo {
                    img.logo src=(logo) alt="" height="28" referrerpolicy="no-referrer";
                }
                p.from {
                    @match it.name {
                        Some(name) => { (name) " " (words.recommends) " " },
                        None => { (words.recommended) " " },
                    }
                    strong { (shop) }
                }
                @if let Some(offer) = it.offer { p { (words.gets) " " (offer) } }
                p.link { (shown) }
                @if let Some(disclosure) = it.disclosure { p.small { (disclosure) } }
            }
        }
    }
}

struct Words {
    title: &'static str,
    lead: &'static str,
    print: &'static str,
    qr: &'static str,
    recommends: &'static str,
    recommended: &'static str,
    gets: &'static str,
}

const fn words(lang: Lang) -> Words {
    match lang {
        Lang::En => Words {
            title: "Cards to give away",
            lead: "Printed, a sheet has eight of them. Whoever points a phone at the square opens your link.",
            print: "Print",
            qr: "QR code of your link",
            recommends: "recommends",
            recommended: "Recommended:",
            gets: "For you:",
        },
        Lang::Fr => Words {
            title: "Cartes à distribuer",
            lead: "Une feuille imprimée en contient huit. Un téléphone pointé sur le carré ouvre votre lien.",
            print: "Imprimer",
            qr: "Code QR de votre lien",
            recommends: "vous recommande",
            recommended: "Recommandé\u{a0}:",
            gets: "Pour vous\u{a0}:",
        },
    }
}
