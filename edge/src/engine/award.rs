//! Settling a referral whose event came: the credit, what both sides earn, and the decision.

use serde_json::{Value, json};
use shared::{
    campaign::Campaign,
    code::Code,
    decision,
    referral::{self, Credit, CreditFacts, Outcome},
    reward::{self, Rule, Source},
    time::Timestamp,
};

use super::{confirm, plan::Plan};
use crate::{
    call::Call,
    sql::name,
    store::{
        conversions::{self, Kind, Numbers},
        participants::{self, Referrer},
        referrals,
        rewards::{self, Occasion},
    },
};

/// A pending referral and the event that it waited for.
pub(super) struct Due<'a> {
    pub(super) campaign: &'a Campaign,
    pub(super) rules: &'a [Rule],
    pub(super) friend: &'a Code,
    pub(super) referrer: &'a Referrer,
    pub(super) bound_at: Timestamp,
    pub(super) kind: Kind,
    /// The order, if it is recorded already.
    pub(super) transaction: Option<&'a str>,
    pub(super) source: Source,
}

/// Decides the credit and plans what follows from it.
pub(super) fn settle(plan: &mut Plan<'_>, call: &Call, due: &Due<'_>) -> Credit {
    let Due { campaign, rules, friend, referrer, source, .. } = *due;
    let credit = referral::credit(&CreditFacts {
        campaign,
        rules,
        friend,
        referrer: &referrer.standing,
        bound_at: due.bound_at,
        credited: referrer.credited,
        vouched: referrer.vouched,
        given: &referrer.given,
        source,
        now: call.now,
    });
    let kind = match credit.outcome {
        Some(Outcome::Awarded) => decision::Kind::Credited,
        Some(_) => decision::Kind::Expired,
        None => decision::Kind::Refused,
    };
    if let Some(outcome) = credit.outcome {
        plan.add(referrals::settle(&campaign.id, friend, outcome, source, call.now));
        if due.transaction.is_none() {
            plan.extend(conversion(call, due));
        }
    }
    if credit.outcome == Some(Outcome::Awarded) {
        let id = &referrer.standing.participant;
        let counted = reward::counts(rules);
        plan.add(if counted {
            participants::count_credit_at(id, referrer.revision)
        } else {
            participants::count_credit(id)
        });
        let occasion = Occasion { campaign: &campaign.id, referrer: id, friend, now: call.now };
        for earned in &credit.rewards {
            plan.add(rewards::insert(&format!("prew_{}", call.id()), &occasion, earned));
        }
        if counted && source != Source::Browser {
            plan.add(rewards::settle_rounds(id, confirm::backing(call, campaign, source)));
        }
    }
    plan.decide(friend, kind, credit.reasons.clone(), facts(due, &credit));
    credit
}

/// The event under a number of our own: it happens to a friend once.
fn conversion(call: &Call, due: &Due<'_>) -> Vec<crate::sql::Statement> {
    let id = call.id();
    let new = conversions::New {
        id: &id,
        campaign: &due.campaign.id,
        participant: due.friend,
        kind: due.kind,
        paid: None,
        source: due.source,
        now: call.now,
    };
    conversions::insert(&new, &Numbers::from([(due.kind.as_str(), due.friend.to_string())]))
}

fn facts(due: &Due<'_>, credit: &Credit) -> Value {
    let rules: Vec<Value> =
        due.rules.iter().map(|it| json!({ "id": it.id, "version": it.version })).collect();
    let rewards: Vec<Value> = credit
        .rewards
        .iter()
        .map(|it| {
            json!({
                "rule": it.rule,
                "version": it.version,
                "participant": it.participant,
                "side": name(&it.side),
                "occasion": it.occasion,
                "approved": it.approved,
            })
        })
        .collect();
    json!({
        "referrer": due.referrer.standing.participant,
        "event": due.kind.as_str(),
        "transaction": due.transaction,
        "source": name(&due.source),
        "boundAt": due.bound_at,
        "campaignStatus": name(&due.campaign.status),
        "referralCreditWindowDays": due.campaign.options.referral_credit_window_days,
        "credited": due.referrer.credited,
        "rules": rules,
        "rewards": rewards,
    })
}
