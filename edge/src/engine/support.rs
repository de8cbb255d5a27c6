//! What a support agent does: looks one customer up, and invites one.

use serde_json::json;
use shared::{campaign::Campaign, code::Code, email::Email, reward::Source};

use super::{
    enrol::{self, Newcomer},
    tries::{self, Tries},
};
use crate::{
    app::App,
    call::Call,
    click::cache::Terms,
    error::Error,
    store::{
        audit,
        participants::{self, Key, Known},
    },
};

/// How often a member may look somebody up in an hour, and how many they may invite.
const LOOK_UPS: u32 = 60;
const INVITATIONS: u32 = 60;

/// What came of a look-up.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Found {
    /// They take part.
    Somebody(Known),
    /// Nobody with this address or code does.
    Nobody,
    /// The member has looked up enough for this hour.
    TooOften,
}

/// Looks up the participant with exactly this address or code. Whom a member looked at stands in the
/// audit log.
pub async fn look_up(
    app: &App,
    call: &Call,
    member: &str,
    campaign: &Campaign,
    key: &Key,
) -> Result<Found, Error> {
    let tries = Tries::new(app, "look-up", member.as_bytes(), LOOK_UPS);
    if tries.are_over(app, call).await? {
        return Ok(Found::TooOften);
    }
    let known = participants::find(&app.db, &campaign.id, key).await?;
    let subject = known.as_ref().map_or("", |it| it.id.as_str());
    let (id, was, is) = (Some(campaign.id.as_str()), json!({}), json!({}));
    let noted = audit::insert(call, "LOOKED_UP", id, subject, &was, &is);
    if !tries::write(app, vec![tries.add(call), noted]).await? {
        return Ok(Found::TooOften);
    }
    Ok(known.map_or(Found::Nobody, Found::Somebody))
}

/// What came of an invitation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Invited {
    /// They take part now, and are written to.
    New(Code),
    /// They took part before.
    Known(Code),
    /// The member has invited enough for this hour.
    TooOften,
}

/// Adds a customer who said yes to a member of the team; they are written to as everybody whom the
/// team adds. To learn that somebody takes part already is a look-up, and counted and noted as one.
pub async fn invite(
    app: &App,
    call: &Call,
    member: &str,
    terms: &Terms,
    email: Email,
    first_name: Option<String>,
    language: &str,
) -> Result<Invited, Error> {
    let campaign = &terms.campaign.id;
    let tries = Tries::new(app, "invitation by", member.as_bytes(), INVITATIONS);
    if tries.are_over(app, call).await? {
        return Ok(Invited::TooOften);
    }
    let key = Key::Identity(email.identity());
    let known = participants::find(&app.db, campaign, &key).await?;
    let (id, was, is) = (Some(campaign.as_str()), json!({}), json!({}));
    let seen = |who: &Code| audit::insert(call, "LOOKED_UP", id, who.as_str(), &was, &is);
    let mut batch = vec![tries.add(call)];
    batch.extend(known.as_ref().map(|it| seen(&it.id)));
    if !tries::write(app, batch).await? {
        return Ok(Invited::TooOften);
    }
    if let Some(known) = known {
        return Ok(Invited::Known(known.id));
    }
    let newcomer = Newcomer {
        first_name,
        language: Some(language.into()),
        by_hand: true,
        ..Newcomer::new(email, Source::Server)
    };
    let enrolled = enrol::enrol(app, call, terms, &newcomer).await?;
    if !enrolled.is_new {
        app.db.batch(vec![seen(&enrolled.participant)]).await?;
        return Ok(Invited::Known(enrolled.participant));
    }
    let id = enrolled.participant;
    let consent = json!({ "consent": "TOLD_TO_STAFF" });
    let act = "CUSTOMER_INVITED";
    let noted = audit::insert(call, act, Some(campaign), id.as_str(), &json!({}), &consent);
    app.db.batch(vec![noted]).await?;
    Ok(Invited::New(id))
}
