//! Handlers, one file a subject, named as their routes.

pub mod browser;
pub mod console;
pub mod demo;
pub mod files;
pub mod html;
pub mod qr;

use http::{HeaderMap, header};
use shared::lang::Lang;

/// The language of a page: what its address says, else what the browser prefers.
#[must_use]
pub fn lang(asked: Option<&str>, headers: &HeaderMap) -> Lang {
    asked.and_then(Lang::from_tag).unwrap_or_else(|| {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
        Lang::preferred(accepted.unwrap_or_default())
    })
}
