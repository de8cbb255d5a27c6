//! The start page of the demo: how to try the whole story by hand, in three steps.

use maud::{Markup, html};
use shared::lang::Lang;

use super::layout::{Look, Page, brand, layout};

/// What the demo was set up with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Start<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// The campaign's id.
    pub campaign: &'a str,
    /// The first name of the customer whom the visitor plays.
    pub customer: &'a str,
    /// The customer's code.
    pub code: &'a str,
    /// The host of links, as `<parrain-share base>` takes it.
    pub base: &'a str,
    /// The customer's whole link.
    pub link: &'a str,
    /// The same link, ending on a shop of another host, where we are a third party.
    pub foreign_link: Option<&'a str>,
    /// The address of the loader.
    pub script_src: &'a str,
}

/// The start page.
#[must_use]
pub fn start(start: &Start<'_>) -> Markup {
    let lang = start.lang;
    let words = words(lang);
    layout(&Page {
        lang,
        title: words.title,
        look: Look::Parrain,
        query: Some(""),
        head: html! {
            script async src=(start.script_src) data-campaign=(start.campaign) {}
            script type="module" src="/copy.js" {}
        },
        header: brand(),
        main: html! {
            div.width {
                div.hero {
                    div {
                        h1 { (words.heading) }
                        p.lead { (words.lead) }
                    }
                    img src="/story.svg" alt="" width="480" height="220";
                }
                ol.steps {
                    li { (customer(start, words)) }
                    li { (friend(start, words)) }
                    li { (owner(words, lang)) }
                }
                (own_site(start, words))
            }
        },
        footer: html! {},
    })
}

fn customer(start: &Start<'_>, words: &Words) -> Markup {
    html! {
        h2 { (words.you_are) " " (start.customer) ", " (words.customer) }
        p { (words.customer_does) }
        (copyable(start.link, words))
        parrain-share code=(start.code) base=(start.base) lang=(start.lang.tag()) {}
        p { a href={ "/demo/shop/account?lang=" (start.lang.tag()) } { (words.account) } }
    }
}

fn friend(start: &Start<'_>, words: &Words) -> Markup {
    html! {
        h2 { (words.friend) }
        p { (words.friend_opens) }
        ul {
            @for line in words.friend_does { li { (line) } }
        }
        p { a.button.primary href=(start.link) target="_blank" rel="noopener" { (words.open) } }
        @if let Some(link) = start.foreign_link {
            h3 { (words.foreign) }
            p { (words.foreign_why) }
            (copyable(link, words))
        }
    }
}

fn owner(words: &Words, lang: Lang) -> Markup {
    html! {
        h2 { (words.owner) }
        p { (words.owner_opens) }
        pre.terminal { code { "parrain: owner link http://…/console/enter#…" } }
        p { (words.owner_sees) }
        p { a.button href={ "/console?lang=" (lang.tag()) } { (words.console) } }
    }
}

fn own_site(start: &Start<'_>, words: &Words) -> Markup {
    let tag = format!(
        "<script async src=\"{}/p.js\" data-campaign=\"{}\"></script>",
        start.base, start.campaign
    );
    html! {
        section.own aria-labelledby="own" {
            h2 #own { (words.own) }
            p { (words.own_how) }
            (copyable(&tag, words))
        }
    }
}

/// A text to take along; `/copy.js` shows the button where the browser lets it copy.
fn copyable(text: &str, words: &Words) -> Markup {
    html! {
        div.copyable {
            code { (text) }
            button type="button" hidden data-copy=(text) data-copied=(words.copied) {
                (words.copy)
            }
        }
    }
}

struct Words {
    title: &'static str,
    heading: &'static str,
    lead: &'static str,
    you_are: &'static str,
    customer: &'static str,
    customer_does: &'static str,
    account: &'static str,
    friend: &'static str,
    friend_opens: &'static str,
    friend_does: [&'static str; 3],
    open: &'static str,
    foreign: &'static str,
    foreign_why: &'static str,
    owner: &'static str,
    owner_opens: &'static str,
    owner_sees: &'static str,
    console: &'static str,
    own: &'static str,
    own_how: &'static str,
    copy: &'static str,
    copied: &'static str,
}

fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

const EN: Words = Words {
    title: "Parrain is running",
    heading: "A friend brings a friend. Try it.",
    lead: "Parrain runs on this machine, with a coffee shop as its first site. Play all three parts \
        yourself: it takes five minutes.",
    you_are: "You are",
    customer: "a happy customer",
    customer_does: "This is your personal link. Send it to a friend, or to yourself.",
    account: "See it in the shop, on your account page",
    friend: "You are the friend",
    friend_opens: "Open the link in a private window, so that the shop meets a new face. Then do \
        what a friend would do:",
    friend_does: [
        "look at the banner: it knows who sent you, and asks before it remembers;",
        "subscribe to the newsletter, or open an account, in the shop’s own forms;",
        "order some coffee.",
    ],
    open: "Open the link",
    foreign: "On a site of another host",
    foreign_why: "The same shop, where Parrain is a third party: nothing is kept there before you \
        agree.",
    owner: "You are the owner",
    owner_opens: "Parrain printed your owner link in the terminal when it started:",
    owner_sees: "Behind it you see every click by its kind, who referred whom, what both earned, \
        and why it was decided so.",
    console: "Open the console",
    own: "Then on your own site",
    own_how: "One tag before the closing head tag. Your forms stay as they are.",
    copy: "Copy",
    copied: "Copied",
};

const FR: Words = Words {
    title: "Parrain est lancé",
    heading: "Un ami en amène un autre. Essayez.",
    lead: "Parrain tourne sur cette machine, avec un torréfacteur pour premier site. Jouez les trois \
        rôles vous-même\u{a0}: cinq minutes suffisent.",
    you_are: "Vous êtes",
    customer: "cliente conquise",
    customer_does: "Voici votre lien personnel. Envoyez-le à un ami, ou à vous-même.",
    account: "Le voir dans la boutique, sur la page de compte",
    friend: "Vous êtes le filleul",
    friend_opens: "Ouvrez le lien dans une fenêtre privée, pour que la boutique ne vous connaisse \
        pas. Puis faites ce que ferait un ami\u{a0}:",
    friend_does: [
        "regardez la bannière\u{a0}: elle sait qui vous envoie, et demande avant de s’en souvenir\u{a0};",
        "abonnez-vous à la lettre ou créez un compte, dans les formulaires de la boutique\u{a0};",
        "commandez du café.",
    ],
    open: "Ouvrir le lien",
    foreign: "Sur un site d’un autre hôte",
    foreign_why: "La même boutique, où Parrain est un tiers\u{a0}: rien n’y est gardé avant votre accord.",
    owner: "Vous êtes le propriétaire",
    owner_opens: "Parrain a affiché votre lien de propriétaire dans le terminal au démarrage\u{a0}:",
    owner_sees: "Vous y voyez chaque clic selon sa nature, qui a parrainé qui, ce que chacun a gagné, \
        et pourquoi.",
    console: "Ouvrir la console",
    own: "Ensuite, sur votre site",
    own_how: "Une balise avant la fin de l’en-tête. Vos formulaires restent tels quels.",
    copy: "Copier",
    copied: "Copié",
};

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(lang: Lang, foreign_link: Option<&str>) -> String {
        start(&Start {
            lang,
            campaign: "demo",
            customer: "<script>Ada",
            code: "ada23456",
            base: "http://127.0.0.1:8787",
            link: "http://127.0.0.1:8787/r/ada23456",
            foreign_link,
            script_src: "http://127.0.0.1:8787/p.js",
        })
        .into_string()
    }

    #[test]
    fn the_link_stands_on_the_page_in_both_languages() {
        for lang in [Lang::En, Lang::Fr] {
            let page = sample(lang, None);
            assert!(page.contains(&format!("<html lang=\"{}\">", lang.tag())));
            assert!(page.contains("<code>http://127.0.0.1:8787/r/ada23456</code>"));
            assert!(page.contains("<parrain-share code=\"ada23456\""));
        }
    }

    #[test]
    fn names_are_escaped() {
        assert!(sample(Lang::En, None).contains("You are &lt;script&gt;Ada, a happy customer"));
    }

    #[test]
    fn the_foreign_site_is_shown_only_where_there_is_one() {
        assert!(!sample(Lang::En, None).contains("On a site of another host"));
        assert!(sample(Lang::En, Some("http://x/")).contains("On a site of another host"));
    }
}
