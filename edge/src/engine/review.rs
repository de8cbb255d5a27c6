//! What the owner says of a referral that is held: it goes on, or it is refused for good.

use serde_json::json;
use shared::{
    api::Review,
    campaign::{Campaign, Options},
    decision::{self, Reason},
    referral::{Outcome, expires_at},
    refund, reward,
};

use super::{
    award,
    guard::Kept,
    past::{self, Whose},
    plan::{Plan, Turns},
};
use crate::{
    app::App,
    call::Call,
    click::cache::Terms,
    error::Error,
    sql::read,
    store::{
        conversions::Kind,
        holds::{self, Hold, Order},
        participants::{self, Key},
        referrals, referrers, refunds, rewards, rules,
    },
};

/// What came of a review.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reviewed {
    /// It goes on; credited, if its event had come.
    Accepted {
        /// Whether it is credited.
        credited: bool,
    },
    /// It is not held.
    NotHeld,
    /// Nobody referred this person.
    NotReferred,
    /// It is refused for good.
    Rejected,
}

/// Ends the hold of a friend's referral.
pub async fn review(
    app: &App,
    call: &Call,
    terms: &Terms,
    friend: &Key,
    review: Review,
) -> Result<Reviewed, Error> {
    let mut turns = Turns::default();
    while turns.next().await {
        let said = Said { review, also: &|_| {}, again: turns.again() };
        match attempt(app, call, &terms.campaign, friend, &said).await {
            Ok(Some(reviewed)) => return Ok(reviewed),
            Ok(None) => {}
            Err(error) if turns.forgive(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::Busy)
}

/// What is said of a hold.
pub(super) struct Said<'a> {
    /// How it ends.
    pub(super) review: Review,
    /// What else the batch does.
    pub(super) also: &'a (dyn Fn(&mut Plan<'_>) + Sync),
    /// Whether this is not the first attempt.
    pub(super) again: bool,
}

/// One attempt; `None` if something else was first.
pub(super) async fn attempt(
    app: &App,
    call: &Call,
    campaign: &Campaign,
    friend: &Key,
    said: &Said<'_>,
) -> Result<Option<Reviewed>, Error> {
    let review = said.review;
    // Facts.
    let known = participants::find(&app.db, &campaign.id, friend).await?;
    let known = known.ok_or(Error::Missing)?;
    let Some(bond) = &known.bond else { return Ok(Some(Reviewed::NotReferred)) };
    let hold = holds::find(&app.db, &known.id).await?;
    let (Outcome::Held, Some(hold)) = (bond.outcome, hold) else {
        return Ok(Some(Reviewed::NotHeld));
    };
    let month = campaign.options.time_zone.month(call.now);
    let mut plan = Plan::new(call, &campaign.id);
    (said.also)(&mut plan);
    plan.add(holds::end(&known.id, hold.event.as_deref(), review, call.now));
    let outcome = match review {
        Review::Accept => Outcome::Pending,
        Review::Reject => Outcome::Rejected,
    };
    plan.add(referrals::review(&campaign.id, &known.id, outcome, month, call.now));
    let act = match review {
        Review::Accept => "REFERRAL_ACCEPTED",
        Review::Reject => "REFERRAL_REJECTED",
    };
    let (was, is) = (json!({ "outcome": Outcome::Held }), json!({ "outcome": outcome }));
    plan.audit(act, known.id.as_str(), was, is);
    let facts = json!({ "referrer": bond.referrer });
    if review == Review::Reject {
        let reasons = vec![Reason::RejectedByHand];
        plan.decide(&known.id, decision::Kind::Refused, reasons, facts);
        return Ok(plan.commit(&app.db).await?.then_some(Reviewed::Rejected));
    }
    plan.decide(&known.id, decision::Kind::Accepted, vec![Reason::ApprovedByHand], facts);
    let rules = rules::of_campaign(&app.db, &campaign.id).await?;
    let (db, counted) = (&app.db, reward::counts(&rules));
    let referrer = referrers::bound(db, &campaign.id, &bond.referrer, month, counted).await?;
    let came = sound(&hold)?;

    let taken = if said.again { rewards::taken(&app.db, &known.id).await? } else { Vec::new() };

    // Decisions and their consequences.
    let mut credited = false;
    if let Some(referrer) = &referrer {
        let whose = Whose { id: Some(&known.id), email: None, metadata: &known.metadata };
        let none = reward::Known::default();
        let since = Some(bond.bound_at);
        let lead = past::known(app, &campaign.id, &rules, &whose, none, since).await?;
        let due = award::Due {
            campaign,
            rules: &rules,
            friend: &known.id,
            referrer,
            taken: &taken,
            bound_at: bond.bound_at,
            came: false,
            kind: Kind::Signup,
            transaction: None,
            known: &lead,
            delayed: false,
            source: known.source,
        };
        // To join is no sign-up, and that a file tells of somebody is none of now.
        let budget = if hold.past || known.joined {
            award::count_lead(&mut plan, call, &due)
        } else {
            plan.add(referrals::signed_up(&campaign.id, &known.id));
            award::lead(&mut plan, call, &due)
        };
        if let Some((kept, order)) = &came {
            let left = order.map(|it| refund::left(it.net, it.gross, it.refunded));
            // Paid for as it was read, or decided again.
            plan.extend(order.map(|it| refunds::unchanged(&it.id, it.refunded)));
            let (bought, since) = (kept.order(left), Some(kept.at));
            let facts = past::known(app, &campaign.id, &rules, &whose, bought, since).await?;
            // The review took the time, not the friend: the window is that of the event.
            let in_time = expires_at(campaign, bond.bound_at).is_none_or(|it| kept.at <= it);
            let timeless =
                Options { referral_credit_window_days: None, ..campaign.options.clone() };
            let timeless = Campaign { options: timeless, ..campaign.clone() };
            let due = award::Due {
                campaign: if in_time { &timeless } else { campaign },
                kind: kept.kind(),
                transaction: kept.transaction.as_deref(),
                known: &facts,
                source: kept.source.max(known.source),
                ..due
            };
            let credit = award::settle(&mut plan, call, &due, budget);
            credited = credit.outcome == Some(Outcome::Awarded);
        }
    }
    Ok(plan.commit(&app.db).await?.then_some(Reviewed::Accepted { credited }))
}

/// The first event of a hold that still stands, with its order, if it was one.
fn sound(hold: &Hold) -> Result<Option<(Kept, Option<&Order>)>, Error> {
    let Some(events) = hold.event.as_deref() else { return Ok(None) };
    let events: Vec<Kept> =
        read(events).map_err(|it| Error::Internal(format!("kept events: {it}")))?;
    let found = events.into_iter().find_map(|it| match &it.transaction {
        None => Some((it, None)),
        Some(id) => {
            let order = hold.orders.iter().find(|order| order.id == *id && order.stands == 1)?;
            Some((it, Some(order)))
        }
    });
    Ok(found)
}

#[cfg(test)]
mod tests;
