//! The frame of the console's pages: which campaign, which part of the work, who is signed in.

use maud::{Markup, html};
use shared::{
    lang::Lang,
    team::{Right, Role},
};

use super::{
    account, briefing, customer_sign_in, design, install, keys, log, look_up, rules, settings,
    setup, team,
};
use crate::pages::{
    layout::{Look, Page, layout},
    sign_in,
};

/// A part of the console.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tab {
    /// No part: the way in.
    Home,
    /// Numbers.
    Overview,
    /// Who takes part.
    Participants,
    /// Who referred whom.
    Referrals,
    /// What was earned.
    Rewards,
    /// Codes to give.
    Coupons,
    /// E-mails.
    Mail,
    /// The tag and its test.
    Install,
    /// How the public pages look.
    Design,
    /// What is earned, by whom.
    Rules,
    /// How the campaign runs.
    Settings,
    /// One customer.
    LookUp,
    /// A customer is invited.
    Invite,
    /// What staff says.
    Briefing,
    /// How a site signs its customers in.
    CustomerSignIn,
    /// A programme is set up.
    New,
    /// Members.
    Team,
    /// API keys.
    Keys,
    /// Who changed what.
    Log,
    /// The reader's own sign-in.
    Account,
}

impl Tab {
    /// The parts of a campaign's work, in the order of the navigation; the others lie below these.
    const OF_A_CAMPAIGN: [Self; 6] = [
        Self::Overview,
        Self::Participants,
        Self::Referrals,
        Self::Rewards,
        Self::Mail,
        Self::Settings,
    ];

    /// The parts for whoever sees no lists: one customer at a time.
    const OF_SUPPORT: [Self; 3] = [Self::LookUp, Self::Invite, Self::Briefing];

    /// The parts of the navigation for a role.
    fn of_role(role: Role) -> impl Iterator<Item = Self> {
        let all: &[Self] =
            if role.may(Right::Look) { &Self::OF_A_CAMPAIGN } else { &Self::OF_SUPPORT };
        all.iter().copied().filter(move |it| role.may(it.right()))
    }

    /// The part of the navigation that it lies below.
    const fn above(self) -> Self {
        match self {
            Self::Coupons => Self::Rewards,
            Self::Design | Self::Install | Self::Rules => Self::Settings,
            part => part,
        }
    }

    /// The parts that all campaigns share.
    const OF_ALL: [Self; 5] = [Self::New, Self::Team, Self::Keys, Self::Log, Self::Account];

    /// Where a part lies: below its campaign, or below the console.
    const fn path(self) -> &'static str {
        match self {
            Self::Home | Self::Overview => "",
            Self::Participants => "participants",
            Self::Referrals => "referrals",
            Self::Rewards => "rewards",
            Self::Coupons => "coupons",
            Self::Mail => "mail",
            Self::Install => "install",
            Self::Design => "design",
            Self::New => "new",
            Self::Rules => "rules",
            Self::Settings => "settings",
            Self::LookUp => "look-up",
            Self::Invite => "invite",
            Self::Briefing => "briefing",
            Self::CustomerSignIn => "customer-sign-in",
            Self::Team => "team",
            Self::Keys => "keys",
            Self::Log => "log",
            Self::Account => "me",
        }
    }

    /// Whether its pages have buttons that copy a text.
    const fn copies(self) -> bool {
        matches!(
            self,
            Self::New
                | Self::Install
                | Self::Participants
                | Self::Invite
                | Self::CustomerSignIn
                | Self::Keys
        )
    }

    /// The right that a part's first page needs.
    const fn right(self) -> Right {
        match self {
            Self::Home | Self::LookUp | Self::Briefing | Self::Account => Right::LookUp,
            Self::Overview
            | Self::Participants
            | Self::Referrals
            | Self::Rewards
            | Self::Coupons
            | Self::Design
            | Self::Install
            | Self::Mail
            | Self::Rules
            | Self::Settings => Right::Look,
            Self::New => Right::Edit,
            Self::Invite => Right::Invite,
            Self::CustomerSignIn | Self::Team | Self::Keys | Self::Log => Right::Govern,
        }
    }

    const fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Home, _) => "Console",
            (Self::Mail, _) => "E-mails",
            (Self::Overview, Lang::En) => "Overview",
            (Self::Overview, Lang::Fr) => "Vue d’ensemble",
            (Self::Participants, _) => "Participants",
            (Self::Referrals, Lang::En) => "Referrals",
            (Self::Referrals, Lang::Fr) => "Parrainages",
            (Self::Rewards, Lang::En) => "Rewards",
            (Self::Rewards, Lang::Fr) => "Récompenses",
            (Self::Coupons, Lang::En) => "Coupons",
            (Self::Coupons, Lang::Fr) => "Bons",
            (Self::Install, lang) => install::title(lang),
            (Self::Design, lang) => design::title(lang),
            (Self::New, lang) => setup::title(lang),
            (Self::Rules, lang) => rules::title(lang),
            (Self::Settings, lang) => settings::title(lang),
            (Self::LookUp, lang) => look_up::titles(lang)[0],
            (Self::Invite, lang) => look_up::titles(lang)[1],
            (Self::Briefing, lang) => briefing::title(lang),
            (Self::CustomerSignIn, lang) => customer_sign_in::title(lang),
            (Self::Team, lang) => team::title(lang),
            (Self::Keys, lang) => keys::title(lang),
            (Self::Log, lang) => log::title(lang),
            (Self::Account, lang) => account::title(lang),
        }
    }
}

/// What stands around a page.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// What the reader may do: the navigation leaves out the rest.
    pub role: Role,
    /// The token of the reader's session, for forms.
    pub csrf: &'a str,
    /// Ids and names of all campaigns.
    pub campaigns: &'a [(String, String)],
    /// The id of the one that the page is about.
    pub campaign: Option<&'a str>,
    /// The page's own query, kept when the language changes.
    pub query: &'a str,
    /// The part of the work.
    pub here: Tab,
    /// What the page is called.
    pub title: &'a str,
}

impl Frame<'_> {
    /// Whether a link leads to this page, or to the part that it belongs to.
    fn current(&self, tab: Tab) -> Option<&'static str> {
        let below = (tab == self.here.above()).then_some("true");
        if tab == self.here { Some("page") } else { below }
    }
}

/// A framed page.
#[must_use]
pub fn page(frame: &Frame<'_>, main: &Markup) -> Markup {
    let words = words(frame.lang);
    let title = format!("{} · Parrain", frame.title);
    layout(&Page {
        lang: frame.lang,
        title: &title,
        look: Look::Parrain,
        query: Some(frame.query),
        head: html! {
            link rel="stylesheet" href="/people.css";
            script type="module" src="/console.js" {}
            @if frame.here == Tab::Participants {
                link rel="stylesheet" href="/import.css";
                script type="module" src="/import.js" {}
            }
            @if frame.here == Tab::Account { script type="module" src="/passkey.js" {} }
            @if matches!(frame.here, Tab::New | Tab::Design | Tab::Install) {
                link rel="stylesheet" href="/setup.css";
                script type="module" src="/setup.js" {}
            }
            @if frame.here.copies() { script type="module" src="/copy.js" {} }
            @if frame.here.above() == Tab::Settings { link rel="stylesheet" href="/settings.css"; }
            @if frame.here == Tab::Briefing { script type="module" src="/print.js" {} }
        },
        header: html! {
            a.brand href="/console" {
                img src="/parrain.svg" alt="" width="32" height="32"; "Parrain"
            }
            (choice(frame, words))
            (account(frame, words))
        },
        main: html! {
            (navigation(frame, words))
            div.width { (main) }
        },
        footer: html! {},
    })
}

/// The campaigns to choose from, where there are several.
fn choice(frame: &Frame<'_>, words: &Words) -> Markup {
    let named = frame.campaigns.iter().find(|it| Some(it.0.as_str()) == frame.campaign);
    html! {
        @if let Some((_, name)) = named {
            @if 1 < frame.campaigns.len() {
                details.menu {
                    summary { span.hidden { (words.campaign) " " } (name) }
                    ul {
                        @for (id, name) in frame.campaigns {
                            li {
                                a href={ "/console/" (id) (suffix(frame.here)) }
                                    aria-current=[(Some(id.as_str()) == frame.campaign).then_some("true")] {
                                    (name)
                                }
                            }
                        }
                    }
                }
            } @else {
                span.chosen { (name) }
            }
        } @else if !frame.campaigns.is_empty() {
            details.menu {
                summary { (words.campaigns) }
                ul {
                    @for (id, name) in frame.campaigns {
                        li { a href={ "/console/" (id) (first_page(frame.role)) } { (name) } }
                    }
                }
            }
        }
    }
}

/// The part of a path after the campaign.
fn suffix(tab: Tab) -> String {
    let of_all = Tab::OF_ALL.contains(&tab) || tab.path().is_empty();
    if of_all { String::new() } else { format!("/{}", tab.path()) }
}

/// Who is signed in, and the way out.
fn account(frame: &Frame<'_>, words: &Words) -> Markup {
    html! {
        details.menu {
            summary { (sign_in::role(frame.role, frame.lang)) }
            form method="post" action="/console/sign-out" {
                (csrf(frame.csrf))
                ul {
                    @if let Some(campaign) = frame.campaign.filter(|_| frame.role.may(Right::Look)) {
                        li {
                            a href={ "/console/" (campaign) (suffix(Tab::Briefing)) }
                                aria-current=[frame.current(Tab::Briefing)] { (Tab::Briefing.name(frame.lang)) }
                        }
                    }
                    @for tab in Tab::OF_ALL.into_iter().filter(|it| frame.role.may(it.right())) {
                        li {
                            a href={ "/console/" (tab.path()) } aria-current=[frame.current(tab)] {
                                (tab.name(frame.lang))
                            }
                        }
                    }
                    li { button.plain type="submit" { (words.sign_out) } }
                    li {
                        button.plain type="submit" name="everywhere" value="1" {
                            (words.sign_out_everywhere)
                        }
                    }
                }
            }
        }
    }
}

/// The parts of the campaign that the reader may see.
fn navigation(frame: &Frame<'_>, words: &Words) -> Markup {
    html! {
        @if let Some(campaign) = frame.campaign {
            nav.tabs aria-label=(words.parts) {
                div.width {
                    ul {
                        @for tab in Tab::of_role(frame.role) {
                            li {
                                a href={ "/console/" (campaign) (suffix(tab)) }
                                    aria-current=[frame.current(tab)] { (tab.name(frame.lang)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The hidden field that every form of the console holds.
#[must_use]
pub fn csrf(token: &str) -> Markup {
    html! { input type="hidden" name="csrf" value=(token); }
}

/// What stands where there is no campaign yet.
#[must_use]
pub fn no_campaign(lang: Lang) -> (&'static str, Markup) {
    let words = words(lang);
    (words.hello, html! { h1 { (words.hello) } p.empty { (words.no_campaign) } })
}

/// The first page of a campaign for somebody with this role: what follows its address.
#[must_use]
pub fn first_page(role: Role) -> &'static str {
    if role.may(Right::Look) { "" } else { "/look-up" }
}

struct Words {
    campaign: &'static str,
    campaigns: &'static str,
    parts: &'static str,
    sign_out: &'static str,
    sign_out_everywhere: &'static str,
    hello: &'static str,
    no_campaign: &'static str,
}

fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

const EN: Words = Words {
    campaign: "Programme:",
    campaigns: "Programmes",
    parts: "Console",
    sign_out: "Sign out",
    sign_out_everywhere: "Sign out on all devices",
    hello: "Welcome",
    no_campaign: "There is no programme yet.",
};

const FR: Words = Words {
    campaign: "Programme :",
    campaigns: "Programmes",
    parts: "Console",
    sign_out: "Se déconnecter",
    sign_out_everywhere: "Se déconnecter de tous les appareils",
    hello: "Bienvenue",
    no_campaign: "Il n’y a pas encore de programme.",
};

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(role: Role, campaigns: &[(String, String)]) -> String {
        let frame = Frame {
            lang: Lang::En,
            role,
            csrf: "t\"oken",
            campaigns,
            campaign: campaigns.first().map(|it| it.0.as_str()),
            query: "q=bo",
            here: Tab::Overview,
            title: "<Shop>",
        };
        page(&frame, &html! { "…" }).into_string()
    }

    #[test]
    fn the_navigation_shows_what_the_role_may() {
        let campaigns = [("shop".into(), "<b>Shop".into()), ("two".into(), "Two".into())];
        let owner = framed(Role::Owner, &campaigns);
        assert!(owner.contains("href=\"/console/shop\" aria-current=\"page\">Overview"));
        assert!(owner.contains("&lt;b&gt;Shop") && owner.contains("href=\"/console/two\""));
        assert!(owner.contains("value=\"t&quot;oken\"") && owner.contains("?q=bo&amp;lang=fr"));
        assert!(owner.contains("href=\"/console/keys\""));
        let support = framed(Role::Support, &campaigns);
        assert!(!support.contains("Overview") && !support.contains("/console/keys"));
        assert!(support.contains("href=\"/console/me\""));
        assert!(!framed(Role::Owner, &campaigns[..1]).contains("Programme:"));
    }

    /// The links of the navigation of a page.
    fn tabs(page: &str) -> Vec<String> {
        let nav = page.split("class=\"tabs\"").nth(1).unwrap().split("</nav>").next().unwrap();
        let links = nav.split("href=\"/console/shop").skip(1);
        links.map(|it| it.split('"').next().unwrap().to_owned()).collect()
    }

    #[test]
    fn the_navigation_is_short_for_everybody_and_customers_are_looked_up_where_there_are_no_lists()
    {
        let campaigns = [("shop".into(), "Shop".into())];
        for role in Role::ALL {
            let page = framed(role, &campaigns);
            let tabs = tabs(&page);
            assert!(tabs.len() <= 7, "{role:?} {tabs:?}");
            assert_eq!(tabs.contains(&"/look-up".into()), role == Role::Support, "{role:?}");
            assert_eq!(tabs.contains(&"/invite".into()), role == Role::Support, "{role:?}");
            assert!(page.contains("/console/shop/briefing"), "{role:?}");
        }
    }

    #[test]
    fn a_page_below_a_part_marks_it_and_keeps_its_place_in_another_programme() {
        let campaigns = [("shop".into(), "Shop".into()), ("two".into(), "Two".into())];
        for (here, above) in [
            (Tab::Coupons, "rewards"),
            (Tab::Rules, "settings"),
            (Tab::Install, "settings"),
            (Tab::Design, "settings"),
        ] {
            let frame = Frame {
                lang: Lang::En,
                role: Role::Owner,
                csrf: "",
                campaigns: &campaigns,
                campaign: Some("shop"),
                query: "",
                here,
                title: "",
            };
            let page = page(&frame, &html! {}).into_string();
            assert!(page.contains(&format!("/console/shop/{above}\" aria-current=\"true\"")));
            assert!(page.contains(&format!("/console/two/{}\"", here.path())), "{page}");
        }
    }
}
