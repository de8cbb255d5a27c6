//! Reads a form's description, which the loader wrote.

use alloc::vec::Vec;

use js_sys::Array;
use shared::form::{Field, Form};
use wasm_bindgen::JsValue;

use crate::dom::{property, text};

/// The described form. What is missing is empty.
pub(crate) fn read(from: &JsValue) -> Form {
    Form {
        action: text(from, "action"),
        buttons: list(from, "buttons", |it| it.as_string().unwrap_or_default()),
        chosen: property(from, "chosen").is_truthy(),
        class: text(from, "class"),
        fields: list(from, "fields", field),
        heading: text(from, "heading"),
        id: text(from, "id"),
        ignored: property(from, "ignored").is_truthy(),
        name: text(from, "name"),
        path: text(from, "path"),
        role: text(from, "role"),
        text: text(from, "text"),
        title: text(from, "title"),
    }
}

fn field(from: &JsValue) -> Field {
    let is = |name| property(from, name).is_truthy();
    Field {
        aria_label: text(from, "aria-label"),
        autocomplete: text(from, "autocomplete"),
        id: text(from, "id"),
        kind: text(from, "type"),
        label: text(from, "label"),
        name: text(from, "name"),
        named: text(from, "data-parrain-field"),
        placeholder: text(from, "placeholder"),
        prefilled: is("prefilled"),
        read_only: is("readOnly"),
        title: text(from, "title"),
        typed: is("typed"),
        value: property(from, "value").as_string(),
        visible: is("visible"),
    }
}

fn list<T>(from: &JsValue, name: &str, read: fn(&JsValue) -> T) -> Vec<T> {
    Array::from(&property(from, name)).iter().map(|it| read(&it)).collect()
}
