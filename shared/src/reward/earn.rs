//! What one referral earns: the rules are asked one by one, and each answers with rewards or a
//! reason.

use alloc::{format, string::String, string::ToString, vec::Vec};

use serde::{Deserialize, Serialize};

use super::{Approval, Event, Gift, Kind, Known, Limit, Period, Rule, Side, Source, approval};
use crate::{campaign::Options, code::Code, decision::Reason, time::Timestamp, zone::Month};

/// How many of a referrer's referrals count, over some time.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default)]
pub struct Tally {
    /// Friends who came, credited or not.
    pub leads: u32,
    /// Those for whom more than a browser vouches.
    pub vouched_leads: u32,
    /// Credited referrals.
    pub credited: u32,
    /// Those for which more than a browser vouches.
    pub vouched: u32,
}

impl Tally {
    /// How many there are of an event.
    const fn of(self, event: Event) -> u32 {
        match event {
            Event::Lead => self.leads,
            Event::Conversion => self.credited,
        }
    }

    /// For how many of an event more than a browser vouches.
    pub(super) const fn vouched_by(self, event: Event) -> u32 {
        match event {
            Event::Lead => self.vouched_leads,
            Event::Conversion => self.vouched,
        }
    }
}

/// How many rewards a referrer has by a rule, cancelled ones left out. Of rewards for a single
/// referral only those count that more than a browser vouches for: what scripted leads earn does not
/// use up a limit (R-REWARD-6). Rounds all count: each is one of a kind.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
pub struct Given {
    /// The rule.
    pub rule: String,
    /// Since the beginning.
    pub total: u32,
    /// In this calendar year.
    pub year: u32,
    /// In this calendar month.
    pub month: u32,
}

/// What a campaign may give away, or may still give; none: any amount.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Budget {
    /// Rewards, of both sides together.
    pub rewards: Option<i64>,
    /// What they are worth, in minor units of the campaign's currency.
    pub amount: Option<i64>,
}

/// A referral at the moment at which it may earn.
#[derive(Clone, Debug)]
pub struct Moment<'a> {
    /// The campaign's options.
    pub options: &'a Options,
    /// What happened.
    pub event: Event,
    /// Who vouches for it, and for what led to it.
    pub source: Source,
    /// Who referred.
    pub referrer: &'a Code,
    /// Who came.
    pub friend: &'a Code,
    /// The referrer's counts, this referral included.
    pub total: Tally,
    /// Those of the calendar month, this referral included.
    pub monthly: Tally,
    /// Which month it is in the campaign's time zone.
    pub month: Month,
    /// What the referrer has by each rule.
    pub given: &'a [Given],
    /// What is left of the budget.
    pub budget: Budget,
    /// What conditions look at.
    pub known: &'a Known,
    /// When.
    pub now: Timestamp,
}

/// A reward that somebody earned.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Earned {
    /// The rule and its version.
    pub rule: String,
    /// The version that was in force.
    pub version: u32,
    /// Who earned it.
    pub participant: Code,
    /// On which side.
    pub side: Side,
    /// By what it was earned.
    pub event: Event,
    /// What it is.
    pub gift: Gift,
    /// What makes it unique with rule and side: the friend, or the referrer's n-th round.
    pub occasion: String,
    /// How many of the referrer's referrals it rests on, if it is a round's; else on this one.
    pub needs: Option<u32>,
    /// The month within which those are counted; none: all.
    pub month: Option<Month>,
    /// The least of those who vouch for what it rests on.
    pub source: Source,
    /// The rule's hold, in days.
    pub hold_days: u16,
    /// How far it goes by itself.
    pub approval: Approval,
}

/// A rule that gave nothing, and why.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refused {
    /// The rule.
    pub rule: String,
    /// The version that was in force.
    pub version: u32,
    /// Why.
    pub reason: Reason,
}

/// What the rules answered.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Verdict {
    /// What was earned.
    pub earned: Vec<Earned>,
    /// By which rules nothing was, and why. Rules whose round is not full yet are not among them.
    pub refused: Vec<Refused>,
    /// What is left of the budget.
    pub budget: Budget,
}

/// Whether the rules need to know what the referrer has and has had: their counts then have to be
/// as they were read when the credit is written.
#[must_use]
pub fn counts(rules: &[Rule]) -> bool {
    rules.iter().any(|it| it.is_visible && (it.limit.is_some() || it.has_rounds()))
}

/// Whether a rule's limit leaves nothing for a referrer.
pub(super) fn is_full(rule: &Rule, given: &[Given]) -> bool {
    rule.limit.is_some_and(|it| it.most <= it.used(rule, given))
}

impl Limit {
    /// How much of it a referrer has used.
    fn used(self, rule: &Rule, given: &[Given]) -> u32 {
        let given = given.iter().find(|it| it.rule == rule.id);
        given.map_or(0, |it| match self.per {
            Period::InTotal => it.total,
            Period::PerYear => it.year,
            Period::PerMonth => it.month,
        })
    }
}

/// What one referral earns by the rules.
///
/// A round rests on all its referrals: one that scripted leads helped to fill waits like they do
/// (R-SOURCE-1). A reward that waits for somebody better than a browser uses up no budget.
#[must_use]
pub fn earn(rules: &[Rule], moment: &Moment<'_>) -> Verdict {
    let mut verdict = Verdict { budget: moment.budget, ..Verdict::default() };
    for rule in rules {
        if !rule.is_visible || rule.event != moment.event || rule.kind == Kind::Leaderboard {
            continue;
        }
        let answer = ask(rule, moment, &mut verdict.budget);
        verdict.earned.extend(answer.earned.into_iter().flatten());
        if let Some(reason) = answer.refused {
            let (rule, version) = (rule.id.clone(), rule.version);
            verdict.refused.push(Refused { rule, version, reason });
        }
    }
    verdict
}

/// What one rule gives to friend and referrer, and why not to one or both.
#[derive(Default)]
struct Answer {
    earned: [Option<Earned>; 2],
    refused: Option<Reason>,
}

fn ask(rule: &Rule, moment: &Moment<'_>, budget: &mut Budget) -> Answer {
    let refused = |reason| Answer { refused: Some(reason), ..Answer::default() };
    if !rule.is_open_at(moment.now) {
        return refused(Reason::RuleNotOpen);
    }
    if !rule.conditions.holds(moment.known) {
        return refused(Reason::ConditionNotMet);
    }
    let for_friend = (rule.kind == Kind::DoubleSided && !rule.upfront).then(|| {
        let friend = moment.friend;
        reward(rule, moment, friend, Side::Friend, friend.to_string(), None)
    });
    let (for_referrer, full) = match round(rule, moment) {
        Some(Ok((occasion, needs))) => {
            (Some(reward(rule, moment, moment.referrer, Side::Referrer, occasion, needs)), None)
        }
        Some(Err(reason)) => (None, Some(reason)),
        None => (None, None),
    };
    // Both sides or none: nobody is told of a part that the other's took the money of.
    let earned = [for_friend, for_referrer];
    let (count, amount) = cost(earned.iter().flatten());
    if !budget.pays(count, amount) {
        return refused(Reason::BudgetExhausted);
    }
    Answer { earned, refused: full }
}

/// A round's occasion, and how many referrals it rests on.
type Round = (String, Option<u32>);

/// The round of the referrer's that this referral completes, if any, unless the limit forbids it.
fn round(rule: &Rule, moment: &Moment<'_>) -> Option<Result<Round, Reason>> {
    let Moment { referrer, month, .. } = moment;
    if !rule.has_rounds() {
        let occasion = (moment.friend.to_string(), None);
        let full = is_full(rule, moment.given);
        return Some(if full { Err(Reason::LimitReached) } else { Ok(occasion) });
    }
    let monthly = rule.period == Period::PerMonth;
    let tally = if monthly { moment.monthly } else { moment.total };
    let count = tally.of(rule.event);
    let every = rule.conversions_required.max(1);
    if count == 0 || !count.is_multiple_of(every) {
        return None;
    }
    let round = count / every;
    if is_full(rule, moment.given) {
        return Some(Err(Reason::LimitReached));
    }
    let occasion =
        if monthly { format!("{referrer}:{month}:{round}") } else { format!("{referrer}:{round}") };
    Some(Ok((occasion, Some(count))))
}

fn reward(
    rule: &Rule,
    moment: &Moment<'_>,
    participant: &Code,
    side: Side,
    occasion: String,
    needs: Option<u32>,
) -> Earned {
    let monthly = needs.is_some() && rule.period == Period::PerMonth;
    let tally = if monthly { moment.monthly } else { moment.total };
    let backed = needs.is_none_or(|it| it <= tally.vouched_by(rule.event));
    let source = if backed { moment.source } else { Source::Browser };
    Earned {
        rule: rule.id.clone(),
        version: rule.version,
        participant: participant.clone(),
        side,
        event: rule.event,
        gift: match side {
            Side::Referrer => rule.gives.clone(),
            Side::Friend => rule.referral_gives.clone(),
        },
        occasion,
        needs,
        month: monthly.then_some(moment.month),
        source,
        hold_days: rule.hold_days,
        approval: approval(moment.options, rule.hold_days, source, moment.now, moment.now),
    }
}

/// How many these rewards are and what they are worth. What waits for confirmation costs nothing
/// yet.
fn cost<'a>(rewards: impl Iterator<Item = &'a Earned>) -> (i64, i64) {
    rewards.filter(|it| it.source != Source::Browser).fold((0, 0), |(count, amount), it| {
        (count + 1, amount.saturating_add(it.gift.amount.unwrap_or(0)))
    })
}

impl Budget {
    /// Takes this many rewards of this worth together, if all of it is left.
    pub(super) fn pays(&mut self, count: i64, amount: i64) -> bool {
        if self.rewards.is_some_and(|it| it < count) || self.amount.is_some_and(|it| it < amount) {
            return false;
        }
        self.rewards = self.rewards.map(|it| it - count);
        self.amount = self.amount.map(|it| it - amount);
        true
    }
}

#[cfg(test)]
#[path = "earn_tests.rs"]
mod tests;
