//! What the console's pages are made of: tables that become cards, badges, choices, ways to go on.

use maud::{Markup, html};
use shared::{
    lang::Lang,
    money::{Currency, Money},
    time::Timestamp,
    written::{self, date, machine, minute},
};

/// How a status reads at a glance; its word says the same.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tone {
    /// It went wrong.
    Bad,
    /// It went well.
    Good,
    /// It waits.
    Open,
    /// It is over.
    Quiet,
}

/// A word in its tone.
#[must_use]
pub fn badge((tone, word): (Tone, &str)) -> Markup {
    let tone = match tone {
        Tone::Bad => "badge bad",
        Tone::Good => "badge good",
        Tone::Open => "badge open",
        Tone::Quiet => "badge quiet",
    };
    html! { span class=(tone) { (word) } }
}

/// A table that turns into cards on a phone: a column's name, and whether it holds numbers.
///
/// Style sheets that change `display` take a table's meaning away from some screen readers, so the
/// roles are written out; each cell carries its column's name for the cards.
#[must_use]
pub fn table(caption: &str, columns: &[&str], rows: &[Vec<Markup>]) -> Markup {
    html! {
        table.cards role="table" {
            caption.hidden { (caption) }
            thead role="rowgroup" {
                tr role="row" {
                    @for column in columns { th scope="col" role="columnheader" { (column) } }
                }
            }
            tbody role="rowgroup" {
                @for row in rows {
                    tr role="row" {
                        @for (cell, column) in row.iter().zip(columns) {
                            td role="cell" data-column=(column) { span { (cell) } }
                        }
                    }
                }
            }
        }
    }
}

/// A part of a page under its own heading.
#[must_use]
pub fn section(id: &str, title: &str, content: &Markup) -> Markup {
    html! {
        section.panel aria-labelledby=(id) {
            h2 id=(id) { (title) }
            (content)
        }
    }
}

/// What stands where there is nothing.
#[must_use]
pub fn empty(text: &str) -> Markup {
    html! { p.empty { (text) } }
}

/// What was done.
#[must_use]
pub fn done(text: &str) -> Markup {
    html! { p.told role="status" { (text) } }
}

/// What went wrong.
#[must_use]
pub fn wrong(text: &str) -> Markup {
    html! { p.wrong role="alert" { (text) } }
}

/// The day of an instant, by a clock that is so far ahead.
#[must_use]
pub fn day(clock: Clock, at: Timestamp) -> Markup {
    html! { time datetime=(machine(at)) { (date(clock.lang, clock.local(at))) } }
}

/// An instant to the minute.
#[must_use]
pub fn instant(clock: Clock, at: Timestamp) -> Markup {
    html! { time datetime=(machine(at)) { (minute(clock.lang, clock.local(at))) } }
}

/// An instant to the minute, in UTC.
#[must_use]
pub fn utc(lang: Lang, at: Timestamp) -> Markup {
    html! { time datetime=(machine(at)) { (minute(lang, at)) } }
}

/// The language, and the time zone whose clocks a page shows.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// The language of the page.
    pub lang: Lang,
    /// The campaign's time zone.
    pub zone: shared::zone::Zone,
}

impl Clock {
    fn local(self, at: Timestamp) -> Timestamp {
        at + self.zone.offset(at)
    }
}

/// An amount of minor units.
#[must_use]
pub fn money(lang: Lang, minor: i64, currency: Currency) -> String {
    written::money(lang, Money { minor, currency })
}

/// A number, which may be below nought where more was undone than done.
#[must_use]
pub fn number(lang: Lang, number: i64) -> String {
    let text = written::number(lang, number.unsigned_abs());
    if number < 0 { format!("−{text}") } else { text }
}

/// Who: their name and address, as a link to their page; a number, where they were forgotten.
#[must_use]
pub fn person(campaign: &str, id: &str, name: Option<&str>, email: Option<&str>) -> Markup {
    html! {
        @match (name, email) {
            (None, None) => code { (id) },
            (name, email) => {
                a href={ "/console/" (campaign) "/participants/" (id) } {
                    (name.or(email).unwrap_or(id))
                }
                @if let (Some(_), Some(email)) = (name, email) { br; span.soft { (email) } }
            }
        }
    }
}

/// A field of choices.
#[must_use]
pub fn choice(name: &str, label: &str, choices: &[(&str, &str)], chosen: &str) -> Markup {
    html! {
        p.field {
            label for={ "f-" (name) } { (label) }
            select id={ "f-" (name) } name=(name) {
                @for (value, text) in choices {
                    option value=(value) selected[*value == chosen] { (text) }
                }
            }
        }
    }
}

/// A field of text, with what is wrong with it.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// Its name in the form.
    pub name: &'a str,
    /// What people call it.
    pub label: &'a str,
    /// What was typed.
    pub value: &'a str,
    /// `text`, `email`, `search`, `date` or `number`.
    pub kind: &'a str,
    /// What helps to fill it in.
    pub hint: &'a str,
    /// What is wrong with it.
    pub wrong: Option<&'a str>,
    /// Whether the browser asks for it before it sends the form.
    pub required: bool,
}

impl Default for Field<'_> {
    /// A text that may be left out.
    fn default() -> Self {
        Self {
            name: "",
            label: "",
            value: "",
            kind: "text",
            hint: "",
            wrong: None,
            required: false,
        }
    }
}

impl Field<'_> {
    /// The field.
    #[must_use]
    pub fn markup(&self) -> Markup {
        let id = format!("f-{}", self.name);
        let (hint, flaw) = (format!("{id}-hint"), format!("{id}-wrong"));
        let mut told = Vec::new();
        if !self.hint.is_empty() {
            told.push(hint.as_str());
        }
        if self.wrong.is_some() {
            told.push(flaw.as_str());
        }
        let told = told.join(" ");
        html! {
            p.field {
                label for=(id) { (self.label) }
                input id=(id) name=(self.name) type=(self.kind) value=(self.value)
                    required[self.required]
                    aria-describedby=[(!told.is_empty()).then_some(told.as_str())]
                    aria-invalid=[self.wrong.map(|_| "true")] autocomplete="off";
                @if !self.hint.is_empty() { span.hint id=(hint) { (self.hint) } }
                @if let Some(wrong) = self.wrong { span.flaw id=(flaw) { (wrong) } }
            }
        }
    }
}

/// The way to the next part of a list.
#[must_use]
pub fn onward(lang: Lang, query: &str, next: Option<&str>, cut: bool, begun: bool) -> Markup {
    let words = match lang {
        Lang::En => [
            "Next page",
            "Look further",
            "Back to the beginning",
            "So many rows were \
            looked at that the search stopped here.",
        ],
        Lang::Fr => [
            "Page suivante",
            "Chercher plus loin",
            "Revenir au début",
            "Tant de lignes \
            ont été parcourues que la recherche s’est arrêtée ici.",
        ],
    };
    let gap = if query.is_empty() { "" } else { "&" };
    html! {
        @if cut { p.soft { (words[3]) } }
        @if next.is_some() || begun {
            nav.onward aria-label=(words[0]) {
                @if begun { a href={ "?" (query) } { (words[2]) } }
                @if let Some(next) = next {
                    a.button href={ "?" (query) (gap) "after=" (next) } {
                        (if cut { words[1] } else { words[0] })
                    }
                }
            }
        }
    }
}

/// A text to take along; `/copy.js` shows the button where the browser lets it copy.
#[must_use]
pub fn copyable(lang: Lang, id: Option<&str>, text: &str) -> Markup {
    let [copy, copied] = match lang {
        Lang::En => ["Copy", "Copied"],
        Lang::Fr => ["Copier", "Copié"],
    };
    html! {
        div.copyable {
            code id=[id] { (text) }
            button type="button" hidden data-copy=(text) data-copied=(copied) { (copy) }
        }
    }
}

/// Pairs as the query of an address; those without a value are left out.
#[must_use]
pub fn query(pairs: &[(&str, &str)]) -> String {
    let pairs = pairs.iter().filter(|it| !it.1.is_empty());
    let each: Vec<String> =
        pairs.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    each.join("&")
}

/// A text as it may stand in a query.
fn encoded(text: &str) -> String {
    let each = text.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_holds_any_text_and_no_empty_pair() {
        assert_eq!(
            query(&[("q", "a&b=ü +"), ("show", ""), ("sort", "activity")]),
            "q=a%26b%3D%C3%BC%20%2B&sort=activity"
        );
        assert_eq!(query(&[]), "");
    }

    #[test]
    fn who_was_forgotten_is_a_number_and_no_link() {
        assert_eq!(person("shop", "x1", None, None).into_string(), "<code>x1</code>");
        let known = person("shop", "x1", Some("<b>"), Some("a@b")).into_string();
        assert!(known.contains("/console/shop/participants/x1") && known.contains("&lt;b&gt;"));
    }

    #[test]
    fn a_field_says_what_is_wrong_with_what_was_typed() {
        let field = Field {
            name: "email",
            label: "Address",
            value: "\"><script>",
            kind: "email",
            wrong: Some("no address"),
            ..Field::default()
        };
        let shown = field.markup().into_string();
        assert!(shown.contains("value=\"&quot;&gt;&lt;script&gt;\""), "{shown}");
        assert!(shown.contains("aria-describedby=\"f-email-wrong\" aria-invalid=\"true\""));
    }
}
