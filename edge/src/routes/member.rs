//! Who sits at the console: the session of the cookie, what the role allows, whether a form is ours.

use axum::{body::Body, response::Response};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use http::{HeaderMap, Method, StatusCode, header, request::Parts};
use shared::team::{Right, Role};
use subtle::ConstantTimeEq;

use super::{ask::Ask, html, query::Query};
use crate::{
    app::App,
    call::{By, Call},
    click::cookies,
    engine::{entry::hash, passkey},
    error::Error,
    pages::{self, sign_in::Ways},
    store::sessions,
};

/// The field of a form, and the header of a script's request, that hold the session's token.
pub const CSRF: &str = "csrf";
const CSRF_HEADER: &str = "x-parrain-csrf";

/// A member at the console.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Member {
    /// Their id.
    pub id: String,
    /// What they may do.
    pub role: Role,
    /// What forms and scripts of ours send along: nobody else's page knows it.
    pub csrf: String,
    /// The hash of the session's secret.
    pub session: String,
}

/// The name of the session's cookie, and what keeps it from plain `http`: nothing on this machine,
/// where Safari refuses `Secure` cookies.
#[must_use]
pub fn session_cookie(app: &App) -> (&'static str, &'static str) {
    if app.settings.is_local() { ("prn-console", "") } else { ("__Host-prn-console", "Secure; ") }
}

/// The hash of the session that a request's cookie holds; of none, where there is no cookie.
#[must_use]
pub fn session(app: &App, headers: &HeaderMap) -> String {
    let cookie = headers.get(header::COOKIE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    hash(cookies::value(cookie, session_cookie(app).0).unwrap_or_default())
}

/// The member who asks, noted in the call; or the page that says why not.
pub async fn seat(
    app: &App,
    parts: &mut Parts,
    right: Right,
) -> Result<Result<Member, Response<Body>>, Error> {
    let lang = Query::of(parts).lang("lang");
    let call = parts.extensions.get_mut::<Call>();
    let call = call.ok_or_else(|| Error::Internal("a request came without its call".into()))?;
    let session = session(app, &parts.headers);
    let Some(open) = sessions::member(&app.db, &session, call.now).await? else {
        let page = pages::sign_in(lang, ways(app));
        return Ok(Err(html::page(StatusCode::FORBIDDEN, "", &page)));
    };
    if !open.role.may(right) {
        let page = pages::not_yours(lang, open.role);
        return Ok(Err(html::page(StatusCode::FORBIDDEN, "", &page)));
    }
    call.by = By::Member(open.id.clone());
    let csrf = csrf(app, &session);
    Ok(Ok(Member { id: open.id, role: open.role, csrf, session }))
}

/// By which ways members come in here.
#[must_use]
pub fn ways(app: &App) -> Ways {
    Ways { passkeys: passkey::host(app).is_some(), mail: app.mail.is_ready() }
}

/// The token of a session's forms.
#[must_use]
pub fn csrf(app: &App, session: &str) -> String {
    BASE64.encode(app.settings.mac("form of the console", &[session.as_bytes()]))
}

impl Member {
    /// Whether they meant it: what changes something comes from a page of this origin, with the
    /// session's token.
    pub fn vouches(&self, ask: &Ask, method: &Method) -> Result<(), Error> {
        if method.is_safe() {
            return Ok(());
        }
        if !is_same_origin(&ask.headers) {
            return Err(Error::Forbidden);
        }
        let header = ask.headers.get(CSRF_HEADER).and_then(|it| it.to_str().ok());
        let given = match header {
            Some(token) => token.to_owned(),
            None => ask.form()?.get(CSRF).unwrap_or_default().to_owned(),
        };
        let fits: bool = given.as_bytes().ct_eq(self.csrf.as_bytes()).into();
        if fits { Ok(()) } else { Err(Error::OutOfDate) }
    }
}

/// Whether a request comes from a page of the host that it goes to, as far as the browser says.
pub(super) fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|it| it.to_str().ok());
    if text("sec-fetch-site").is_some_and(|it| it != "same-origin") {
        return false;
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|it| it.1.eq_ignore_ascii_case(host))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_team_4_what_another_sites_page_sends_is_not_meant() {
        let check = |pairs: &[(&'static str, &str)]| {
            let pair = |it: &(&'static str, &str)| {
                (http::HeaderName::from_static(it.0), it.1.parse().unwrap())
            };
            is_same_origin(&pairs.iter().map(pair).collect())
        };
        let host = ("host", "link.example");
        assert!(check(&[host]));
        assert!(check(&[host, ("sec-fetch-site", "same-origin")]));
        assert!(check(&[host, ("origin", "https://Link.example")]));
        for site in ["same-site", "cross-site", "none", ""] {
            assert!(!check(&[host, ("sec-fetch-site", site)]), "{site}");
        }
        for origin in ["null", "https://evil.example", "https://link.example.evil.example", ""] {
            assert!(!check(&[host, ("origin", origin)]), "{origin}");
        }
    }
}
