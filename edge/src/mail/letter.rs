//! A whole letter: what a template says, and around it who writes, why, and how to be left alone.

use maud::{DOCTYPE, PreEscaped, html as build};
use shared::lang::Lang;

use super::{
    Purpose,
    markup::{self, Look},
    settings::Settings,
    template::Said,
};

/// What stands around a text.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    /// The letter's language.
    pub lang: Lang,
    /// What it is for.
    pub purpose: Purpose,
    /// The campaign's name; empty: it is of no campaign.
    pub program: &'a str,
    /// The campaign's settings.
    pub settings: &'a Settings,
    /// Where the reader can refuse further ones, if they can.
    pub unsubscribe: Option<&'a str>,
}

/// A letter in both forms.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Letter {
    /// For those who look at HTML.
    pub html: String,
    /// For the others.
    pub text: String,
}

const BODY: &str = "margin:0;padding:0;background:#f4f7f5;color:#14211d;\
                    font:16px/1.55 -apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif";
const OUTER: &str = "max-width:560px;margin:0 auto;padding:24px 16px";
const SHEET: &str = "background:#ffffff;border-radius:12px;padding:28px 28px 12px";
const FOOT: &str = "color:#53635d;font-size:13px;padding:16px 28px";
const HIDDEN: &str = "display:none;max-height:0;overflow:hidden";

/// Puts a text into its frame. There is nothing in it that tells whether it was read.
#[must_use]
pub fn letter(said: &Said, frame: &Frame<'_>) -> Letter {
    let words = words(frame.lang);
    let mut lines = Vec::new();
    if let Some(why) = why(frame) {
        lines.push(why);
    }
    let address = frame.settings.contact.line();
    if !address.is_empty() {
        lines.push(address);
    }
    lines.extend(frame.settings.design.footer.clone().filter(|it| !it.trim().is_empty()));
    let html = build! {
        (DOCTYPE)
        html lang=(frame.lang.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (said.subject) }
            }
            body style=(BODY) {
                @if !said.preheader.is_empty() {
                    // What follows it in a list of messages is not the text.
                    div style=(HIDDEN) { (said.preheader) (PreEscaped("&#847;&zwnj;&nbsp;".repeat(40))) }
                }
                div style=(OUTER) {
                    div style=(SHEET) { (markup::html(&said.body, Look::Mail)) }
                    div style=(FOOT) {
                        @for line in &lines { p style="margin:0 0 8px" { (line) } }
                        @if let Some(url) = frame.unsubscribe {
                            p style="margin:0" { a style="color:#53635d" href=(url) { (words.refuse) } }
                        }
                    }
                }
            }
        }
    };
    let mut text = markup::text(&said.body);
    if !lines.is_empty() || frame.unsubscribe.is_some() {
        text.push_str("\n-- \n");
    }
    for line in &lines {
        text.push_str(line);
        text.push('\n');
    }
    if let Some(url) = frame.unsubscribe {
        text.extend([words.refuse, ": ", url, "\n"]);
    }
    Letter { html: html.into_string(), text }
}

/// Why somebody is written to.
fn why(frame: &Frame<'_>) -> Option<String> {
    let words = words(frame.lang);
    let why = match frame.purpose {
        Purpose::Promotion | Purpose::Notice => words.takes_part,
        Purpose::SignIn => words.asked,
        Purpose::Work => words.works,
    };
    (frame.purpose == Purpose::SignIn || !frame.program.is_empty())
        .then(|| why.replace("{}", frame.program))
}

struct Words {
    refuse: &'static str,
    takes_part: &'static str,
    asked: &'static str,
    works: &'static str,
}

const fn words(lang: Lang) -> Words {
    match lang {
        Lang::En => Words {
            refuse: "Unsubscribe",
            takes_part: "You get this message because you take part in “{}”.",
            asked: "If you did not ask for this message, you can ignore it: nothing happens.",
            works: "You get this message because you look after “{}”. On the console, under “My account”, you choose what you get.",
        },
        Lang::Fr => Words {
            refuse: "Se désabonner",
            takes_part: "Vous recevez ce message parce que vous participez à «\u{a0}{}\u{a0}».",
            asked: "Si vous n’avez pas demandé ce message, ignorez-le\u{a0}: il ne se passera rien.",
            works: "Vous recevez ce message parce que vous vous occupez de «\u{a0}{}\u{a0}». Sur la console, sous «\u{a0}Mon compte\u{a0}», vous choisissez ce que vous recevez.",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{Kind, Text, fact, settings::tests::complete};

    #[test]
    fn r_mail_7_every_letter_says_who_writes_and_how_to_refuse_and_spies_on_nobody() {
        let settings = complete();
        let facts = fact::examples(Kind::GoalAchieved, Lang::Fr, true);
        let said = Text::default_of(Kind::GoalAchieved, Lang::Fr).say(&facts).unwrap();
        let frame = Frame {
            lang: Lang::Fr,
            purpose: Purpose::Notice,
            program: "Les <amis>",
            settings: &settings,
            unsubscribe: Some("https://l.example/u/1"),
        };
        let Letter { html, text } = letter(&said, &frame);
        for part in ["69001 Lyon", "https://l.example/u/1", "Se désabonner"] {
            assert!(html.contains(part) && text.contains(part), "{part}");
        }
        assert!(html.contains("Les &lt;amis&gt;") && !html.contains("<img"), "{html}");
        let frame = Frame { purpose: Purpose::SignIn, unsubscribe: None, ..frame };
        assert!(!letter(&said, &frame).text.contains("Se désabonner"));
    }

    #[test]
    fn names_are_escaped_in_html_and_kept_in_text() {
        let mut facts = fact::examples(Kind::WelcomeReferred, Lang::En, true);
        let name = "</p><script>alert('x')</script>";
        facts.insert("programName", crate::mail::Fact::Text(name.into()));
        let text = Text {
            subject: "a {{programName}}".into(),
            preheader: "b {{programName}}".into(),
            body: "c {{programName}}".into(),
        };
        let settings = Settings::default();
        let frame = Frame {
            lang: Lang::En,
            purpose: Purpose::Notice,
            program: name,
            settings: &settings,
            unsubscribe: None,
        };
        let letter = letter(&text.say(&facts).unwrap(), &frame);
        assert!(!letter.html.contains("<script"), "{}", letter.html);
        assert!(letter.text.contains(name));
    }
}
