//! Somebody's link: to copy, to pass on by any channel, as a code, as a picture.

use maud::{Markup, html};
use shared::{
    channel::Channel,
    lang::Lang,
    pitch::{Pitch, share},
    share::{link, plain_link, url},
};

use super::frame::{Field, csrf, part};
use crate::store::codes::Standing;

/// What is passed on.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// The language of the page, and of the messages.
    pub lang: Lang,
    /// The campaign's id.
    pub campaign: &'a str,
    /// Where links live.
    pub base: &'a str,
    /// The code in the link.
    pub code: &'a str,
    /// Their first name, where messages say it.
    pub name: Option<&'a str>,
    /// The shop, as people call it.
    pub shop: &'a str,
    /// What the friend gets.
    pub offer: Option<&'a str>,
    /// What the sharer gets by it.
    pub disclosure: Option<&'a str>,
    /// The code of their own that they may choose.
    pub own: Own<'a>,
}

/// A code of one's own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Own<'a> {
    /// Whether they may choose one more.
    pub may: bool,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// What was typed, and why it cannot be theirs.
    pub wrong: Option<(&'a str, Standing)>,
}

/// What is said of a code.
#[must_use]
pub const fn standing(lang: Lang, it: Standing) -> &'static str {
    let words = words(lang).standing;
    match it {
        Standing::Free => words[0],
        Standing::Theirs => words[1],
        Standing::Taken => words[2],
        Standing::Wrong => words[3],
        Standing::Enough => words[4],
    }
}

/// The channels that an address opens, those that most people use first.
pub const CHANNELS: [Channel; 15] = [
    Channel::WhatsApp,
    Channel::Email,
    Channel::Sms,
    Channel::Messenger,
    Channel::Facebook,
    Channel::Telegram,
    Channel::LinkedIn,
    Channel::Twitter,
    Channel::Threads,
    Channel::Bluesky,
    Channel::Reddit,
    Channel::Pinterest,
    Channel::Tumblr,
    Channel::Line,
    Channel::Viber,
];

/// The part of the page with the link.
#[must_use]
pub fn markup(it: &Link<'_>) -> Markup {
    let words = words(it.lang);
    let plain = plain_link(it.base, it.code);
    let pitch = Pitch {
        lang: it.lang,
        name: it.name,
        shop: it.shop,
        offer: it.offer,
        disclosure: it.disclosure,
    };
    let addresses = CHANNELS.into_iter().filter_map(|channel| {
        let share = share(&pitch, channel, link(it.base, it.code, channel));
        Some((channel, url(channel, &share)?))
    });
    let native = share(&pitch, Channel::CopyRefLink, plain.clone());
    part(
        "link",
        words.title,
        &html! {
            div.copyable {
                input.link readonly value=(plain) dir="ltr" aria-label=(words.title);
                button.primary hidden type="button" data-copy=(plain) data-copied=(words.copied)
                    data-share="copyRefLink" { (words.copy) }
            }
            p.code { (words.code) " " strong.take dir="ltr" translate="no" { (it.code) } }
            p {
                button hidden type="button" data-native=(plain) data-text=(native.message)
                    data-title=(native.subject) { (words.native) }
            }
            h3 #by { (words.by) }
            ul.channels aria-labelledby="by" data-campaign=(it.campaign) data-code=(it.code) {
                @for (channel, address) in addresses {
                    li { a.button href=(address) data-share=(channel.key()) rel="noopener noreferrer"
                        target=[address.starts_with("https:").then_some("_blank")]
                        translate=[(!matches!(channel, Channel::Email | Channel::Sms)).then_some("no")] {
                            (channel.label())
                    } }
                }
            }
            @if it.own.may || it.own.wrong.is_some() { (own(it, &words)) }
            @if let Some(disclosure) = it.disclosure {
                p.hint { (words.disclosure) " " q lang=(it.lang.tag()) translate="no" { (disclosure) } }
            }
            details {
                summary { (words.qr) }
                img.qr src={ "/q/" (it.code) ".svg" } alt=(words.qr_alt) width="220" height="220" loading="lazy";
                p { a href={ "/q/" (it.code) ".svg" } download={ (it.code) ".svg" } { (words.qr_save) } }
                p.hosted { a href={ "/me/" (it.campaign) "/cards" } { (words.cards) } }
            }
        },
    )
}

/// The form for a code of one's own. `data-check` is asked while it is typed.
fn own(it: &Link<'_>, words: &Words) -> Markup {
    let path = format!("/me/{}/code", it.campaign);
    let wrong = it.own.wrong;
    html! {
        details open[wrong.is_some()] {
            summary { (words.own) }
            form.stack method="post" action=(path) data-check=(path) {
                (csrf(it.own.csrf))
                (Field { name: "code", of: "own-", label: words.own_label, kind: "text",
                    value: wrong.map_or("", |it| it.0), autocomplete: "off", needed: true, longest: 20,
                    hint: words.own_hint, wrong: wrong.map(|wrong| standing(it.lang, wrong.1)) }.markup())
                p.hint role="status" data-said="" {}
                button type="submit" { (words.own_take) }
            }
        }
    }
}

#[cfg_attr(test, derive(Debug))]
struct Words {
    own: &'static str,
    own_label: &'static str,
    own_hint: &'static str,
    own_take: &'static str,
    standing: [&'static str; 5],
    title: &'static str,
    copy: &'static str,
    copied: &'static str,
    code: &'static str,
    native: &'static str,
    by: &'static str,
    disclosure: &'static str,
    qr: &'static str,
    qr_alt: &'static str,
    qr_save: &'static str,
    cards: &'static str,
}

const fn words(lang: Lang) -> Words {
    match lang {
        Lang::En => Words {
            own: "Choose a code of your own",
            own_label: "Your code",
            own_hint: "3 to 20 of: a to z, 0 to 9, _ and -.",
            own_take: "Use this code",
            standing: [
                "This code is free.",
                "This code is yours already.",
                "Somebody has this code.",
                "This code cannot be used. It has 3 to 20 letters from a to z, digits, _ or -.",
                "You have as many codes as one may have.",
            ],
            title: "Your link",
            copy: "Copy",
            copied: "Copied",
            code: "Or give friends your code:",
            native: "Share …",
            by: "Pass it on by",
            disclosure: "Each message says what you may get:",
            qr: "Show as a QR code",
            qr_alt: "QR code of your link",
            qr_save: "Save the picture",
            cards: "Print cards to give away",
        },
        Lang::Fr => Words {
            own: "Choisir un code à vous",
            own_label: "Votre code",
            own_hint: "3 à 20 signes\u{a0}: a à z, 0 à 9, _ et -.",
            own_take: "Prendre ce code",
            standing: [
                "Ce code est libre.",
                "Ce code est déjà à vous.",
                "Quelqu’un a déjà ce code.",
                "Ce code n’est pas possible. Il a de 3 à 20 lettres de a à z, chiffres, _ ou -.",
                "Vous avez déjà autant de codes que possible.",
            ],
            title: "Votre lien",
            copy: "Copier",
            copied: "Copié",
            code: "Ou donnez votre code\u{a0}:",
            native: "Partager …",
            by: "Le transmettre par",
            disclosure: "Chaque message dit ce que vous pouvez recevoir\u{a0}:",
            qr: "Afficher en code QR",
            qr_alt: "Code QR de votre lien",
            qr_save: "Enregistrer l’image",
            cards: "Imprimer des cartes à distribuer",
        },
    }
}

/// The English texts, as a test reads them.
#[cfg(test)]
pub(super) fn said() -> String {
    format!("{:?}", words(Lang::En))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_is_a_plain_link_that_names_itself_and_discloses() {
        for lang in [Lang::En, Lang::Fr] {
            let shown = markup(&Link {
                lang,
                campaign: "shop",
                base: "https://go.example",
                code: "ada",
                name: Some("<s>"),
                shop: "<b>Shop",
                offer: None,
                disclosure: Some("I may get <i>."),
                own: Own { may: true, csrf: "t", wrong: Some(("<u>", Standing::Taken)) },
            })
            .into_string();
            for channel in CHANNELS {
                let mark = format!("%3Fc%3D{}", channel.key());
                assert!(shown.contains(&mark), "{channel:?}");
            }
            assert!(["<b>", "<i>", "<u>", "<s>"].iter().all(|it| !shown.contains(it)), "{shown}");
            assert!(shown.contains(standing(lang, Standing::Taken)), "{shown}");
            assert!(shown.contains("value=\"https://go.example/r/ada\""));
            assert!(shown.contains("I%20may%20get%20%3Ci%3E."), "{shown}");
        }
    }
}
