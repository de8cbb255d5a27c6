//! How a site vouches for its customers: the secret, and how it is used.

use maud::{Markup, html};
use shared::{lang::Lang, time::Timestamp};

use super::{
    frame::csrf,
    parts::{copyable, done, utc},
};

/// What the page holds.
#[derive(Clone, Copy, Debug)]
pub struct Secret<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// The campaign's id.
    pub campaign: &'a str,
    /// Where the service is.
    pub service: &'a str,
    /// The secret.
    pub secret: &'a str,
    /// Which one it is, counted from 1.
    pub generation: u32,
    /// Since when; none: since the campaign was made.
    pub since: Option<Timestamp>,
    /// Whether it was changed just now.
    pub changed: bool,
}

/// The page.
#[must_use]
pub fn page(it: &Secret<'_>) -> Markup {
    let words = words(it.lang);
    html! {
        div.titled { h1 { (words.title) } }
        @if it.changed { (done(words.changed)) }
        section.panel aria-labelledby="secret" {
            h2 #secret { (words.secret) }
            p { (words.secret_lead) }
            details {
                summary { (words.show) }
                (copyable(it.lang, None, it.secret))
            }
            p.soft {
                (words.number) " " (it.generation)
                @if let Some(at) = it.since { " · " (words.since) " " (utc(it.lang, at)) }
            }
            details.sure {
                summary { (words.change) }
                form.inline method="post"
                    action={ "/console/" (it.campaign) "/customer-sign-in/change" } {
                    (csrf(it.csrf))
                    input type="hidden" name="generation" value=(it.generation);
                    p { (words.sure) }
                    button.danger type="submit" { (words.change_now) }
                }
            }
        }
        section.panel aria-labelledby="jwt" {
            h2 #jwt { (words.jwt) }
            p { (words.jwt_lead) }
            pre.terminal { code {
                "header  { \"alg\": \"HS256\", \"typ\": \"JWT\" }\n"
                "claims  { \"sub\": \"ada@example.com\", \"aud\": \"" (it.campaign) "\", \"exp\": …, \"iat\": … }\n\n"
                "POST " (it.service) "/_p/session\n"
                "{ \"campaign\": \"" (it.campaign) "\", \"jwt\": \"…\" }"
            } }
        }
        section.panel aria-labelledby="hash" {
            h2 #hash { (words.hash) }
            p { (words.hash_lead) }
            pre.terminal { code {
                "hash = HMAC-SHA256(secret, \"ada@example.com\")\n\n"
                "POST " (it.service) "/_p/session\n"
                "{ \"campaign\": \"" (it.campaign) "\", \"email\": \"ada@example.com\", \"hash\": \"…\" }"
            } }
        }
    }
}

struct Words {
    title: &'static str,
    changed: &'static str,
    secret: &'static str,
    secret_lead: &'static str,
    show: &'static str,
    number: &'static str,
    since: &'static str,
    change: &'static str,
    sure: &'static str,
    change_now: &'static str,
    jwt: &'static str,
    jwt_lead: &'static str,
    hash: &'static str,
    hash_lead: &'static str,
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
    title: "Signing your customers in",
    changed: "The secret is changed. Put the new one on your server.",
    secret: "The secret of this programme",
    secret_lead: "Keep it on your server. Whoever has it can sign in as any of your customers.",
    show: "Show the secret",
    number: "Secret no.",
    since: "since",
    change: "Change the secret",
    sure: "What your server signs with this secret stops working at once.",
    change_now: "Change it now",
    jwt: "With a short token (better)",
    jwt_lead: "Your server signs a JWT with the secret’s 64 characters as the key. It says who (an address or a participant’s id), for which programme, and until when: 15 minutes at most.",
    hash: "With a hash, as GrowSurf does",
    hash_lead: "In lower-case hexadecimal digits, of the address letter by letter as your page sends it. It holds until the secret is changed.",
};

const FR: Words = Words {
    title: "Connecter vos clients",
    changed: "Le secret est changé. Mettez le nouveau sur votre serveur.",
    secret: "Le secret de ce programme",
    secret_lead: "Gardez-le sur votre serveur. Qui le détient peut se connecter comme n’importe lequel de vos clients.",
    show: "Afficher le secret",
    number: "Secret nº",
    since: "depuis le",
    change: "Changer le secret",
    sure: "Ce que votre serveur signe avec ce secret cesse de valoir aussitôt.",
    change_now: "Changer maintenant",
    jwt: "Avec un jeton court (mieux)",
    jwt_lead: "Votre serveur signe un JWT avec les 64 caractères du secret comme clé. Il dit qui (une adresse ou l’identifiant d’un participant), pour quel programme et jusqu’à quand\u{a0}: 15 minutes au plus.",
    hash: "Avec une empreinte, comme GrowSurf",
    hash_lead: "En chiffres hexadécimaux minuscules, de l’adresse lettre pour lettre comme votre page l’envoie. Elle vaut jusqu’au changement du secret.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_and_the_way_to_change_it_are_shown() {
        for lang in [Lang::En, Lang::Fr] {
            let secret = Secret {
                lang,
                csrf: "t",
                campaign: "shop",
                service: "https://link.example",
                secret: "abc",
                generation: 2,
                since: Some(Timestamp(0)),
                changed: true,
            };
            let page = page(&secret).into_string();
            assert!(page.contains("<code>abc</code>") && page.contains("role=\"status\""));
            assert!(page.contains("/console/shop/customer-sign-in/change"));
            assert!(page.contains("name=\"generation\" value=\"2\""));
        }
    }
}
