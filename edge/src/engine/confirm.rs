//! Confirming what only a browser said: from then on it is available to spend (R-SOURCE-1).

use serde_json::json;
use shared::{
    campaign::Campaign,
    decision::{Kind, Reason},
    referral::Outcome,
    reward::{self, Approval, Budget, Confirmation, Event, Settled, Source, Tally, Waiting},
};

use super::{award, plan::Plan};
use crate::{
    call::Call,
    sql::name,
    store::{
        conversions,
        counted::Counted,
        holds,
        participants::{self, Known},
        referrals,
        referrers::{self, Referrer},
        reversals,
    },
};

/// What a confirmation changes.
pub(super) struct Confirmed<'a> {
    pub(super) campaign: &'a Campaign,
    /// The friend.
    pub(super) known: &'a Known,
    /// Who referred them, with the counts of the month in which that was credited.
    pub(super) referrer: Option<&'a Referrer>,
    /// The rewards for this friend alone that wait.
    pub(super) waiting: &'a [Waiting],
    /// The rules that count the friend by their conditions.
    pub(super) counted: &'a [Counted],
    pub(super) source: Source,
}

/// Plans the confirmation of a participant, if a browser alone vouched for them and `source` is
/// better; fails the batch if another confirmation was first. Says what is left of the budget.
pub(super) fn plan(plan: &mut Plan<'_>, call: &Call, it: &Confirmed<'_>) -> Budget {
    let Confirmed { campaign, known, source, .. } = *it;
    let mut budget = it.referrer.map(|it| it.budget).unwrap_or_default();
    if source == Source::Browser || known.source != Source::Browser {
        return budget;
    }
    plan.add(participants::vouch(&known.id, source));
    let mut reasons = vec![Reason::ConfirmedByServer];
    let mut settled = Vec::new();
    if let (Some(bond), Some(referrer)) = (&known.bond, it.referrer) {
        // Only now it uses up limits and budget (R-REWARD-6).
        plan.count(referrer, true);
        plan.add(referrals::vouch(&campaign.id, &known.id, source, call.now));
        let credited = bond.outcome == Outcome::Awarded;
        // What is held counts nothing until its review.
        let counts = !matches!(bond.outcome, Outcome::Held | Outcome::Rejected);
        let one = |mut tally: Tally| {
            tally.vouched_leads = tally.vouched_leads.saturating_add(u32::from(counts));
            tally.vouched = tally.vouched.saturating_add(u32::from(credited));
            tally
        };
        let zone = campaign.options.time_zone;
        let month = bond.month.unwrap_or_else(|| zone.month(call.now));
        let mut picked = referrer.picked.clone();
        let met = it.counted.iter().map(|it| (it.rule.as_str(), it.event));
        reward::vouch_picked(&mut picked, month, met);
        let confirmation = Confirmation {
            options: &campaign.options,
            given: &referrer.given,
            total: one(referrer.total),
            monthly: (month, one(referrer.monthly)),
            picked: &picked,
            source,
            now: call.now,
        };
        let rounds = referrer.rounds.iter().filter(|it| credited || it.event == Event::Lead);
        let waiting = it.waiting.iter().chain(rounds);
        settled = award::confirm(plan, call, waiting.clone(), &confirmation, &mut budget);
        award::tell_cancelled(plan, &bond.referrer, waiting, &settled);
    }
    for (_, outcome) in &settled {
        let reason = match outcome {
            Settled::Cancelled(reason) => *reason,
            Settled::Stands(Approval::ByHand) => Reason::AwaitsApproval,
            Settled::Stands(Approval::At(_)) => Reason::AwaitsHold,
            Settled::Stands(Approval::Now { .. }) => continue,
        };
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    let facts = json!({
        "source": name(&source),
        "referrer": known.bond.as_ref().map(|it| &it.referrer),
        "settled": award::settled(&settled),
    });
    plan.decide(&known.id, Kind::Confirmed, reasons, facts);
    budget
}

/// Plans the end of a bond that a browser alone had told, where the back end names another referrer
/// (R-SOURCE-4): what was earned by it is cancelled and counted no more. Fails the batch if a
/// confirmation was first.
pub(super) fn retract(plan: &mut Plan<'_>, campaign: &Campaign, known: &Known, source: Source) {
    let Some(bond) = &known.bond else { return };
    plan.add(participants::vouch(&known.id, source));
    plan.add(referrals::release(&campaign.id, &known.id));
    plan.add(holds::forget(&known.id));
    if bond.outcome == Outcome::Awarded {
        plan.extend(conversions::retract(&campaign.id, &known.id));
    }
    plan.add(referrers::touch(&bond.referrer));
    let now = plan.now();
    plan.extend(reversals::retract_friend(&known.id, now));
    plan.extend(reversals::retract_rounds(&bond.referrer, now));
}
