//! Credits that are put off: crediting them on their day, and taking them back before it.

use serde_json::json;
use shared::{
    campaign::Campaign,
    decision::{Kind, Reason},
    referral::Outcome,
    reward,
};

use super::{
    award,
    past::{self, Whose},
    plan::{Plan, Turns},
    terms,
};
use crate::{
    app::App,
    call::Call,
    error::Error,
    store::{
        conversions,
        delays::{self, Due},
        participants::{self, Key},
        referrers, rewards, rules,
    },
};

/// Takes a delayed credit back; `false` if none waits.
pub async fn cancel(
    app: &App,
    call: &Call,
    campaign: &Campaign,
    friend: &Key,
) -> Result<bool, Error> {
    let mut turns = Turns::default();
    while turns.next().await {
        let known = participants::find(&app.db, &campaign.id, friend).await?;
        let known = known.ok_or(Error::Missing)?;
        let bond = known.bond.filter(|it| it.outcome == Outcome::Pending);
        let Some((bond, until)) = bond.and_then(|it| it.credit_at.map(|at| (it, at))) else {
            return Ok(false);
        };
        let mut plan = Plan::new(call, &campaign.id);
        plan.add(delays::end(&campaign.id, &known.id, until, call.now));
        let facts = json!({ "referrer": bond.referrer, "creditAt": until });
        let was = json!({ "creditAt": until });
        plan.audit("REFERRAL_DELAY_CANCELLED", known.id.as_str(), was, json!({}));
        plan.decide(&known.id, Kind::Refused, vec![Reason::DelayCancelled], facts);
        if plan.commit(&app.db).await? {
            return Ok(true);
        }
    }
    Err(Error::Busy)
}

/// Credits a referral whose day has come, as of that day, unless something else was first.
pub(super) async fn credit(app: &App, call: &Call, due: &Due) -> Result<(), Error> {
    let call = &call.at(due.credit_at);
    let mut turns = Turns::default();
    while turns.next().await {
        match attempt(app, call, due, turns.again()).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(error) if turns.forgive(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::Busy)
}

/// One attempt; `false` if something else was first.
async fn attempt(app: &App, call: &Call, it: &Due, again: bool) -> Result<bool, Error> {
    // Facts.
    let (terms, _) = terms::read(app, &it.campaign).await?;
    let campaign = &terms.campaign;
    let friend = Key::Code(it.friend.clone());
    let known = participants::find(&app.db, &campaign.id, &friend).await?;
    let known = known.ok_or(Error::Missing)?;
    let waits =
        |it: &participants::Bond| it.outcome == Outcome::Pending && it.credit_at == Some(call.now);
    let Some(bond) = known.bond.filter(waits) else { return Ok(true) };
    let rules = rules::of_campaign(&app.db, &campaign.id).await?;
    let (key, counted) = (Key::Code(bond.referrer.clone()), reward::counts(&rules));
    let month = campaign.options.time_zone.month(call.now);
    let referrer = referrers::find(&app.db, &campaign.id, &key, month, counted).await?;

    let taken = if again { rewards::taken(&app.db, &known.id).await? } else { Vec::new() };

    // Decision and consequences.
    let mut plan = Plan::new(call, &campaign.id);
    // First of all: whoever took it back or credited it meanwhile fails the batch.
    plan.add(delays::end(&campaign.id, &known.id, it.credit_at, call.now));
    match &referrer {
        Some(referrer) => {
            let whose = Whose { id: Some(&known.id), email: None, metadata: &known.metadata };
            let event = reward::Known::default();
            let known_of = past::known(app, &campaign.id, &rules, &whose, event, None).await?;
            let due = award::Due {
                campaign,
                rules: &rules,
                friend: &known.id,
                referrer,
                taken: &taken,
                bound_at: bond.bound_at,
                came: false,
                delayed: true,
                kind: conversions::Kind::Qualifying,
                transaction: None,
                known: &known_of,
                source: it.credit_source,
            };
            award::settle(&mut plan, call, &due, referrer.budget);
        }
        None => {
            let facts = json!({ "referrer": bond.referrer, "creditAt": it.credit_at });
            plan.decide(&known.id, Kind::Refused, vec![Reason::ReferrerUnknown], facts);
        }
    }
    plan.commit(&app.db).await
}
