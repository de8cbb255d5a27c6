//! What the browser says of a form: texts and shapes, and the values of fields that may say who it is.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

/// A form as the page shows it. A missing part is empty.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Form {
    /// `action`, as written.
    pub action: String,
    /// The texts of the buttons that submit it, the used one first.
    pub buttons: Vec<String>,
    /// The owner named this form, by an attribute or by the campaign's list.
    pub chosen: bool,
    /// `class`.
    pub class: String,
    /// The fields in the order of the page, without hidden inputs and buttons.
    pub fields: Vec<Field>,
    /// The last heading that stands before the form or in it.
    pub heading: String,
    /// `id`.
    pub id: String,
    /// `method`.
    pub method: String,
    /// `name`.
    pub name: String,
    /// The page it stands on.
    pub page: Page,
    /// `role` of the form.
    pub role: String,
    /// Its legends, links and paragraphs.
    pub text: String,
}

/// A field of a form.
#[expect(clippy::struct_excessive_bools, reason = "HTML's own attributes, each by itself")]
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Field {
    /// `autocomplete`, as written.
    pub autocomplete: String,
    /// `id`.
    pub id: String,
    /// `type` as the browser understands it; a missing one is `text`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The texts of its labels, `aria-label` and `title`.
    pub label: String,
    /// `name`.
    pub name: String,
    /// `placeholder`.
    pub placeholder: String,
    /// The page came with a value in it.
    pub prefilled: bool,
    /// Nobody can type into it.
    pub read_only: bool,
    /// The page demands it.
    pub required: bool,
    /// `input`, `select` or `textarea`.
    pub tag: String,
    /// There is something in it.
    pub typed: bool,
    /// What was typed: only where it can be an e-mail or a name, and only at submit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The person can see it, or has been in it before.
    pub visible: bool,
}

/// The page a form stands on.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Page {
    /// Path without query.
    pub path: String,
    /// Title of the document.
    pub title: String,
}
