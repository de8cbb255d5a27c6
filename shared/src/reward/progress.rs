//! How far somebody is from the next reward of a rule.

use super::{
    Kind, Period, Rule,
    earn::{Given, Limited, Picked, Tally, picked, reach},
};
use crate::{time::Timestamp, zone::Month};

/// How far somebody is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Progress {
    /// So many of so many referrals of the next round.
    Round {
        /// How many there are.
        have: u32,
        /// How many it takes; more than those.
        of: u32,
    },
    /// Every referral earns for itself.
    Each,
    /// The rule's limit is reached, for now or for good.
    Full,
}

/// What is counted of somebody, as rewards are reckoned on it.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'a> {
    /// Their referrals.
    pub total: Tally,
    /// Those of the calendar month.
    pub monthly: Tally,
    /// Which month it is.
    pub month: Month,
    /// How many met each rule's conditions.
    pub picked: &'a [Picked],
    /// What they have by each rule.
    pub given: &'a [Given],
}

/// How far somebody is from the next reward of a rule; none: it gives nothing now, or by places.
#[must_use]
pub fn progress(rule: &Rule, counted: &Counted<'_>, now: Timestamp) -> Option<Progress> {
    if !rule.is_visible || !rule.is_open_at(now) || rule.kind == Kind::Leaderboard {
        return None;
    }
    let Counted { month, given, .. } = *counted;
    if (Limited { rule: &rule.id, limit: rule.limit, month }).is_full(given) {
        return Some(Progress::Full);
    }
    if !rule.has_rounds() {
        return Some(Progress::Each);
    }
    let is_monthly = rule.period == Period::PerMonth;
    let all = if rule.picks() {
        picked(counted.picked, &rule.id, rule.event, is_monthly.then_some(month)).all
    } else {
        let tally = if is_monthly { counted.monthly } else { counted.total };
        tally.of(rule.event).all
    };
    let every = rule.conversions_required.max(1);
    let beyond = all.saturating_sub(reach(rule, given, month));
    Some(Progress::Round { have: beyond % every, of: every })
}

#[cfg(test)]
mod tests {
    use alloc::{vec, vec::Vec};

    use super::*;
    use crate::reward::{
        Event, Limit,
        rules::{double, single},
    };

    const MONTH: Month = Month(24_310);

    fn given(reach: u32, count: u32) -> Given {
        Given {
            rule: double().id,
            version: 1,
            month: MONTH,
            per: Period::InTotal,
            event: Event::Conversion,
            picked: false,
            count,
            reach,
            singles: 0,
        }
    }

    #[track_caller]
    fn check(rule: &Rule, credited: u32, given: &[Given], expected: Option<Progress>) {
        let total = Tally { credited, ..Tally::default() };
        let counted = Counted { total, monthly: total, month: MONTH, picked: &[], given };
        assert_eq!(progress(rule, &counted, Timestamp(5)), expected);
    }

    #[test]
    fn r_me_3_progress_is_what_is_missing_from_the_round_that_would_earn_next() {
        let rounds = single(3);
        let round = |have| Some(Progress::Round { have, of: 3 });
        check(&rounds, 0, &[], round(0));
        check(&rounds, 2, &[], round(2));
        check(&rounds, 3, &[given(3, 1)], round(0));
        check(&rounds, 4, &[given(3, 1)], round(1));
        // Where it once took four, the next three are counted from there.
        check(&rounds, 6, &[given(4, 1)], round(2));
        check(&double(), 7, &[], Some(Progress::Each));
    }

    #[test]
    fn r_me_3_a_rule_that_is_full_over_hidden_or_of_places_has_no_progress() {
        let limit = Some(Limit { most: 1, per: Period::InTotal });
        let limited = Rule { limit, ..double() };
        check(&limited, 1, &[given(0, 1)], Some(Progress::Full));
        check(&limited, 0, &[], Some(Progress::Each));
        let none: Vec<Rule> = vec![
            Rule { is_visible: false, ..double() },
            Rule { kind: Kind::Leaderboard, ..double() },
            Rule { ends_at: Some(Timestamp(5)), ..double() },
            Rule { starts_at: Some(Timestamp(6)), ..double() },
        ];
        for it in &none {
            check(it, 3, &[], None);
        }
    }
}
