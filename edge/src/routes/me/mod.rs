//! `/me/{campaign}`: a participant's own pages, with the session in a cookie.

pub mod account;
pub mod data;
pub mod door;
pub mod handout;
pub mod home;
mod inside;
pub mod reward;
#[cfg(test)]
mod tests;
pub mod told;

use axum::response::Response;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use shared::{campaign::Campaign, code::Code, lang::Lang};
use subtle::ConstantTimeEq;

use super::{
    ask::{Ask, Endpoint, open},
    browser::guest,
    html,
    member::{CSRF, is_same_origin},
};
use crate::{
    app::App,
    call::By,
    click::{cache::Terms, cookies},
    engine::{entry::hash, terms},
    error::Error,
    pages,
    store::{
        sessions::{self, PARTICIPANTS_LIFE},
        views::{self, View},
    },
};

/// An endpoint for anybody, who gets pages whatever happens; within the page of a site, too.
pub fn paged<F>(handler: impl Fn(Ask) -> F + Send + Sync + 'static) -> Endpoint
where
    F: Future<Output = Result<Response, Error>> + Send + 'static,
{
    framed(open(handler))
}

fn framed(inner: Endpoint) -> Endpoint {
    open(move |ask: Ask| {
        let inner = inner.clone();
        async move {
            if inside::is(&ask) {
                return inside::answer(&inner, ask).await;
            }
            let (query, lang) = (ask.query.clone(), ask.query.lang("lang"));
            let answer = inner.run(ask).await.unwrap_or_else(|error| error.into_page(lang));
            Ok(html::remember(answer, &query))
        }
    })
}

/// The name of the session's cookie, and what keeps it from plain `http`.
fn session_cookie(app: &App) -> (&'static str, &'static str) {
    if app.settings.is_local() { ("prn-me", "") } else { ("__Host-prn-me", "Secure; ") }
}

/// The hash of the session that a request's cookie holds; of none, where there is no cookie.
fn session(app: &App, headers: &HeaderMap) -> String {
    let cookie = headers.get(header::COOKIE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    hash(cookies::value(cookie, session_cookie(app).0).unwrap_or_default())
}

/// The participant of a campaign who is signed in in the browser that asks, as far as it says: only
/// pages of the service's own site are sent with the cookie.
pub async fn signed_in(ask: &Ask, campaign: &str) -> Result<Option<Code>, Error> {
    let given = ask.headers.get(header::COOKIE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    if cookies::value(given, session_cookie(&ask.app).0).is_none() {
        return Ok(None);
    }
    let session = session(&ask.app, &ask.headers);
    let guest = sessions::participant(&ask.app.db, &session, ask.call.now).await?;
    Ok(guest.filter(|it| it.campaign == campaign).and_then(|it| Code::parse(&it.id).ok()))
}

/// The same of the token that a site's page sends, which gets and needs no cookie.
fn session_of(ask: &Ask) -> String {
    if inside::is(ask) { hash(guest::token(&ask.headers)) } else { session(&ask.app, &ask.headers) }
}

/// Whether a form comes from a page that may send it: of this origin, or of a site of the campaign's,
/// which was looked at before.
fn is_from_ours(ask: &Ask) -> bool {
    inside::is(ask) || is_same_origin(&ask.headers)
}

/// `Set-Cookie` with a session's secret, for as long as it may stay open; of none, it is forgotten.
fn keep(app: &App, response: &mut Response, secret: Option<&str>) {
    let (name, secure) = session_cookie(app);
    let age = if secret.is_some() { PARTICIPANTS_LIFE.0 / 1_000 } else { 0 };
    let secret = secret.unwrap_or_default();
    let cookie = format!("{name}={secret}; Path=/; Max-Age={age}; {secure}HttpOnly; SameSite=Lax");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// The token of a session's forms.
pub(in crate::routes) fn csrf(app: &App, session: &str) -> String {
    let key = app.settings.secret.derive("form of a participant", session);
    BASE64.encode(key.bytes())
}

/// A participant who is signed in.
struct Seat {
    terms: Terms,
    view: View,
    lang: Lang,
    /// What forms of ours send along: nobody else's page knows it.
    csrf: String,
    /// The hash of the session's secret.
    session: String,
}

impl Seat {
    fn campaign(&self) -> &Campaign {
        &self.terms.campaign
    }

    /// Where this participant's pages are.
    fn path(&self, rest: &str) -> String {
        format!("/me/{}{rest}", self.campaign().id)
    }

    /// Whether they meant it: a form of a page of this origin, with the session's token. A bearer's token
    /// is sent by nothing but a script of the campaign's site.
    fn vouches(&self, ask: &Ask) -> Result<(), Error> {
        if inside::is(ask) {
            return Ok(());
        }
        let form = ask.form()?;
        let given = form.get(CSRF).unwrap_or_default();
        let fits: bool = given.as_bytes().ct_eq(self.csrf.as_bytes()).into();
        if !is_same_origin(&ask.headers) {
            return Err(Error::Forbidden);
        }
        if fits { Ok(()) } else { Err(Error::OutOfDate) }
    }
}

/// The participant of this campaign whose session is open, noted in the call; or the terms, for whoever
/// is not signed in.
async fn seat(ask: &mut Ask) -> Result<Result<Seat, Terms>, Error> {
    let app = ask.app.clone();
    let (terms, _) = terms::read(&app, ask.campaign()).await?;
    let session = session_of(ask);
    let guest = sessions::participant(&app.db, &session, ask.call.now).await?;
    let id = &terms.campaign.id;
    let Some(guest) = guest.filter(|it| it.campaign == *id) else { return Ok(Err(terms)) };
    let month = terms.campaign.options.time_zone.month(ask.call.now);
    let found = views::of(&app.db, id, &[&guest.id], month).await?;
    // Forgotten at this moment.
    let Some(view) = found.into_iter().next() else { return Ok(Err(terms)) };
    ask.call.by = By::Participant(guest.id);
    let (lang, csrf) = (ask.query.lang("lang"), csrf(&app, &session));
    Ok(Ok(Seat { terms, view, lang, csrf, session }))
}

/// The participant who sends a form of theirs, or where they sign in again.
async fn sender(ask: &mut Ask) -> Result<Result<Seat, Response>, Error> {
    match seat(ask).await? {
        Ok(seat) => {
            seat.vouches(ask)?;
            Ok(Ok(seat))
        }
        Err(terms) => Ok(Err(html::see(&format!("/me/{}", terms.campaign.id)))),
    }
}

/// A page, whatever its status.
fn page(status: StatusCode, markup: &maud::Markup) -> Response {
    html::page(status, "", markup)
}

/// The page of what is not there.
fn lost(lang: Lang) -> Response {
    page(StatusCode::NOT_FOUND, &pages::error(lang, 404))
}
