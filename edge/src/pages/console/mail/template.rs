//! One message: its words, how they look, a test, and the way back to ours.

use maud::{Markup, html};
use shared::lang::Lang;

use super::{
    super::frame::csrf,
    words::{self, Words, words},
};
use crate::{
    engine::mail::settings::{LANGS, Preview},
    mail::{Broken, Kind, Text},
};

/// What the page shows.
#[derive(Debug)]
pub struct Template<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// The campaign's id.
    pub campaign: &'a str,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// Which message.
    pub kind: Kind,
    /// The language of its words.
    pub of: Lang,
    /// The words, as they are or as they were typed.
    pub text: &'a Text,
    /// Whether those that are kept are the owner's own.
    pub own: bool,
    /// Whether it is sent by itself.
    pub enabled: bool,
    /// How many days later, where it waits, as it is or was typed; and whether that cannot be.
    pub days: Option<(String, bool)>,
    /// Whether the reader may change it.
    pub may_edit: bool,
    /// How the words look, or what is wrong with them.
    pub preview: Result<Preview, Broken>,
    /// What happened.
    pub note: Option<&'static str>,
    /// Where a test could not go, and why.
    pub refused: Option<String>,
}

/// The page.
#[must_use]
pub fn template(page: &Template<'_>) -> Markup {
    let words = words(page.lang);
    let (name, when) = super::name(page.kind, page.lang);
    let base = format!("/console/{}/mail", page.campaign);
    let here = format!("{base}/{}", page.kind.as_str());
    html! {
        p { a href=(base) { "← " (words.title) } }
        h1 { (name) }
        p.lead { (when) }
        @if let Some(note) = page.note.and_then(|it| words::note(page.lang, it)) {
            p.done role="status" { (note) }
        }
        @if let Some(why) = &page.refused { p.warn role="alert" { (words.not_sent) " " (words::untried(page.lang, why)) } }
        nav.languages aria-label=(words.text_language) {
            @for lang in LANGS {
                a href={ (here) "?of=" (lang.tag()) } lang=(lang.tag())
                    aria-current=[(lang == page.of).then_some("true")] {
                    (if lang == Lang::En { "English" } else { "Français" })
                }
            }
        }
        div.split {
            section.panel {
                h2 { (words.text) }
                (form(page, words, &here))
            }
            div {
                section.panel { h2 { (words.preview) } (preview(page, words)) }
                (variables(page, words))
            }
        }
        @if page.may_edit { (more(page, words, &here)) }
    }
}

fn form(page: &Template<'_>, words: &Words, here: &str) -> Markup {
    let broken = page.preview.as_ref().err();
    let wrong = |field: &str| broken.is_some_and(|it| it.field == field);
    let described = |field: &str| wrong(field).then_some("broken");
    let fields = [
        ("subject", words.subject, &page.text.subject),
        ("preheader", words.preheader, &page.text.preheader),
    ];
    html! {
        @if let Some(broken) = broken {
            p.warn #broken role="alert" {
                (words.broken) " " strong { (words::field(page.lang, broken.field)) }
                ", " (words::line(page.lang, broken)) ". " (words.kept)
            }
        }
        form.stack method="post" action={ (here) "?of=" (page.of.tag()) } {
            (csrf(page.csrf))
            @for (name, label, value) in fields {
                div.field {
                    label for=(name) { (label) }
                    input id=(name) name=(name) value=(value) lang=(page.of.tag())
                        readonly[!page.may_edit] maxlength="2000"
                        aria-invalid=[wrong(name).then_some("true")]
                        aria-describedby=[described(name)];
                }
            }
            div.field {
                label for="body" { (words.body) }
                textarea #body name="body" rows="18" lang=(page.of.tag()) readonly[!page.may_edit]
                    aria-invalid=[wrong("body").then_some("true")]
                    aria-describedby=[described("body")] { "\n" (page.text.body) }
                p.hint { (words.markup) }
            }
            @if page.may_edit {
                div.actions {
                    button.primary type="submit" name="act" value="save" { (words.save) }
                    button type="submit" name="act" value="preview" { (words.show) }
                }
            }
        }
    }
}

fn preview(page: &Template<'_>, words: &Words) -> Markup {
    html! {
        @match &page.preview {
            Err(_) => { p.empty { (words.no_preview) } }
            Ok(preview) => {
                dl.letter {
                    dt { (words.subject) } dd lang=(page.of.tag()) { strong { (preview.subject) } }
                    @if !preview.preheader.is_empty() {
                        dt { (words.preheader) }
                        dd.soft lang=(page.of.tag()) { (preview.preheader) }
                    }
                }
                div.sheet lang=(page.of.tag()) { (preview.html) }
                details {
                    summary { (words.as_text) }
                    pre.letter lang=(page.of.tag()) { (preview.text) }
                }
            }
        }
    }
}

fn variables(page: &Template<'_>, words: &Words) -> Markup {
    html! {
        section.panel {
            h2 { (words.variables) }
            dl.variables {
                @for name in page.kind.variables() {
                    dt { code { "{{" (name) "}}" } }
                    dd { (words::variable(name, page.lang)) }
                }
            }
            p.hint { (words.choices) " " code { "{% if firstName %}…{% else %}…{% endif %}" } }
        }
    }
}

/// Trying it out, switching it off, going back.
fn more(page: &Template<'_>, words: &Words, here: &str) -> Markup {
    let act = |act: &str, label: &str| {
        html! {
            form method="post" action={ (here) "?of=" (page.of.tag()) } {
                (csrf(page.csrf))
                button type="submit" name="act" value=(act) { (label) }
            }
        }
    };
    html! {
        section.panel {
            h2 { (words.test) }
            p.soft { (words.test_note) }
            form.stack method="post" action={ (here) "?of=" (page.of.tag()) } {
                (csrf(page.csrf))
                div.field {
                    label for="to" { (words.test_to) }
                    input #to name="to" type="email" required autocomplete="email" maxlength="254";
                }
                button type="submit" name="act" value="test" { (words.test_send) }
            }
        }
        @if let Some((days, wrong)) = &page.days {
            section.panel {
                form.stack method="post" action={ (here) "?of=" (page.of.tag()) } {
                    (csrf(page.csrf))
                    div.field {
                        label for="days" { (words.days) }
                        input #days name="days" type="number" min="2" max="30" required value=(days)
                            aria-invalid=[wrong.then_some("true")] aria-describedby="days-about";
                        p.hint #days-about { (words.days_wrong) }
                    }
                    button type="submit" name="act" value="days" { (words.save) }
                }
            }
        }
        div.actions {
            @if page.kind.automatic() {
                @if page.enabled { (act("off", words.switch_off)) } @else { (act("on", words.switch_on)) }
            }
            @if page.own { (act("reset", words.reset)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Problem;

    #[test]
    fn a_broken_text_is_named_and_what_was_typed_stays() {
        let text = Text {
            subject: "a".into(),
            preheader: String::new(),
            body: "</textarea><script>{{x}}".into(),
        };
        let broken = Broken {
            field: "body",
            line: 1,
            problem: Problem::new("no “x” here", "pas de «\u{a0}x\u{a0}»"),
        };
        for lang in LANGS {
            let page = Template {
                lang,
                campaign: "shop",
                csrf: "t",
                kind: Kind::GoalAchieved,
                of: Lang::En,
                text: &text,
                own: true,
                enabled: true,
                days: None,
                may_edit: true,
                preview: Err(broken.clone()),
                note: None,
                refused: None,
            };
            let shown = template(&page).into_string();
            assert!(!shown.contains("<script>"), "{shown}");
            assert!(shown.contains("&lt;/textarea&gt;&lt;script&gt;{{x}}"), "{shown}");
            let said = if lang == Lang::En {
                "line 1: no “x” here"
            } else {
                "ligne 1\u{a0}: pas de «\u{a0}x\u{a0}»"
            };
            assert!(shown.contains(said) && shown.contains("value=\"reset\""), "{shown}");
            let shown = template(&Template { may_edit: false, ..page }).into_string();
            assert!(!shown.contains("<button"), "{shown}");
        }
    }
}
