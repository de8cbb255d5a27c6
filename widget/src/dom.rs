//! The few things that all elements do to the page's tree. What is there already is not written again.

use alloc::string::String;

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;
use web_sys::{CssStyleSheet, Element, Node, ShadowRoot};

/// The shadow root of an element, with our style sheet.
///
/// The sheet is adopted and not written as an element, which a strict policy would refuse.
pub(crate) fn root(host: &Element) -> Option<ShadowRoot> {
    let root = host.shadow_root()?;
    if root.first_child().is_none()
        && let Ok(sheet) = CssStyleSheet::new()
    {
        sheet.replace_sync(include_str!("style.css")).ok()?;
        put(&root, "adoptedStyleSheets", &Array::of1(&sheet));
    }
    Some(root)
}

/// The element named `name` of a shadow root; made at the end of `parent` if it is missing.
///
/// The name is its id, and its part too.
pub(crate) fn ensure(root: &ShadowRoot, parent: &Node, tag: &str, name: &str) -> Option<Element> {
    if let Some(found) = root.get_element_by_id(name) {
        return Some(found);
    }
    let made = make(parent, tag)?;
    attribute(&made, "id", name);
    attribute(&made, "part", name);
    Some(made)
}

/// The outermost element of a shadow root, in the language of its texts.
pub(crate) fn base(root: &ShadowRoot, tag: &str, lang: &str) -> Option<Element> {
    let base = ensure(root, root, tag, "base")?;
    attribute(&base, "lang", lang);
    Some(base)
}

/// A new element at the end of `parent`.
pub(crate) fn make(parent: &Node, tag: &str) -> Option<Element> {
    let made = parent.owner_document()?.create_element(tag).ok()?;
    parent.append_child(&made).ok()?;
    Some(made)
}

/// Empties a shadow root but for the slot that shows the owner's own content.
pub(crate) fn fall_back(root: &ShadowRoot) -> Option<()> {
    if root.query_selector("slot").ok()?.is_none() {
        root.set_text_content(None);
        make(root, "slot")?;
    }
    Some(())
}

/// Takes the slot of [`fall_back`] away again.
pub(crate) fn take_over(root: &ShadowRoot) -> Option<()> {
    if let Some(slot) = root.query_selector("slot").ok()? {
        slot.remove();
    }
    Some(())
}

/// Sets an attribute that differs.
pub(crate) fn attribute(of: &Element, name: &str, value: &str) {
    if of.get_attribute(name).as_deref() != Some(value) {
        // Only an invalid name fails, and ours are literals.
        let _ = of.set_attribute(name, value);
    }
}

/// Sets a text that differs.
pub(crate) fn write(to: &Element, text: &str) {
    if to.text_content().as_deref() != Some(text) {
        to.set_text_content(Some(text));
    }
}

/// A property, `undefined` if there is none.
pub(crate) fn property(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A property that is a text, or else the empty one.
pub(crate) fn text(of: &JsValue, name: &str) -> String {
    property(of, name).as_string().unwrap_or_default()
}

/// Sets a property.
pub(crate) fn put(on: &Object, name: &str, value: &JsValue) {
    // Fails on a frozen object only, and ours are new.
    let _ = Reflect::set(on, &name.into(), value);
}
