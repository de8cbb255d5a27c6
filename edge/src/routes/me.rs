//! `/me/{campaign}`: a participant's own pages, with the session in a cookie.

use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use shared::{code::Code, lang::Lang};

use super::{ask::Ask, body::unread, html, member::is_same_origin};
use crate::{
    app::App,
    click::cookies,
    engine::{entry::hash, guest, terms},
    error::Error,
    pages::{self, me as page},
    routes::rest::shown,
    store::sessions::{self, Guest, PARTICIPANTS_LIFE},
};

/// The name of the session's cookie, and what keeps it from plain `http`.
fn session_cookie(app: &App) -> (&'static str, &'static str) {
    if app.settings.is_local() { ("prn-me", "") } else { ("__Host-prn-me", "Secure; ") }
}

/// The hash of the session that a request's cookie holds; of none, where there is no cookie.
fn session(app: &App, headers: &HeaderMap) -> String {
    let cookie = headers.get(header::COOKIE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    hash(cookies::value(cookie, session_cookie(app).0).unwrap_or_default())
}

/// The participant of this campaign who is signed in.
pub async fn guest(ask: &Ask) -> Result<Option<Guest>, Error> {
    let session = session(&ask.app, &ask.headers);
    let guest = sessions::participant(&ask.app.db, &session, ask.call.now).await?;
    Ok(guest.filter(|it| it.campaign == ask.campaign()))
}

/// The participant of a campaign who is signed in in the browser that asks, as far as it says:
/// nobody but a page of the service's own site is sent with the cookie.
pub async fn signed_in(ask: &Ask, campaign: &str) -> Result<Option<Code>, Error> {
    let given = ask.headers.get(header::COOKIE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    if cookies::value(given, session_cookie(&ask.app).0).is_none() {
        return Ok(None);
    }
    let session = session(&ask.app, &ask.headers);
    let guest = sessions::participant(&ask.app.db, &session, ask.call.now).await?;
    Ok(guest.filter(|it| it.campaign == campaign).and_then(|it| Code::parse(&it.id).ok()))
}

/// What somebody sees of themselves.
pub async fn show(ask: Ask) -> Result<Response, Error> {
    let lang = ask.query.lang("lang");
    let Ok((terms, _)) = terms::read(&ask.app, ask.campaign()).await else {
        return Ok(lost(lang));
    };
    let Some(guest) = guest(&ask).await? else {
        let page = page::nobody(lang, &terms.campaign.name);
        return Ok(html::page(StatusCode::FORBIDDEN, "", &page));
    };
    let found = shown::participants(&ask.app, &terms, &[&guest.id], ask.call.now).await?;
    let Some(found) = found.into_iter().next() else { return Ok(lost(lang)) };
    let link = format!("{}/r/{}", ask.app.settings.public_url, guest.id);
    let mine = page::Mine {
        lang,
        campaign: &terms.campaign.name,
        id: &terms.campaign.id,
        link: &link,
        clicks: found.core.impression_count,
        friends: found.core.referral_count.into(),
        rewards: found.rewards.len() as u64,
    };
    Ok(html::remember(html::page(StatusCode::OK, "", &page::mine(&mine)), &ask.query))
}

/// The page that takes the token out of a one-time link and sends it.
pub async fn arrive(ask: Ask) -> Result<Response, Error> {
    let lang = ask.query.lang("lang");
    let Ok((terms, _)) = terms::read(&ask.app, ask.campaign()).await else {
        return Ok(lost(lang));
    };
    let campaign = &terms.campaign;
    Ok(html::page(StatusCode::OK, "", &page::enter(lang, &campaign.id, &campaign.name)))
}

/// Uses the link up, whose token the form holds, and opens a session.
pub async fn enter(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let lang = ask.query.lang("lang");
    if !is_same_origin(&ask.headers) {
        return Ok(Error::Forbidden.into_page(lang));
    }
    let form = ask.form()?;
    let token = form.given("token").ok_or_else(|| unread("the form has no token"))?;
    let Some(session) = guest::enter(app, call, ask.campaign(), token).await? else {
        return Ok(html::page(StatusCode::FORBIDDEN, "", &page::enter_failed(lang)));
    };
    let age = PARTICIPANTS_LIFE.0 / 1_000;
    let (name, secure) = session_cookie(app);
    let cookie = format!("{name}={session}; Path=/; Max-Age={age}; {secure}HttpOnly; SameSite=Lax");
    let mut response = html::see(&format!("/me/{}", ask.campaign()));
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Ends the session.
pub async fn sign_out(ask: Ask) -> Result<Response, Error> {
    let lang = ask.query.lang("lang");
    if !is_same_origin(&ask.headers) {
        return Ok(Error::Forbidden.into_page(lang));
    }
    ask.app.db.batch(vec![sessions::end(&session(&ask.app, &ask.headers))]).await?;
    Ok(html::see(&format!("/me/{}", ask.campaign())))
}

fn lost(lang: Lang) -> Response {
    html::page(StatusCode::NOT_FOUND, "", &pages::error(lang, 404))
}
