//! Who calls: the holder of a key, or nobody.

use axum::extract::FromRequestParts;
use http::{header::AUTHORIZATION, request::Parts};

use crate::{app::App, engine, error::Error, store::keys};

/// A caller with a key that was not revoked. Whoever has none learns nothing else: handlers take it
/// before anything of the request is looked at.
#[derive(Clone, Debug)]
pub struct KeyHolder {
    /// The key's id.
    pub key: String,
}

impl FromRequestParts<App> for KeyHolder {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok());
        let (scheme, key) = header.and_then(|it| it.split_once(' ')).ok_or(Error::Forbidden)?;
        let key = key.trim();
        if !scheme.eq_ignore_ascii_case("Bearer") {
            return Err(Error::Forbidden);
        }
        let public = engine::keys::public(key).ok_or(Error::Forbidden)?;
        let known = keys::find(&app.db, public).await?.ok_or(Error::Forbidden)?;
        if engine::keys::fits(key, &known.hash) {
            Ok(Self { key: known.id })
        } else {
            Err(Error::Forbidden)
        }
    }
}
