//! Handlers, one file a subject, named as their routes.

pub mod body;
pub mod browser;
pub mod console;
pub mod demo;
pub mod files;
pub mod html;
pub mod path;
pub mod qr;
pub mod query;
pub mod rest;

use http::{HeaderMap, header};
use shared::lang::Lang;

use crate::error::Error;

/// The language of a page: what its address says, else what the browser prefers.
#[must_use]
pub fn lang(asked: Option<&str>, headers: &HeaderMap) -> Lang {
    asked.and_then(Lang::from_tag).unwrap_or_else(|| {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
        Lang::preferred(accepted.unwrap_or_default())
    })
}

/// A link asked for by another method than `GET` or `HEAD`.
pub async fn wrong_method() -> Error {
    Error::WrongMethod("GET, HEAD")
}
