//! What somebody says of what happened: that they read it, and that it be looked at again; and the code
//! that they choose for their link.

use axum::response::Response;
use serde_json::json;
use shared::time::Timestamp;

use super::{
    home::{self, Flaws},
    seat, sender,
};
use crate::{
    engine::{
        appeal::{self, Asked},
        own_code,
    },
    error::Error,
    json,
    pages::me::{decisions::Wrong, link::standing},
    routes::{ask::Ask, html},
    store::{appeals, codes::Standing},
};

/// Notes up to when they read what happened.
pub async fn seen(mut ask: Ask) -> Result<Response, Error> {
    let seat = match sender(&mut ask).await? {
        Ok(seat) => seat,
        Err(response) => return Ok(response),
    };
    let until = ask.form()?.get("until").and_then(|it| it.parse().ok()).map(Timestamp);
    let until = until.filter(|it| *it <= ask.call.now).unwrap_or(ask.call.now);
    ask.app.db.batch(vec![appeals::seen(&seat.view.id, until)]).await?;
    Ok(html::see(&seat.path("?done=seen")))
}

/// Asks for a decision to be looked at again.
pub async fn appeal(mut ask: Ask) -> Result<Response, Error> {
    let seat = match sender(&mut ask).await? {
        Ok(seat) => seat,
        Err(response) => return Ok(response),
    };
    let form = ask.form()?;
    let (decision, text) =
        (form.get("decision").unwrap_or_default(), form.get("text").unwrap_or_default().trim());
    let (app, call, campaign) = (&ask.app, &ask.call, &seat.campaign().id);
    let too_many = match appeal::ask(app, call, campaign, &seat.view.id, decision, text).await? {
        Asked::Noted => return Ok(html::see(&seat.path(&format!("?done=asked#d-{decision}")))),
        Asked::TooLong => false,
        Asked::TooMany => true,
    };
    let wrong = Wrong { decision: decision.into(), typed: text.into(), too_many };
    home::shown(&ask, &seat, Flaws { appeal: Some(&wrong), ..Flaws::default() }).await
}

/// Says whether a code can be theirs, while it is typed.
pub async fn code(mut ask: Ask) -> Result<Response, Error> {
    let Ok(seat) = seat(&mut ask).await? else { return Err(Error::Unauthenticated) };
    let whom = format!("code {}", seat.view.id);
    if !ask.app.leads.admits(&whom, ask.call.now).await {
        return Err(Error::TooMany);
    }
    let typed = ask.query.get("code").unwrap_or_default();
    let (found, _) = own_code::judge(&ask.app, &seat.view, typed).await?;
    let is_free = found == Standing::Free;
    Ok(json::answer(&json!({ "free": is_free, "text": standing(seat.lang, found) })))
}

/// Gives them the code that they chose.
pub async fn take_code(mut ask: Ask) -> Result<Response, Error> {
    let seat = match sender(&mut ask).await? {
        Ok(seat) => seat,
        Err(response) => return Ok(response),
    };
    let form = ask.form()?;
    let typed = form.get("code").unwrap_or_default().trim();
    let (app, call, campaign) = (&ask.app, &ask.call, &seat.campaign().id);
    match own_code::take(app, call, campaign, &seat.view, typed).await? {
        // Theirs already: sent twice.
        Standing::Free | Standing::Theirs => Ok(html::see(&seat.path("?done=code"))),
        found => {
            let flaws = Flaws { code: Some((typed, found)), ..Flaws::default() };
            home::shown(&ask, &seat, flaws).await
        }
    }
}
