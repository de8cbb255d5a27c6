//! The `attribution` field: the signed claim of a click, as a back end got it from a browser.

use shared::{attribution::Touches, time::Timestamp};

use crate::{
    app::App,
    click::{cache::Terms, cookies},
    error::Error,
};

/// Reads the field: a token, or the whole cookie with both touches. A bad one is the caller's error.
pub fn touches(
    app: &App,
    terms: &Terms,
    field: Option<&str>,
    now: Timestamp,
) -> Result<Option<Touches>, Error> {
    let Some(field) = field else { return Ok(None) };
    if let Some((_, last)) = field.rsplit_once('~') {
        let kept = cookies::kept(app, terms, field, now);
        // Whoever tries the installation is nobody's friend.
        if let Some(last) = kept.test {
            return Ok(Some(Touches { first: None, last }));
        }
        // An expired first touch does not take the last one with it.
        if let Some(touches) = kept.touches {
            return Ok(Some(touches));
        }
        return touch(app, terms, last, now).map(Some);
    }
    touch(app, terms, field, now).map(Some)
}

fn touch(app: &App, terms: &Terms, token: &str, now: Timestamp) -> Result<Touches, Error> {
    match cookies::claims(app, terms, token, now) {
        Ok(last) => Ok(Touches { first: None, last }),
        Err(error) => Err(Error::field("attribution", Some(token.into()), error.to_string())),
    }
}
