//! Handlers, one file a subject, named as their routes.

pub mod ask;
#[cfg(test)]
mod audited;
pub mod body;
pub mod browser;
pub mod card;
pub mod console;
pub mod demo;
pub mod files;
#[cfg(test)]
mod hostile;
pub mod html;
pub mod logo;
#[cfg(test)]
mod marked;
pub mod me;
pub mod member;
mod parts;
pub mod qr;
pub mod query;
pub mod rest;
pub mod returned;
pub mod unsubscribe;

use crate::error::Error;

/// A link asked for by another method than `GET` or `HEAD`.
pub async fn wrong_method() -> Error {
    Error::WrongMethod("GET, HEAD")
}
