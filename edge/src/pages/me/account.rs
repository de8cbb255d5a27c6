//! What somebody says of themselves: name, language, messages, who reads what; their data, and leaving.

use maud::{Markup, html};
use shared::{campaign::Campaign, lang::Lang};

use super::frame::{Field, Frame, Tab, Told, ask_us, csrf, frame, part};
use crate::{mail::topic::Each, pages::unsubscribe::choices};

/// What the page shows.
#[derive(Clone, Copy, Debug)]
pub struct Account<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// Where the service is.
    pub service: &'a str,
    /// The campaign.
    pub campaign: &'a Campaign,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// Their address.
    pub email: &'a str,
    /// Their first name.
    pub first_name: &'a str,
    /// The language of their messages.
    pub language: Lang,
    /// Whether friends read their first name.
    pub named: bool,
    /// Whether the leaderboard names them.
    pub on_board: bool,
    /// Which messages they get; none: their address takes no mail.
    pub messages: Option<Each<bool>>,
    /// Whether the first name was refused.
    pub wrong: bool,
    /// What was just done.
    pub done: Option<&'a str>,
}

/// The page.
#[must_use]
pub fn account(it: &Account<'_>) -> Markup {
    let words = words(it.lang);
    let told = it.done.and_then(|code| words.done.iter().find(|it| it.0 == code));
    let at = format!("/me/{}", it.campaign.id);
    let main = html! {
        h1 { (words.title) }
        p.soft { (words.signed_in) " " strong.take dir="ltr" translate="no" { (it.email) } }
        (settings(it, words, &at))
        (part("data", words.data, &html! {
            p { (words.data_lead) }
            p.actions {
                a.button href={ (at) "/data" } { (words.read) }
                a.button href={ (at) "/data.json" } { (words.download) }
            }
        }))
        (part("out", words.out, &html! {
            form.actions method="post" action={ (at) "/sign-out" } {
                (csrf(it.csrf))
                button type="submit" { (words.here) }
                button type="submit" name="everywhere" value="1" { (words.everywhere) }
            }
        }))
        (part("leave", words.leave, &html! {
            p { (words.leave_lead) }
            p { a.button.danger href={ (at) "/erase" } { (words.erase) } }
        }))
    };
    frame(&Frame {
        lang: it.lang,
        service: it.service,
        campaign: it.campaign,
        query: Some(""),
        tab: Some(Tab::Account),
        told: told.map(|it| Told::Done(it.1)),
        main,
    })
}

fn settings(it: &Account<'_>, words: &Words, at: &str) -> Markup {
    let check = |name: &str, on: bool, text: &str| {
        html! {
            label.check {
                input type="checkbox" name=(name) value="1" checked[on];
                span { (text) }
            }
        }
    };
    let content = html! {
        form.stack method="post" action={ (at) "/account" } {
            (csrf(it.csrf))
            (Field { name: "first_name", label: words.first_name, value: it.first_name, kind: "text",
                autocomplete: "given-name", longest: 100, wrong: it.wrong.then_some(words.name_wrong),
                ..Field::default() }.markup())
            fieldset {
                legend { (words.seen) }
                (check("named", it.named, words.seen_by[0]))
                (check("on_board", it.on_board, words.seen_by[1]))
                p.hint { (words.seen_hint) }
            }
            fieldset {
                legend { (words.messages) }
                @match it.messages {
                    Some(wanted) => (choices(it.lang, wanted)),
                    None => p { (words.bounced[0]) (ask_us(it.lang, it.campaign)) (words.bounced[1]) },
                }
            }
            div.field {
                label for="language" { (words.language) }
                select #language name="language" {
                    option value="fr" lang="fr" translate="no" selected[it.language == Lang::Fr] { "Français" }
                    option value="en" lang="en" translate="no" selected[it.language == Lang::En] { "English" }
                }
            }
            button.primary type="submit" { (words.keep) }
        }
    };
    part("settings", words.settings, &content)
}

/// The page that asks whether they really want to be forgotten.
#[must_use]
pub fn erasing(lang: Lang, service: &str, campaign: &Campaign, token: &str, wrong: bool) -> Markup {
    let words = words(lang);
    let at = format!("/me/{}", campaign.id);
    let main = part(
        "leave",
        words.erase_title,
        &html! {
            p { (words.erase_goes) }
            ul { @for it in words.erase_list { li { (it) } } }
            p { (words.erase_stays) }
            form.stack method="post" action={ (at) "/erase" } {
                (csrf(token))
                div.field {
                    label.check {
                        input type="checkbox" name="sure" value="1" required
                            aria-describedby=[wrong.then_some("sure-about")] aria-invalid=[wrong.then_some("true")];
                        span { (words.sure) }
                    }
                    @if wrong { p.flaw #sure-about { (words.sure_wrong) } }
                }
                p.actions {
                    button.danger type="submit" { (words.erase_now) }
                    a.button href={ (at) "/account" } { (words.stay) }
                }
            }
        },
    );
    let (query, tab) = (Some(""), Some(Tab::Account));
    frame(&Frame { lang, service, campaign, query, tab, told: None, main })
}

#[cfg_attr(test, derive(Debug))]
struct Words {
    title: &'static str,
    signed_in: &'static str,
    done: [(&'static str, &'static str); 1],
    settings: &'static str,
    first_name: &'static str,
    name_wrong: &'static str,
    seen: &'static str,
    seen_by: [&'static str; 2],
    seen_hint: &'static str,
    messages: &'static str,
    bounced: [&'static str; 2],
    language: &'static str,
    keep: &'static str,
    data: &'static str,
    data_lead: &'static str,
    read: &'static str,
    download: &'static str,
    out: &'static str,
    here: &'static str,
    everywhere: &'static str,
    leave: &'static str,
    leave_lead: &'static str,
    erase: &'static str,
    erase_title: &'static str,
    erase_goes: &'static str,
    erase_list: [&'static str; 4],
    erase_stays: &'static str,
    sure: &'static str,
    sure_wrong: &'static str,
    erase_now: &'static str,
    stay: &'static str,
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
    title: "Messages and data",
    signed_in: "Signed in as",
    done: [("kept", "Kept.")],
    settings: "About you",
    first_name: "First name",
    name_wrong: "A first name has at most 100 characters, in one line.",
    seen: "Who reads your first name",
    seen_by: [
        "The friends who come through my link, and whoever sent me",
        "Everybody, on the list of who recommends most",
    ],
    seen_hint: "Without that you are an initial to friends, and “a participant” on the list.",
    messages: "What we write to you",
    bounced: [
        "Messages to your address came back, so that we write none any more. ",
        " to change it.",
    ],
    language: "Language of messages",
    keep: "Keep",
    data: "What we know of you",
    data_lead: "All of it, to be read here, or as a file for another program.",
    read: "Read it",
    download: "Download (JSON)",
    out: "Sign out",
    here: "Sign out here",
    everywhere: "Sign out on all devices",
    leave: "Leave the programme",
    leave_lead: "You may be forgotten at any time. We ask once more before it happens.",
    erase: "Forget me …",
    erase_title: "Leave, and be forgotten?",
    erase_goes: "This cannot be undone. What goes at once:",
    erase_list: [
        "your name, your address and everything else that we know of you",
        "your link and your codes: they lead nowhere from then on",
        "rewards that nobody approved yet",
        "your place on the list of who recommends most",
    ],
    erase_stays: "What stays is a number without a person: that a referral counted, and rewards that were given.",
    sure: "Yes, forget me",
    sure_wrong: "Tick this if you are sure.",
    erase_now: "Forget me for good",
    stay: "Stay",
};

const FR: Words = Words {
    title: "Messages et données",
    signed_in: "Connecté avec",
    done: [("kept", "C’est noté.")],
    settings: "À propos de vous",
    first_name: "Prénom",
    name_wrong: "Un prénom a 100 caractères au plus, en une ligne.",
    seen: "Qui lit votre prénom",
    seen_by: [
        "Les filleuls qui viennent par mon lien, et qui m’a parrainé",
        "Tout le monde, dans la liste de qui recommande le plus",
    ],
    seen_hint: "Sinon, vous êtes une initiale pour vos filleuls, et «\u{a0}un participant\u{a0}» dans la liste.",
    messages: "Ce que nous vous écrivons",
    bounced: [
        "Les messages à votre adresse nous sont revenus\u{a0}: nous n’en écrivons plus. ",
        " de la changer.",
    ],
    language: "Langue des messages",
    keep: "Garder",
    data: "Ce que nous savons de vous",
    data_lead: "Tout, à lire ici, ou en fichier pour un autre programme.",
    read: "Lire",
    download: "Télécharger (JSON)",
    out: "Se déconnecter",
    here: "Se déconnecter ici",
    everywhere: "Se déconnecter de tous mes appareils",
    leave: "Quitter le programme",
    leave_lead: "Vous pouvez être oublié à tout moment. Nous demandons encore une fois avant.",
    erase: "M’oublier …",
    erase_title: "Partir, et être oublié\u{a0}?",
    erase_goes: "C’est définitif. Disparaissent aussitôt\u{a0}:",
    erase_list: [
        "votre nom, votre adresse et tout ce que nous savons de vous",
        "votre lien et vos codes\u{a0}: ils ne mènent plus nulle part",
        "les récompenses que personne n’a encore validées",
        "votre place dans la liste de qui recommande le plus",
    ],
    erase_stays: "Reste un numéro sans personne\u{a0}: qu’un parrainage a compté, et les récompenses remises.",
    sure: "Oui, oubliez-moi",
    sure_wrong: "Cochez si vous êtes sûr.",
    erase_now: "M’oublier pour toujours",
    stay: "Rester",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_agreed_to_unasked_and_erasing_asks_once_more() {
        for lang in [Lang::En, Lang::Fr] {
            let campaign = crate::pages::me::data::tests::campaign("<b>");
            let shown = account(&Account {
                lang,
                service: "https://x",
                campaign: &campaign,
                csrf: "t",
                email: "<i>@b.co",
                first_name: "\"><script>",
                language: lang,
                named: false,
                on_board: false,
                messages: Some([false; 9]),
                wrong: false,
                done: None,
            })
            .into_string();
            // But for what nobody can refuse.
            assert_eq!(shown.matches(" checked").count(), 1, "{shown}");
            assert!(["<b>", "<i>", "<script>"].iter().all(|it| !shown.contains(it)), "{shown}");
            let sure = erasing(lang, "https://x", &campaign, "t", true).into_string();
            assert!(sure.contains("name=\"sure\"") && sure.contains(words(lang).sure_wrong));
        }
    }
}
