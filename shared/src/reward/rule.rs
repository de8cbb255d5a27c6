//! A rule: what is earned by a referral, by whom, how often and within which dates.

use alloc::{collections::BTreeMap, string::String};

use serde::{Deserialize, Serialize};

use super::{Condition, Gift, GiftKind};
use crate::{campaign::Flaw, money::Currency, time::Timestamp};

/// Who earns, and by what.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// The referrer, by every so many referrals.
    SingleSided,
    /// The referrer by every so many referrals, and each friend.
    DoubleSided,
    /// The referrer, by reaching a number of referrals: once, in each month, or again and again.
    Milestone,
    /// The referrers with the most referrals, in each month or when the campaign ends.
    Leaderboard,
}

/// What counts as a referral for a rule.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Event {
    /// A friend signed up; for campaigns that wait for a further event.
    Lead,
    /// The friend did what the campaign waits for.
    #[default]
    Conversion,
}

/// Over which time something is counted, by the campaign's calendar.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Period {
    /// From the beginning.
    #[default]
    InTotal,
    /// In a calendar month.
    PerMonth,
    /// In a calendar year.
    PerYear,
}

/// The largest round and limit.
pub const LARGEST: u32 = 100_000;

/// The most winners of a leaderboard: one batch gives to all of them.
pub const MOST_WINNERS: u32 = 100;

/// The longest hold, in days.
const HOLD_LONGEST: u16 = 365;

/// How many rewards a participant earns by a rule.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Limit {
    /// At most this many.
    pub most: u32,
    /// In this time.
    pub per: Period,
}

/// What is earned, by whom, and how often.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// `crew_…`.
    pub id: String,
    /// Counted from 1; a change makes a new version.
    pub version: u32,
    /// Who earns, and by what.
    pub kind: Kind,
    /// What counts as a referral.
    pub event: Event,
    /// By how many referrals the referrer earns.
    pub conversions_required: u32,
    /// How many rewards a referrer earns by it; none: any number.
    #[serde(default)]
    pub limit: Option<Limit>,
    /// Over which time referrals are counted: a milestone's or leaderboard's.
    pub period: Period,
    /// How many places of a leaderboard win.
    pub number_of_winners: u32,
    /// Hidden rules give nothing.
    pub is_visible: bool,
    /// Whether the friend has their part before, as the offer itself: then no reward is recorded.
    pub upfront: bool,
    /// What the referrer gets.
    pub gives: Gift,
    /// What the friend gets.
    pub referral_gives: Gift,
    /// What has to be true of friend and order.
    pub conditions: Condition,
    /// From when on it gives; for bursts.
    #[serde(default)]
    pub starts_at: Option<Timestamp>,
    /// Until when it gives, itself excluded.
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
    /// How long a reward waits before it is approved, in days.
    pub hold_days: u16,
    /// Where it stands among the others.
    #[serde(default)]
    pub order: Option<i64>,
    /// Texts and codes for people.
    pub texts: Texts,
}

/// What people read about a reward; the friend's side where the name begins with `referral`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Texts {
    /// Internal title.
    pub title: Option<String>,
    /// What the referrer gets.
    pub description: Option<String>,
    /// What the friend gets.
    pub referral_description: Option<String>,
    /// A picture.
    pub image_url: Option<String>,
    /// The referrer's coupon, shown when the reward is available.
    pub coupon_code: Option<String>,
    /// The friend's coupon.
    pub referral_coupon_code: Option<String>,
    /// Before the number of referrals that are missing to the next milestone.
    pub next_milestone_prefix: Option<String>,
    /// After it.
    pub next_milestone_suffix: Option<String>,
    /// The owner's own fields.
    pub metadata: BTreeMap<String, String>,
}

impl Rule {
    /// Whether it gives at an instant: from its beginning on, until its end (R-RULE-5).
    #[must_use]
    pub fn is_open_at(&self, now: Timestamp) -> bool {
        self.starts_at.is_none_or(|it| it <= now) && self.ends_at.is_none_or(|it| now < it)
    }

    /// The pools that it takes codes from, each with its field on the wire.
    pub fn pools(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let sides = [("gives", &self.gives), ("referralGives", &self.referral_gives)];
        sides.into_iter().filter_map(|(field, it)| Some((field, it.pool.as_deref()?)))
    }

    /// Whether a referral completes nothing by itself: several make a round.
    #[must_use]
    pub fn has_rounds(&self) -> bool {
        1 < self.conversions_required || self.kind == Kind::Milestone
    }

    /// Whether it counts several referrals, and of them those that meet its conditions.
    #[must_use]
    pub fn picks(&self) -> bool {
        self.has_rounds() && self.conditions != Condition::default()
    }

    /// What is wrong with the rule in itself, for a campaign of this currency (R-RULE-3).
    #[must_use]
    pub fn flaw(&self, currency: Currency) -> Option<Flaw> {
        let flaw = |field, problem| Some(Flaw { field, problem });
        if !(1..=LARGEST).contains(&self.conversions_required) {
            return flaw("conversionsRequired", "must be a whole number from 1 to 100000");
        }
        if !(1..=MOST_WINNERS).contains(&self.number_of_winners) {
            return flaw("numberOfWinners", "must be a whole number from 1 to 100");
        }
        if self.limit.is_some_and(|it| !(1..=LARGEST).contains(&it.most)) {
            return flaw("limit", "must be -1 or a whole number from 1 to 100000");
        }
        if self.kind == Kind::Leaderboard {
            if self.conversions_required != 1 {
                return flaw("conversionsRequired", "a leaderboard counts every referral");
            }
            if self.limit.is_some() {
                return flaw("limit", "a leaderboard has numberOfWinners instead");
            }
            if self.event == Event::Lead {
                return flaw("event", "a leaderboard counts credited referrals");
            }
            if self.conditions != Condition::default() {
                return flaw("conditions", "a leaderboard has none: it is one ranking for all");
            }
        } else if self.number_of_winners != 1 {
            return flaw("numberOfWinners", "is for leaderboards");
        }
        if self.period == Period::PerMonth && self.event == Event::Lead {
            return flaw("limitDuration", "a month counts conversions only");
        }
        if self.period == Period::PerYear {
            return flaw("limitDuration", "counts by month or in total");
        }
        if self.kind != Kind::DoubleSided {
            if self.upfront {
                return flaw("referredRewardUpfront", "is for rules that reward the friend");
            }
            if self.referral_gives != Gift::default() {
                return flaw("referralGives", "is for rules that reward the friend");
            }
        }
        if self.upfront && self.referral_gives.kind == GiftKind::UniqueCoupon {
            return flaw(
                "referralGives",
                "a code of one's own comes with a reward, and beforehand there is none",
            );
        }
        if let Some(problem) = self.conditions.flaw() {
            return flaw("conditions", problem);
        }
        for (field, at) in [("startsAt", self.starts_at), ("endsAt", self.ends_at)] {
            if at.is_some_and(|it| !it.is_told()) {
                return flaw(
                    field,
                    "must be null or milliseconds since 1970, before the year 10000",
                );
            }
        }
        if self.starts_at.zip(self.ends_at).is_some_and(|(start, end)| end <= start) {
            return flaw("endsAt", "is not after startsAt");
        }
        if HOLD_LONGEST < self.hold_days {
            return flaw("holdDays", "must be a whole number from 0 to 365");
        }
        let gives = self.gives.flaw("gives", currency);
        gives.or_else(|| self.referral_gives.flaw("referralGives", currency))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use alloc::vec;

    use super::*;

    /// A rule that rewards both sides for every referral.
    pub(crate) fn double() -> Rule {
        Rule {
            id: "crew_1".into(),
            version: 1,
            kind: Kind::DoubleSided,
            event: Event::Conversion,
            conversions_required: 1,
            limit: None,
            period: Period::InTotal,
            number_of_winners: 1,
            is_visible: true,
            upfront: false,
            gives: Gift::default(),
            referral_gives: Gift::default(),
            conditions: Condition::default(),
            starts_at: None,
            ends_at: None,
            hold_days: 0,
            order: None,
            texts: Texts::default(),
        }
    }

    /// A rule that rewards the referrer for every so many referrals.
    pub(crate) fn single(conversions_required: u32) -> Rule {
        Rule { kind: Kind::SingleSided, conversions_required, ..double() }
    }

    #[test]
    fn r_rule_3_a_rule_that_contradicts_itself_is_refused_by_its_field() {
        let amount = Condition {
            fact: Some(super::super::Fact::Amount),
            test: Some(super::super::Test::AtLeast),
            value: 1.into(),
            ..Condition::default()
        };
        let credit = Gift { kind: GiftKind::Credit, ..Gift::default() };
        let badge = Gift { kind: GiftKind::Badge, ..Gift::default() };
        let pool = Some("summer".into());
        let code = Gift { kind: GiftKind::UniqueCoupon, pool, ..Gift::default() };
        let board = Rule { kind: Kind::Leaderboard, number_of_winners: 3, ..single(1) };
        let limit = |most| Some(Limit { most, per: Period::InTotal });
        let at = |n| Some(Timestamp(n));
        for (rule, field) in [
            (Rule { conversions_required: 0, ..double() }, "conversionsRequired"),
            (Rule { conversions_required: LARGEST + 1, ..double() }, "conversionsRequired"),
            (Rule { limit: limit(0), ..double() }, "limit"),
            (Rule { limit: limit(LARGEST + 1), ..double() }, "limit"),
            (Rule { number_of_winners: 2, ..double() }, "numberOfWinners"),
            (Rule { number_of_winners: 0, ..board.clone() }, "numberOfWinners"),
            (Rule { number_of_winners: MOST_WINNERS + 1, ..board.clone() }, "numberOfWinners"),
            (Rule { conversions_required: 2, ..board.clone() }, "conversionsRequired"),
            (Rule { limit: limit(1), ..board.clone() }, "limit"),
            (Rule { event: Event::Lead, ..board.clone() }, "event"),
            (Rule { conditions: amount.clone(), ..board.clone() }, "conditions"),
            (Rule { period: Period::PerYear, ..board.clone() }, "limitDuration"),
            (Rule { period: Period::PerMonth, event: Event::Lead, ..single(2) }, "limitDuration"),
            (Rule { upfront: true, ..single(1) }, "referredRewardUpfront"),
            (Rule { referral_gives: badge.clone(), ..single(1) }, "referralGives"),
            (Rule { starts_at: at(5), ends_at: at(5), ..double() }, "endsAt"),
            (Rule { hold_days: 366, ..double() }, "holdDays"),
            (Rule { gives: credit.clone(), ..double() }, "gives"),
            (Rule { referral_gives: credit, ..double() }, "referralGives"),
            (Rule { upfront: true, referral_gives: code.clone(), ..double() }, "referralGives"),
        ] {
            let flaw = rule.flaw(Currency::EUR).map(|it| it.field);
            assert_eq!(flaw, Some(field), "{rule:?}");
        }
        for rule in [
            double(),
            single(LARGEST),
            Rule { number_of_winners: MOST_WINNERS, ..board.clone() },
            board,
            Rule { conditions: amount.clone(), ..single(1) },
            Rule { conditions: amount, ..single(2) },
            Rule { starts_at: at(5), ends_at: at(6), hold_days: 365, ..double() },
            Rule { upfront: true, gives: code.clone(), ..double() },
            Rule { referral_gives: code, ..double() },
            Rule { limit: limit(LARGEST), upfront: true, referral_gives: badge, ..double() },
        ] {
            assert_eq!(rule.flaw(Currency::EUR), None, "{rule:?}");
        }
    }

    #[test]
    fn r_rule_5_a_burst_gives_from_its_beginning_until_before_its_end() {
        let burst = Rule { starts_at: Some(Timestamp(5)), ends_at: Some(Timestamp(7)), ..double() };
        let open = [4, 5, 6, 7].map(|it| burst.is_open_at(Timestamp(it)));
        assert_eq!(open, [false, true, true, false]);
        assert_eq!(vec![double().is_open_at(Timestamp(0))], [true]);
    }
}
