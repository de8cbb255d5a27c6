//! Somebody's link: to copy, to pass on by any channel, as a code, as a picture.

use maud::{Markup, html};
use shared::{
    channel::Channel,
    lang::Lang,
    pitch::{Pitch, share},
    share::{link, plain_link, url},
};

use super::frame::part;

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
    /// The shop, as people call it.
    pub shop: &'a str,
    /// What the friend gets.
    pub offer: Option<&'a str>,
    /// What the sharer gets by it.
    pub disclosure: Option<&'a str>,
}

/// The channels that an address opens, those that most people use first.
pub const CHANNELS: [Channel; 13] = [
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
];

/// The part of the page with the link.
#[must_use]
pub fn markup(it: &Link<'_>) -> Markup {
    let words = words(it.lang);
    let plain = plain_link(it.base, it.code);
    let pitch = Pitch { lang: it.lang, shop: it.shop, offer: it.offer, disclosure: it.disclosure };
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
                input.link readonly value=(plain) aria-label=(words.title);
                button.primary hidden type="button" data-copy=(plain) data-copied=(words.copied)
                    data-share="copyRefLink" { (words.copy) }
            }
            p.code { (words.code) " " strong.take { (it.code) } }
            p {
                button hidden type="button" data-native=(plain) data-text=(native.message)
                    data-title=(native.subject) { (words.native) }
            }
            h3 #by { (words.by) }
            ul.channels aria-labelledby="by" data-campaign=(it.campaign) data-code=(it.code) {
                @for (channel, address) in addresses {
                    li { a.button href=(address) data-share=(channel.key()) rel="noopener noreferrer"
                        target=[address.starts_with("https:").then_some("_blank")] {
                            (channel.label())
                    } }
                }
            }
            @if let Some(disclosure) = it.disclosure {
                p.hint { (words.disclosure) " “" (disclosure) "”" }
            }
            details {
                summary { (words.qr) }
                img.qr src={ "/q/" (it.code) ".svg" } alt=(words.qr_alt) width="220" height="220" loading="lazy";
                p { a href={ "/q/" (it.code) ".svg" } download={ (it.code) ".svg" } { (words.qr_save) } }
            }
        },
    )
}

struct Words {
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
}

const fn words(lang: Lang) -> Words {
    match lang {
        Lang::En => Words {
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
        },
        Lang::Fr => Words {
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
        },
    }
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
                shop: "<b>Shop",
                offer: None,
                disclosure: Some("I may get <i>."),
            })
            .into_string();
            for channel in CHANNELS {
                let mark = format!("%3Fc%3D{}", channel.key());
                assert!(shown.contains(&mark), "{channel:?}");
            }
            assert!(!shown.contains("<b>") && !shown.contains("<i>"));
            assert!(shown.contains("value=\"https://go.example/r/ada\""));
            assert!(shown.contains("I%20may%20get%20%3Ci%3E."), "{shown}");
        }
    }
}
