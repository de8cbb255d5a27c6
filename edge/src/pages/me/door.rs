//! The way in for participants: joining, signing in by a link in an e-mail.

use maud::{Markup, html};
use shared::{campaign::Campaign, card::Card, lang::Lang};

use super::frame::{Field, Frame, Told, ask_us, frame, promised, theirs};
use crate::pages::{
    card::own,
    layout::{Look, Page, brand, layout, plain},
};

/// The page of somebody who is not signed in.
#[derive(Debug)]
pub struct Door<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// Where the service is.
    pub service: &'a str,
    /// The campaign.
    pub campaign: &'a Campaign,
    /// What it promises; none: nobody joins any more.
    pub card: Option<&'a Card>,
    /// The version of what it promises, to which somebody agrees who joins.
    pub terms: Option<&'a str>,
    /// Whether somebody carries e-mail here, so that links reach anybody.
    pub mail: bool,
    /// Who sent them, by a first name that they agreed to.
    pub invited_by: Option<&'a str>,
    /// The token of the click that brought them.
    pub token: Option<&'a str>,
    /// When the page was asked for, signed.
    pub shown: &'a str,
    /// The page's own query.
    pub query: &'a str,
    /// What was typed, and what is wrong with it.
    pub typed: Typed<'a>,
    /// What was just done.
    pub done: Option<&'a str>,
}

/// What somebody typed into one of the two forms.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Typed<'a> {
    /// Whether it was the form for those who take part already.
    pub signs_in: bool,
    /// Their address.
    pub email: &'a str,
    /// Their first name.
    pub first_name: &'a str,
    /// What is wrong: `email`, `agreed`, or the `terms`, which changed meanwhile.
    pub wrong: Option<&'a str>,
}

/// The page with both forms.
#[must_use]
pub fn door(it: &Door<'_>) -> Markup {
    let words = words(it.lang);
    let told = it.done.and_then(|code| words.done.iter().find(|it| it.0 == code));
    let main = html! {
        div.door {
            div.pitch {
                @if let Some(name) = it.invited_by { p.invited { (words.invited[0]) strong { (theirs(name)) } (words.invited[1]) } }
                h1 { (headline(it, words)) }
                @if let Some(card) = it.card {
                    @let [_, intro, ..] = card.own.in_lang(it.lang);
                    @if !intro.is_empty() { div dir="auto" translate="no" { (own(intro)) } }
                    (promises(it.lang, card))
                }
                @else { p.lead { (words.over_lead) } }
            }
            @if it.mail {
                @if it.card.is_some() { (join(it, words)) }
                (sign_in(it, words))
            } @else {
                section.panel { p { (words.no_mail[0]) (ask_us(it.lang, it.campaign)) (words.no_mail[1]) } }
            }
        }
    };
    frame(&Frame {
        lang: it.lang,
        service: it.service,
        campaign: it.campaign,
        query: Some(it.query),
        tab: None,
        told: told.map(|it| Told::Done(it.1)),
        main,
    })
}

/// The owner's headline, or else ours.
fn headline(it: &Door<'_>, words: &Words) -> Markup {
    let Some(card) = it.card else { return html! { (words.over) } };
    let [headline, ..] = card.own.in_lang(it.lang);
    if headline.is_empty() {
        html! { (words.title) }
    } else {
        theirs(headline)
    }
}

fn promises(lang: Lang, card: &Card) -> Markup {
    html! {
        ul.promises {
            @for promise in &card.rewards {
                li { (promised(lang, &promise.referrer, promise.own[0])) }
                @if let Some(friend) = &promise.friend { li { (promised(lang, friend, promise.own[1])) } }
            }
        }
    }
}

fn join(it: &Door<'_>, words: &Words) -> Markup {
    let typed = if it.typed.signs_in { Typed::default() } else { it.typed };
    let wrong = |field| typed.wrong == Some(field);
    let (id, lang) = (&it.campaign.id, it.lang.tag());
    html! {
        section.panel aria-labelledby="join" {
            h2 #join { (words.join) }
            form.stack method="post" action={ "/me/" (id) "/join?lang=" (lang) } {
                (Field { name: "email", of: "join-", label: words.email, value: typed.email, kind: "email",
                    autocomplete: "email", needed: true, longest: 254,
                    wrong: wrong("email").then_some(words.email_wrong), ..Field::default() }.markup())
                (Field { name: "first_name", of: "join-", label: words.first_name, value: typed.first_name, kind: "text",
                    autocomplete: "given-name", longest: 100, hint: words.first_name_hint,
                    ..Field::default() }.markup())
                // Nobody sees it; whoever fills in every field fills it in.
                div.aside aria-hidden="true" translate="no" {
                    label for="join-website" { "Website" }
                    input #join-website name="website" type="text" tabindex="-1" autocomplete="off";
                }
                div.field {
                    label.check {
                        input type="checkbox" name="agreed" value="1" required
                            aria-describedby=[wrong("agreed").then_some("agreed-about")]
                            aria-invalid=[wrong("agreed").then_some("true")];
                        span { (words.agree[0]) a href={ "/c/" (id) "?lang=" (lang) } { (words.agree[1]) } (words.agree[2]) }
                    }
                    @if wrong("agreed") { p.flaw #agreed-about { (words.agreed_wrong) } }
                    @if wrong("terms") { p.flaw role="alert" { (words.terms_changed) } }
                }
                input type="hidden" name="shown" value=(it.shown);
                @if let Some(terms) = it.terms { input type="hidden" name="terms" value=(terms); }
                @if let Some(token) = it.token { input type="hidden" name="token" value=(token); }
                button.primary type="submit" { (words.join_now) }
            }
        }
    }
}

fn sign_in(it: &Door<'_>, words: &Words) -> Markup {
    let typed = if it.typed.signs_in { it.typed } else { Typed::default() };
    html! {
        section.panel aria-labelledby="sign-in" {
            h2 #sign-in { (words.sign_in) }
            form.stack method="post" action={ "/me/" (it.campaign.id) "/sign-in?lang=" (it.lang.tag()) } {
                p { (words.sign_in_lead) }
                (Field { name: "email", of: "in-", label: words.email, value: typed.email, kind: "email",
                    autocomplete: "email", needed: true, longest: 254,
                    wrong: typed.wrong.map(|_| words.email_wrong), ..Field::default() }.markup())
                button type="submit" { (words.send) }
            }
        }
    }
}

/// What both forms are answered, whoever the address belongs to.
#[must_use]
pub fn sent(lang: Lang, service: &str, campaign: &Campaign) -> Markup {
    let words = words(lang);
    let main = html! {
        div.door {
            section.panel {
                h1 { (words.sent) }
                p.lead { (words.sent_lead) }
                p { (words.sent_hint) }
                p { a href={ "/me/" (campaign.id) } { (words.back) } }
            }
        }
    };
    frame(&Frame { lang, service, campaign, query: None, tab: None, told: None, main })
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

/// The answer to a link that opens nothing; `id`: the campaign in which another may be asked for.
#[must_use]
pub fn enter_failed(lang: Lang, id: Option<&str>) -> Markup {
    let words = words(lang);
    let main = html! {
        h1 { (words.failed) }
        p.lead { (words.failed_lead) }
        @if let Some(id) = id { p { a.button.primary href={ "/me/" (id) } { (words.another) } } }
    };
    plain(lang, words.failed, None, &main)
}

#[cfg_attr(test, derive(Debug))]
struct Words {
    title: &'static str,
    over: &'static str,
    over_lead: &'static str,
    invited: [&'static str; 2],
    join: &'static str,
    join_now: &'static str,
    email: &'static str,
    email_wrong: &'static str,
    first_name: &'static str,
    first_name_hint: &'static str,
    agree: [&'static str; 3],
    agreed_wrong: &'static str,
    terms_changed: &'static str,
    sign_in: &'static str,
    sign_in_lead: &'static str,
    send: &'static str,
    no_mail: [&'static str; 2],
    sent: &'static str,
    sent_lead: &'static str,
    sent_hint: &'static str,
    back: &'static str,
    done: [(&'static str, &'static str); 3],
    enter: &'static str,
    enter_lead: &'static str,
    key: &'static str,
    key_hint: &'static str,
    failed: &'static str,
    failed_lead: &'static str,
    another: &'static str,
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
    title: "Recommend us and be rewarded",
    over: "This programme has ended",
    over_lead: "Nobody can join any more. Whoever took part still finds their rewards here.",
    invited: ["", " recommends us to you."],
    join: "Take part",
    join_now: "Get my link",
    email: "E-mail address",
    email_wrong: "This is no e-mail address. It looks like name@example.com.",
    first_name: "First name",
    first_name_hint: "You may leave it out. Nobody sees it unless you allow it.",
    agree: [
        "I take part on ",
        "the terms of the programme",
        ", and my address and name are kept for it until I leave.",
    ],
    agreed_wrong: "Without your consent we cannot keep your address.",
    terms_changed: "The terms changed since this page was opened. Read them again, then agree.",
    sign_in: "Already taking part?",
    sign_in_lead: "We send you a link that signs you in. There is no password.",
    send: "Send me a link",
    no_mail: [
        "Nobody can take part or sign in here yet: this site cannot send e-mails so far, and it is by a link in an e-mail that you come in. ",
        " when that will be.",
    ],
    sent: "Check your inbox",
    sent_lead: "If this address can take part, a message is on its way. The link in it works once, for 15 minutes, on any device.",
    sent_hint: "Nothing there? Look among the unwanted mail, or try again in a few minutes.",
    back: "Back",
    done: [
        ("out", "You are signed out."),
        ("everywhere", "You are signed out on all devices."),
        ("erased", "You are forgotten here. What we knew of you is gone."),
    ],
    enter: "Sign in",
    enter_lead: "One press, and this browser shows you your referrals and rewards.",
    key: "Key",
    key_hint: "Your link fills it in. If it did not, paste what follows the # sign.",
    failed: "This link opens nothing any more",
    failed_lead: "It works once, for 15 minutes. Ask for another one where you asked for this one.",
    another: "Ask for another link",
};

const FR: Words = Words {
    title: "Recommandez-nous et soyez récompensé",
    over: "Ce programme est terminé",
    over_lead: "Plus personne ne peut s’inscrire. Qui y a participé retrouve ici ses récompenses.",
    invited: ["", " nous recommande à vous."],
    join: "Participer",
    join_now: "Recevoir mon lien",
    email: "Adresse e-mail",
    email_wrong: "Ce n’est pas une adresse e-mail. Elle ressemble à nom@exemple.fr.",
    first_name: "Prénom",
    first_name_hint: "Facultatif. Personne ne le voit sans votre accord.",
    agree: [
        "Je participe selon ",
        "les conditions du programme",
        ", et mon adresse et mon nom sont gardés pour cela jusqu’à mon départ.",
    ],
    agreed_wrong: "Sans votre accord, nous ne pouvons pas garder votre adresse.",
    terms_changed: "Les conditions ont changé depuis l’ouverture de cette page. Relisez-les, puis acceptez.",
    sign_in: "Vous participez déjà\u{a0}?",
    sign_in_lead: "Nous vous envoyons un lien qui vous connecte. Il n’y a pas de mot de passe.",
    send: "M’envoyer un lien",
    no_mail: [
        "Personne ne peut encore participer ni se connecter ici\u{a0}: ce site ne peut pas encore envoyer d’e-mails, et c’est par un lien dans un e-mail que l’on entre. ",
        " quand ce sera possible.",
    ],
    sent: "Consultez votre boîte mail",
    sent_lead: "Si cette adresse peut participer, un message est en route. Son lien sert une fois, pendant 15 minutes, sur n’importe quel appareil.",
    sent_hint: "Rien\u{a0}? Regardez dans les indésirables, ou réessayez dans quelques minutes.",
    back: "Retour",
    done: [
        ("out", "Vous êtes déconnecté."),
        ("everywhere", "Vous êtes déconnecté de tous vos appareils."),
        ("erased", "Vous êtes oublié ici. Ce que nous savions de vous est effacé."),
    ],
    enter: "Se connecter",
    enter_lead: "Un clic, et ce navigateur vous montre vos filleuls et vos récompenses.",
    key: "Clé",
    key_hint: "Votre lien la remplit. Sinon, collez ce qui suit le signe #.",
    failed: "Ce lien n’ouvre plus rien",
    failed_lead: "Il sert une fois, pendant 15 minutes. Demandez-en un autre là où vous avez demandé celui-ci.",
    another: "Demander un autre lien",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaigns_name_is_escaped_and_entering_is_a_post() {
        let page = enter(Lang::Fr, "shop", "<b>Shop").into_string();
        assert!(page.contains("&lt;b&gt;Shop") && !page.contains("<b>"));
        assert!(page.contains("method=\"post\" action=\"/me/shop/enter?lang=fr\""));
        assert!(enter_failed(Lang::En, None).into_string().contains("15 minutes"));
    }
}
