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
    pub(super) const fn of(self, event: Event) -> Count {
        match event {
            Event::Lead => Count { all: self.leads, vouched: self.vouched_leads },
            Event::Conversion => Count { all: self.credited, vouched: self.vouched },
        }
    }
}

/// How many referrals count.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
pub struct Count {
    /// Whoever says so.
    pub all: u32,
    /// Those for which more than a browser vouches.
    pub vouched: u32,
}

/// How many of a referrer's referrals met the conditions of a rule that counts several.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Picked {
    /// The rule.
    pub rule: String,
    /// What it counted as a referral.
    pub event: Event,
    /// The calendar month in which they count; none: all time.
    pub month: Option<Month>,
    /// How many.
    #[serde(flatten)]
    pub count: Count,
}

/// How many of an event met a rule's conditions, in a month or in total.
pub(super) fn picked(all: &[Picked], rule: &str, event: Event, month: Option<Month>) -> Count {
    let found = all.iter().find(|it| it.rule == rule && it.event == event && it.month == month);
    found.map_or_else(Count::default, |it| it.count)
}

/// Counts one more for which more than a browser vouches, of all of these rules.
pub fn vouch_picked<'a>(
    all: &mut [Picked],
    month: Month,
    rules: impl Iterator<Item = (&'a str, Event)>,
) {
    for (rule, event) in rules {
        let same = |it: &&mut Picked| {
            it.rule == rule && it.event == event && it.month.is_none_or(|it| it == month)
        };
        for it in all.iter_mut().filter(same) {
            it.count.vouched = it.count.vouched.saturating_add(1);
        }
    }
}

/// A referral counts for a rule that counts by its conditions.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Met {
    /// The rule.
    pub rule: String,
    /// The version whose conditions it met.
    pub version: u32,
    /// What it counted as a referral.
    pub event: Event,
}

/// What a referrer has by a version of a rule, of one calendar month.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Given {
    /// The rule.
    pub rule: String,
    /// The version by which it was earned.
    pub version: u32,
    /// The month in which it was earned.
    pub month: Month,
    /// Which referrals its rounds count: those of the month, or all.
    pub per: Period,
    /// What it counted as a referral.
    pub event: Event,
    /// Whether its rounds counted only what met its conditions.
    pub picked: bool,
    /// How many rewards use up a limit: all but cancelled ones. Of rewards for a single referral
    /// only those do that more than a browser vouches for: what scripted leads earn does not
    /// (R-REWARD-6). Rounds all do: each is one of a kind.
    pub count: u32,
    /// On how many referrals the furthest round rests; none: 0.
    pub reach: u32,
    /// How many rewards for a single referral stand.
    pub singles: u32,
}

/// A reward that a rule gave for a friend before; it is not given again (R-REWARD-4).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Taken {
    /// The rule.
    pub rule: String,
    /// On which side.
    pub side: Side,
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
    /// How many of the referrer's referrals met each rule's conditions so far.
    pub picked: &'a [Picked],
    /// What the referrer has by each rule.
    pub given: &'a [Given],
    /// What was given for this friend before.
    pub taken: &'a [Taken],
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
    /// What makes it unique with rule and side: the friend, or the referrer and how many of their
    /// referrals the round rests on.
    pub occasion: String,
    /// How many of the referrer's referrals it rests on, if it is a round's; else on this one.
    pub needs: Option<u32>,
    /// The month within which those are counted; none: all.
    pub month: Option<Month>,
    /// Whether only those are counted that met the rule's conditions.
    pub picked: bool,
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
    /// For which rules that count by their conditions this referral counts.
    pub counted: Vec<Met>,
    /// What is left of the budget.
    pub budget: Budget,
}

/// Whether the rules need to know what the referrer has and has had: their counts then have to be
/// as they were read when the credit is written.
#[must_use]
pub fn counts(rules: &[Rule]) -> bool {
    rules.iter().any(|it| it.is_visible && (it.limit.is_some() || it.has_rounds()))
}

/// A rule's limit, and the month in which a reward counts against it.
#[derive(Clone, Copy, Debug)]
pub struct Limited<'a> {
    /// The rule.
    pub rule: &'a str,
    /// Its limit, if it has one.
    pub limit: Option<Limit>,
    /// The month in which the reward was earned, whenever it is approved.
    pub month: Month,
}

impl Limited<'_> {
    /// Whether nothing is left for a referrer.
    pub(super) fn is_full(&self, given: &[Given]) -> bool {
        self.limit.is_some_and(|it| it.most <= self.used(it.per, given))
    }

    /// How many rewards a referrer has in the same period (R-REWARD-7).
    fn used(&self, per: Period, given: &[Given]) -> u32 {
        let within = |it: &&Given| match per {
            Period::InTotal => true,
            Period::PerYear => it.month.year() == self.month.year(),
            Period::PerMonth => it.month == self.month,
        };
        let of_rule = given.iter().filter(|it| it.rule == self.rule);
        of_rule.filter(within).fold(0, |sum, it| sum.saturating_add(it.count))
    }
}

/// On how many of the referrals that a rule counts its rewards rest already: the next round begins
/// after them, whatever the rule asked for when they were earned (R-REWARD-11). What was counted
/// otherwise is another number.
pub(super) fn reach(rule: &Rule, given: &[Given], month: Month) -> u32 {
    let alike =
        |it: &&Given| it.rule == rule.id && it.event == rule.event && it.picked == rule.picks();
    let of_rule = || given.iter().filter(alike);
    if rule.period == Period::PerMonth {
        let rounds = of_rule().filter(|it| it.per == rule.period && it.month == month);
        return rounds.map(|it| it.reach).max().unwrap_or(0);
    }
    let in_total = || of_rule().filter(|it| it.per == Period::InTotal);
    let rounds = in_total().filter(|it| 0 < it.reach).map(|it| (it.version, it.reach));
    let (version, round) = rounds.max().unwrap_or_default();
    // A version either asks for rounds or rewards each referral for itself.
    let singles = in_total().filter(|it| version < it.version).map(|it| it.singles);
    singles.fold(round, u32::saturating_add)
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
        if answer.counts {
            let (rule, version) = (rule.id.clone(), rule.version);
            verdict.counted.push(Met { rule, version, event: moment.event });
        }
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
    /// Whether it counts for a rule that counts by its conditions.
    counts: bool,
}

fn ask(rule: &Rule, moment: &Moment<'_>, budget: &mut Budget) -> Answer {
    let refused = |reason| Answer { refused: Some(reason), ..Answer::default() };
    if !rule.is_open_at(moment.now) {
        return refused(Reason::RuleNotOpen);
    }
    if !rule.conditions.holds(moment.known) {
        return refused(Reason::ConditionNotMet);
    }
    let is_taken = |side| moment.taken.iter().any(|it| it.rule == rule.id && it.side == side);
    let for_friend = (rule.kind == Kind::DoubleSided && !rule.upfront).then(|| {
        let friend = moment.friend;
        reward(rule, moment, friend, Side::Friend, friend.to_string(), None)
    });
    let (for_referrer, full) = match round(rule, moment) {
        Some(_) if !rule.has_rounds() && is_taken(Side::Referrer) => {
            (None, Some(Reason::AlreadyGiven))
        }
        Some(Ok((occasion, needs))) => {
            (Some(reward(rule, moment, moment.referrer, Side::Referrer, occasion, needs)), None)
        }
        Some(Err(reason)) => (None, Some(reason)),
        None => (None, None),
    };
    let again = for_friend.is_some() && is_taken(Side::Friend);
    let (for_friend, full) =
        if again { (None, full.or(Some(Reason::AlreadyGiven))) } else { (for_friend, full) };
    // Both sides or none: nobody is told of a part that the other's took the money of.
    let earned = [for_friend, for_referrer];
    let (count, amount) = cost(earned.iter().flatten());
    let counts = rule.picks();
    if !budget.pays(count, amount) {
        return Answer { counts, ..refused(Reason::BudgetExhausted) };
    }
    Answer { earned, refused: full, counts }
}

/// A round's occasion, and how many referrals it rests on.
type Round = (String, Option<u32>);

/// The round of the referrer's that this referral completes, if any, unless the limit forbids it.
fn round(rule: &Rule, moment: &Moment<'_>) -> Option<Result<Round, Reason>> {
    let Moment { referrer, month, .. } = moment;
    let limited = Limited { rule: &rule.id, limit: rule.limit, month: *month };
    let full = limited.is_full(moment.given);
    if !rule.has_rounds() {
        let occasion = (moment.friend.to_string(), None);
        return Some(if full { Err(Reason::LimitReached) } else { Ok(occasion) });
    }
    let count = moment.count(rule).all;
    let every = rule.conversions_required.max(1);
    let beyond = count.saturating_sub(reach(rule, moment.given, *month));
    if beyond == 0 || !beyond.is_multiple_of(every) {
        return None;
    }
    if full {
        return Some(Err(Reason::LimitReached));
    }
    // What is counted otherwise is another number.
    let lead = if rule.event == Event::Lead { ":lead" } else { "" };
    let met = if rule.picks() { ":met" } else { "" };
    let monthly = rule.period == Period::PerMonth;
    let month = if monthly { format!(":{month}") } else { String::new() };
    Some(Ok((format!("{referrer}{lead}{met}{month}:{count}"), Some(count))))
}

impl Moment<'_> {
    /// How many referrals count for a rule that counts several, this one included.
    fn count(&self, rule: &Rule) -> Count {
        let monthly = rule.period == Period::PerMonth;
        if !rule.picks() {
            let tally = if monthly { self.monthly } else { self.total };
            return tally.of(rule.event);
        }
        let so_far = picked(self.picked, &rule.id, rule.event, monthly.then_some(self.month));
        Count {
            all: so_far.all.saturating_add(1),
            vouched: so_far.vouched.saturating_add(u32::from(self.source != Source::Browser)),
        }
    }
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
    let backed = needs.is_none_or(|it| it <= moment.count(rule).vouched);
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
        picked: needs.is_some() && rule.picks(),
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
