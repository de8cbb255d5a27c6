//! What a support agent sees of one customer, and how they invite one.

use maud::{Markup, html};
use shared::{
    decision::{Coarse, Kind},
    lang::Lang,
    reward::Status,
    time::Timestamp,
    written::{date, number},
};

use super::{
    frame::csrf,
    import_words::MADE_UP,
    parts::{Field, Tone, badge, choice, copyable, done, utc, wrong},
    words,
};

/// Who was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Person {
    /// Their name, or nothing.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their code.
    pub code: String,
    /// Their link.
    pub link: String,
    /// Since when they take part.
    pub since: Timestamp,
    /// How many friends of theirs count.
    pub friends_count: u64,
    /// How often their link was opened.
    pub clicks: u64,
    /// Their friends, newest first: an initial, the month, how it stands.
    pub friends: Vec<(String, String, Coarse)>,
    /// Their rewards, newest first.
    pub rewards: Vec<RewardRow>,
    /// What was decided, newest first.
    pub decisions: Vec<Ruling>,
}

/// A reward of theirs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RewardRow {
    /// What it is, in the owner's words.
    pub what: String,
    /// How it stands.
    pub status: Status,
    /// Whether it was approved.
    pub approved: bool,
    /// When it was earned.
    pub since: Timestamp,
}

/// A decision, for staff and for the customer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ruling {
    /// When.
    pub at: Timestamp,
    /// How it went.
    pub kind: Kind,
    /// Why, for staff.
    pub why: String,
    /// What the customer may be told, where that is less.
    pub tell: Option<String>,
}

/// What came of a search.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Found {
    /// Nothing was asked yet.
    Unasked,
    /// Somebody.
    Somebody(Box<Person>),
    /// Nobody, by what was typed.
    Nobody,
    /// Too many searches in an hour.
    TooOften,
}

/// The page.
#[must_use]
pub fn page(lang: Lang, token: &str, campaign: &str, typed: &str, found: &Found) -> Markup {
    let words = texts(lang);
    html! {
        div.titled { h1 { (words.title) } }
        @if *found == Found::TooOften { (wrong(words.too_often)) }
        section.panel {
            form.line method="post" action={ "/console/" (campaign) "/look-up" } role="search" {
                (csrf(token))
                (Field {
                    name: "whom",
                    label: words.whom,
                    hint: words.whom_hint,
                    value: typed,
                    wrong: (*found == Found::Nobody).then_some(words.nobody),
                    required: true,
                    ..Field::default()
                }.markup())
                button.primary type="submit" { (words.find) }
            }
        }
        @if let Found::Somebody(person) = found { (somebody(lang, person, words)) }
    }
}

fn somebody(lang: Lang, it: &Person, texts: &Texts) -> Markup {
    let counts = [it.clicks, it.friends_count, it.rewards.len() as u64];
    html! {
        section.panel aria-labelledby="person" {
            h2 #person { @if it.name.is_empty() { (it.email) } @else { (it.name) } }
            @if !it.name.is_empty() { p { (it.email) } }
            p { (texts.link) " " a href=(it.link) { (it.link) } }
            p.soft { (texts.since) " " (date(lang, it.since)) " · " (texts.code) " " code { (it.code) } }
        }
        dl.tiles.three {
            @for (count, name) in counts.into_iter().zip(texts.counts) {
                div { dt { (name) } dd { (number(lang, count)) } }
            }
        }
        section.panel aria-labelledby="why" {
            h2 #why { (texts.decisions) }
            @if it.decisions.is_empty() { p.empty { (texts.no_decisions) } }
            ol.decisions { @for ruling in &it.decisions {
                li {
                    p { (badge(words::kind(ruling.kind, lang))) " " span.soft { (utc(lang, ruling.at)) } }
                    p { (ruling.why) }
                    @if let Some(tell) = &ruling.tell {
                        p.soft { strong { (texts.tell) } " " (tell) }
                    }
                }
            } }
        }
        section.panel aria-labelledby="rewards" {
            h2 #rewards { (texts.rewards) }
            @if it.rewards.is_empty() { p.empty { (texts.no_rewards) } }
            ul.people { @for reward in &it.rewards {
                li {
                    div.who { strong { (reward.what) } p.soft { (date(lang, reward.since)) } }
                    div.acts { (badge(words::reward(reward.status, reward.approved, lang))) }
                }
            } }
        }
        section.panel aria-labelledby="friends" {
            h2 #friends { (texts.friends) }
            @if it.friends.is_empty() { p.empty { (texts.no_friends) } }
            ul.people { @for (friend, month, status) in &it.friends {
                li {
                    div.who { strong { (friend) } " " span.soft { (month) } }
                    div.acts { (badge(standing(*status, lang))) }
                }
            } }
        }
    }
}

/// How a friend stands, in a word.
const fn standing(status: Coarse, lang: Lang) -> (Tone, &'static str) {
    match (status, lang) {
        (Coarse::Counts, Lang::En) => (Tone::Good, "counts"),
        (Coarse::Counts, Lang::Fr) => (Tone::Good, "compte"),
        (Coarse::Waits, Lang::En) => (Tone::Open, "not yet"),
        (Coarse::Waits, Lang::Fr) => (Tone::Open, "pas encore"),
        (Coarse::DoesNotCount, Lang::En) => (Tone::Quiet, "does not count"),
        (Coarse::DoesNotCount, Lang::Fr) => (Tone::Quiet, "ne compte pas"),
    }
}

/// What the form of an invitation holds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// The address that was typed.
    pub email: &'a str,
    /// The first name that was typed.
    pub first_name: &'a str,
    /// The language that was chosen.
    pub language: &'a str,
    /// What is wrong.
    pub problem: Option<Problem>,
}

/// What is wrong with an invitation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Problem {
    /// Not an address.
    Address,
    /// A test's made-up one.
    MadeUp,
    /// The customer has not agreed.
    Consent,
    /// Too many in an hour.
    TooOften,
}

/// The page that invites a customer.
#[must_use]
pub fn invite(lang: Lang, token: &str, campaign: &str, it: Asked<'_>) -> Markup {
    let texts = texts(lang);
    let is = |problem| it.problem == Some(problem);
    html! {
        div.titled { h1 { (texts.invite) } }
        @if is(Problem::TooOften) { (wrong(texts.too_often)) }
        section.panel {
            p { (texts.invite_lead) }
            form.stack method="post" action={ "/console/" (campaign) "/invite" } {
                (csrf(token))
                (Field {
                    name: "email",
                    label: texts.email,
                    kind: "email",
                    value: it.email,
                    wrong: match it.problem {
                        Some(Problem::Address) => Some(texts.no_address),
                        Some(Problem::MadeUp) => Some(MADE_UP[usize::from(lang == Lang::Fr)]),
                        _ => None,
                    },
                    required: true,
                    ..Field::default()
                }.markup())
                (Field {
                    name: "firstName",
                    label: texts.first_name,
                    hint: texts.optional,
                    value: it.first_name,
                    ..Field::default()
                }.markup())
                (choice("language", texts.language, &[("en", "English"), ("fr", "Français")], it.language))
                @if is(Problem::Consent) { p.flaw #consent-about { (texts.no_consent) } }
                label.check {
                    input type="checkbox" name="consent" value="1" required
                        aria-describedby=[is(Problem::Consent).then_some("consent-about")];
                    span { (texts.consent) }
                }
                button.primary type="submit" { (texts.invite_now) }
            }
        }
    }
}

/// What an invitation did.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Told {
    /// They take part now, and an e-mail is on its way.
    Mailed,
    /// They take part now, and nobody writes to them: e-mails are off.
    Unmailed,
    /// They took part before.
    Known,
}

/// The page after an invitation: the link to hand over.
#[must_use]
pub fn invited(lang: Lang, campaign: &str, link: &str, code: &str, told: Told) -> Markup {
    let texts = texts(lang);
    html! {
        div.titled { h1 { (texts.invite) } }
        (done(match told {
            Told::Mailed => texts.invited,
            Told::Unmailed => texts.unmailed,
            Told::Known => texts.known,
        }))
        section.panel aria-labelledby="link" {
            h2 #link { (texts.their_link) }
            (copyable(lang, None, link))
            img.qr src={ "/q/" (code) ".svg" } width="240" height="240" alt=(texts.qr);
        }
        p { a.button href={ "/console/" (campaign) "/invite" } { (texts.next) } }
    }
}

struct Texts {
    title: &'static str,
    whom: &'static str,
    whom_hint: &'static str,
    find: &'static str,
    nobody: &'static str,
    too_often: &'static str,
    link: &'static str,
    since: &'static str,
    code: &'static str,
    counts: [&'static str; 3],
    decisions: &'static str,
    no_decisions: &'static str,
    tell: &'static str,
    rewards: &'static str,
    no_rewards: &'static str,
    friends: &'static str,
    no_friends: &'static str,
    invite: &'static str,
    invite_lead: &'static str,
    email: &'static str,
    no_address: &'static str,
    first_name: &'static str,
    optional: &'static str,
    language: &'static str,
    consent: &'static str,
    no_consent: &'static str,
    invite_now: &'static str,
    invited: &'static str,
    unmailed: &'static str,
    known: &'static str,
    their_link: &'static str,
    qr: &'static str,
    next: &'static str,
}

const fn texts(lang: Lang) -> &'static Texts {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

/// What the pages are called: looking up, inviting.
#[must_use]
pub const fn titles(lang: Lang) -> [&'static str; 2] {
    [texts(lang).title, texts(lang).invite]
}

const EN: Texts = Texts {
    title: "Look a customer up",
    whom: "E-mail address or code",
    whom_hint: "The whole address, or the code of their link. What you look up is noted.",
    find: "Look up",
    nobody: "Nobody with exactly this address or code takes part.",
    too_often: "That was a lot for one hour. Take a break and come back.",
    link: "Their link:",
    since: "Takes part since",
    code: "code",
    counts: ["times opened", "friends who count", "rewards"],
    decisions: "Why (not)?",
    no_decisions: "Nothing was decided yet.",
    tell: "What you may say:",
    rewards: "Rewards",
    no_rewards: "No reward yet.",
    friends: "Friends",
    no_friends: "No friend came by their link yet.",
    invite: "Invite a customer",
    invite_lead: "They take part at once, and get their own link: by e-mail where e-mails are on, and here to be handed over.",
    email: "Their e-mail address",
    no_address: "This is not an e-mail address. It looks like name@example.com.",
    first_name: "First name",
    optional: "May be left empty.",
    language: "Language of the e-mail",
    consent: "The customer agreed to take part and to get this e-mail.",
    no_consent: "Ask the customer first: without their yes nobody is added.",
    invite_now: "Invite",
    invited: "They take part now. The e-mail with their link is on its way.",
    unmailed: "They take part now. E-mails are off: give them this link.",
    known: "This customer takes part already. Nothing was sent.",
    their_link: "Their link",
    qr: "QR code of the link",
    next: "Invite somebody else",
};

const FR: Texts = Texts {
    title: "Retrouver un client",
    whom: "Adresse e-mail ou code",
    whom_hint: "L’adresse entière, ou le code de son lien. Votre recherche est notée.",
    find: "Rechercher",
    nobody: "Personne ne participe avec exactement cette adresse ou ce code.",
    too_often: "C’est beaucoup pour une heure. Faites une pause et revenez.",
    link: "Son lien\u{a0}:",
    since: "Participe depuis le",
    code: "code",
    counts: ["ouvertures", "filleuls qui comptent", "récompenses"],
    decisions: "Pourquoi (pas) ?",
    no_decisions: "Rien n’a encore été décidé.",
    tell: "Ce que vous pouvez dire\u{a0}:",
    rewards: "Récompenses",
    no_rewards: "Pas encore de récompense.",
    friends: "Filleuls",
    no_friends: "Aucun filleul n’est encore venu par son lien.",
    invite: "Inviter un client",
    invite_lead: "Le client participe aussitôt et reçoit son propre lien\u{a0}: par e-mail si les e-mails sont activés, et ici pour le lui remettre.",
    email: "Son adresse e-mail",
    no_address: "Ce n’est pas une adresse e-mail. Elle s’écrit comme nom@example.com.",
    first_name: "Prénom",
    optional: "Peut rester vide.",
    language: "Langue de l’e-mail",
    consent: "Le client accepte de participer et de recevoir cet e-mail.",
    no_consent: "Demandez d’abord au client\u{a0}: sans son oui, personne n’est ajouté.",
    invite_now: "Inviter",
    invited: "Le client participe maintenant. L’e-mail avec son lien est en route.",
    unmailed: "Le client participe maintenant. Les e-mails sont désactivés\u{a0}: donnez-lui ce lien.",
    known: "Ce client participe déjà. Rien n’a été envoyé.",
    their_link: "Son lien",
    qr: "Code QR du lien",
    next: "Inviter quelqu’un d’autre",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_is_escaped_and_kept() {
        let typed = "<b>\"";
        let markup = page(Lang::En, "t", "shop", typed, &Found::Nobody).into_string();
        assert!(markup.contains("value=\"&lt;b&gt;&quot;\"") && markup.contains("Nobody with"));
        let person = Person {
            name: typed.into(),
            email: typed.into(),
            code: typed.into(),
            link: typed.into(),
            since: Timestamp(0),
            friends_count: 1,
            clicks: 2,
            friends: vec![(typed.into(), typed.into(), Coarse::Counts)],
            rewards: Vec::new(),
            decisions: vec![Ruling {
                at: Timestamp(0),
                kind: Kind::Held,
                why: typed.into(),
                tell: Some(typed.into()),
            }],
        };
        let found = Found::Somebody(Box::new(person));
        let markup = page(Lang::Fr, "t", "shop", "", &found).into_string();
        assert!(!markup.contains("<b>") && markup.contains("Ce que vous pouvez dire"));
        let asked = Asked { email: typed, problem: Some(Problem::Consent), ..Asked::default() };
        let markup = invite(Lang::En, "t", "shop", asked).into_string();
        assert!(markup.contains("Ask the customer first") && !markup.contains("<b>"));
    }

    #[test]
    fn an_invitation_shows_link_and_qr_code() {
        for (lang, is_new) in
            [(Lang::En, Told::Mailed), (Lang::Fr, Told::Known), (Lang::En, Told::Unmailed)]
        {
            let page = invited(lang, "shop", "https://link.example/r/ada", "ada", is_new);
            let page = page.into_string();
            assert!(page.contains("src=\"/q/ada.svg\"") && page.contains("/r/ada"));
        }
    }
}
