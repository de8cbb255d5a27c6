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
    store::{codes::Standing, seen},
};

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

/// Takes one of the three forms, by the last part of its address.
pub async fn tell(mut ask: Ask) -> Result<Response, Error> {
    let seat = match sender(&mut ask).await? {
        Ok(seat) => seat,
        Err(response) => return Ok(response),
    };
    let (app, call, campaign, form) = (&ask.app, &ask.call, &seat.campaign().id, ask.form()?);
    let text = |name| form.get(name).unwrap_or_default().trim();
    let wrong;
    let (done, flaws) = match ask.uri.rsplit('/').next() {
        // Up to when they read what happened.
        Some("seen") => {
            let until = text("until").parse().map_or(call.now, Timestamp).min(call.now);
            app.db.batch(vec![seen::update(&seat.view.id, until)]).await?;
            ("?done=seen".into(), Flaws::default())
        }
        // A decision is to be looked at again.
        Some("appeal") => {
            let (decision, text) = (text("decision"), text("text"));
            let asked = appeal::ask(app, call, campaign, &seat.view.id, decision, text).await?;
            let too_many = asked == Asked::TooMany;
            wrong = Wrong { decision: decision.into(), typed: text.into(), too_many };
            let flaw = (asked != Asked::Noted).then_some(&wrong);
            (format!("?done=asked#d-{decision}"), Flaws { appeal: flaw, ..Flaws::default() })
        }
        // The code that they chose; it is theirs already, if it was sent twice.
        _ => {
            let typed = text("code");
            let found = own_code::take(app, call, campaign, &seat.view, typed).await?;
            let is_theirs = matches!(found, Standing::Free | Standing::Theirs);
            let code = (!is_theirs).then_some((typed, found));
            ("?done=code".into(), Flaws { code, ..Flaws::default() })
        }
    };
    if flaws.appeal.is_none() && flaws.code.is_none() {
        return Ok(html::see(&seat.path(&done)));
    }
    home::shown(&ask, &seat, flaws).await
}
