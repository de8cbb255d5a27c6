//! All that is known of somebody: as a page, and as a file.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use shared::written::machine;

use super::{Seat, account, home, page, seat};
use crate::{
    error::Error,
    json,
    pages::me::data as pages,
    routes::{ask::Ask, html},
    store::{bonds::Bonds, browse, circles, dossiers, sessions},
};

/// The page.
pub async fn show(mut ask: Ask) -> Result<Response, Error> {
    match seat(&mut ask).await? {
        Ok(seat) => {
            let known = known(&ask, &seat).await?;
            Ok(page(StatusCode::OK, &pages::data(seat.lang, seat.campaign(), &known)))
        }
        Err(terms) => Ok(html::see(&format!("/me/{}", terms.campaign.id))),
    }
}

/// The file.
pub async fn file(mut ask: Ask) -> Result<Response, Error> {
    let seat = match seat(&mut ask).await? {
        Ok(seat) => seat,
        Err(terms) => return Ok(html::see(&format!("/me/{}", terms.campaign.id))),
    };
    let mut response = json::answer(&known(&ask, &seat).await?);
    let headers = response.headers_mut();
    let name = format!("attachment; filename=\"{}.json\"", seat.view.id);
    if let Ok(name) = HeaderValue::try_from(name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

/// What is known of somebody, but for signs of abuse and what the team noted; of friends no more than
/// the page shows.
async fn known(ask: &Ask, seat: &Seat) -> Result<Value, Error> {
    let (db, campaign, view) = (&ask.app.db, &seat.campaign().id, &seat.view);
    let extra = dossiers::extra(db, &view.id).await?.ok_or(Error::Missing)?;
    let address: Value =
        extra.address.as_deref().and_then(|it| serde_json::from_str(it).ok()).unwrap_or_default();
    let friends: Vec<Value> = circles::friends(db, &view.id, None, 1_000)
        .await?
        .into_iter()
        .map(home::friend)
        .map(|it| json!({ "friend": it.name, "month": it.month, "status": it.status }))
        .collect();
    let own = Bonds { campaign: campaign.clone(), of: Some(view.id.clone()), ..Bonds::default() };
    let own = browse::page(db, &own, None, 1_000).await?.rows;
    let referral = own.iter().find(|it| it.friend == view.id).map(|it| {
        json!({ "joinedAt": machine(it.bound_at), "channel": it.channel,
                "status": it.outcome.coarse() })
    });
    let rewards: Vec<Value> = home::rewards(ask, seat)
        .await?
        .into_iter()
        .zip(&view.rewards)
        .map(|(it, stored)| {
            json!({ "id": it.id, "what": it.what, "amount": stored.amount,
                    "currency": stored.currency, "couponCode": it.coupon, "charity": it.charity,
                    "status": it.status, "earnedAt": machine(it.at),
                    "approvedAt": stored.approved_at.map(machine),
                    "givenAt": stored.fulfilled_at.map(machine) })
        })
        .collect();
    let decisions: Vec<Value> = home::lines(ask, seat)
        .await?
        .into_iter()
        .map(|it| json!({ "at": machine(it.at), "text": it.text }))
        .collect();
    let events: Vec<Value> = dossiers::events(db, campaign, &view.id)
        .await?
        .iter()
        .map(|it| json!({ "kind": it.kind, "at": machine(it.at), "number": it.number, "what": it.what }))
        .collect();
    let messages = account::messages(ask, seat).await?;
    Ok(json!({
        "id": view.id, "email": view.email, "firstName": view.first_name,
        "lastName": view.last_name, "language": view.language, "metadata": view.metadata,
        "codes": view.vanity, "address": address, "joinedAt": machine(view.created_at),
        "clicks": view.impressions, "uniqueClicks": view.uniques, "shares": view.shares,
        "messages": messages.map(|it| json!({ "notices": it[0], "promotions": it[1] })),
        "sessions": sessions::of_participant(db, view.id.as_str(), ask.call.now).await?,
        "referral": referral, "friends": friends, "rewards": rewards, "decisions": decisions,
        "events": events,
    }))
}
