//! What the pages of people and keys are built of: notices, fields, tables.

use maud::{Markup, html};
use shared::{
    lang::Lang,
    time::Timestamp,
    written::{machine, minute},
};

/// What was done, above a page.
#[must_use]
pub fn done(text: Option<&str>) -> Markup {
    html! { @if let Some(text) = text { p.notice role="status" { (text) } } }
}

/// What was not done, above a page.
#[must_use]
pub fn refused(text: Option<&str>) -> Markup {
    html! { @if let Some(text) = text { p.notice.bad role="alert" { (text) } } }
}

/// A field of a form.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// Its name.
    pub name: &'a str,
    /// What is asked.
    pub label: &'a str,
    /// More about it.
    pub hint: &'a str,
    /// The type of the input.
    pub kind: &'a str,
    /// What was typed before.
    pub value: &'a str,
    /// What is wrong with that.
    pub problem: Option<&'a str>,
    /// Whether it may be left empty.
    pub optional: bool,
}

/// A field with its label; what is wrong stands beside it, and what was typed is kept.
#[must_use]
pub fn field(it: Field<'_>) -> Markup {
    let about = format!("{}-about", it.name);
    let told = it.problem.or(Some(it.hint).filter(|it| !it.is_empty()));
    html! {
        div.field {
            label for=(it.name) { (it.label) }
            input id=(it.name) name=(it.name) type=(it.kind) value=(it.value)
                required[!it.optional] aria-invalid=[it.problem.map(|_| "true")]
                aria-describedby=[told.map(|_| &about)];
            @if let Some(told) = told {
                p.hint.bad[it.problem.is_some()] id=(about) { (told) }
            }
        }
    }
}

/// A choice of one: value and name of each option.
#[must_use]
pub fn choice(name: &str, label: &str, options: &[(&str, &str)], chosen: &str) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                @for (value, text) in options {
                    option value=(value) selected[*value == chosen] { (text) }
                }
            }
        }
    }
}

/// An instant, to the minute.
#[must_use]
pub fn instant(lang: Lang, at: Timestamp) -> Markup {
    html! { time datetime=(machine(at)) { (minute(lang, at)) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_keeps_what_was_typed_and_says_what_is_wrong() {
        let it = Field {
            name: "email",
            label: "Address",
            hint: "Theirs.",
            kind: "email",
            value: "\"<b>",
            problem: Some("No."),
            optional: false,
        };
        let markup = field(it).into_string();
        assert!(markup.contains("value=\"&quot;&lt;b&gt;\"") && markup.contains(">No.<"));
        assert!(markup.contains("aria-invalid=\"true\" aria-describedby=\"email-about\""));
        let plain = field(Field { problem: None, hint: "", ..it }).into_string();
        assert!(!plain.contains("aria-"), "{plain}");
    }
}
