//! Signing in to the console by e-mail, and what a role may not do.

use maud::{Markup, html};
use shared::{lang::Lang, team::Role};

use super::layout::{Look, Page, brand, layout, plain};

/// By which ways members come in here.
#[derive(Clone, Copy, Debug)]
pub struct Ways {
    /// Whether browsers make passkeys for this installation.
    pub passkeys: bool,
    /// Whether somebody carries its e-mail, so that links reach anybody.
    pub mail: bool,
}

/// The page that asks a member for their address.
#[must_use]
pub fn sign_in(lang: Lang, ways: Ways) -> Markup {
    page(lang, ways, None)
}

/// The same page, for an address that cannot be one.
#[must_use]
pub fn sign_in_again(lang: Lang, ways: Ways) -> Markup {
    page(lang, ways, Some(words(lang).no_address))
}

fn page(lang: Lang, ways: Ways, problem: Option<&str>) -> Markup {
    let words = words(lang);
    let main = html! {
        h1 { (words.title) }
        @if ways.mail {
            p.lead { (words.lead) }
            form.stack method="post" action={ "/console/sign-in?lang=" (lang.tag()) } {
                div.field {
                    label for="email" { (words.label) }
                    input #email name="email" type="email" required autocomplete="email"
                        maxlength="254" aria-invalid=[problem.map(|_| "true")]
                        aria-describedby="email-hint";
                    p.hint #email-hint { (problem.unwrap_or(words.hint)) }
                }
                button.primary type="submit" { (words.button) }
            }
        } @else {
            p.warn { (words.no_mail) }
        }
        @if ways.passkeys {
            div #passkey hidden data-failed=(words.passkey_failed) {
                button type="button" { (words.passkey) }
                p #passkey-told role="status" {}
            }
        }
        p.soft { (words.owner) " " code { "parrain: owner link" } "." }
    };
    layout(&Page {
        lang,
        title: words.title,
        look: Look::Parrain,
        query: Some(""),
        head: html! {
            link rel="stylesheet" href="/people.css";
            @if ways.passkeys { script type="module" src="/passkey.js" {} }
        },
        header: brand(),
        main: html! { div.width.narrow { (main) } },
        footer: html! {},
    })
}

/// What everybody reads who asked for a link, be they members or not.
#[must_use]
pub fn link_sent(lang: Lang) -> Markup {
    let words = words(lang);
    let main = html! {
        h1 { (words.sent) }
        p.lead { (words.sent_lead) }
        p { a href={ "/console/sign-in?lang=" (lang.tag()) } { (words.again) } }
    };
    plain(lang, words.sent, None, &main)
}

/// The answer to a member whose role does not suffice.
#[must_use]
pub fn not_yours(lang: Lang, role: Role) -> Markup {
    let words = words(lang);
    let main = html! {
        h1 { (words.not_yours) }
        p.lead data-role=(role.name()) { (words.not_yours_lead) " " strong { (self::role(role, lang)) } "." }
        p { a href="/console" { (words.home) } }
    };
    plain(lang, words.not_yours, None, &main)
}

/// What a role is called.
#[must_use]
pub const fn role(role: Role, lang: Lang) -> &'static str {
    match (role, lang) {
        (Role::Owner, Lang::En) => "owner",
        (Role::Owner, Lang::Fr) => "propriétaire",
        (Role::Manager, Lang::En) => "manager",
        (Role::Manager, Lang::Fr) => "responsable",
        (Role::Reviewer, Lang::En) => "reviewer",
        (Role::Reviewer, Lang::Fr) => "validateur",
        (Role::Viewer, Lang::En) => "viewer",
        (Role::Viewer, Lang::Fr) => "lecteur",
        (Role::Support, Lang::En) => "support agent",
        (Role::Support, Lang::Fr) => "conseiller client",
    }
}

struct Words {
    title: &'static str,
    lead: &'static str,
    label: &'static str,
    hint: &'static str,
    no_address: &'static str,
    button: &'static str,
    no_mail: &'static str,
    passkey: &'static str,
    passkey_failed: &'static str,
    owner: &'static str,
    sent: &'static str,
    sent_lead: &'static str,
    again: &'static str,
    not_yours: &'static str,
    not_yours_lead: &'static str,
    home: &'static str,
}

fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

const EN: Words = Words {
    title: "Sign in",
    lead: "Enter your e-mail address. If you are on the team, a link that signs you in is on its way.",
    label: "E-mail address",
    hint: "The one your invitation went to.",
    no_address: "This is not an e-mail address. It looks like name@example.com.",
    button: "Send me a link",
    no_mail: "This installation cannot send e-mails yet, so that no link reaches you. Ask whoever runs it to name a provider of e-mail, or to let you in until then.",
    passkey: "Sign in with a passkey",
    passkey_failed: "That passkey opened nothing. Ask for a link instead.",
    owner: "Do you run this installation? Start Parrain again for a link of your own. It prints it on the line that begins with",
    sent: "Look into your inbox",
    sent_lead: "If this address is on the team, a link is there within a minute. It works once, for 15 minutes.",
    again: "Ask for another one",
    not_yours: "This page is not for your role",
    not_yours_lead: "Ask the owner if you need it. Your role is:",
    home: "Back to the console",
};

const FR: Words = Words {
    title: "Se connecter",
    lead: "Saisissez votre adresse e-mail. Si vous faites partie de l’équipe, un lien de connexion vous parvient.",
    label: "Adresse e-mail",
    hint: "Celle qui a reçu votre invitation.",
    no_address: "Ce n’est pas une adresse e-mail. Elle s’écrit comme nom@example.com.",
    button: "Recevoir un lien",
    no_mail: "Cette installation ne peut pas encore envoyer d’e-mails, et aucun lien ne vous parviendrait. Demandez à la personne qui l’exploite de désigner un prestataire d’e-mail, ou de vous laisser entrer d’ici là.",
    passkey: "Se connecter avec une clé d’accès",
    passkey_failed: "Cette clé d’accès n’ouvre rien. Demandez plutôt un lien.",
    owner: "Vous gérez cette installation\u{a0}? Relancez Parrain pour obtenir votre lien. Il l’affiche sur la ligne qui commence par",
    sent: "Regardez votre messagerie",
    sent_lead: "Si cette adresse fait partie de l’équipe, un lien y est d’ici une minute. Il sert une fois, pendant 15 minutes.",
    again: "En demander un autre",
    not_yours: "Cette page n’est pas pour votre rôle",
    not_yours_lead: "Demandez au propriétaire si vous en avez besoin. Votre rôle\u{a0}:",
    home: "Retour à la console",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_none_is_told_beside_its_field() {
        let ways = Ways { passkeys: true, mail: true };
        let page = sign_in_again(Lang::En, ways).into_string();
        assert!(page.contains("aria-invalid=\"true\""));
        assert!(page.contains("name@example.com"));
        assert!(!sign_in(Lang::En, ways).into_string().contains("aria-invalid"));
    }

    #[test]
    fn every_page_speaks_french() {
        let ways = Ways { passkeys: true, mail: false };
        for page in
            [sign_in(Lang::Fr, ways), link_sent(Lang::Fr), not_yours(Lang::Fr, Role::Viewer)]
        {
            assert!(page.into_string().contains("<html lang=\"fr\">"));
        }
    }
}
