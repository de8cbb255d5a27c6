//! What the browser says of a form: texts and shapes, and the values of fields that may say who it is.
//!
//! A form is whatever is sent together: an HTML form, or the inputs and buttons of a container without
//! one; its fields may lie in shadow roots, in frames of the same origin, or in steps that are hidden
//! by now, as long as they come in the order of the page.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

/// A form as the page shows it. A missing part is empty.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Form {
    /// `action`, as written.
    pub action: String,
    /// The texts of the buttons that submit it, the used one first; of the others little is believed.
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
    /// The owner ruled this form out, by an attribute or by the campaign's list.
    pub ignored: bool,
    /// `name`.
    pub name: String,
    /// Path of the page that it stands on, without query.
    pub path: String,
    /// `role` of the form.
    pub role: String,
    /// Its legends, links and paragraphs.
    pub text: String,
    /// Title of the page.
    pub title: String,
}

/// A field of a form.
#[expect(clippy::struct_excessive_bools, reason = "HTML's own attributes, each by itself")]
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Field {
    /// `aria-label`.
    #[serde(rename = "aria-label")]
    pub aria_label: String,
    /// `autocomplete`, as written.
    pub autocomplete: String,
    /// `id`.
    pub id: String,
    /// `type` as the browser understands it: of a missing one `text`; `textarea`, `select-one`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The texts of its labels.
    pub label: String,
    /// `name`.
    pub name: String,
    /// What the owner said that it holds: `email`, `first-name`, `last-name`, `name`; or `ignore`.
    #[serde(rename = "data-parrain-field")]
    pub named: String,
    /// `placeholder`.
    pub placeholder: String,
    /// The page came with a value in it, which nobody touched.
    pub prefilled: bool,
    /// Nobody can type into it.
    pub read_only: bool,
    /// `title`.
    pub title: String,
    /// There is something in it; of a box, its value is.
    pub typed: bool,
    /// What was typed, where it can be an e-mail or a name and is nobody else's; only at submit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The person can see it, or has been in it before.
    pub visible: bool,
}
