//! What somebody says when they pass their link on: by channel, in their language, with what they get by it.

use alloc::{format, string::String};

use crate::{channel::Channel, lang::Lang, share::Share};

/// What there is to say.
#[derive(Clone, Copy, Debug)]
pub struct Pitch<'a> {
    /// The language.
    pub lang: Lang,
    /// Who shares, by their first name.
    pub name: Option<&'a str>,
    /// The shop, as people call it.
    pub shop: &'a str,
    /// What the friend gets.
    pub offer: Option<&'a str>,
    /// What the sharer gets by it: said with every message (R-CARD-2).
    pub disclosure: Option<&'a str>,
}

/// The longest text beside a link, in characters: X counts 280, and 23 for any link.
const SHORT: usize = 250;

/// What goes out by a channel with this link. The disclosure is in every text; where it would not fit,
/// the offer is left out.
#[must_use]
pub fn share(pitch: &Pitch<'_>, channel: Channel, link: String) -> Share {
    let whole = text(pitch, pitch.offer);
    let is_short = matches!(channel, Channel::Bluesky | Channel::Threads | Channel::Twitter);
    let fits = !is_short || whole.chars().count() <= SHORT;
    let message = if fits { whole } else { text(pitch, None) };
    let shop = pitch.shop;
    let subject = match (pitch.lang, pitch.name) {
        (Lang::En, None) => format!("A recommendation: {shop}"),
        (Lang::En, Some(name)) => format!("{name} recommends {shop}"),
        (Lang::Fr, None) => format!("Une recommandation\u{a0}: {shop}"),
        (Lang::Fr, Some(name)) => format!("{name} vous recommande {shop}"),
    };
    // Elsewhere whoever reads it sees who wrote it.
    let message = match (channel, pitch.lang, pitch.name) {
        (Channel::Email, Lang::En, None) => format!("Hello,\n\n{message}"),
        (Channel::Email, Lang::En, Some(name)) => format!("Hello, this is {name}.\n\n{message}"),
        (Channel::Email, Lang::Fr, None) => format!("Bonjour,\n\n{message}"),
        (Channel::Email, Lang::Fr, Some(name)) => format!("Bonjour, c’est {name}.\n\n{message}"),
        _ => message,
    };
    Share { link, message, subject }
}

fn text(pitch: &Pitch<'_>, offer: Option<&str>) -> String {
    let (shop, offer) = (pitch.shop, offer.map(|it| it.trim_end_matches('.')));
    let mut text = match (pitch.lang, offer) {
        (Lang::En, None) => format!("I recommend {shop}."),
        (Lang::En, Some(offer)) => format!("I recommend {shop}. With my link you get: {offer}."),
        (Lang::Fr, None) => format!("Je vous recommande {shop}."),
        (Lang::Fr, Some(offer)) => {
            format!("Je vous recommande {shop}. Avec mon lien, vous recevez\u{a0}: {offer}.")
        }
    };
    if let Some(disclosure) = pitch.disclosure {
        text.push(' ');
        text.push_str(disclosure);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_me_4_every_channel_says_what_the_sharer_gets_even_where_the_offer_does_not_fit() {
        let long = "x".repeat(200);
        for lang in [Lang::En, Lang::Fr] {
            for offer in [None, Some("10 €."), Some(&*long)] {
                let said =
                    "If you sign up through my link, I may get this from Shop: €5 of credit.";
                let pitch = Pitch { lang, name: None, shop: "Shop", offer, disclosure: Some(said) };
                for channel in Channel::ALL {
                    let it = share(&pitch, channel, "https://go.example/r/a".into());
                    assert!(it.message.ends_with(said) && it.message.contains("Shop"), "{it:?}");
                    assert_eq!(it.link, "https://go.example/r/a");
                    let short = it.message.chars().count() <= SHORT;
                    assert!(short || channel != Channel::Twitter, "{}", it.message);
                }
            }
        }
    }

    #[test]
    fn a_message_without_reward_discloses_none() {
        let pitch = Pitch {
            lang: Lang::Fr,
            name: None,
            shop: "Shop",
            offer: Some("10 €."),
            disclosure: None,
        };
        let it = share(&pitch, Channel::Sms, "l".into());
        assert_eq!(it.message, "Je vous recommande Shop. Avec mon lien, vous recevez\u{a0}: 10 €.");
        let mail = share(&pitch, Channel::Email, "l".into());
        assert!(mail.message.starts_with("Bonjour,\n\nJe"), "{}", mail.message);
        assert_eq!(mail.subject, "Une recommandation\u{a0}: Shop");
    }

    #[test]
    fn r_share_4_a_message_says_who_sends_it_where_that_is_not_seen() {
        for (lang, subject, greeting) in [
            (Lang::En, "Ada recommends Shop", "Hello, this is Ada.\n\nI recommend Shop."),
            (
                Lang::Fr,
                "Ada vous recommande Shop",
                "Bonjour, c’est Ada.\n\nJe vous recommande Shop.",
            ),
        ] {
            let pitch =
                Pitch { lang, name: Some("Ada"), shop: "Shop", offer: None, disclosure: None };
            let mail = share(&pitch, Channel::Email, "l".into());
            assert_eq!((&*mail.subject, &*mail.message), (subject, greeting));
            let chat = share(&pitch, Channel::WhatsApp, "l".into());
            assert!(!chat.message.contains("Ada"), "{}", chat.message);
        }
    }
}
