//! What frames the pages for participants: the campaign's own name and logo, the way between the two.

use maud::{Markup, html};
use shared::{campaign::Campaign, card::Both, lang::Lang, picture};

use crate::pages::{
    layout::{Look, Page, layout},
    look::sheet,
};

/// One of the pages of somebody who is signed in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tab {
    /// Link, friends and rewards.
    Home,
    /// Messages, data, leaving.
    Account,
}

/// A page before it is framed.
#[derive(Debug)]
pub struct Frame<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// Where the service is.
    pub service: &'a str,
    /// The campaign.
    pub campaign: &'a Campaign,
    /// The page's own query, kept when the language changes; `None` where the page cannot be asked for
    /// again.
    pub query: Option<&'a str>,
    /// Where they are, if they are signed in.
    pub tab: Option<Tab>,
    /// What was just done or went wrong.
    pub told: Option<Told<'a>>,
    /// The subject of the page.
    pub main: Markup,
}

/// What was just done, or went wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Told<'a> {
    /// It is done.
    Done(&'a str),
    /// It is not.
    Wrong(&'a str),
}

/// Whom somebody asks, as a sentence begins: the company by its name, else us.
#[must_use]
pub fn ask_us(lang: Lang, campaign: &Campaign) -> Markup {
    let (ask, us) = match lang {
        Lang::En => ("Ask ", "Ask us"),
        Lang::Fr => ("Demandez à ", "Demandez-nous"),
    };
    match campaign.company_name.as_deref() {
        Some(name) => html! { (ask) (theirs(name)) },
        None => html! { (us) },
    }
}

/// What is somebody's own, such as a name: it has its own direction, and no catalogue says it otherwise.
#[must_use]
pub fn theirs(text: &str) -> Markup {
    html! { bdi translate="no" { (text) } }
}

/// A promise of the card: what is given stands apart from how it is earned; `own`: in the owner's words.
#[must_use]
pub fn promised(lang: Lang, promise: &Both, own: bool) -> Markup {
    let text = promise.in_lang(lang);
    let Some((how, what)) = text.split_once(": ") else { return html! { (text) } };
    let what = what.strip_suffix('.').unwrap_or(what);
    html! { (how) ": " bdi translate=[own.then_some("no")] { (what) } "." }
}

/// The whole page.
#[must_use]
pub fn frame(it: &Frame<'_>) -> Markup {
    let words = words(it.lang);
    let Frame { campaign, lang, .. } = *it;
    let home = format!("/me/{}", campaign.id);
    let logo = picture::logo(it.service, &campaign.id, campaign.company_logo_image_url.as_deref());
    let here = |tab| (it.tab == Some(tab)).then_some("page");
    layout(&Page {
        lang,
        title: &campaign.name,
        look: Look::Parrain,
        query: it.query,
        head: html! {
            link rel="stylesheet" href="/me.css";
            (sheet(&campaign.id))
            script type="module" src="/copy.js" {}
            script type="module" src="/me.js" {}
        },
        header: html! {
            a.brand href=(home) {
                @if let Some(logo) = logo {
                    img.logo src=(logo) alt="" height="40" referrerpolicy="no-referrer";
                }
                (theirs(&campaign.name))
            }
        },
        main: html! {
            div.width.mine {
                @if it.tab.is_some() {
                    nav.ways aria-label=(words.ways) {
                        a href=(home) aria-current=[here(Tab::Home)] { (words.home) }
                        a href={ (home) "/account" } aria-current=[here(Tab::Account)] { (words.account) }
                    }
                }
                @match it.told {
                    Some(Told::Done(text)) => p.told role="status" { (text) },
                    Some(Told::Wrong(text)) => p.told.bad role="alert" { (text) },
                    None => {},
                }
                (it.main)
            }
        },
        footer: html! {
            footer.foot {
                div.width.mine {
                    p.soft { a href={ "/c/" (campaign.id) "?lang=" (lang.tag()) } { (words.card) } }
                }
            }
        },
    })
}

/// The token of somebody's session, in each form of theirs.
#[must_use]
pub fn csrf(token: &str) -> Markup {
    html! { input type="hidden" name="csrf" value=(token); }
}

/// A part of a page under its own heading.
#[must_use]
pub fn part(id: &str, title: &str, content: &Markup) -> Markup {
    html! {
        section.panel aria-labelledby=(id) {
            h2 id=(id) { (title) }
            (content)
        }
    }
}

/// A field of a form, with what is wrong with it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Field<'a> {
    /// Its name in the form.
    pub name: &'a str,
    /// What sets its id apart from that of another form's.
    pub of: &'a str,
    /// What people call it.
    pub label: &'a str,
    /// What was typed.
    pub value: &'a str,
    /// `text` or `email`.
    pub kind: &'a str,
    /// What browsers fill it in by.
    pub autocomplete: &'a str,
    /// Whether it has to be filled in.
    pub needed: bool,
    /// The most characters.
    pub longest: u16,
    /// What helps to fill it in.
    pub hint: &'a str,
    /// What is wrong with it.
    pub wrong: Option<&'a str>,
}

impl Field<'_> {
    /// Addresses and codes are written from left to right in every language.
    fn dir(&self) -> Option<&'static str> {
        matches!((self.kind, self.name), ("email", _) | (_, "code")).then_some("ltr")
    }

    /// The field.
    #[must_use]
    pub fn markup(&self) -> Markup {
        let id = format!("{}{}", self.of, self.name);
        let about = format!("{id}-about");
        let told = self.wrong.is_some() || !self.hint.is_empty();
        html! {
            div.field {
                label for=(id) { (self.label) }
                input id=(id) name=(self.name) type=(self.kind) value=(self.value) dir=[self.dir()]
                    autocomplete=(self.autocomplete) maxlength=(self.longest) required[self.needed]
                    aria-describedby=[told.then_some(&about)] aria-invalid=[self.wrong.map(|_| "true")];
                @match self.wrong {
                    Some(wrong) => p.flaw id=(about) { (wrong) },
                    None if told => p.hint id=(about) { (self.hint) },
                    None => {},
                }
            }
        }
    }
}

#[cfg_attr(test, derive(Debug))]
struct Words {
    ways: &'static str,
    home: &'static str,
    account: &'static str,
    card: &'static str,
}

const fn words(lang: Lang) -> Words {
    match lang {
        Lang::En => Words {
            ways: "Your pages",
            home: "My link and rewards",
            account: "Messages and data",
            card: "What this programme gives, and its terms",
        },
        Lang::Fr => Words {
            ways: "Vos pages",
            home: "Mon lien et mes récompenses",
            account: "Messages et données",
            card: "Ce que donne ce programme, et ses conditions",
        },
    }
}

/// The English texts, as a test reads them.
#[cfg(test)]
pub(super) fn said() -> String {
    format!("{:?}", words(Lang::En))
}
