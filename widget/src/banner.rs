//! `<parrain-banner>`: tells a friend what they get, and takes their claim.
//!
//! Attribute: `lang`. Parts: `base`, `text`, `claim`, `status`. Custom properties as `<parrain-share>`.
//! Claiming is an express request, and so the consent to remember who sent the friend.
//! Content: shown until the element is ready; a visitor whom nobody referred sees nothing after it.

use alloc::string::String;

use wasm_bindgen::JsValue;
use web_sys::Element;

use crate::{
    dom::{attribute, base, ensure, property, root, text, write},
    text,
};

/// Draws the element; nothing for a visitor whom nobody referred.
pub(crate) fn draw(host: &Element, visit: &JsValue) -> Option<()> {
    let root = root(host)?;
    if visit.is_undefined() || !property(visit, "referred").is_truthy() {
        return Some(());
    }
    let texts = text::of(host);
    let claimed = property(visit, "claimed").is_truthy();
    let base = base(&root, "section", texts.lang)?;
    attribute(&base, "aria-label", texts.offer);

    let referrer = property(visit, "referrer");
    let name = if referrer.is_object() { text(&referrer, "firstName") } else { String::new() };
    let offer = text(visit, "offer");
    let mut said = if name.is_empty() { String::from(texts.a_friend) } else { name };
    if offer.is_empty() {
        said.push_str(texts.recommends);
    } else {
        said.push_str(texts.gives);
        said.push_str(&offer);
    }
    write(&ensure(&root, &base, "p", "text")?, &said);

    // With consent already given there is nothing left to claim; after a claim the button stays,
    // so that the focus does.
    let open = text(visit, "consent") != "GRANTED" || claimed;
    if open {
        let button = ensure(&root, &base, "button", "claim")?;
        attribute(&button, "aria-disabled", if claimed { "true" } else { "false" });
        let label = if offer.is_empty() { texts.accept } else { texts.claim };
        write(&button, if claimed { texts.claimed } else { label });
    }
    let status = ensure(&root, &base, "p", "status")?;
    attribute(&status, "role", "status");
    write(&status, if claimed { texts.thanks } else { "" });
    Some(())
}
