//! What somebody says of themselves, and leaving.

use axum::response::Response;
use http::StatusCode;
use shared::{email::Email, lang::Lang};

use super::{Seat, door::NAME_LONGEST, keep, page, seat, sender};
use crate::{
    engine::{erase, mail::refusal},
    error::Error,
    mail::Purpose,
    pages::me::account::{self as pages, Account},
    routes::{ask::Ask, html, query::Query},
    store::{
        circles::{self, ON_BOARD, Said},
        names::AGREED,
        participants::Key,
        suppressions::{self, ALL, ASKED, BOUNCED},
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

/// Whether somebody is told what happens, and gets promotions; none: their address takes no mail.
pub(super) async fn messages(ask: &Ask, seat: &Seat) -> Result<Option<[bool; 2]>, Error> {
    let hashes: Vec<String> = refusals_of(ask, seat).into_iter().collect();
    let found = suppressions::among(&ask.app.db, &seat.campaign().id, &hashes).await?;
    let gets = |purpose: Purpose| {
        !found.iter().any(|it| it.purpose == ALL || it.purpose == purpose.as_str())
    };
    let bounced = found.iter().any(|it| it.reason == BOUNCED);
    Ok((!bounced).then(|| [gets(Purpose::Notice), gets(Purpose::Promotion)]))
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
        *messages = ["notices", "promotions"].map(|it| form.get(it).is_some());
    }
    let first_name = typed.map_or(view.first_name.as_deref(), |it| it.get("first_name"));
    let chosen = typed.and_then(|it| it.get("language")).or(view.language.as_deref());
    let markup = pages::account(&Account {
        lang: seat.lang,
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
        batch.push(suppressions::forgive(id, &hash));
        let kinds = [("notices", Purpose::Notice), ("promotions", Purpose::Promotion)];
        let refused = kinds.iter().filter(|it| form.get(it.0).is_none());
        batch.extend(refused.map(|it| suppressions::insert(id, &hash, it.1.as_str(), ASKED, now)));
    }
    ask.app.db.batch(batch).await?;
    Ok(html::see(&seat.path("/account?done=kept")))
}

/// Asks whether they really want to be forgotten.
pub async fn erasing(mut ask: Ask) -> Result<Response, Error> {
    match seat(&mut ask).await? {
        Ok(seat) => Ok(sure(&seat, false)),
        Err(terms) => Ok(html::see(&format!("/me/{}", terms.campaign.id))),
    }
}

fn sure(seat: &Seat, wrong: bool) -> Response {
    let status = if wrong { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    page(status, &pages::erasing(seat.lang, seat.campaign(), &seat.csrf, wrong))
}

/// Forgets them.
pub async fn erase(mut ask: Ask) -> Result<Response, Error> {
    let seat = match sender(&mut ask).await? {
        Ok(seat) => seat,
        Err(response) => return Ok(response),
    };
    if ask.form()?.get("sure").is_none() {
        return Ok(sure(&seat, true));
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
