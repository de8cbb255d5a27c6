//! A form that is proposed to the owner: what would be a lead, told by its structure and words alone.

use alloc::{format, string::String, vec::Vec};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::form::{Form, detect};

/// Why a form that looks like a lead needs the owner's word.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Why {
    /// It is a letter to the owner.
    Contact,
    /// Nobody referred who sent it.
    Unreferred,
}

/// A form, in words: nothing that anybody typed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Proposal {
    /// Why it is proposed.
    pub why: Why,
    /// Path of the page on which it was first seen.
    pub path: String,
    /// The heading above it.
    pub heading: String,
    /// Its buttons, the used one first.
    pub buttons: Vec<String>,
    /// What its fields are called.
    pub fields: Vec<String>,
    /// The selector that names it; none, where nothing of it is its own.
    pub selector: Option<String>,
    /// The sum of its signals.
    pub score: i32,
    /// Its signals: code and points.
    pub signals: Vec<(String, i32)>,
}

/// The longest that one is kept, in bytes as JSON.
pub const LONGEST: usize = 4_096;

impl Proposal {
    /// The proposal of a form, if it would be a lead that needs the owner's word.
    #[must_use]
    pub fn of(form: &Form, referred: bool) -> Option<Self> {
        let found = detect(&Form { chosen: false, ignored: false, ..form.clone() });
        let why = match (found.taken, found.proposed) {
            (_, true) => Why::Contact,
            (true, _) if !referred => Why::Unreferred,
            _ => return None,
        };
        let name = |it: &crate::form::Field| {
            let names = [&it.label, &it.aria_label, &it.placeholder, &it.title, &it.name, &it.id];
            masked(names.into_iter().find(|it| !it.trim().is_empty()).unwrap_or(&it.kind), " ", 60)
        };
        let signal = |it: &crate::form::Signal| {
            let code = serde_json::to_value(it.code).ok()?;
            Some((String::from(code.as_str()?), it.points))
        };
        Some(Self {
            why,
            path: masked(&form.path, "/", 200),
            heading: masked(&form.heading, " ", 99),
            buttons: form.buttons.iter().take(3).map(|it| masked(it, " ", 60)).collect(),
            fields: form.fields.iter().filter(|it| it.visible).take(12).map(name).collect(),
            selector: selector(form),
            score: found.score,
            signals: found.signals.iter().filter_map(signal).collect(),
        })
    }
}

/// What tells a form from others, on whichever page it stands.
#[must_use]
pub fn signature(form: &Form) -> String {
    let mut hash = Sha256::new();
    let fields = form.fields.iter().flat_map(|it| [&it.kind, &it.name]);
    for text in [&form.id, &form.name, &form.action, &form.class].into_iter().chain(fields) {
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(8).map(|it| format!("{it:02x}")).collect()
}

/// A selector by what a form alone has: its id, its name, or where it is sent.
fn selector(form: &Form) -> Option<String> {
    let plain = |it: &str| {
        let sound = |it: u8| it.is_ascii_graphic() && !matches!(it, b'"' | b'\\');
        (1..=150).contains(&it.len()) && it.bytes().all(sound) && !is_own(it)
    };
    let own = [("id", &form.id), ("name", &form.name), ("action", &form.action)];
    let action = |name: &str, it: &str| name != "action" || !it.trim_matches(['#', '/']).is_empty();
    let (name, value) = own.into_iter().find(|(name, it)| plain(it) && action(name, it))?;
    Some(format!("[{name}=\"{value}\"]"))
}

/// Whether a word may be somebody's: an address or a long number.
#[must_use]
pub fn is_own(word: &str) -> bool {
    word.contains('@') || 5 <= word.bytes().filter(u8::is_ascii_digit).count()
}

/// A text without what may be somebody's, so long at most; `between` is what parts its words.
fn masked(text: &str, between: &str, most: usize) -> String {
    let words = text.split(between).map(str::trim).filter(|it| between == "/" || !it.is_empty());
    let all: Vec<&str> = words.map(|it| if is_own(it) { "…" } else { it }).collect();
    all.join(between).chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::form::Field;

    fn form(button: &str, more: Option<Field>) -> Form {
        let email = Field {
            kind: "email".into(),
            label: "E-mail".into(),
            visible: true,
            value: Some("ann@example.com".into()),
            ..Field::default()
        };
        let mut fields = vec![email];
        fields.extend(more);
        Form { id: "join".into(), buttons: vec![button.into()], fields, ..Form::default() }
    }

    #[test]
    fn r_proposal_1_letters_and_forms_of_whom_nobody_referred_are_proposed() {
        let message = Field { kind: "textarea".into(), visible: true, ..Field::default() };
        let why = |form: &Form, referred| Proposal::of(form, referred).map(|it| it.why);
        let letter = form("Send", Some(message));
        assert_eq!([true, false].map(|it| why(&letter, it)), [Some(Why::Contact); 2]);
        let news = form("Subscribe", None);
        assert_eq!([true, false].map(|it| why(&news, it)), [None, Some(Why::Unreferred)]);
        let search = form("Search", None);
        assert_eq!([true, false].map(|it| why(&search, it)), [None, None]);
    }

    #[test]
    fn r_proposal_2_nothing_that_may_be_somebodys_is_in_a_proposal() {
        let form = Form {
            heading: "Hello ann@example.com, order 123456 of 3".into(),
            path: "/account/1234567/join".into(),
            ..form("Subscribe", None)
        };
        let it = Proposal::of(&form, false).unwrap();
        assert_eq!(
            (it.heading.as_str(), it.path.as_str()),
            ("Hello … order … of 3", "/account/…/join")
        );
        assert_eq!((it.fields, it.buttons), (vec!["E-mail".into()], vec!["Subscribe".into()]));
        assert!(it.signals.contains(&("button-subscribe".into(), 20)), "{:?}", it.signals);
    }

    #[test]
    fn r_proposal_3_a_form_is_named_by_what_it_alone_has() {
        let named = |id: &str, name: &str, action: &str| {
            selector(&Form {
                id: id.into(),
                name: name.into(),
                action: action.into(),
                ..Form::default()
            })
        };
        assert_eq!(named("a b", "n", "/x").as_deref(), Some("[name=\"n\"]"));
        assert_eq!(named("join", "n", "").as_deref(), Some("[id=\"join\"]"));
        assert_eq!(named("f-1234567", "", "/news").as_deref(), Some("[action=\"/news\"]"));
        for (id, action) in [("", ""), ("\"]*", "#"), ("a\\", "/"), ("é", "")] {
            assert_eq!(named(id, "", action), None, "{id}");
        }
        let (one, two) = (form("A", None), form("B", Some(Field::default())));
        assert_eq!(signature(&one), signature(&form("Other", None)));
        assert_ne!(signature(&one), signature(&two));
        assert_eq!(signature(&one).len(), 16);
    }
}
