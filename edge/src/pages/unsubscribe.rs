//! The page on which somebody refuses messages.

use maud::{Markup, html};
use shared::lang::Lang;

use super::layout::plain;
use crate::mail::Purpose;

/// What happened so far.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    /// Nothing: they opened the link.
    Asked,
    /// They get no more.
    Done,
    /// They took it back.
    Again,
}

/// The page; the forms go to its own address.
#[must_use]
pub fn page(lang: Lang, program: &str, purpose: Purpose, state: State) -> Markup {
    let words = words(lang);
    let what = if purpose == Purpose::Promotion { words.promotions } else { words.notices };
    let main = match state {
        State::Asked => html! {
            h1 { (words.title) }
            @if !program.is_empty() { p.lead { (words.program) " " strong { (program) } } }
            p { (what) }
            form method="post" {
                div.actions {
                    button.primary type="submit" { (words.stop) }
                    button type="submit" name="all" value="1" { (words.stop_all) }
                }
            }
            p.soft { (words.sign_in) }
        },
        State::Done => html! {
            h1 { (words.done) }
            p.lead { (words.done_more) }
            form method="post" {
                input type="hidden" name="again" value="1";
                button type="submit" { (words.undo) }
            }
        },
        State::Again => html! {
            h1 { (words.again) }
            p.lead { (words.again_more) }
        },
    };
    let query = (state == State::Asked).then_some("");
    plain(lang, words.title, query, &main)
}

struct Words {
    title: &'static str,
    program: &'static str,
    promotions: &'static str,
    notices: &'static str,
    stop: &'static str,
    stop_all: &'static str,
    sign_in: &'static str,
    done: &'static str,
    done_more: &'static str,
    undo: &'static str,
    again: &'static str,
    again_more: &'static str,
}

const fn words(lang: Lang) -> Words {
    match lang {
        Lang::En => Words {
            title: "Unsubscribe",
            program: "Messages from",
            promotions: "You will get no more invitations to share, tips and monthly summaries. What happens with your link and your rewards, we still tell you.",
            notices: "You will no longer be told when a friend comes through your link, when it counts, or when you earn something. What you earn stays yours.",
            stop: "Unsubscribe",
            stop_all: "Unsubscribe from everything",
            sign_in: "A link to sign in is only ever sent when you ask for it.",
            done: "Done",
            done_more: "You will not be written to any more.",
            undo: "That was a mistake: write to me again",
            again: "Welcome back",
            again_more: "You get our messages again.",
        },
        Lang::Fr => Words {
            title: "Se désabonner",
            program: "Les messages de",
            promotions: "Vous ne recevrez plus d’invitations à partager, de conseils ni de résumés du mois. Ce qui arrive à votre lien et à vos récompenses, nous vous le dirons encore.",
            notices: "Nous ne vous dirons plus quand un filleul vient par votre lien, quand cela compte, ni quand vous gagnez quelque chose. Ce que vous gagnez reste à vous.",
            stop: "Se désabonner",
            stop_all: "Se désabonner de tout",
            sign_in: "Un lien de connexion n’est envoyé que si vous le demandez.",
            done: "C’est fait",
            done_more: "Nous ne vous écrirons plus.",
            undo: "C’était une erreur\u{a0}: écrivez-moi à nouveau",
            again: "Heureux de vous revoir",
            again_more: "Vous recevez à nouveau nos messages.",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_and_both_languages_say_what_stops() {
        for lang in [Lang::En, Lang::Fr] {
            for purpose in [Purpose::Promotion, Purpose::Notice] {
                let shown = page(lang, "<script>", purpose, State::Asked).into_string();
                assert!(!shown.contains("<script>") && shown.contains("method=\"post\""));
            }
            for state in [State::Done, State::Again] {
                let shown = page(lang, "x", Purpose::Notice, state).into_string();
                assert_eq!(shown.contains("name=\"again\""), state == State::Done, "{shown}");
            }
        }
    }
}
