//! What somebody says of themselves, and leaving.

use axum::response::Response;
use http::StatusCode;
use shared::{email::Email, lang::Lang};

use super::{Seat, door::NAME_LONGEST, keep, page, seat, sender};
use crate::{
    engine::{
        erase,
        mail::refusal::{self, Wanted},
    },
    error::Error,
    mail::topic::Each,
    pages::me::account::{self as pages, Account},
    routes::{ask::Ask, html, query::Query, unsubscribe::chosen},
    store::{
        circles::{self, ON_BOARD, Said},
        names::AGREED,
        participants::Key,
    },
};

/// The page.
pub async fn show(mut ask: Ask) -> Result<Response, Error> {
    match seat(&mut ask).await? {
        Ok(seat) => shown(&ask, &seat, None).await,
        Err(terms) => Ok(html::see(&format!("/me/{}", terms.campaign.id))),
    }
}

/// Under which hash it is kept what somebody does not want to be written.
fn refusals_of(ask: &Ask, seat: &Seat) -> Option<String> {
    let email = Email::parse(&seat.view.email).ok()?;
    Some(refusal::hash(&ask.app, &seat.campaign().id, &email.identity()))
}

/// Which messages somebody gets; none: their address takes no mail.
pub(super) async fn messages(ask: &Ask, seat: &Seat) -> Result<Option<Each<bool>>, Error> {
    let Some(hash) = refusals_of(ask, seat) else { return Ok(None) };
    let Wanted { topics, bounced } = refusal::wanted(&ask.app, &seat.campaign().id, &hash).await?;
    Ok((!bounced).then_some(topics))
}

/// The page; with the form as it was typed, if that could not be taken.
async fn shown(ask: &Ask, seat: &Seat, typed: Option<&Query>) -> Result<Response, Error> {
    let view = &seat.view;
    let agreed = |name: &str| view.metadata.get(name).is_some_and(|it| it == "true");
    let has = |name: &str, field: &str| match typed {
        Some(form) => form.get(field).is_some(),
        None => agreed(name),
    };
    let mut messages = messages(ask, seat).await?;
    if let (Some(form), Some(messages)) = (typed, messages.as_mut()) {
        *messages = chosen(form);
    }
    let first_name = typed.map_or(view.first_name.as_deref(), |it| it.get("first_name"));
    let chosen = typed.and_then(|it| it.get("language")).or(view.language.as_deref());
    let markup = pages::account(&Account {
        lang: seat.lang,
        service: &ask.app.settings.public_url,
        campaign: seat.campaign(),
        csrf: &seat.csrf,
        email: &view.email,
        first_name: first_name.unwrap_or_default(),
        language: chosen.and_then(Lang::from_tag).unwrap_or(seat.lang),
        named: has(AGREED, "named"),
        on_board: has(ON_BOARD, "on_board"),
        messages,
        wrong: typed.is_some(),
        done: ask.query.get("done"),
    });
    let status = if typed.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok(page(status, &markup))
}

/// Keeps what somebody says of themselves, in one batch.
pub async fn update(mut ask: Ask) -> Result<Response, Error> {
    let seat = match sender(&mut ask).await? {
        Ok(seat) => seat,
        Err(response) => return Ok(response),
    };
    let form = ask.form()?;
    let name = form.get("first_name").unwrap_or_default().trim();
    if NAME_LONGEST < name.chars().count() || name.chars().any(char::is_control) {
        return shown(&ask, &seat, Some(&form)).await;
    }
    let language = form.get("language").and_then(Lang::from_tag).unwrap_or(seat.lang);
    let mut batch = circles::keep(
        &seat.view.id,
        &Said {
            first_name: Some(name).filter(|it| !it.is_empty()),
            language: language.tag(),
            named: form.get("named").is_some(),
            on_board: form.get("on_board").is_some(),
        },
    );
    if let (Some(hash), Some(_)) = (refusals_of(&ask, &seat), messages(&ask, &seat).await?) {
        let (id, now) = (&seat.campaign().id, ask.call.now);
        batch.extend(refusal::choose(id, &hash, chosen(&form), now));
    }
    ask.app.db.batch(batch).await?;
    Ok(html::see(&seat.path("/account?done=kept")))
}

/// Asks whether they really want to be forgotten.
pub async fn erasing(mut ask: Ask) -> Result<Response, Error> {
    match seat(&mut ask).await? {
        Ok(seat) => Ok(sure(&ask, &seat, false)),
        Err(terms) => Ok(html::see(&format!("/me/{}", terms.campaign.id))),
    }
}

fn sure(ask: &Ask, seat: &Seat, wrong: bool) -> Response {
    let status = if wrong { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    page(
        status,
        &pages::erasing(
            seat.lang,
            &ask.app.settings.public_url,
            seat.campaign(),
            &seat.csrf,
            wrong,
        ),
    )
}

/// Forgets them.
pub async fn erase(mut ask: Ask) -> Result<Response, Error> {
    let seat = match sender(&mut ask).await? {
        Ok(seat) => seat,
        Err(response) => return Ok(response),
    };
    if ask.form()?.get("sure").is_none() {
        return Ok(sure(&ask, &seat, true));
    }
    let key = Key::Code(seat.view.id.clone());
    match erase::erase(&ask.app, &ask.call, &seat.campaign().id, &key).await {
        // Forgotten at this moment.
        Ok(()) | Err(Error::Missing) => {}
        Err(error) => return Err(error),
    }
    let mut response = html::see(&seat.path("?done=erased"));
    keep(&ask.app, &mut response, None);
    Ok(response)
}
