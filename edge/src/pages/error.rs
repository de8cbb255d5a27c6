//! The page for what went wrong, in plain words and without details.

use maud::{Markup, html};
use shared::lang::Lang;

use super::layout::plain;

/// The page of an error status; an unknown one reads as ours.
#[must_use]
pub fn error(lang: Lang, status: u16) -> Markup {
    page(lang, status, words(lang, status))
}

/// The page of a form that an older page sent: nothing was changed.
#[must_use]
pub fn out_of_date(lang: Lang) -> Markup {
    let words = match lang {
        Lang::En => ("This page is out of date", "Reload it and try again."),
        Lang::Fr => ("Cette page n’est plus à jour", "Rechargez-la et réessayez."),
    };
    page(lang, 403, words)
}

fn page(lang: Lang, status: u16, (title, lead): (&str, &str)) -> Markup {
    let main = html! {
        p.status { (status) }
        h1 { (title) }
        p.lead { (lead) }
    };
    plain(lang, title, None, &main)
}

fn words(lang: Lang, status: u16) -> (&'static str, &'static str) {
    match (lang, status) {
        (Lang::En, 400 | 413 | 422) => (
            "We could not read that",
            "Something in the form is missing or misspelt. Go back, check it and send it again.",
        ),
        (Lang::Fr, 400 | 413 | 422) => (
            "Nous n’avons pas pu lire cela",
            "Il manque quelque chose dans le formulaire, ou une faute s’y est glissée. Revenez en arrière, vérifiez et renvoyez-le.",
        ),
        (Lang::En, 401 | 403) => (
            "This page is for its owner",
            "Open the owner link that Parrain printed when it started, then come back.",
        ),
        (Lang::Fr, 401 | 403) => (
            "Cette page est réservée à son propriétaire",
            "Ouvrez le lien de propriétaire que Parrain a affiché au démarrage, puis revenez.",
        ),
        (Lang::En, 404) => ("There is nothing here", "The address may have lost a letter."),
        (Lang::Fr, 404) => ("Il n’y a rien ici", "L’adresse a peut-être perdu une lettre."),
        (Lang::En, 405) => ("Not this way", "This address does not take what was sent to it."),
        (Lang::Fr, 405) => ("Pas par ici", "Cette adresse n’accepte pas ce qui lui a été envoyé."),
        (Lang::En, 429 | 503) => {
            ("Too much at once", "Nothing was lost. Wait a moment and try again.")
        }
        (Lang::Fr, 429 | 503) => {
            ("Trop de choses à la fois", "Rien n’est perdu. Attendez un instant et réessayez.")
        }
        (Lang::En, _) => (
            "Something broke on our side",
            "It is noted, and it is not your doing. Try again in a while.",
        ),
        (Lang::Fr, _) => (
            "Une panne de notre côté",
            "Elle est notée, et vous n’y êtes pour rien. Réessayez dans un moment.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_words_in_both_languages() {
        for status in [400, 403, 404, 405, 429, 500, 503] {
            assert_ne!(words(Lang::En, status), words(Lang::Fr, status), "{status}");
            assert!(error(Lang::En, status).into_string().contains("<h1>"));
        }
    }
}
