//! Confirming what only a browser said: from then on it is available to spend (R-SOURCE-1).

use serde_json::json;
use shared::{
    campaign::Campaign,
    decision::{Kind, Reason},
    referral::Outcome,
    reward::{self, Rule, Source, standing},
};

use super::plan::Plan;
use crate::{
    call::Call,
    sql::name,
    store::{
        conversions,
        participants::{self, Known, Referrer},
        referrals,
        rewards::{self, Backing},
    },
};

/// Plans the confirmation of a participant, if a browser alone vouched for them and `source` is
/// better; fails the batch if another confirmation was first.
///
/// `counted` is the referrer of a credited friend with what they have by each rule: only now it
/// uses up a limit (R-REWARD-6).
pub(super) fn plan(
    plan: &mut Plan<'_>,
    call: &Call,
    campaign: &Campaign,
    rules: &[Rule],
    known: &Known,
    counted: Option<&Referrer>,
    source: Source,
) {
    if source == Source::Browser || known.source != Source::Browser {
        return;
    }
    let backing = backing(call, campaign, source);
    plan.add(participants::vouch(&known.id, source));
    let mut reasons = vec![Reason::ConfirmedByServer];
    let awarded = known.bond.as_ref().is_some_and(|it| it.outcome == Outcome::Awarded);
    if let Some(referrer) = counted.filter(|_| awarded && reward::counts(rules)) {
        plan.add(participants::recount_at(&referrer.standing.participant, referrer.revision));
        for rule in reward::full(rules, &referrer.given) {
            plan.add(rewards::cancel_beyond(&known.id, &rule.id));
            reasons.push(Reason::LimitReached);
        }
        reasons.dedup();
    }
    if let Some(bond) = &known.bond {
        plan.add(referrals::vouch(&campaign.id, &known.id, source, call.now));
        plan.add(rewards::settle_friend(&known.id, backing));
        plan.add(rewards::settle_rounds(&bond.referrer, backing));
    }
    if known.bond.is_some() && !backing.approved {
        reasons.push(Reason::AwaitsApproval);
    }
    let facts = json!({
        "source": name(&source),
        "referrer": known.bond.as_ref().map(|it| &it.referrer),
    });
    plan.decide(&known.id, Kind::Confirmed, reasons, facts);
}

/// Plans the end of a bond that a browser alone had told, where the back end names another referrer
/// (R-SOURCE-4): what was earned by it is cancelled and counted no more. Fails the batch if a
/// confirmation was first.
pub(super) fn retract(plan: &mut Plan<'_>, campaign: &Campaign, known: &Known, source: Source) {
    let Some(bond) = &known.bond else { return };
    plan.add(participants::vouch(&known.id, source));
    plan.add(referrals::release(&campaign.id, &known.id));
    if bond.outcome == Outcome::Awarded {
        plan.extend(conversions::retract(&campaign.id, &known.id));
        plan.add(participants::take_credit(&bond.referrer));
        plan.add(rewards::cancel_friend(&known.id));
        plan.add(rewards::cancel_rounds(&bond.referrer));
    }
}

/// How far rewards go that `source` vouches for.
pub(super) fn backing(call: &Call, campaign: &Campaign, source: Source) -> Backing {
    let (approved, fulfilled) = standing(&campaign.options, source);
    Backing { source, approved, fulfilled, now: call.now }
}
