//! All that is known of somebody: as a page, and as a file.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use shared::{lang::Lang, written::machine};

use super::{Seat, account, home, page, seat};
use crate::{
    error::Error,
    json,
    mail::topic::{Each, TOPICS},
    pages::{console::mail, me::data as pages, unsubscribe::name},
    routes::{ask::Ask, html},
    store::{
        appeals, circles, decisions, dossiers, messages, participants::Place, rewards as stored,
        sessions,
    },
};

/// The page.
pub async fn show(mut ask: Ask) -> Result<Response, Error> {
    match seat(&mut ask).await? {
        Ok(seat) => {
            let known = known(&ask, &seat, Extent::Newest).await?;
            let host = &ask.app.settings.public_url;
            Ok(page(StatusCode::OK, &pages::data(seat.lang, host, seat.campaign(), &known)))
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
    let mut response = json::answer(&known(&ask, &seat, Extent::Whole).await?);
    let headers = response.headers_mut();
    let name = format!("attachment; filename=\"{}.json\"", seat.view.id);
    if let Ok(name) = HeaderValue::try_from(name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

/// How much is read of each list.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Extent {
    /// What came last.
    Newest,
    /// All of it.
    Whole,
}

impl Extent {
    /// How many rows are read at once.
    const fn rows(self) -> u32 {
        match self {
            Self::Newest => pages::SHOWN,
            Self::Whole => 500,
        }
    }

    /// Where the next rows begin, if there are more to read.
    fn next<T, P>(self, found: &[T], place: impl Fn(&T) -> P) -> Option<P> {
        let full = usize::try_from(self.rows()).is_ok_and(|it| it <= found.len());
        found.last().filter(|_| full && self == Self::Whole).map(place)
    }
}

/// What is known of somebody, but for signs of abuse and what the team noted; of friends no more than
/// the page shows.
async fn known(ask: &Ask, seat: &Seat, extent: Extent) -> Result<Value, Error> {
    let (db, campaign, view) = (&ask.app.db, &seat.campaign().id, &seat.view);
    let extra = dossiers::extra(db, &view.id).await?.ok_or(Error::Missing)?;
    let address: Value =
        extra.address.as_deref().and_then(|it| serde_json::from_str(it).ok()).unwrap_or_default();
    let referral = circles::own(db, campaign, &view.id).await?.map(|it| {
        json!({ "joinedAt": machine(it.bound_at), "channel": it.channel,
                "status": it.outcome.coarse() })
    });
    let events = if extent == Extent::Whole { u32::MAX } else { extent.rows() };
    let events: Vec<Value> = dossiers::newest_events(db, campaign, &view.id, events)
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
        "messages": messages.map(|it| wanted(seat.lang, it)),
        "sessions": sessions::of_participant(db, view.id.as_str(), ask.call.now).await?,
        "referral": referral, "friends": friends(ask, seat, extent).await?,
        "rewards": rewards(ask, seat, extent).await?, "decisions": decided(ask, seat, extent).await?,
        "agreed": extra.agreed.map(|it| json!({
            "terms": format!("{}/c/{}?version={it}", ask.app.settings.public_url, seat.campaign().id),
            "version": it, "at": extra.agreed_at.map(machine),
        })),
        "appeals": appeals(ask, seat).await?, "events": events,
        "sent": sent(ask, seat, extent).await?,
    }))
}

/// Which messages somebody gets, by their names.
fn wanted(lang: Lang, topics: Each<bool>) -> Vec<Value> {
    let each = TOPICS.into_iter().zip(topics);
    each.map(|(it, wanted)| json!({ "what": name(lang, it), "wanted": wanted })).collect()
}

/// Friends.
async fn friends(ask: &Ask, seat: &Seat, extent: Extent) -> Result<Vec<Value>, Error> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let found =
            circles::friends(&ask.app.db, &seat.view.id, after.as_ref(), extent.rows()).await?;
        after =
            extent.next(&found, |it| Place { created_at: it.bound_at, id: it.friend.to_string() });
        all.extend(
            found
                .into_iter()
                .map(home::friend)
                .map(|it| json!({ "friend": it.name, "month": it.month, "status": it.status })),
        );
        if after.is_none() {
            return Ok(all);
        }
    }
}

/// Rewards.
async fn rewards(ask: &Ask, seat: &Seat, extent: Extent) -> Result<Vec<Value>, Error> {
    let (db, id) = (&ask.app.db, &seat.view.id);
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let found = stored::page(db, id, after.as_ref(), extent.rows()).await?;
        after = extent.next(&found, |it| Place { created_at: it.created_at, id: it.id.clone() });
        let told = home::rewards(ask, seat, &found).await?;
        all.extend(told.into_iter().zip(&found).map(|(it, stored)| {
            json!({ "id": it.id, "what": it.what.text(), "amount": stored.amount,
                    "currency": stored.currency, "couponCode": it.coupon, "charity": it.charity,
                    "status": it.status, "earnedAt": machine(it.at),
                    "approvedAt": stored.approved_at.map(machine),
                    "givenAt": stored.fulfilled_at.map(machine) })
        }));
        if after.is_none() {
            return Ok(all);
        }
    }
}

/// Decisions.
async fn decided(ask: &Ask, seat: &Seat, extent: Extent) -> Result<Vec<Value>, Error> {
    let (campaign, id) = (&seat.campaign().id, seat.view.id.as_str());
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let found = decisions::page(&ask.app.db, campaign, id, before, extent.rows()).await?;
        before = extent.next(&found, |it| it.seq);
        all.extend(found.iter().map(|it| {
            let it = home::line(seat.lang, &it.decision);
            json!({ "at": machine(it.at), "text": it.text })
        }));
        if before.is_none() {
            return Ok(all);
        }
    }
}

/// What they asked to be looked at again.
async fn appeals(ask: &Ask, seat: &Seat) -> Result<Vec<Value>, Error> {
    let found = appeals::of(&ask.app.db, &seat.view.id).await?;
    let one = |it: appeals::Appeal| {
        json!({ "text": it.text, "at": machine(it.at), "status": it.state.as_str(),
                "reply": it.reply })
    };
    Ok(found.into_iter().map(one).collect())
}

/// Messages that were sent.
async fn sent(ask: &Ask, seat: &Seat, extent: Extent) -> Result<Vec<Value>, Error> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let found =
            messages::sent(&ask.app.db, seat.view.id.as_str(), before, extent.rows()).await?;
        before = extent.next(&found, |it| it.seq);
        all.extend(found.iter().map(
            |it| json!({ "what": mail::name(it.kind, seat.lang).0, "at": machine(it.settled_at) }),
        ));
        if before.is_none() {
            return Ok(all);
        }
    }
}
