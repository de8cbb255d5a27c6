//! Refunds of an order: how they add up against it, and what they undo.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{
    code::Code,
    reward::{Condition, Known, Side, Source, Status},
};

/// What kind of amendment it is.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Amendment {
    /// The shop gave money back.
    #[default]
    Refund,
    /// The bank took it back.
    Chargeback,
}

/// How much of an order is refunded, as it was told, in minor units of the gross amount.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Extent {
    /// All that is left of it.
    All,
    /// This much more.
    Part(i64),
    /// This much in all, with what was refunded before.
    Total(i64),
}

impl Extent {
    /// Its name and amount in tables.
    #[must_use]
    pub const fn parts(self) -> (&'static str, Option<i64>) {
        match self {
            Self::All => ("ALL", None),
            Self::Part(amount) => ("PART", Some(amount)),
            Self::Total(amount) => ("TOTAL", Some(amount)),
        }
    }

    /// What has this name and amount.
    #[must_use]
    pub fn of(name: &str, amount: Option<i64>) -> Option<Self> {
        match (name, amount) {
            ("ALL", None) => Some(Self::All),
            ("PART", Some(amount)) => Some(Self::Part(amount)),
            ("TOTAL", Some(amount)) => Some(Self::Total(amount)),
            _ => None,
        }
    }
}

/// What of an order a refund takes, beside what was refunded before. `None`: there is not so much.
#[must_use]
pub fn taken(extent: Extent, gross: i64, refunded: i64) -> Option<i64> {
    let left = gross.saturating_sub(refunded).max(0);
    let taken = match extent {
        Extent::All => left,
        Extent::Part(amount) => amount,
        Extent::Total(amount) => amount.saturating_sub(refunded).max(0),
    };
    (taken <= left).then_some(taken)
}

/// What refunds that came before their order take of it, in the order in which they came: none takes
/// more than is left.
#[must_use]
pub fn taken_at_once(extents: &[Extent], gross: i64) -> Vec<i64> {
    let mut refunded = 0_i64;
    let mut all = Vec::new();
    for extent in extents {
        let left = gross.saturating_sub(refunded).max(0);
        let amount = taken(*extent, gross, refunded).unwrap_or(left);
        refunded = refunded.saturating_add(amount);
        all.push(amount);
    }
    all
}

/// What of the net amount is left when this much of the gross amount is refunded, halves to even.
#[must_use]
pub fn left(net: i64, gross: i64, refunded: i64) -> i64 {
    if gross <= 0 {
        return net;
    }
    let kept = i128::from(gross.saturating_sub(refunded).max(0));
    let (product, gross) = (i128::from(net) * kept, i128::from(gross));
    let (whole, rest) = (product / gross, product % gross * 2);
    let up = gross < rest || gross == rest && whole % 2 == 1;
    // At most the net amount, which fits.
    i64::try_from(whole + i128::from(up)).unwrap_or(net)
}

/// A reward that a refund may undo.
#[derive(Clone, Debug, PartialEq)]
pub struct Affected {
    /// `prew_…`.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// The version that was in force.
    pub version: u32,
    /// Who earned it.
    pub participant: Code,
    /// On which side.
    pub side: Side,
    /// Where it stands: pending or fulfilled.
    pub status: Status,
    /// Who vouches for it.
    pub source: Source,
    /// Whether somebody of the team vouched for it, and no back end.
    pub by_hand: bool,
    /// How many of the referrer's referrals a round rests on; none: it rests on this one.
    pub needs: Option<u32>,
    /// How many of those will be left.
    pub credited: u32,
    /// Those of them for which more than a browser vouches.
    pub vouched: u32,
    /// The conditions by which it was earned; of a round that counts by conditions, those that this
    /// referral met.
    pub conditions: Condition,
    /// Whether it is a round that counts by its rule's conditions.
    pub picked: bool,
}

/// What becomes of a reward that a refund undoes.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Becomes {
    /// It was not given yet, and will not be.
    Cancelled,
    /// It was given, and that is undone by a record of its own.
    Reversed,
    /// It waits again for somebody better than a browser.
    Waiting,
}

/// What is left of an order after a refund.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Left<'a> {
    /// Nothing.
    Nothing,
    /// A part: what conditions look at.
    Part(&'a Known),
}

impl Affected {
    /// What becomes of it; `None`: it stands.
    ///
    /// A round stands for as long as as many referrals stand as it rests on, with as good a word
    /// (R-REFUND-5). A part of an order less counts where the rest does not meet the conditions
    /// (R-REFUND-6).
    #[must_use]
    pub fn becomes(&self, left: Left) -> Option<Becomes> {
        let undone = match self.status {
            Status::Pending => Becomes::Cancelled,
            Status::Fulfilled => Becomes::Reversed,
            Status::Cancelled | Status::Reversed => return None,
        };
        let falls = match left {
            Left::Nothing => true,
            Left::Part(_) if self.needs.is_some() && !self.picked => false,
            Left::Part(rest) => !self.conditions.holds_of_rest(rest),
        };
        match self.needs {
            _ if !falls => None,
            None => Some(undone),
            Some(needs) if self.credited < needs => Some(undone),
            Some(needs) => {
                let rests_on_browsers = self.source == Source::Browser || self.by_hand;
                let doubted = !rests_on_browsers && self.vouched < needs;
                doubted.then_some(match undone {
                    Becomes::Cancelled => Becomes::Waiting,
                    other => other,
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::LARGEST;

    #[test]
    fn r_refund_1_refunds_add_up_to_no_more_than_the_order() {
        use Extent::{All, Part, Total};
        for (extent, refunded, expected) in [
            (All, 0, Some(1_000)),
            (All, 400, Some(600)),
            (All, 1_000, Some(0)),
            (Part(1_000), 0, Some(1_000)),
            (Part(1_001), 0, None),
            (Part(600), 400, Some(600)),
            (Part(601), 400, None),
            (Part(LARGEST), LARGEST, None),
            (Total(400), 0, Some(400)),
            (Total(400), 400, Some(0)),
            (Total(300), 400, Some(0)),
            (Total(1_000), 400, Some(600)),
            (Total(1_001), 400, None),
        ] {
            assert_eq!(taken(extent, 1_000, refunded), expected, "{extent:?} after {refunded}");
            let (name, amount) = extent.parts();
            assert_eq!(Extent::of(name, amount), Some(extent));
        }
    }

    #[test]
    fn r_refund_3_refunds_that_came_before_their_order_take_what_is_left_of_it() {
        use Extent::{All, Part, Total};
        assert_eq!(taken_at_once(&[], 1_000), Vec::<i64>::new());
        assert_eq!(taken_at_once(&[Part(300), Total(500), Part(100)], 1_000), [300, 200, 100]);
        assert_eq!(taken_at_once(&[Part(800), Part(300), All], 1_000), [800, 200, 0]);
    }

    #[test]
    fn r_refund_6_what_is_left_is_the_same_share_of_the_net_amount_halves_to_even() {
        assert_eq!(left(1_000, 1_200, 0), 1_000);
        assert_eq!(left(1_000, 1_200, 1_200), 0);
        assert_eq!(left(1_000, 1_200, 600), 500);
        assert_eq!(left(5, 10, 5), 2);
        assert_eq!(left(7, 10, 5), 4);
        assert_eq!(left(LARGEST, LARGEST, 1), LARGEST - 1);
        assert_eq!(left(0, 0, 0), 0);
    }

    fn affected(needs: Option<u32>, status: Status) -> Affected {
        Affected {
            id: "prew_1".into(),
            rule: "crew_1".into(),
            version: 1,
            participant: Code::parse("ada").unwrap(),
            side: Side::Referrer,
            status,
            source: Source::Server,
            by_hand: false,
            needs,
            credited: 2,
            vouched: 2,
            conditions: Condition::default(),
            picked: false,
        }
    }

    #[test]
    fn r_refund_4_unpaid_rewards_are_cancelled_and_given_ones_reversed() {
        let of = |status| affected(None, status).becomes(Left::Nothing);
        assert_eq!(of(Status::Pending), Some(Becomes::Cancelled));
        assert_eq!(of(Status::Fulfilled), Some(Becomes::Reversed));
        assert_eq!(of(Status::Cancelled), None);
        assert_eq!(of(Status::Reversed), None);
    }

    #[test]
    fn r_refund_5_a_round_stands_while_enough_referrals_do() {
        let of = |needs, status| affected(Some(needs), status).becomes(Left::Nothing);
        assert_eq!(of(2, Status::Pending), None);
        assert_eq!(of(3, Status::Pending), Some(Becomes::Cancelled));
        assert_eq!(of(3, Status::Fulfilled), Some(Becomes::Reversed));
        assert_eq!(affected(Some(3), Status::Pending).becomes(Left::Part(&Known::default())), None);
        // Enough stand, but a browser alone says so of one.
        let doubted = |status| Affected { vouched: 1, ..affected(Some(2), status) };
        assert_eq!(doubted(Status::Pending).becomes(Left::Nothing), Some(Becomes::Waiting));
        assert_eq!(doubted(Status::Fulfilled).becomes(Left::Nothing), Some(Becomes::Reversed));
        for stands in [
            Affected { source: Source::Browser, ..doubted(Status::Pending) },
            Affected { by_hand: true, ..doubted(Status::Fulfilled) },
        ] {
            assert_eq!(stands.becomes(Left::Nothing), None);
        }
    }

    #[test]
    fn r_refund_6_a_part_less_counts_where_the_rule_looks_at_the_amount() {
        let condition = |json: &str| serde_json::from_str::<Condition>(json).unwrap();
        let rest = |country: &str, amount| Known {
            amount: Some(amount),
            country: Some(country.into()),
            ..Known::default()
        };
        let of = |json: &str, left| {
            let it = Affected { conditions: condition(json), ..affected(None, Status::Pending) };
            it.becomes(Left::Part(&rest("FR", left)))
        };
        let least = r#"{"fact":"AMOUNT","is":"AT_LEAST","value":500}"#;
        assert_eq!(of("{}", 1), None);
        assert_eq!(of(least, 500), None);
        assert_eq!(of(least, 499), Some(Becomes::Cancelled));
        let country = r#"{"fact":"COUNTRY","is":"EQUALS","value":"FR"}"#;
        let all = alloc::format!(r#"{{"all":[{country},{least}]}}"#);
        let any = alloc::format!(r#"{{"any":[{country},{least}]}}"#);
        assert_eq!(of(&all, 499), Some(Becomes::Cancelled));
        assert_eq!(of(&all, 500), None);
        assert_eq!(of(&any, 499), None);
        // The order went elsewhere: only the amount had met the rule.
        let any = Affected { conditions: condition(&any), ..affected(None, Status::Pending) };
        let elsewhere = any.becomes(Left::Part(&rest("DE", 499)));
        assert_eq!(elsewhere, Some(Becomes::Cancelled));
        // Of the person no more is known than then.
        let field = r#"{"fact":"METADATA","key":"plan","is":"EQUALS","value":"pro"}"#;
        assert_eq!(of(field, 0), None);
        // A round that counts by conditions loses this referral; others do not.
        let round = |credited, picked| {
            let needs = affected(Some(2), Status::Pending);
            let it = Affected { credited, picked, conditions: condition(least), ..needs };
            it.becomes(Left::Part(&rest("FR", 499)))
        };
        assert_eq!(round(1, true), Some(Becomes::Cancelled));
        assert_eq!(round(2, true), None);
        assert_eq!(round(1, false), None);
    }
}
