//! A participant's own page: their link, what came of it, and the way in and out.

use maud::{Markup, html};
use shared::{lang::Lang, written::number};

use super::layout::{Look, Page, brand, layout, plain};

/// What a participant sees of themselves.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Mine<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// What the campaign is called.
    pub campaign: &'a str,
    /// Its id.
    pub id: &'a str,
    /// Their link.
    pub link: &'a str,
    /// How often people opened it.
    pub clicks: u64,
    /// How many friends count.
    pub friends: u64,
    /// How many rewards they have earned, at most a hundred.
    pub rewards: u64,
}

/// The page of somebody who is signed in.
#[must_use]
pub fn mine(it: &Mine<'_>) -> Markup {
    let words = words(it.lang);
    let counts = [it.clicks, it.friends, it.rewards];
    let main = html! {
        h1 { (it.campaign) }
        section.panel aria-labelledby="link" {
            h2 #link { (words.link) }
            p { a href=(it.link) { (it.link) } }
        }
        dl.tiles.three {
            @for (count, name) in counts.into_iter().zip(words.counts) {
                div { dt { (name) } dd { (number(it.lang, count)) } }
            }
        }
        form method="post" action={ "/me/" (it.id) "/sign-out" } {
            button type="submit" { (words.sign_out) }
        }
    };
    plain(it.lang, it.campaign, Some(""), &main)
}

/// The page of somebody who is not signed in.
#[must_use]
pub fn nobody(lang: Lang, campaign: &str) -> Markup {
    let words = words(lang);
    let main = html! {
        h1 { (campaign) }
        p.lead { (words.nobody) }
    };
    plain(lang, campaign, Some(""), &main)
}

/// The page behind a link in an e-mail. A fragment never reaches a server or its logs, so `/enter.js`
/// moves it into the field. Entering is a POST: whoever looks links up beforehand uses nothing up.
#[must_use]
pub fn enter(lang: Lang, id: &str, campaign: &str) -> Markup {
    let words = words(lang);
    layout(&Page {
        lang,
        title: words.enter,
        look: Look::Parrain,
        query: Some(""),
        head: html! { script type="module" src="/enter.js" {} },
        header: brand(),
        main: html! {
            div.width.narrow {
                h1 { (campaign) }
                p.lead { (words.enter_lead) }
                form.stack #enter method="post"
                    action={ "/me/" (id) "/enter?lang=" (lang.tag()) } {
                    div.field {
                        label for="token" { (words.key) }
                        input #token name="token" type="password" required autocomplete="off"
                            aria-describedby="token-hint";
                        p.hint #token-hint { (words.key_hint) }
                    }
                    button.primary type="submit" { (words.enter) }
                }
            }
        },
        footer: html! {},
    })
}

/// The answer to a link that opens nothing.
#[must_use]
pub fn enter_failed(lang: Lang) -> Markup {
    let words = words(lang);
    let main = html! {
        h1 { (words.failed) }
        p.lead { (words.failed_lead) }
    };
    plain(lang, words.failed, None, &main)
}

struct Words {
    link: &'static str,
    counts: [&'static str; 3],
    sign_out: &'static str,
    nobody: &'static str,
    enter: &'static str,
    enter_lead: &'static str,
    key: &'static str,
    key_hint: &'static str,
    failed: &'static str,
    failed_lead: &'static str,
}

const fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

const EN: Words = Words {
    link: "Your link",
    counts: ["times opened", "friends who count", "rewards"],
    sign_out: "Sign out",
    nobody: "You are not signed in here. Open the link in the e-mail that you asked for.",
    enter: "Sign in",
    enter_lead: "One press, and this browser shows you your referrals and rewards.",
    key: "Key",
    key_hint: "Your link fills it in. If it did not, paste what follows the # sign.",
    failed: "This link opens nothing any more",
    failed_lead: "It works once, for 15 minutes. Ask for another one where you asked for this one.",
};

const FR: Words = Words {
    link: "Votre lien",
    counts: ["ouvertures", "filleuls qui comptent", "récompenses"],
    sign_out: "Se déconnecter",
    nobody: "Vous n’êtes pas connecté ici. Ouvrez le lien de l’e-mail que vous avez demandé.",
    enter: "Se connecter",
    enter_lead: "Un clic, et ce navigateur vous montre vos filleuls et vos récompenses.",
    key: "Clé",
    key_hint: "Votre lien la remplit. Sinon, collez ce qui suit le signe #.",
    failed: "Ce lien n’ouvre plus rien",
    failed_lead: "Il sert une fois, pendant 15 minutes. Demandez-en un autre là où vous avez demandé celui-ci.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaigns_name_is_escaped_and_entering_is_a_post() {
        let name = "<b>Shop";
        let mine = Mine {
            lang: Lang::Fr,
            campaign: name,
            id: "shop",
            link: "https://link.example/r/ada",
            clicks: 1_200,
            friends: 2,
            rewards: 3,
        };
        let pages = [
            self::mine(&mine).into_string(),
            nobody(Lang::Fr, name).into_string(),
            enter(Lang::Fr, "shop", name).into_string(),
        ];
        assert!(pages.iter().all(|it| it.contains("&lt;b&gt;Shop") && !it.contains("<b>")));
        assert!(pages[2].contains("method=\"post\" action=\"/me/shop/enter?lang=fr\""));
        assert!(enter_failed(Lang::En).into_string().contains("15 minutes"));
    }
}
