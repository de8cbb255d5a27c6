//! What becomes of rewards that waited for somebody better than a browser.

use alloc::{string::String, vec::Vec};

use serde::Deserialize;

use super::{
    Approval, Budget, Event, Given, Limit, Limited, Period, Picked, Side, Source, Tally, approval,
    earn::picked,
};
use crate::{campaign::Options, decision::Reason, time::Timestamp, zone::Month};

/// A reward that only a browser's word stands for.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Waiting {
    /// `prew_…`.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// Whose side it is.
    pub side: Side,
    /// By what it was earned.
    pub event: Event,
    /// How many of the referrer's referrals a round rests on; none: it rests on one friend.
    pub needs: Option<u32>,
    /// The month within which those are counted; none: all.
    pub month: Option<Month>,
    /// Whether only those are counted that met the rule's conditions.
    #[serde(default)]
    pub picked: bool,
    /// The month in which it was earned.
    pub earned_month: Month,
    /// Its rule's limit, as the rule is now or was when it was removed.
    pub limit: Option<Limit>,
    /// What it is worth.
    pub amount: Option<i64>,
    /// Its rule's hold, in days.
    pub hold_days: u16,
    /// When it was earned.
    pub created_at: Timestamp,
}

/// What a confirmation is decided on.
#[derive(Clone, Debug)]
pub struct Confirmation<'a> {
    /// The campaign's options.
    pub options: &'a Options,
    /// What the referrer has by each rule.
    pub given: &'a [Given],
    /// The referrer's counts, what is confirmed now included.
    pub total: Tally,
    /// Those of the month in which the referral was credited, and which month that is.
    pub monthly: (Month, Tally),
    /// How many met each rule's conditions, what is confirmed now included.
    pub picked: &'a [Picked],
    /// Who confirms.
    pub source: Source,
    /// When.
    pub now: Timestamp,
}

/// What becomes of a reward that waited.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Settled {
    /// It goes as far as it goes by itself.
    Stands(Approval),
    /// It is cancelled: nothing is left for it.
    Cancelled(Reason),
}

/// What becomes of rewards that waited, oldest first: a round that is not vouched for as a whole
/// waits on and is not among the answers. Only now they use up limits and budget (R-REWARD-6).
pub fn confirm<'a>(
    waiting: impl Iterator<Item = &'a Waiting>,
    confirmation: &Confirmation<'_>,
    budget: &mut Budget,
) -> Vec<(String, Settled)> {
    let mut given = confirmation.given.to_vec();
    let mut settled = Vec::new();
    for reward in waiting {
        if !confirmation.vouches_for(reward) {
            continue;
        }
        let counts = reward.side == Side::Referrer && reward.needs.is_none();
        let Waiting { rule, limit, earned_month: month, .. } = reward;
        let limited = Limited { rule, limit: *limit, month: *month };
        let outcome = if counts && limited.is_full(&given) {
            Settled::Cancelled(Reason::LimitReached)
        } else if !budget.pays(1, reward.amount.unwrap_or(0)) {
            Settled::Cancelled(Reason::BudgetExhausted)
        } else {
            if counts {
                given.push(one_more(reward));
            }
            let Confirmation { options, source, now, .. } = *confirmation;
            Settled::Stands(approval(options, reward.hold_days, source, reward.created_at, now))
        };
        settled.push((reward.id.clone(), outcome));
    }
    settled
}

impl Confirmation<'_> {
    /// Whether more than a browser vouches for all that a reward rests on.
    fn vouches_for(&self, reward: &Waiting) -> bool {
        let Some(needs) = reward.needs else { return true };
        let (month, monthly) = self.monthly;
        // A round of another month changes with that month's referrals only.
        if reward.month.is_some_and(|it| it != month) {
            return false;
        }
        let tally = if reward.month.is_some() { monthly } else { self.total };
        let count = if reward.picked {
            picked(self.picked, &reward.rule, reward.event, reward.month)
        } else {
            tally.of(reward.event)
        };
        needs <= count.vouched
    }
}

/// What a referrer has by one more reward of theirs for a single referral.
fn one_more(reward: &Waiting) -> Given {
    Given {
        rule: reward.rule.clone(),
        version: 0,
        month: reward.earned_month,
        per: Period::InTotal,
        event: reward.event,
        picked: false,
        count: 1,
        reach: 0,
        singles: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    const THEN: Timestamp = Timestamp(1_790_000_000_000);
    const MONTH: Month = Month(24_310);

    fn waiting(id: &str, needs: Option<u32>) -> Waiting {
        Waiting {
            id: id.into(),
            rule: "crew_1".into(),
            side: Side::Referrer,
            event: Event::Conversion,
            needs,
            month: None,
            picked: false,
            earned_month: MONTH,
            limit: None,
            amount: Some(500),
            hold_days: 0,
            created_at: THEN,
        }
    }

    fn given(month: Month, count: u32) -> Given {
        Given { month, count, singles: count, ..one_more(&waiting("a", None)) }
    }

    #[track_caller]
    fn check(
        waiting: &[Waiting],
        vouched: u32,
        given: &[Given],
        budget: Budget,
        expected: &[(&str, Settled)],
    ) {
        let tally = Tally { credited: 9, vouched, ..Tally::default() };
        let mut budget = budget;
        let settled = confirm(
            waiting.iter(),
            &Confirmation {
                options: &Options::default(),
                given,
                total: tally,
                monthly: (MONTH, tally),
                picked: &[],
                source: Source::Server,
                now: THEN,
            },
            &mut budget,
        );
        let settled: Vec<_> = settled.iter().map(|(id, it)| (id.as_str(), *it)).collect();
        assert_eq!(settled, expected);
    }

    const STANDS: Settled = Settled::Stands(Approval::Now { fulfilled: false });

    #[test]
    fn r_source_2_confirmation_settles_the_friends_rewards_and_full_rounds_only() {
        let all = [waiting("a", None), waiting("b", Some(3)), waiting("c", Some(4))];
        let any = Budget::default();
        check(&all, 3, &[], any, &[("a", STANDS), ("b", STANDS)]);
        check(&all, 2, &[], any, &[("a", STANDS)]);
        let monthly = |month| Waiting { month: Some(month), ..waiting("b", Some(3)) };
        check(&[monthly(MONTH)], 3, &[], any, &[("b", STANDS)]);
        check(&[monthly(MONTH.previous())], 3, &[], any, &[]);
    }

    const FULL: Settled = Settled::Cancelled(Reason::LimitReached);

    #[test]
    fn r_reward_6_a_confirmed_reward_uses_up_its_limit_and_those_beyond_are_cancelled() {
        let limit = Some(Limit { most: 2, per: Period::InTotal });
        let limited = |id| Waiting { limit, ..waiting(id, None) };
        let two = [limited("a"), limited("b")];
        let any = Budget::default();
        check(&two, 9, &[given(MONTH, 1)], any, &[("a", STANDS), ("b", FULL)]);
        check(&two, 9, &[], any, &[("a", STANDS), ("b", STANDS)]);
        let friends = [Waiting { side: Side::Friend, ..limited("a") }];
        check(&friends, 9, &[given(MONTH, 2)], any, &[("a", STANDS)]);
    }

    #[test]
    fn r_reward_7_a_reward_counts_in_the_month_in_which_it_was_earned_whenever_it_is_confirmed() {
        let of = |id, per, earned_month| {
            let limit = Some(Limit { most: 1, per });
            Waiting { earned_month, limit, ..waiting(id, None) }
        };
        let (any, before) = (Budget::default(), MONTH.previous());
        for per in [Period::PerMonth, Period::PerYear, Period::InTotal] {
            let both = [of("a", per, before), of("b", per, before)];
            check(&both, 9, &[], any, &[("a", STANDS), ("b", FULL)]);
            check(&both[..1], 9, &[given(before, 1)], any, &[("a", FULL)]);
        }
        let each = [of("a", Period::PerMonth, before), of("b", Period::PerMonth, MONTH)];
        check(&each, 9, &[], any, &[("a", STANDS), ("b", STANDS)]);
        let year = Month(MONTH.year() * 12);
        let each = [of("a", Period::PerYear, year.previous()), of("b", Period::PerYear, year)];
        check(&each, 9, &[], any, &[("a", STANDS), ("b", STANDS)]);
    }

    #[test]
    fn r_budget_2_a_confirmed_reward_uses_up_the_budget_and_those_beyond_are_cancelled() {
        let spent = Settled::Cancelled(Reason::BudgetExhausted);
        let two = [waiting("a", None), waiting("b", None)];
        let left = |amount| Budget { rewards: None, amount: Some(amount) };
        check(&two, 9, &[], left(999), &[("a", STANDS), ("b", spent)]);
        check(&two, 9, &[], left(1_000), &[("a", STANDS), ("b", STANDS)]);
        let one = Budget { rewards: Some(1), amount: None };
        check(&two, 9, &[], one, &[("a", STANDS), ("b", spent)]);
    }
}
