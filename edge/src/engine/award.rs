//! Settling a referral whose event came: the credit, what both sides earn, and the decision.

use serde_json::{Value, json};
use shared::{
    campaign::Campaign,
    code::Code,
    decision::{self, Reason},
    referral::{self, Credit, CreditFacts, Outcome},
    reward::{
        self, Budget, Confirmation, Event, Known, Met, Rule, Settled, Side, Source, Taken, Waiting,
    },
    time::{Span, Timestamp},
    zone::Month,
};

use super::plan::Plan;
use crate::{
    call::Call,
    sql::name,
    store::{
        conversions::{self, Kind, Numbers},
        counted, delays,
        referrals::{self, Settlement},
        referrers::Referrer,
        rewards::{self, Occasion},
    },
};

/// A pending referral and the event that it waited for.
pub(super) struct Due<'a> {
    pub(super) campaign: &'a Campaign,
    pub(super) rules: &'a [Rule],
    pub(super) friend: &'a Code,
    pub(super) referrer: &'a Referrer,
    /// What was given for the friend before; read once the batch failed.
    pub(super) taken: &'a [Taken],
    pub(super) bound_at: Timestamp,
    /// Whether the friend counts since they came, and their sign-up is told only now.
    pub(super) came: bool,
    /// Whether its event came before, and its credit was put off.
    pub(super) delayed: bool,
    pub(super) kind: Kind,
    /// The order, if it is recorded already.
    pub(super) transaction: Option<&'a str>,
    /// What conditions look at.
    pub(super) known: &'a Known,
    pub(super) source: Source,
}

impl Due<'_> {
    pub(super) fn facts(&self, call: &Call, budget: Budget) -> CreditFacts<'_> {
        CreditFacts {
            campaign: self.campaign,
            rules: self.rules,
            friend: self.friend,
            referrer: &self.referrer.standing,
            bound_at: self.bound_at,
            total: self.referrer.total,
            monthly: self.referrer.monthly,
            came: self.came,
            picked: &self.referrer.picked,
            given: &self.referrer.given,
            taken: self.taken,
            budget,
            known: self.known,
            source: self.source,
            now: call.now,
        }
    }

    /// Fails the batch if the referrer's counts changed since they were read, where the rules or a round
    /// that waits rest on them.
    fn count(&self, plan: &mut Plan<'_>) {
        plan.count(self.referrer, reward::counts(self.rules) || !self.referrer.rounds.is_empty());
    }
}

/// Decides what a friend's sign-up earns by rules that ask for no more, and plans what follows. Says
/// what is left of the budget.
pub(super) fn lead(plan: &mut Plan<'_>, call: &Call, due: &Due<'_>) -> Budget {
    let facts = due.facts(call, due.referrer.budget);
    let Some(credit) = referral::lead(&facts) else { return count_lead(plan, call, due) };
    due.count(plan);
    let (budget, rounds) = give(plan, call, due, &facts, &credit, Event::Lead);
    let told = told(due, &credit, "LEAD", &rounds);
    plan.decide(due.friend, decision::Kind::Earned, credit.reasons, told);
    budget
}

/// Plans what follows for rewards that wait from a sign-up that earns nothing itself: the friend counts,
/// and who vouches for them does.
pub(super) fn count_lead(plan: &mut Plan<'_>, call: &Call, due: &Due<'_>) -> Budget {
    let (referrer, mut budget) = (due.referrer, due.referrer.budget);
    if !referrer.rounds.iter().any(|it| it.event == Event::Lead) {
        return budget;
    }
    due.count(plan);
    let facts = due.facts(call, budget);
    let month = due.campaign.options.time_zone.month(call.now);
    let rounds = settle_rounds(plan, call, due, &facts, (Event::Lead, month, &[]), &mut budget);
    if !rounds.is_empty() {
        let told = json!({
            "source": name(&due.source), "referrer": referrer.standing.participant,
            "settled": settled(&rounds),
        });
        plan.decide(due.friend, decision::Kind::Confirmed, vec![Reason::ConfirmedByServer], told);
    }
    budget
}

/// Decides the credit and plans what follows from it; `budget` is what is left of it.
pub(super) fn settle(plan: &mut Plan<'_>, call: &Call, due: &Due<'_>, budget: Budget) -> Credit {
    let Due { campaign, friend, source, .. } = *due;
    let facts = due.facts(call, budget);
    let credit =
        if due.delayed { referral::credit_delayed(&facts) } else { referral::credit(&facts) };
    let kind = match credit.outcome {
        Some(Outcome::Awarded) => decision::Kind::Credited,
        Some(_) => decision::Kind::Expired,
        None => decision::Kind::Refused,
    };
    if let Some(outcome) = credit.outcome {
        let own = call.id();
        let settlement = Settlement {
            outcome,
            month: (outcome == Outcome::Awarded).then_some(credit.month),
            conversion: Some(due.transaction.unwrap_or(&own)),
            source,
            now: call.now,
        };
        plan.add(referrals::settle(&campaign.id, friend, &settlement));
        if due.transaction.is_none() {
            plan.extend(conversion(&own, call, due));
        }
    }
    let mut rounds = Vec::new();
    if credit.reasons.contains(&Reason::ReferrerBlocked) {
        tell_referrer(plan, due, Reason::ReferrerBlocked, json!({}));
    }
    if credit.outcome == Some(Outcome::Awarded) {
        due.count(plan);
        rounds = give(plan, call, due, &facts, &credit, Event::Conversion).1;
    }
    plan.decide(
        friend,
        kind,
        credit.reasons.clone(),
        told(due, &credit, due.kind.as_str(), &rounds),
    );
    credit
}

/// Plans that the credit waits, or what its refusal means if it would be refused now.
pub(super) fn delay(
    plan: &mut Plan<'_>,
    call: &Call,
    due: &Due<'_>,
    budget: Budget,
    days: u16,
) -> Option<Credit> {
    if referral::refusal(&due.facts(call, budget)).is_some() {
        return Some(settle(plan, call, due, budget));
    }
    let until = call.now + Span::days(i64::from(days));
    plan.add(delays::begin(&due.campaign.id, due.friend, until, due.source, call.now));
    let facts = json!({
        "referrer": due.referrer.standing.participant,
        "event": due.kind.as_str(),
        "source": name(&due.source),
        "boundAt": due.bound_at,
        "delayInDays": days,
        "creditAt": until,
    });
    plan.decide(due.friend, decision::Kind::Delayed, vec![Reason::AwaitsDay], facts);
    None
}

/// Rewards that waited, and what becomes of them.
pub(super) type Rounds = Vec<(String, Settled)>;

/// Plans the rewards of a credit, and settles the rounds that it completes.
fn give(
    plan: &mut Plan<'_>,
    call: &Call,
    due: &Due<'_>,
    facts: &CreditFacts<'_>,
    credit: &Credit,
    event: Event,
) -> (Budget, Rounds) {
    let referrer = due.referrer;
    let occasion = Occasion {
        campaign: &due.campaign.id,
        referrer: &referrer.standing.participant,
        friend: Some(due.friend),
        month: credit.month,
        now: call.now,
    };
    for earned in &credit.rewards {
        plan.add(rewards::insert(&format!("prew_{}", call.id()), &occasion, earned));
    }
    for met in &credit.counted {
        plan.add(counted::insert(&due.campaign.id, due.friend, met));
    }
    let theirs = [Reason::BudgetExhausted, Reason::LimitReached];
    for it in credit.refused.iter().filter(|it| theirs.contains(&it.reason)) {
        let month = credit.month.to_string();
        let facts = json!({ "rule": it.rule, "version": it.version, "month": month });
        tell_referrer(plan, due, it.reason, facts);
    }
    let (mut budget, counted) = (credit.budget, (event, credit.month, &*credit.counted));
    let rounds = settle_rounds(plan, call, due, facts, counted, &mut budget);
    (budget, rounds)
}

/// Plans what becomes of the rounds that wait for somebody better than a browser, now that this friend
/// counts in that month by that event and for those rules.
fn settle_rounds(
    plan: &mut Plan<'_>,
    call: &Call,
    due: &Due<'_>,
    facts: &CreditFacts<'_>,
    (event, month, met): (Event, Month, &[Met]),
    budget: &mut Budget,
) -> Rounds {
    if due.source == Source::Browser {
        return Vec::new();
    }
    let referrer = due.referrer;
    let (total, monthly) = facts.counts(event);
    let mut picked = referrer.picked.clone();
    reward::vouch_picked(&mut picked, month, met.iter().map(|it| (it.rule.as_str(), it.event)));
    let confirmation = Confirmation {
        options: &due.campaign.options,
        given: &referrer.given,
        total,
        monthly: (month, monthly),
        picked: &picked,
        source: due.source,
        now: call.now,
    };
    let rounds = referrer.rounds.iter().filter(|it| it.event == event);
    let settled = confirm(plan, call, rounds.clone(), &confirmation, budget);
    tell_cancelled(plan, &referrer.standing.participant, rounds, &settled);
    settled
}

/// Says to the referrer what of their own affairs stands in the way of what they would earn. Nothing in
/// it is of a friend, so it is said once.
fn tell_referrer(plan: &mut Plan<'_>, due: &Due<'_>, reason: Reason, mut facts: Value) {
    facts["side"] = name(&Side::Referrer).into();
    let referrer = &due.referrer.standing.participant;
    plan.decide(referrer, decision::Kind::Refused, vec![reason], facts);
}

/// Says to the referrer which rewards that waited are cancelled: nothing is left for them.
pub(super) fn tell_cancelled<'a>(
    plan: &mut Plan<'_>,
    referrer: &Code,
    waiting: impl Iterator<Item = &'a Waiting>,
    settled: &Rounds,
) {
    for it in waiting.filter(|it| it.side == Side::Referrer) {
        let Some((_, Settled::Cancelled(reason))) = settled.iter().find(|(id, _)| *id == it.id)
        else {
            continue;
        };
        let facts = json!({ "reward": it.id, "rule": it.rule, "side": name(&it.side) });
        plan.decide(referrer, decision::Kind::Cancelled, vec![*reason], facts);
    }
}

/// Plans what becomes of rewards that waited for somebody better than a browser.
pub(super) fn confirm<'a>(
    plan: &mut Plan<'_>,
    call: &Call,
    waiting: impl Iterator<Item = &'a Waiting>,
    confirmation: &Confirmation<'_>,
    budget: &mut Budget,
) -> Rounds {
    let settled = reward::confirm(waiting, confirmation, budget);
    for (id, outcome) in &settled {
        plan.add(match outcome {
            Settled::Stands(approval) => {
                rewards::settle(id, confirmation.source, *approval, call.now)
            }
            Settled::Cancelled(_) => rewards::cancel_waiting(id),
        });
    }
    settled
}

/// The event under a number of our own: it happens to a friend once.
fn conversion(id: &str, call: &Call, due: &Due<'_>) -> Vec<crate::sql::Statement> {
    let new = conversions::New {
        id,
        campaign: &due.campaign.id,
        participant: due.friend,
        kind: due.kind,
        paid: None,
        known: None,
        source: due.source,
        now: call.now,
    };
    conversions::insert(&new, &Numbers::from([(due.kind.as_str(), due.friend.to_string())]))
}

/// What the decision rested on.
fn told(due: &Due<'_>, credit: &Credit, event: &str, rounds: &Rounds) -> Value {
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
                "approved": matches!(it.approval, reward::Approval::Now { .. }),
            })
        })
        .collect();
    let refused: Vec<Value> = credit
        .refused
        .iter()
        .map(|it| json!({ "rule": it.rule, "version": it.version, "reason": name(&it.reason) }))
        .collect();
    json!({
        "referrer": due.referrer.standing.participant,
        "event": event,
        "transaction": due.transaction,
        "source": name(&due.source),
        "boundAt": due.bound_at,
        "campaignStatus": name(&due.campaign.status),
        "referralCreditWindowDays": due.campaign.options.referral_credit_window_days,
        "credited": due.referrer.total.credited,
        "month": credit.month.to_string(),
        "rules": rules,
        "rewards": rewards,
        "refused": refused,
        "counted": credit.counted.iter().map(|it| &it.rule).collect::<Vec<_>>(),
        "settled": settled(rounds),
    })
}

/// Rewards that waited, for a decision's facts.
pub(super) fn settled(rounds: &Rounds) -> Vec<Value> {
    let each = rounds.iter().map(|(id, outcome)| match outcome {
        Settled::Stands(_) => json!({ "reward": id }),
        Settled::Cancelled(reason) => json!({ "reward": id, "cancelled": name(reason) }),
    });
    each.collect()
}

#[cfg(test)]
mod tests;
