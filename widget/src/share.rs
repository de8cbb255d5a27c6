//! `<parrain-share>`: a person's own link, and ways to pass it on.
//!
//! Attributes: `code`; `base`, where links start (default: the service); `channels`, a list of keys
//! (default `whatsapp email`); `message`, `subject`; `lang`. The message goes on with what the person gets
//! by it, as the campaign's card says it.
//! Event: `parrain-share`, with `{channel, url}`; cancelable.
//! Parts: `base`, `link`, `copy`, `native`, `channels`, `channel`, `status`.
//! Custom properties: `--parrain-accent`, `--parrain-accent-text`, `--parrain-background`,
//! `--parrain-border`, `--parrain-radius`, `--parrain-text`.
//! Content: shown until the element is ready, and whenever it has no code.

use alloc::string::String;

use shared::{
    channel::Channel,
    share::{Share, link, plain_link, url},
};
use wasm_bindgen::JsValue;
use web_sys::Element;

use crate::{
    dom::{self, attribute, base, ensure, fall_back, make, property, root, take_over, write},
    text,
};

/// Draws the element.
pub(crate) fn draw(host: &Element, visit: &JsValue, origin: &str) -> Option<()> {
    let root = root(host)?;
    let Some(code) = given(host, "code") else {
        return fall_back(&root);
    };
    take_over(&root)?;
    let texts = text::of(host);
    let mut message = host.get_attribute("message").unwrap_or_else(|| texts.message.into());
    let disclosure = dom::text(&property(visit, "disclosure"), texts.lang);
    if !disclosure.is_empty() {
        message.push(' ');
        message.push_str(&disclosure);
    }
    let own = Own {
        base: given(host, "base").unwrap_or_else(|| origin.into()),
        code,
        message,
        subject: host.get_attribute("subject").unwrap_or_else(|| texts.subject.into()),
    };
    let base = base(&root, "div", texts.lang)?;
    attribute(&base, "role", "group");
    attribute(&base, "aria-label", texts.share);

    let plain = plain_link(&own.base, &own.code);
    let shown = ensure(&root, &base, "a", "link")?;
    attribute(&shown, "href", &plain);
    write(&shown, &plain);

    let copy = ensure(&root, &base, "button", "copy")?;
    own.control(&copy, Channel::CopyRefLink, texts.copy);
    let navigator = host.owner_document()?.default_view()?.navigator();
    if !property(&navigator, "share").is_undefined() {
        let native = ensure(&root, &base, "button", "native")?;
        let channel = native_channel(&navigator.user_agent().unwrap_or_default());
        own.control(&native, channel, texts.native);
        attribute(&native, "data-text", &own.message);
        attribute(&native, "data-title", &own.subject);
    }
    own.channels(host, &ensure(&root, &base, "ul", "channels")?)?;
    attribute(&ensure(&root, &base, "p", "status")?, "role", "status");
    Some(())
}

/// Says that the link was copied, or that it waits to be.
pub(crate) fn report(host: &Element, copied: bool) -> Option<()> {
    let texts = text::of(host);
    let status = host.shadow_root()?.get_element_by_id("status")?;
    // The same words twice are announced once, unless there was silence between.
    write(&status, "");
    write(&status, if copied { texts.copied } else { texts.select });
    Some(())
}

/// An attribute that says something.
fn given(host: &Element, name: &str) -> Option<String> {
    host.get_attribute(name).filter(|it| !it.is_empty())
}

/// Whose link it is, and what is said with it.
struct Own {
    base: String,
    code: String,
    message: String,
    subject: String,
}

impl Own {
    /// Makes `it` a control of `channel`; what it does is `element.js`'s.
    fn control(&self, it: &Element, channel: Channel, label: &str) {
        attribute(it, "data-channel", channel.key());
        attribute(it, "data-url", &link(&self.base, &self.code, channel));
        write(it, label);
    }

    /// The links of the channels: links and not buttons, so that they open as people like.
    fn channels(&self, host: &Element, list: &Element) -> Option<()> {
        let keys = host.get_attribute("channels").unwrap_or_else(|| "whatsapp email".into());
        if list.get_attribute("data-keys").as_deref() != Some(&keys) {
            list.set_text_content(None);
            attribute(list, "data-keys", &keys);
        }
        let mut next = list.first_element_child();
        for channel in keys.split_ascii_whitespace().filter_map(Channel::from_key) {
            let share = Share {
                link: link(&self.base, &self.code, channel),
                message: self.message.clone(),
                subject: self.subject.clone(),
            };
            let Some(url) = url(channel, &share) else { continue };
            let item = match next {
                Some(item) => item,
                None => make(list, "li")?,
            };
            let it = match item.first_element_child() {
                Some(it) => it,
                None => make(&item, "a")?,
            };
            self.control(&it, channel, channel.label());
            attribute(&it, "part", "channel");
            attribute(&it, "href", &url);
            if url.starts_with("https:") {
                attribute(&it, "target", "_blank");
                attribute(&it, "rel", "noopener noreferrer");
            }
            next = item.next_element_sibling();
        }
        Some(())
    }
}

/// Which share sheet opens here.
fn native_channel(agent: &str) -> Channel {
    let apple = agent.split(&[' ', ';'][..]).any(|it| matches!(it, "Mac" | "iPhone" | "iPad"));
    if apple { Channel::IosNativeShare } else { Channel::AndroidNativeShare }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_sheet_is_known_by_its_maker() {
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15";
        let pixel = "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36";
        assert_eq!(native_channel(iphone), Channel::IosNativeShare);
        assert_eq!(native_channel(pixel), Channel::AndroidNativeShare);
    }
}
