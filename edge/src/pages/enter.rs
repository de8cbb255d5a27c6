//! The owner's way in: a link whose fragment is the token, and one button.

use maud::{Markup, html};
use shared::lang::Lang;

use super::layout::{Look, Page, brand, layout, plain};

/// The page behind the owner link.
///
/// A fragment never reaches a server or its logs, so `/enter.js` moves it into the field; without
/// scripts the owner pastes it. Entering is a POST: link previews and prefetches use nothing up.
#[must_use]
pub fn enter(lang: Lang) -> Markup {
    let words = words(lang);
    layout(&Page {
        lang,
        title: words.title,
        look: Look::Parrain,
        query: Some(""),
        head: html! { script type="module" src="/enter.js" {} },
        header: brand(),
        main: html! {
            div.width.narrow {
                h1 { (words.title) }
                p.lead { (words.lead) }
                form.stack #enter method="post" action=(action(lang)) {
                    div.field {
                        label for="token" { (words.label) }
                        input #token name="token" type="password" required autocomplete="off"
                            aria-describedby="token-hint";
                        p.hint #token-hint { (words.hint) }
                    }
                    button.primary type="submit" { (words.button) }
                }
            }
        },
        footer: html! {},
    })
}

/// The answer to an owner link that opens nothing.
#[must_use]
pub fn enter_failed(lang: Lang) -> Markup {
    let words = words(lang);
    let main = html! {
        h1 { (words.failed) }
        p.lead { (words.failed_lead) }
        p { a href={ "/console/sign-in?lang=" (lang.tag()) } { (words.failed_mail) } }
        p.soft { (words.failed_help) " " code { "parrain: owner link" } }
    };
    plain(lang, words.failed, None, &main)
}

fn action(lang: Lang) -> String {
    format!("/console/enter?lang={}", lang.tag())
}

struct Words {
    title: &'static str,
    lead: &'static str,
    label: &'static str,
    hint: &'static str,
    button: &'static str,
    failed: &'static str,
    failed_lead: &'static str,
    failed_mail: &'static str,
    failed_help: &'static str,
}

fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

const EN: Words = Words {
    title: "Enter the console",
    lead: "This link is for you alone. One press, and this browser is let in.",
    label: "Key",
    hint: "Your link fills it in. If it did not, paste what follows the # sign.",
    button: "Enter",
    failed: "This link opens nothing any more",
    failed_lead: "It has been used, has expired, or lost a part on its way.",
    failed_mail: "Ask for another one",
    failed_help: "Do you run this installation? Start Parrain again. It prints a new link on the line that begins with",
};

const FR: Words = Words {
    title: "Entrer dans la console",
    lead: "Ce lien est pour vous seul. Un clic, et ce navigateur a accès.",
    label: "Clé",
    hint: "Votre lien la remplit. Sinon, collez ce qui suit le signe #.",
    button: "Entrer",
    failed: "Ce lien n’ouvre plus rien",
    failed_lead: "Il a déjà servi, il a expiré ou il en manque une partie.",
    failed_mail: "En demander un autre",
    failed_help: "Vous gérez cette installation\u{a0}? Relancez Parrain. Il affiche un nouveau lien sur la ligne qui commence par",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entering_is_a_post_of_the_token() {
        let page = enter(Lang::En).into_string();
        assert!(page.contains("method=\"post\" action=\"/console/enter?lang=en\""));
        assert!(page.contains("name=\"token\""));
    }

    #[test]
    fn both_pages_speak_french() {
        assert!(enter(Lang::Fr).into_string().contains("<html lang=\"fr\">"));
        assert!(enter_failed(Lang::Fr).into_string().contains("n’ouvre plus rien"));
    }
}
