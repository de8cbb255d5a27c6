//! Where a reward stands, and what the owner may do with it by hand.

use serde::{Deserialize, Serialize};

use super::{Budget, Given, Limited, Side};
use crate::decision::Reason;

/// Where a reward stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Earned; approved or waiting for it.
    Pending,
    /// Given.
    Fulfilled,
    /// Taken back before it was given.
    Cancelled,
    /// Undone after it was given: what undid it stands in a record of its own.
    Reversed,
}

/// What is missing before a reward can be given.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Lack {
    /// Where to send it; the owner's own word needs none.
    Address,
    /// A code: its pool is empty.
    Coupon,
}

/// What somebody of the team does with a reward.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Act {
    /// It becomes available.
    Approve,
    /// It was given.
    Fulfill,
    /// It is taken back before it was approved.
    Remove,
}

impl Act {
    /// Why a reward cannot be dealt with so, in the words of the wire.
    #[must_use]
    pub const fn refusal(
        self,
        status: Status,
        is_approved: bool,
        lacks: Option<Lack>,
    ) -> Option<&'static str> {
        Some(match (self, status) {
            (_, Status::Cancelled) => "Invalid reward state. Reward has been cancelled.",
            (_, Status::Reversed) => "Invalid reward state. Reward has been reversed.",
            (Self::Approve, _) if is_approved => {
                "Invalid reward state. Reward has already been approved."
            }
            (Self::Fulfill, Status::Fulfilled) => {
                "Invalid reward state. Reward has already been fulfilled."
            }
            (Self::Fulfill, _) if !is_approved => {
                "Invalid reward state. Reward has not been approved."
            }
            (Self::Fulfill, _) if matches!(lacks, Some(Lack::Coupon)) => {
                "Invalid reward state. Reward has no coupon yet: its pool is empty."
            }
            (Self::Remove, _) if is_approved => {
                "Invalid reward state. This reward has already been approved and cannot be removed."
            }
            _ => return None,
        })
    }
}

/// Why the owner's hand cannot vouch for a reward that only a browser's word stands for: from then
/// on it uses up limit and budget, and there must be enough of both (R-HAND-3). A round counts
/// against its limit from the beginning.
#[must_use]
pub fn vouch(
    side: Side,
    needs: Option<u32>,
    amount: Option<i64>,
    limited: Limited<'_>,
    given: &[Given],
    mut budget: Budget,
) -> Option<Reason> {
    let counts = side == Side::Referrer && needs.is_none();
    if counts && limited.is_full(given) {
        return Some(Reason::LimitReached);
    }
    (!budget.pays(1, amount.unwrap_or(0))).then_some(Reason::BudgetExhausted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reward::Event;
    use crate::{
        reward::{Limit, Period},
        zone::Month,
    };

    #[test]
    fn r_hand_1_each_step_has_its_state_and_each_refusal_its_message() {
        use Act::{Approve, Fulfill, Remove};
        use Status::{Cancelled, Fulfilled, Pending, Reversed};
        for (act, status, approved, said) in [
            (Approve, Pending, false, None),
            (Approve, Pending, true, Some("already been approved.")),
            (Approve, Fulfilled, true, Some("already been approved.")),
            (Approve, Cancelled, false, Some("been cancelled.")),
            (Approve, Reversed, true, Some("been reversed.")),
            (Fulfill, Pending, false, Some("not been approved.")),
            (Fulfill, Pending, true, None),
            (Fulfill, Fulfilled, true, Some("already been fulfilled.")),
            (Fulfill, Cancelled, true, Some("been cancelled.")),
            (Fulfill, Reversed, true, Some("been reversed.")),
            (Remove, Pending, false, None),
            (Remove, Pending, true, Some("already been approved and cannot be removed.")),
            (Remove, Fulfilled, true, Some("already been approved and cannot be removed.")),
            (Remove, Cancelled, false, Some("been cancelled.")),
            (Remove, Reversed, true, Some("been reversed.")),
        ] {
            let refusal = act.refusal(status, approved, None);
            assert_eq!(refusal.is_some(), said.is_some(), "{act:?} {status:?} {approved}");
            let begun = refusal.is_none_or(|it| it.starts_with("Invalid reward state. "));
            assert!(begun && refusal.unwrap_or_default().ends_with(said.unwrap_or_default()));
        }
        let lacking = |act: Act, approved, lack| act.refusal(Pending, approved, Some(lack));
        let said = lacking(Fulfill, true, Lack::Coupon).unwrap_or_default();
        assert!(said.ends_with("its pool is empty."), "{said}");
        assert_eq!(lacking(Fulfill, true, Lack::Address), None);
        assert_eq!(lacking(Approve, false, Lack::Coupon), None);
    }

    #[test]
    fn r_hand_3_a_hand_vouches_within_limit_and_budget() {
        let limit = Some(Limit { most: 1, per: Period::InTotal });
        let limited = Limited { rule: "crew_1", limit, month: Month(24_320) };
        let given = [Given {
            rule: "crew_1".into(),
            version: 1,
            month: Month(1),
            per: Period::InTotal,
            event: Event::Conversion,
            picked: false,
            count: 1,
            reach: 0,
            singles: 1,
        }];
        let check = |side, needs, given: &[Given], left, expected| {
            let budget = Budget { rewards: None, amount: left };
            assert_eq!(vouch(side, needs, Some(500), limited, given, budget), expected);
        };
        check(Side::Referrer, None, &[], None, None);
        check(Side::Referrer, None, &given, None, Some(Reason::LimitReached));
        check(Side::Referrer, Some(3), &given, None, None);
        check(Side::Friend, None, &given, Some(500), None);
        check(Side::Friend, None, &given, Some(499), Some(Reason::BudgetExhausted));
        let none = Limited { limit: None, ..limited };
        let found = vouch(Side::Referrer, None, None, none, &given, Budget::default());
        assert_eq!(found, None);
    }
}
