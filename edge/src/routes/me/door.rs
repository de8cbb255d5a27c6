//! Joining, asking for a link to sign in, coming in by it, and going out.

use axum::response::Response;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use http::{StatusCode, header};
use shared::{
    attribution::Claims,
    campaign::Status,
    card::{self, Card},
    email::Email,
    fraud::Submission,
    time::{Span, Timestamp},
};
use subtle::ConstantTimeEq;

use super::{Seat, inside, is_from_ours, keep, lost, page, sender, session};
use crate::{
    app::App,
    call::Call,
    click::{
        cache::Terms,
        cookies::{self, Jar},
    },
    engine::{guest, leads::Joins, terms},
    error::Error,
    pages::me::door::{self as pages, Door, Typed},
    routes::{
        ask::Ask, body::unread, browser::Brought, card::version, console::mail::silence, html,
        member::is_same_origin, query::Query,
    },
    store::{card_texts, leads::Person, mail_settings, names, rules, sessions},
};

/// The longest token that is read: what a cookie can hold.
const LONGEST: usize = 4_096;

/// The longest first name, in characters.
pub(super) const NAME_LONGEST: usize = 100;

/// A page that was open for longer tells nothing about typing.
const OPEN_LONGEST: Span = Span::hours(24);

/// The door of a campaign, with what was typed into one of its forms.
pub(super) async fn show(
    ask: &Ask,
    terms: &Terms,
    status: StatusCode,
    typed: Typed<'_>,
) -> Result<Response, Error> {
    let (app, call, lang) = (&ask.app, &ask.call, ask.query.lang("lang"));
    let campaign = &terms.campaign;
    if campaign.status == Status::Draft {
        return Ok(lost(lang));
    }
    let card = card(app, call, terms).await?;
    let form = ask.form().ok();
    let token = form.as_ref().and_then(token).or_else(|| clicked(&ask.query));
    let brought = brought(ask, terms, token);
    let claim = brought.touches().map(|it| it.last.sub);
    let invited_by = match claim {
        Some(referrer) => names::shown(&app.db, &campaign.id, &referrer).await?,
        None => None,
    };
    let invited_by = crate::mail::fact::first_name(invited_by.as_deref());
    let query = token.map(|it| format!("prn={it}")).unwrap_or_default();
    let markup = pages::door(&Door {
        lang,
        service: &app.settings.public_url,
        campaign,
        card: card.as_ref(),
        terms: card.as_ref().map(version).as_deref(),
        mail: carries(app, terms).await?,
        invited_by: Some(&*invited_by).filter(|it| !it.is_empty()),
        token,
        shown: &shown_at(app, call.now),
        query: &query,
        typed,
        done: ask.query.get("done"),
    });
    Ok(page(status, &markup))
}

/// Whether a link by mail reaches whoever asks for one.
async fn carries(app: &App, terms: &Terms) -> Result<bool, Error> {
    let settings = mail_settings::find(&app.db, &terms.campaign.id).await?.body;
    Ok(silence(app, &settings).is_none())
}

/// What a campaign promises while people may join it.
async fn card(app: &App, call: &Call, terms: &Terms) -> Result<Option<Card>, Error> {
    if !terms.campaign.runs_at(call.now) {
        return Ok(None);
    }
    let rules = rules::of_campaign(&app.db, &terms.campaign.id).await?;
    let own = card_texts::find(&app.db, &terms.campaign.id).await?.body;
    Ok(Some(Card { own, ..card::card(&terms.campaign, &rules, call.now) }))
}

/// The token of the click that brought somebody, as the address carries it.
fn clicked(query: &Query) -> Option<&str> {
    query.get("prn").filter(|it| is_token(it))
}

/// The same in the form.
fn token(form: &Query) -> Option<&str> {
    form.get("token").filter(|it| is_token(it))
}

/// Whether a text is written as tokens are.
fn is_token(text: &str) -> bool {
    let fits = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.');
    text.len() <= LONGEST && text.bytes().all(fits)
}

/// What proves a click: the address's token, and the cookie where this host is the site's, too. The test
/// of an installation is none: nobody is tested here (R-TRIAL-1).
fn brought(ask: &Ask, terms: &Terms, token: Option<&str>) -> Brought {
    let header = |name| ask.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let claims = |it: &str| cookies::claims(&ask.app, terms, it, ask.call.now);
    // The click led to this page: it landed.
    let landed = |it: Claims| Claims { landed: true, ..it };
    let kept = if inside::is(ask) {
        // What the site's own page keeps.
        let form = ask.form().ok();
        let touch = form.as_ref().and_then(|it| it.get("touch"));
        touch.and_then(|it| cookies::kept(&ask.app, terms, it, ask.call.now).touches)
    } else {
        let jar = Jar::of(&ask.app, terms, header(header::HOST));
        jar.and_then(|it| it.kept(&ask.app, terms, header(header::COOKIE), ask.call.now).touches)
    };
    let token = token.map(|it| claims(it).map(landed));
    let is_test = |it: &Claims| it.trial().is_some();
    let token = token.filter(|it| !it.as_ref().is_ok_and(is_test));
    Brought { token, kept, test: None }
}

/// When a page was asked for, signed: so that the form tells how long it was looked at, without script.
pub(super) fn shown_at(app: &App, now: Timestamp) -> String {
    format!("{}.{}", now.0, tag(app, now.0))
}

fn tag(app: &App, at: i64) -> String {
    let tag = app.settings.mac("page was shown", &[&at.to_be_bytes()]);
    BASE64.encode(&tag[..16])
}

/// How the form was filled in. One that does not say when it was shown was filled in by a machine.
fn submission(app: &App, now: Timestamp, form: &Query) -> Submission {
    let shown = form.get("shown").and_then(|it| it.split_once('.'));
    let at = shown.and_then(|(at, signed)| {
        let at: i64 = at.parse().ok()?;
        let fits: bool = tag(app, at).as_bytes().ct_eq(signed.as_bytes()).into();
        fits.then_some(Timestamp(at))
    });
    let elapsed = at.map_or(Span(0), |at| Span(now.0 - at.0).min(OPEN_LONGEST));
    Submission { honeypot: form.get("website").is_some(), elapsed: Some(elapsed) }
}

/// Keeps what somebody says who joins. Whoever takes part already is answered the same, and gets a link
/// to sign in.
pub async fn join(ask: Ask) -> Result<Response, Error> {
    let (app, call, lang) = (&ask.app, &ask.call, ask.query.lang("lang"));
    if !is_from_ours(&ask) {
        return Err(Error::Forbidden);
    }
    let (terms, _) = terms::read(app, ask.campaign()).await?;
    let ready = carries(app, &terms).await?;
    let Some(card) = card(app, call, &terms).await?.filter(|_| ready) else {
        let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        return show(&ask, &terms, status, Typed::default()).await;
    };
    let (agreed, form) = (version(&card), ask.form()?);
    let text = |name| form.get(name).unwrap_or_default().trim();
    let (typed, first_name) = (text("email"), text("first_name"));
    let email = Email::parse(typed);
    let wrong = match &email {
        Err(_) => Some("email"),
        Ok(_) if form.get("agreed").is_none() => Some("agreed"),
        // They agreed to what the page said then, and it says something else now.
        Ok(_) if form.get("terms").is_none_or(|it| it != agreed) => Some("terms"),
        Ok(_) => None,
    };
    let (Ok(email), None) = (email, wrong) else {
        let typed = Typed { signs_in: false, email: typed, first_name, wrong };
        return show(&ask, &terms, StatusCode::BAD_REQUEST, typed).await;
    };
    let name: String = first_name.chars().take(NAME_LONGEST).collect();
    let brought = brought(&ask, &terms, token(&form));
    let signed_in = super::signed_in(&ask, ask.campaign()).await?;
    let newcomer = guest::Joining {
        person: Person { email, first_name: (!name.is_empty()).then_some(name), last_name: None },
        touches: brought.touches(),
        refused: brought.refused(),
        submission: submission(app, call.now, &form),
        signed_in,
        joins: Joins { lang, agreed, page: inside::page(&ask, &form) },
        card,
    };
    guest::join(app, call, &terms.campaign, newcomer).await?;
    Ok(page(
        StatusCode::ACCEPTED,
        &pages::sent(lang, &ask.app.settings.public_url, &terms.campaign),
    ))
}

/// Sends a link to a participant's address. The answer is the same whoever the address belongs to, and
/// the same as to whoever joins.
pub async fn sign_in(ask: Ask) -> Result<Response, Error> {
    let (app, call, lang) = (&ask.app, &ask.call, ask.query.lang("lang"));
    if !is_from_ours(&ask) {
        return Err(Error::Forbidden);
    }
    let (terms, _) = terms::read(app, ask.campaign()).await?;
    if !carries(app, &terms).await? {
        return show(&ask, &terms, StatusCode::SERVICE_UNAVAILABLE, Typed::default()).await;
    }
    let form = ask.form()?;
    let typed = form.get("email").unwrap_or_default().trim();
    let Ok(email) = Email::parse(typed) else {
        let typed =
            Typed { signs_in: true, email: typed, wrong: Some("email"), ..Typed::default() };
        return show(&ask, &terms, StatusCode::BAD_REQUEST, typed).await;
    };
    let back = inside::page(&ask, &form);
    guest::ask_link(app, call, &terms.campaign, &email, back.as_deref()).await?;
    Ok(page(
        StatusCode::ACCEPTED,
        &pages::sent(lang, &ask.app.settings.public_url, &terms.campaign),
    ))
}

/// The page that takes the token out of a one-time link and sends it.
pub async fn arrive(ask: Ask) -> Result<Response, Error> {
    let lang = ask.query.lang("lang");
    let (terms, _) = terms::read(&ask.app, ask.campaign()).await?;
    let campaign = &terms.campaign;
    Ok(page(StatusCode::OK, &pages::enter(lang, &campaign.id, &campaign.name)))
}

/// Uses the link up, whose token the form holds, and opens a session; the one that this browser had ends.
pub async fn enter(ask: Ask) -> Result<Response, Error> {
    let (app, call, lang) = (&ask.app, &ask.call, ask.query.lang("lang"));
    if !is_same_origin(&ask.headers) {
        return Err(Error::Forbidden);
    }
    let form = ask.form()?;
    let token = form.given("token").ok_or_else(|| unread("the form has no token"))?;
    let (terms, _) = terms::read(app, ask.campaign()).await?;
    let id = &terms.campaign.id;
    let Some(secret) = guest::enter(app, call, id, token).await? else {
        return Ok(page(StatusCode::FORBIDDEN, &pages::enter_failed(lang, Some(id))));
    };
    app.db.batch(vec![sessions::end(&session(app, &ask.headers))]).await?;
    let mut response = html::see(&format!("/me/{id}"));
    keep(app, &mut response, Some(&secret));
    Ok(response)
}

/// Ends the session, or all of them.
pub async fn sign_out(mut ask: Ask) -> Result<Response, Error> {
    let seat = match sender(&mut ask).await? {
        Ok(seat) => seat,
        Err(response) => return Ok(response),
    };
    let everywhere = ask.form()?.get("everywhere").is_some();
    let Seat { session, view, .. } = &seat;
    let batch =
        if everywhere { sessions::revoke(view.id.as_str()) } else { vec![sessions::end(session)] };
    ask.app.db.batch(batch).await?;
    let done = if everywhere { "everywhere" } else { "out" };
    let mut response = html::see(&seat.path(&format!("?done={done}")));
    keep(&ask.app, &mut response, None);
    Ok(response)
}
