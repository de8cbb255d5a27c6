//! The console's pages about e-mail: who writes, which messages there are, what became of them.

mod names;
mod outbox;
mod template;
mod words;

use maud::{Markup, html};
use shared::{email::Email, lang::Lang};

pub use names::name;
pub use outbox::{fate, inbox, outbox};
pub use template::{Template, template};

use super::{
    frame::csrf,
    parts::{Tone, badge},
};
use crate::mail::{Kind, settings::Settings};
use words::{Words, words};

/// Who carries the mail.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Way {
    /// Nobody.
    Nobody,
    /// It stays on this machine.
    Folder,
    /// It goes out.
    Real,
}

/// Why no mail reaches anybody.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Silence {
    /// Nobody carries it.
    NoCarrier,
    /// It is not known who writes.
    NoSender,
}

/// What that means, in plain words.
#[must_use]
pub const fn silence(lang: Lang, it: Silence) -> &'static str {
    match (lang, it) {
        (Lang::En, Silence::NoCarrier) => {
            "Nobody can sign in: this installation has no provider of e-mail yet, so links to sign \
             in reach nobody. Whoever runs it names one: see “E-mail” in the operations guide."
        }
        (Lang::Fr, Silence::NoCarrier) => {
            "Personne ne peut se connecter\u{a0}: cette installation n’a pas encore de prestataire \
             d’e-mail, et les liens de connexion n’arrivent à personne. Qui l’exploite en désigne \
             un\u{a0}: voir «\u{a0}E-mail\u{a0}» dans le guide d’exploitation."
        }
        (Lang::En, Silence::NoSender) => {
            "No participant can sign in: links to sign in, like all e-mail, are not sent before it \
             is known who writes, with a postal address."
        }
        (Lang::Fr, Silence::NoSender) => {
            "Aucun participant ne peut se connecter\u{a0}: les liens de connexion, comme tout e-mail, ne \
             partent pas tant qu’on ne sait pas qui écrit, avec une adresse postale."
        }
    }
}

/// What the first page shows.
#[derive(Debug)]
pub struct Overview<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// The campaign's id.
    pub campaign: &'a str,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// Who carries the mail.
    pub way: Way,
    /// The address that it comes from.
    pub from: Option<&'a str>,
    /// The settings.
    pub settings: &'a Settings,
    /// Where providers tell what came back: Brevo, Postmark, Resend.
    pub returned: [String; 3],
    /// The number of the secret in those addresses.
    pub generation: u32,
    /// Whether the reader may change who writes.
    pub may_govern: bool,
    /// Each message: its kind, its subject, whether the words are the owner's own.
    pub rows: Vec<(Kind, String, bool)>,
    /// What is wrong with what was sent: the field on the wire, and why.
    pub problem: Option<(&'a str, &'a str)>,
    /// Whether something was just saved.
    pub saved: bool,
    /// How often the settings were changed.
    pub revision: i64,
    /// Whether somebody else changed them while this was typed.
    pub stale: bool,
    /// Why no mail reaches anybody.
    pub silence: Option<Silence>,
}

/// The first page.
#[must_use]
pub fn overview(page: &Overview<'_>) -> Markup {
    let words = words(page.lang);
    let base = format!("/console/{}/mail", page.campaign);
    html! {
        h1 { (words.title) }
        p.lead { (words.lead) }
        (notes(page, words))
        ul.links {
            li { a href={ (base) "/sent" } { (words.outbox) } }
            @if page.way == Way::Folder && page.may_govern { li { a href={ (base) "/inbox" } { (words.inbox) } } }
        }
        section.panel {
            h2 { (words.messages) }
            (messages(page, words, &base))
        }
        section.panel #sender {
            h2 { (words.sender) }
            p.soft { (words.sender_note) }
            @if page.may_govern { (sender(page, words, &base)) } @else { p.empty { (words.owner_only) } }
        }
        @if page.may_govern {
            section.panel aria-labelledby="returned" {
                h2 id="returned" { (words.returned) }
                p { (words.returned_note) }
                dl.facts {
                    @for (name, address) in ["Brevo", "Postmark", "Resend"].iter().zip(&page.returned) {
                        div { dt { (name) } dd { code { (address) } } }
                    }
                }
                details {
                    summary { (words.returned_change) }
                    p { (words.returned_sure) }
                    form method="post" action={ (base) "/returned" } {
                        (csrf(page.csrf))
                        input type="hidden" name="generation" value=(page.generation);
                        button type="submit" { (words.returned_now) }
                    }
                }
            }
        }
    }
}

fn notes(page: &Overview<'_>, words: &Words) -> Markup {
    html! {
        @if page.saved { p.done role="status" { (words.saved) } }
        @match page.way {
            Way::Folder => { p.done { (words.folder) } }
            Way::Nobody | Way::Real => {}
        }
        @if let Some(it) = page.silence { p.warn { (silence(page.lang, it)) } }
        p {
            @if page.settings.is_enabled {
                (badge((Tone::Good, words.on))) " " (words.on_note)
            } @else {
                (badge((Tone::Open, words.off))) " " (words.off_note)
            }
        }
    }
}

fn messages(page: &Overview<'_>, words: &Words, base: &str) -> Markup {
    html! {
        table.cards role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    @for column in words.columns { th scope="col" role="columnheader" { (column) } }
                }
            }
            tbody role="rowgroup" {
                @for (kind, subject, own) in &page.rows {
                    @let (name, when) = name(*kind, page.lang);
                    tr role="row" {
                        td role="cell" data-column=(words.columns[0]) {
                            span {
                                a href={ (base) "/" (kind.as_str()) } { (name) }
                                br;
                                span.soft { (when) }
                            }
                        }
                        td role="cell" data-column=(words.columns[1]) {
                            span { (subject) @if *own { " " (badge((Tone::Quiet, words.own))) } }
                        }
                        td role="cell" data-column=(words.columns[2]) {
                            span {
                                @if !kind.automatic() {
                                    (badge((Tone::Quiet, words.asked)))
                                } @else if page.settings.is_on(*kind) {
                                    (badge((Tone::Good, words.on)))
                                } @else {
                                    (badge((Tone::Quiet, words.off)))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The form of who writes. Its fields are called as they are on the wire.
fn sender(page: &Overview<'_>, words: &Words, base: &str) -> Markup {
    let settings = page.settings;
    let contact = &settings.contact;
    let reply_to = settings.sender.reply_to_email.as_ref().map(Email::as_str);
    let lines = [
        ("sender.fromName", words.from_name, settings.sender.from_name.as_deref(), true),
        ("sender.replyToEmail", words.reply_to, reply_to, false),
        ("contact.companyName", words.company, contact.company_name.as_deref(), true),
        ("contact.addressLine1", words.street, contact.address_line1.as_deref(), true),
        ("contact.addressLine2", words.street_more, contact.address_line2.as_deref(), false),
        ("contact.postalCode", words.postal_code, contact.postal_code.as_deref(), false),
        ("contact.city", words.city, contact.city.as_deref(), true),
        ("contact.state", words.state, contact.state.as_deref(), false),
        ("contact.country", words.country, contact.country.as_deref(), true),
        ("design.footer", words.footer, settings.design.footer.as_deref(), false),
    ];
    html! {
        @if let Some((field, why)) = page.problem {
            p.warn #problem role="alert" { (words::problem(page.lang, field, why)) }
        }
        @if page.stale { p.warn role="alert" { (words.stale) } }
        form.stack method="post" action={ (base) "#sender" } {
            (csrf(page.csrf))
            input type="hidden" name="revision" value=(page.revision);
            label.check {
                input type="checkbox" name="isEnabled" value="1" checked[settings.is_enabled];
                span { (words.enable) }
            }
            div.field {
                label for="language" { (words.language) }
                select #language name="language" {
                    @for (lang, name) in [(Lang::En, "English"), (Lang::Fr, "Français")] {
                        option value=(lang.tag()) selected[settings.language == lang] { (name) }
                    }
                }
                p.hint { (words.language_hint) }
            }
            @if let Some(from) = page.from { p { (words.from) " " code { (from) } } }
            @for (name, label, value, needed) in lines {
                @let wrong = page.problem.is_some_and(|it| it.0.ends_with(name));
                div.field {
                    label for=(name) {
                        (label)
                        @if needed { " " span.soft { (words.needed) } }
                    }
                    input id=(name) name=(name) value=(value.unwrap_or_default()) maxlength="200"
                        type=(if name == "sender.replyToEmail" { "email" } else { "text" })
                        aria-invalid=[wrong.then_some("true")]
                        aria-describedby=[wrong.then_some("problem")];
                }
            }
            button.primary type="submit" { (words.save) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::settings::tests::complete;

    fn page(lang: Lang, settings: &Settings, may_govern: bool) -> Overview<'_> {
        Overview {
            lang,
            campaign: "shop",
            csrf: "token",
            way: Way::Folder,
            from: None,
            settings,
            returned: ["a", "b", "c"].map(Into::into),
            generation: 1,
            may_govern,
            rows: vec![(Kind::GoalAchieved, "<b>".into(), true)],
            problem: Some(("settings.contact.city", "is required")),
            saved: true,
            revision: 3,
            stale: true,
            silence: Some(Silence::NoCarrier),
        }
    }

    #[test]
    fn what_is_typed_is_escaped_and_who_may_not_gets_no_form() {
        let mut settings = complete();
        settings.sender.from_name = Some("\"><script>".into());
        for lang in [Lang::En, Lang::Fr] {
            let shown = overview(&page(lang, &settings, true)).into_string();
            assert!(!shown.contains("<script>") && !shown.contains("<b>"), "{shown}");
            assert!(shown.contains("name=\"csrf\"") && shown.contains("aria-invalid=\"true\""));
            let shown = overview(&page(lang, &settings, false)).into_string();
            assert!(!shown.contains("<form"), "{shown}");
        }
    }
}
