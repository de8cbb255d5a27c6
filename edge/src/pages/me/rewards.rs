//! Somebody's rewards: how each stands, its code to copy, and what is still to be said about it.

use maud::{Markup, html};
use shared::{
    address::Address,
    lang::Lang,
    reward::{GiftKind, Status},
    time::Timestamp,
};

use super::frame::{Field, csrf, part, theirs};
use crate::pages::console::parts::{Clock, day};

/// What a reward is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum What {
    /// As the owner of the programme calls it.
    Theirs(String),
    /// As we call it.
    Ours(String),
}

impl What {
    /// What it is called.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Theirs(text) | Self::Ours(text) => text,
        }
    }
}

/// A reward, as its owner sees it.
#[derive(Clone, Debug)]
pub struct Reward {
    /// Its id.
    pub id: String,
    /// What it is.
    pub what: What,
    /// What is given.
    pub kind: GiftKind,
    /// Where it stands.
    pub status: Status,
    /// Whether it was approved.
    pub approved: bool,
    /// When it is approved by itself.
    pub approves_at: Option<Timestamp>,
    /// The code, once it is available.
    pub coupon: Option<String>,
    /// Whether a code is still to come.
    pub lacks_coupon: bool,
    /// The charity that they chose.
    pub charity: Option<String>,
    /// When it was earned.
    pub at: Timestamp,
    /// When something happened to it last.
    pub last: Timestamp,
    /// Whether its owner did not read that yet.
    pub is_new: bool,
}

/// What the part of the page with the rewards shows.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The language and the time zone.
    pub clock: Clock,
    /// Where forms go.
    pub campaign: &'a str,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// Newest first.
    pub rewards: &'a [Reward],
    /// Whom donations may go to.
    pub charities: &'a [String],
    /// Where their gifts are sent.
    pub address: Option<&'a Address>,
    /// What was typed into a form, and what is wrong with it.
    pub wrong: Option<&'a Wrong>,
}

/// A form that could not be taken.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Wrong {
    /// The reward that it is about.
    pub reward: String,
    /// The fields that are wrong; none: the reward was given meanwhile.
    pub fields: Vec<String>,
    /// What was typed, by field.
    pub typed: Vec<(String, String)>,
}

/// The lines of an address: name in the form, what browsers fill it in by, whether it is needed.
pub const LINES: [(&str, &str, bool); 7] = [
    ("name", "name", true),
    ("line1", "address-line1", true),
    ("line2", "address-line2", false),
    ("postalCode", "postal-code", false),
    ("city", "address-level2", true),
    ("region", "address-level1", false),
    ("country", "country", true),
];

/// The part of the page with the rewards.
#[must_use]
pub fn markup(it: &Told<'_>) -> Markup {
    let words = words(it.clock.lang);
    part(
        "rewards",
        words.title,
        &html! {
            @if it.rewards.is_empty() { p.empty { (words.empty) } }
            ul.rows {
                @for reward in it.rewards { li id={ "r-" (reward.id) } { (one(it, words, reward)) } }
            }
        },
    )
}

fn one(it: &Told<'_>, words: &Words, reward: &Reward) -> Markup {
    let open = reward.status == Status::Pending;
    let wrong = it.wrong.filter(|wrong| wrong.reward == reward.id);
    let (tone, status) = status(words, reward);
    let theirs_only = matches!(reward.what, What::Theirs(_)).then_some("no");
    html! {
        div {
            strong dir="auto" translate=[theirs_only] { (reward.what.text()) } " " span.soft { (day(it.clock, reward.at)) }
            @if reward.is_new { " " span.badge.open { (words.new) } }
        }
        span class={ "badge " (tone) } { (status) }
        @if let Some(code) = &reward.coupon {
            div.copyable {
                input.link readonly value=(code) dir="ltr" aria-label=(words.coupon);
                button hidden type="button" data-copy=(code) data-copied=(words.copied) { (words.copy) }
            }
        } @else if reward.lacks_coupon { p.soft { (words.coupon_comes) } }
        @if let Some(at) = reward.approves_at.filter(|_| open && !reward.approved) {
            p.soft { (words.approves) " " (day(it.clock, at)) }
        }
        @if open && wrong.is_some_and(|it| it.fields.is_empty()) { p.flaw role="alert" { (words.given_already) } }
        @if open && reward.kind == GiftKind::Donation && !it.charities.is_empty() {
            (charity(it, words, reward, wrong))
        } @else if let Some(charity) = &reward.charity { p { (words.goes_to) " " (theirs(charity)) } }
        @if open && reward.kind == GiftKind::Gift { (address(it, words, reward, wrong)) }
    }
}

fn status(words: &Words, reward: &Reward) -> (&'static str, &'static str) {
    match (reward.status, reward.approved) {
        (Status::Pending, false) => ("open", words.status[0]),
        (Status::Pending, true) => ("good", words.status[1]),
        (Status::Fulfilled, _) => ("good", words.status[2]),
        (Status::Cancelled | Status::Reversed, _) => ("quiet", words.status[3]),
    }
}

fn form(it: &Told<'_>, reward: &Reward, content: &Markup) -> Markup {
    html! {
        form.stack method="post" action={ "/me/" (it.campaign) "/reward" } {
            (csrf(it.csrf))
            input type="hidden" name="reward" value=(reward.id);
            (content)
        }
    }
}

fn charity(it: &Told<'_>, words: &Words, reward: &Reward, wrong: Option<&Wrong>) -> Markup {
    let id = format!("charity-{}", reward.id);
    let wrong = wrong.is_some_and(|it| it.fields.iter().any(|field| field == "charity"));
    let content = html! {
        div.field {
            label for=(id) { (words.charity) }
            select id=(id) name="charity" aria-invalid=[wrong.then_some("true")] {
                @for name in it.charities {
                    option value=(name) selected[reward.charity.as_ref() == Some(name)] translate="no" { (name) }
                }
            }
            @if wrong { p.flaw { (words.charity_wrong) } }
        }
        button type="submit" { (words.keep) }
    };
    form(it, reward, &content)
}

fn address(it: &Told<'_>, words: &Words, reward: &Reward, wrong: Option<&Wrong>) -> Markup {
    let of = format!("{}-", reward.id);
    let typed = |name: &str| {
        let typed = wrong.and_then(|it| it.typed.iter().find(|field| field.0 == name));
        typed.map_or_else(|| it.address.map(|it| line(it, name)).unwrap_or_default(), |it| &it.1)
    };
    let flaw = |name: &str| {
        let field = format!("address.{name}");
        let is_wrong = wrong.is_some_and(|it| it.fields.contains(&field));
        is_wrong.then_some(if name == "country" { words.country_wrong } else { words.line_wrong })
    };
    let fields = html! {
        @for ((name, autocomplete, needed), label) in LINES.into_iter().zip(words.lines) {
            (Field { name, of: &of, label, value: typed(name), kind: "text", autocomplete, needed,
                longest: if name == "country" { 2 } else { 100 },
                hint: if name == "country" { words.country_hint } else { "" }, wrong: flaw(name) }.markup())
        }
        button type="submit" { (words.keep) }
    };
    let open = it.address.is_none() || wrong.is_some();
    let content = form(it, reward, &fields);
    html! {
        details open[open] {
            summary { (if it.address.is_some() { words.sent_to } else { words.where_to }) }
            (content)
        }
    }
}

/// A line of an address by its name.
fn line<'a>(it: &'a Address, name: &str) -> &'a str {
    match name {
        "name" => &it.name,
        "line1" => &it.line1,
        "line2" => it.line2.as_deref().unwrap_or_default(),
        "postalCode" => it.postal_code.as_deref().unwrap_or_default(),
        "city" => &it.city,
        "region" => it.region.as_deref().unwrap_or_default(),
        _ => &it.country,
    }
}

#[cfg_attr(test, derive(Debug))]
struct Words {
    title: &'static str,
    new: &'static str,
    empty: &'static str,
    status: [&'static str; 4],
    coupon: &'static str,
    copy: &'static str,
    copied: &'static str,
    coupon_comes: &'static str,
    approves: &'static str,
    given_already: &'static str,
    goes_to: &'static str,
    charity: &'static str,
    charity_wrong: &'static str,
    keep: &'static str,
    where_to: &'static str,
    sent_to: &'static str,
    lines: [&'static str; 7],
    country_hint: &'static str,
    country_wrong: &'static str,
    line_wrong: &'static str,
}

const fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

/// The English texts, as a test reads them.
#[cfg(test)]
pub(super) fn said() -> String {
    format!("{:?}", words(Lang::En))
}

const EN: Words = Words {
    title: "Your rewards",
    new: "new",
    empty: "You have earned nothing yet. It appears here as soon as you do.",
    status: ["waits for approval", "approved", "yours", "does not count any more"],
    coupon: "Your code",
    copy: "Copy",
    copied: "Copied",
    coupon_comes: "Your code follows as soon as there is one.",
    approves: "It will be approved on",
    given_already: "This reward was given or taken back meanwhile: nothing can be changed.",
    goes_to: "It goes to:",
    charity: "Whom shall it go to?",
    charity_wrong: "Choose one of the list.",
    keep: "Keep",
    where_to: "Where shall we send it?",
    sent_to: "Change where it is sent",
    lines: [
        "Name",
        "Street and number",
        "Floor, door, company",
        "Postal code",
        "Town",
        "Region",
        "Country",
    ],
    country_hint: "Two letters, such as FR, BE, CH, GB.",
    country_wrong: "Two letters are needed, such as FR.",
    line_wrong: "This is needed, in one line of at most 100 characters.",
};

const FR: Words = Words {
    title: "Vos récompenses",
    new: "nouveau",
    empty: "Vous n’avez encore rien gagné. Ce sera affiché ici aussitôt.",
    status: ["en attente de validation", "validée", "à vous", "ne compte plus"],
    coupon: "Votre code",
    copy: "Copier",
    copied: "Copié",
    coupon_comes: "Votre code suivra dès qu’il y en aura un.",
    approves: "Elle sera validée le",
    given_already: "Cette récompense a été remise ou retirée entre-temps\u{a0}: rien ne peut plus changer.",
    goes_to: "Elle va à\u{a0}:",
    charity: "À qui doit-elle aller\u{a0}?",
    charity_wrong: "Choisissez dans la liste.",
    keep: "Garder",
    where_to: "Où devons-nous l’envoyer\u{a0}?",
    sent_to: "Changer l’adresse d’envoi",
    lines: [
        "Nom",
        "Rue et numéro",
        "Étage, porte, société",
        "Code postal",
        "Ville",
        "Région",
        "Pays",
    ],
    country_hint: "Deux lettres, comme FR, BE, CH, GB.",
    country_wrong: "Il faut deux lettres, comme FR.",
    line_wrong: "C’est nécessaire, en une ligne de 100 caractères au plus.",
};

#[cfg(test)]
mod tests {
    use super::*;

    fn reward(kind: GiftKind, status: Status) -> Reward {
        Reward {
            id: "prew_1".into(),
            what: What::Theirs("<b>".into()),
            kind,
            status,
            approved: true,
            approves_at: None,
            coupon: Some("\"><script>".into()),
            lacks_coupon: false,
            charity: Some("<i>".into()),
            at: Timestamp(1),
            last: Timestamp(1),
            is_new: true,
        }
    }

    #[test]
    fn a_reward_shows_its_code_and_asks_only_while_it_is_open() {
        let charities = ["<u>".to_owned()];
        for lang in [Lang::En, Lang::Fr] {
            let shown = |kind, status| {
                let rewards = [reward(kind, status)];
                let told = Told {
                    clock: Clock { lang, zone: shared::zone::Zone::default() },
                    campaign: "shop",
                    csrf: "t",
                    rewards: &rewards,
                    charities: &charities,
                    address: None,
                    wrong: None,
                };
                markup(&told).into_string()
            };
            for kind in [GiftKind::Gift, GiftKind::Donation] {
                assert!(shown(kind, Status::Pending).contains("action=\"/me/shop/reward\""));
                assert!(!shown(kind, Status::Fulfilled).contains("<form"));
            }
            let shown = shown(GiftKind::Donation, Status::Pending);
            assert!(shown.contains("&quot;&gt;&lt;script&gt;"), "{shown}");
            assert!(["<b>", "<i>", "<u>", "<script"].iter().all(|it| !shown.contains(it)));
        }
    }
}
