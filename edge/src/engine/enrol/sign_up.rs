//! What a sign-up earns.

use shared::{
    campaign::{Campaign, Trigger},
    code::Code,
    referral::Outcome,
    reward::{self, Rule, Source},
    time::Timestamp,
};

use super::{Bonding, Kept, Kind, NamedStatus, Newcomer, Plan, Referrer, award, guard};
use crate::{
    call::Call,
    store::{holds, participants::Bond, referrals},
};

/// A sign-up, and what is known of it.
pub(super) struct SignUp<'a> {
    pub(super) campaign: &'a Campaign,
    pub(super) newcomer: &'a Newcomer,
    pub(super) rules: &'a [Rule],
    pub(super) facts: &'a reward::Known,
}

/// The bond by which a sign-up is settled.
#[derive(Clone, Copy)]
pub(super) struct Bound<'a> {
    referrer: Option<&'a Referrer>,
    outcome: Outcome,
    since: Timestamp,
    /// Whether the friend counts already.
    came: bool,
    /// Who says so.
    source: Source,
}

impl<'a> Bound<'a> {
    /// A fresh one.
    pub(super) fn by(bonding: &'a Bonding, newcomer: &Newcomer, now: Timestamp) -> Self {
        let (referrer, outcome) = (bonding.referrer.as_ref(), bonding.guarded.outcome());
        Self { referrer, outcome, since: now, came: false, source: newcomer.source }
    }

    /// That of somebody who joined, and whose sign-up is told only now: they count since they came,
    /// unless they are held.
    pub(super) fn known(bond: &'a Bond, referrer: &'a Referrer, source: Source) -> Self {
        let (outcome, since) = (bond.outcome, bond.bound_at);
        let came = matches!(outcome, Outcome::Pending | Outcome::Awarded);
        Self { referrer: Some(referrer), outcome, since, came, source }
    }
}

/// Settles a bond whose sign-up is told: by the rules that ask for no more than that, and, if it waits
/// and the sign-up, or the back end's word, is what the campaign pays for, as a credit. If it is held, the
/// sign-up is kept until the review.
pub(super) fn credit(
    plan: &mut Plan<'_>,
    call: &Call,
    signup: &SignUp<'_>,
    friend: &Code,
    bound: Bound<'_>,
) {
    let SignUp { campaign, newcomer, rules, facts } = *signup;
    let Some(referrer) = bound.referrer else { return };
    // What a file says nothing of was rewarded elsewhere, or is still to come.
    let past = newcomer.imported.is_some() && newcomer.named_status != Some(NamedStatus::Awarded);
    let credited_as = match (newcomer.named_status, campaign.installation.referral_trigger) {
        (Some(NamedStatus::Pending), _) | (None, Trigger::Custom) => None,
        (_, Trigger::OnSignup) => Some(Kind::Signup),
        (Some(NamedStatus::Awarded), Trigger::Custom) => Some(Kind::Qualifying),
    };
    match (bound.outcome, credited_as) {
        (Outcome::Pending | Outcome::Awarded, _) => {}
        (Outcome::Held, _) if past => return plan.add(holds::pass(friend)),
        (Outcome::Held, Some(kind)) => {
            let kept = Kept::new(call, kind, None, facts, bound.source);
            return guard::keep(plan, friend, &kept);
        }
        _ => return,
    }
    let due = award::Due {
        campaign,
        rules,
        friend,
        referrer,
        taken: &[],
        bound_at: bound.since,
        came: bound.came,
        delayed: false,
        kind: credited_as.unwrap_or(Kind::Signup),
        transaction: None,
        known: facts,
        source: bound.source,
    };
    let told = if past { award::count_lead } else { award::lead };
    let budget = told(plan, call, &due);
    if bound.came {
        plan.add(referrals::signed_up(&campaign.id, friend));
    }
    if credited_as.is_some() && !past && bound.outcome == Outcome::Pending {
        award::settle(plan, call, &due, budget);
    }
}
