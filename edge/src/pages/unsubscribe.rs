//! What somebody is written: the page behind the link at the end of each message, and the same choices for
//! their own page.

use maud::{Markup, html};
use shared::lang::Lang;

use super::layout::{Look, Page, brand, layout};
use crate::mail::{
    Topic,
    topic::{Each, TOPICS},
};

/// What happened so far.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    /// Nothing: they opened the link.
    Asked,
    /// They get no more of what brought them here.
    Refused,
    /// What they chose is kept.
    Chosen,
}

/// What the page shows.
#[derive(Clone, Copy, Debug)]
pub struct Choices<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// What the programme is called; empty: it is gone.
    pub program: &'a str,
    /// What the message was about; none: the link refuses everything.
    pub topic: Option<Topic>,
    /// What they get.
    pub wanted: Each<bool>,
    /// What happened.
    pub state: State,
}

/// The page; the forms go to its own address.
#[must_use]
pub fn page(it: &Choices<'_>) -> Markup {
    let words = words(it.lang);
    let title = if it.state == State::Asked { words.title } else { words.done };
    let main = html! {
        h1 { (title) }
        @if !it.program.is_empty() { p.lead { (words.program) " " strong { (it.program) } } }
        @match it.state {
            State::Asked => form method="post" {
                p { (about(it, words.about)) }
                button.primary type="submit" { (words.title) }
            },
            State::Refused => p role="status" { (about(it, words.refused)) },
            State::Chosen => p role="status" { (words.chosen) },
        }
        form.stack.apart method="post" {
            input type="hidden" name="choose" value="1";
            fieldset.choices {
                legend { (words.choose) }
                (choices(it.lang, it.wanted))
            }
            div.actions {
                button type="submit" { (words.keep) }
                button type="submit" name="all" value="1" { (words.stop_all) }
            }
        }
    };
    layout(&Page {
        lang: it.lang,
        title,
        look: Look::Parrain,
        query: (it.state == State::Asked).then_some(""),
        head: html! { link rel="stylesheet" href="/people.css"; },
        header: brand(),
        main: html! { div.width.narrow { (main) } },
        footer: html! {},
    })
}

/// What is refused: `[of a topic, everything]`.
fn about(it: &Choices<'_>, [some, all]: [&str; 2]) -> Markup {
    match it.topic {
        Some(topic) => html! { (some) " " strong { (name(it.lang, topic)) } },
        None => html! { (all) },
    }
}

/// A box for each topic, and one for what is always sent.
#[must_use]
pub fn choices(lang: Lang, wanted: Each<bool>) -> Markup {
    html! {
        @for (topic, gets) in TOPICS.into_iter().zip(wanted) {
            label.check {
                input type="checkbox" name=(topic.as_str()) value="1" checked[gets];
                span { (name(lang, topic)) }
            }
        }
        label.check {
            input type="checkbox" checked disabled;
            span { (words(lang).sign_in) }
        }
    }
}

/// What a topic is called by those who may refuse it.
#[must_use]
pub const fn name(lang: Lang, topic: Topic) -> &'static str {
    let [en, fr] = match topic {
        Topic::Welcome => ["Welcome", "La bienvenue"],
        Topic::Opened => {
            ["My link, opened for the first time", "Mon lien, ouvert pour la première fois"]
        }
        Topic::Friend => ["A friend who came by my link", "Un filleul venu par mon lien"],
        Topic::Waiting => {
            ["A friend who does not count yet", "Un filleul qui ne compte pas encore"]
        }
        Topic::Credit => ["A friend who counts", "Un filleul qui compte"],
        Topic::Reward => ["A reward that is mine", "Une récompense qui est à moi"],
        Topic::Month => ["What a month brought", "Ce qu’un mois a apporté"],
        Topic::End => ["The end of the programme", "La fin du programme"],
        Topic::Own => ["News and tips", "Des nouvelles et des conseils"],
    };
    match lang {
        Lang::En => en,
        Lang::Fr => fr,
    }
}

struct Words {
    title: &'static str,
    program: &'static str,
    about: [&'static str; 2],
    done: &'static str,
    refused: [&'static str; 2],
    chosen: &'static str,
    choose: &'static str,
    sign_in: &'static str,
    keep: &'static str,
    stop_all: &'static str,
}

const fn words(lang: Lang) -> Words {
    match lang {
        Lang::En => Words {
            title: "Unsubscribe",
            program: "Messages from",
            about: ["No more messages about:", "No more messages at all."],
            done: "Done",
            refused: ["You get no more messages about:", "You will not be written to any more."],
            chosen: "Kept. You get what is ticked below.",
            choose: "Write to me about",
            sign_in: "The link to sign in, which is only ever sent when you ask for it, and always then",
            keep: "Keep my choice",
            stop_all: "None of these",
        },
        Lang::Fr => Words {
            title: "Se désabonner",
            program: "Les messages de",
            about: ["Plus de messages sur\u{a0}:", "Plus aucun message."],
            done: "C’est fait",
            refused: ["Vous ne recevez plus de messages sur\u{a0}:", "Nous ne vous écrirons plus."],
            chosen: "C’est noté. Vous recevez ce qui est coché ci-dessous.",
            choose: "M’écrire à ce sujet",
            sign_in: "Le lien de connexion, envoyé seulement si vous le demandez, et toujours dans ce cas",
            keep: "Garder mon choix",
            stop_all: "Rien de tout cela",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_and_what_is_wanted_is_ticked() {
        for lang in [Lang::En, Lang::Fr] {
            for state in [State::Asked, State::Refused, State::Chosen] {
                let wanted = TOPICS.map(|it| it == Topic::Month);
                let it = Choices { lang, program: "<script>", topic: None, wanted, state };
                let shown = page(&it).into_string();
                assert!(!shown.contains("<script>") && shown.contains("name=\"choose\""));
                assert!(shown.contains("name=\"MONTH\" value=\"1\" checked"), "{shown}");
                assert!(shown.contains("name=\"OWN\" value=\"1\">"), "{shown}");
                let forms = shown.matches("method=\"post\"").count();
                assert_eq!(forms, if state == State::Asked { 2 } else { 1 });
            }
        }
    }
}
