//! The owner's hand: rewards that somebody of the team approves, gives or takes back.

use serde_json::json;
use shared::{
    campaign::Campaign,
    decision::{Kind, Reason},
    reward::{self, Act, Limited, Source},
};

use super::plan::{Plan, Turns};
use crate::{
    app::App,
    call::Call,
    error::Error,
    sql::name,
    store::{
        approvals::{self, Held},
        referrers,
    },
};

/// What is done with a reward.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Deed {
    /// Approved, and given as well if so; by default, what the campaign's options say.
    Approve(Option<bool>),
    /// Given.
    Fulfill,
    /// Taken back, for a reason if somebody names one.
    Remove(Option<Reason>),
}

impl Deed {
    const fn act(self) -> Act {
        match self {
            Self::Approve(_) => Act::Approve,
            Self::Fulfill => Act::Fulfill,
            Self::Remove(_) => Act::Remove,
        }
    }
}

/// Does it, if the reward's state allows it.
pub async fn act(
    app: &App,
    call: &Call,
    campaign: &Campaign,
    id: &str,
    deed: Deed,
) -> Result<(), Error> {
    let mut turns = Turns::default();
    while turns.next().await {
        match attempt(app, call, campaign, id, deed).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(error) if turns.forgive(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::Busy)
}

/// One attempt; `false` if something else was first.
async fn attempt(
    app: &App,
    call: &Call,
    campaign: &Campaign,
    id: &str,
    deed: Deed,
) -> Result<bool, Error> {
    let held = approvals::find(&app.db, &campaign.id, id).await?.ok_or(Error::Missing)?;
    if let Some(message) = deed.act().refusal(held.status, held.approved_at.is_some(), held.lacks) {
        return Err(Error::RewardState(message));
    }
    let mut plan = Plan::new(call, &campaign.id);
    let facts = json!({
        "reward": held.id, "rule": held.rule, "version": held.version, "side": name(&held.side),
        "source": name(&held.source),
    });
    let decide = |plan: &mut Plan<'_>, kind, reason| {
        plan.decide(&held.participant, kind, vec![reason], facts.clone());
    };
    let before = json!({ "status": name(&held.status), "approved": held.approved_at.is_some() });
    let noted = |plan: &mut Plan<'_>, act, status, approved| {
        let after = json!({ "status": status, "approved": approved });
        plan.audit(act, id, before.clone(), after);
    };
    match deed {
        Deed::Approve(fulfilled) => {
            let fulfilled = fulfilled.unwrap_or(campaign.options.auto_fulfill_rewards);
            let source = vouch(app, campaign, &held, &mut plan).await?;
            plan.add(approvals::approve(&held, source, fulfilled, call.now));
            let status = if fulfilled { "FULFILLED" } else { "PENDING" };
            noted(&mut plan, "REWARD_APPROVED", status, true);
            decide(&mut plan, Kind::Approved, Reason::ApprovedByHand);
            if fulfilled {
                plan.decide_given(&held.participant, Reason::FulfilledByHand, &held.id, facts);
            }
        }
        Deed::Fulfill => {
            plan.add(approvals::fulfill(id, call.now));
            noted(&mut plan, "REWARD_FULFILLED", "FULFILLED", true);
            plan.decide_given(&held.participant, Reason::FulfilledByHand, &held.id, facts);
        }
        Deed::Remove(reason) => {
            plan.add(approvals::remove(id));
            noted(&mut plan, "REWARD_REMOVED", "CANCELLED", held.approved_at.is_some());
            let reasons = reason.into_iter().chain([Reason::RemovedByHand]).collect();
            plan.decide(&held.participant, Kind::Cancelled, reasons, facts.clone());
        }
    }
    plan.commit(&app.db).await
}

/// Who vouches for a reward that the owner approves: they do, where only a browser did. From then on
/// it uses up limit and budget, which it may not exceed (R-HAND-3).
async fn vouch(
    app: &App,
    campaign: &Campaign,
    held: &Held,
    plan: &mut Plan<'_>,
) -> Result<Source, Error> {
    if held.source != Source::Browser {
        return Ok(held.source);
    }
    let (db, month) = (&app.db, held.earned_month);
    let referrer = referrers::bound(db, &campaign.id, &held.referrer, month, true).await?;
    let referrer = referrer.ok_or(Error::Missing)?;
    plan.count(&referrer, true);
    let limited = Limited { rule: &held.rule, limit: held.rule_limit, month };
    let (given, budget) = (&referrer.given, referrer.budget);
    match reward::vouch(held.side, held.needs, held.amount, limited, given, budget) {
        None => Ok(Source::Server),
        Some(Reason::LimitReached) => Err(Error::RewardState(
            "Invalid reward state. The limit of this reward has been reached.",
        )),
        Some(_) => Err(Error::RewardState(
            "Invalid reward state. The budget of the program has been used up.",
        )),
    }
}
