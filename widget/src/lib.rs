//! The browser side that is worth a wasm: judging forms and drawing the elements.
//!
//! `loader.js` talks to the service and to the page, `element.js` declares the classes and listens;
//! this crate keeps no state and calls nobody, so that nothing is borrowed while the page runs.

#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod banner;
mod description;
mod dom;
mod share;
mod text;

use js_sys::Object;
use wasm_bindgen::prelude::*;
use web_sys::Element;

use crate::dom::put;

/// A free list fits a program that allocates little, seldom and on one thread, and weighs 2 KB less.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
#[expect(unsafe_code, reason = "a page's wasm has one thread, which is all this promises")]
// SAFETY: the widget is built without threads and starts no worker.
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };

/// Stops. Without std's own handler no message is formatted, which would weigh more than all else.
#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn stop(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

/// The person in a described form as `{email, firstName?, lastName?, elapsed?, honeypot?}`; `true`, if
/// the owner has to confirm the form first, or `undefined`.
#[must_use]
#[wasm_bindgen]
pub fn lead(form: &JsValue) -> JsValue {
    let form = description::read(form);
    let Some(lead) = shared::form::lead(&form) else {
        let proposed = shared::form::detect(&form).proposed;
        return if proposed { JsValue::TRUE } else { JsValue::UNDEFINED };
    };
    let to = Object::new();
    put(&to, "email", &lead.email.into());
    if let Some(name) = lead.first_name {
        put(&to, "firstName", &name.into());
    }
    if let Some(name) = lead.last_name {
        put(&to, "lastName", &name.into());
    }
    // A form was shown after its page began, and is judged after it was sent: nobody is taken for
    // quicker than they were.
    if let Some(clock) = web_sys::window().and_then(|it| it.performance()) {
        put(&to, "elapsed", &clock.now().into());
    }
    if lead.honeypot {
        put(&to, "honeypot", &JsValue::TRUE);
    }
    to.into()
}

/// Draws an element of ours into its shadow root; draws nothing that is there already.
///
/// `visit` is the service's answer to the visit, or `undefined`; `origin` is the service.
#[wasm_bindgen]
pub fn draw(host: &Element, visit: &JsValue, origin: &str) {
    let drawn = match host.local_name().as_str() {
        "parrain-share" => share::draw(host, visit, origin),
        _ => banner::draw(host, visit),
    };
    debug_assert!(drawn.is_some(), "a live element can be drawn");
}

/// Says in a share element that its link was copied, or else that it waits selected.
#[wasm_bindgen]
pub fn report(host: &Element, copied: bool) {
    let said = share::report(host, copied);
    debug_assert!(said.is_some(), "who copied has a drawn element");
}
