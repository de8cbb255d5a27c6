//! What is given.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::{
    campaign::Flaw,
    money::{Currency, LARGEST},
};

/// What kind of thing is given.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GiftKind {
    /// A code that everybody gets, or only words.
    #[default]
    Coupon,
    /// A code of one's own from an imported pool.
    UniqueCoupon,
    /// Credit on the account that the person has with the owner.
    Credit,
    /// A thing that is sent; the person says where to.
    Gift,
    /// Access to something, such as a place further up a waiting list.
    Access,
    /// Money for a charity that the owner lists.
    Donation,
    /// A mark of honour.
    Badge,
    /// Money that the owner pays outside.
    Money,
    /// Something that the owner's own service does when it hears of it.
    Custom,
}

/// What one side of a rule is given.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Gift {
    /// What kind of thing.
    pub kind: GiftKind,
    /// What it is worth, in minor units of the campaign's currency; it counts against a budget.
    pub amount: Option<i64>,
    /// The currency of the amount: the campaign's, and refused if it is not.
    #[serde(rename = "currencyISO", skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The pool that unique coupons come from.
    pub pool: Option<String>,
}

impl GiftKind {
    /// Whether nothing is given without an amount.
    const fn needs_amount(self) -> bool {
        matches!(self, Self::Credit | Self::Donation | Self::Money)
    }
}

impl Gift {
    /// What is wrong with it, if anything; `field` is its name on the wire (R-GIFT-1).
    #[must_use]
    pub fn flaw(&self, field: &'static str, currency: Currency) -> Option<Flaw> {
        let problem = match (self.kind, self.amount, &self.pool) {
            (GiftKind::UniqueCoupon, _, None) => "a unique coupon needs the name of its pool",
            (kind, _, Some(_)) if kind != GiftKind::UniqueCoupon => {
                "only unique coupons come from a pool"
            }
            (_, Some(amount), _) if !(1..=LARGEST).contains(&amount) => {
                "amount must be a whole number of minor units from 1 to 2^53 - 1"
            }
            (kind, None, _) if kind.needs_amount() => "needs an amount",
            _ if self.currency.is_some_and(|it| it != currency) => {
                "currencyISO must be the campaign's own"
            }
            _ => return None,
        };
        Some(Flaw { field, problem })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_gift_1_a_gift_has_what_its_kind_needs() {
        use GiftKind::{Badge, Coupon, Credit, Donation, Money, UniqueCoupon};
        let gift = |kind, amount, pool: Option<&str>| Gift {
            kind,
            amount,
            pool: pool.map(Into::into),
            currency: None,
        };
        for (gift, expected) in [
            (gift(Coupon, None, None), true),
            (gift(Coupon, Some(500), None), true),
            (gift(Badge, None, None), true),
            (gift(Badge, None, Some("a")), false),
            (gift(UniqueCoupon, None, Some("a")), true),
            (gift(UniqueCoupon, None, None), false),
            (gift(Credit, Some(1), None), true),
            (gift(Credit, Some(LARGEST), None), true),
            (gift(Credit, Some(LARGEST + 1), None), false),
            (gift(Credit, Some(0), None), false),
            (gift(Money, Some(-1), None), false),
            (gift(Donation, None, None), false),
        ] {
            assert_eq!(gift.flaw("gives", Currency::EUR).is_none(), expected, "{gift:?}");
        }
        let dollars = Gift { currency: Some(Currency::USD), ..gift(Credit, Some(1), None) };
        assert!(dollars.flaw("gives", Currency::EUR).is_some());
        assert!(dollars.flaw("gives", Currency::USD).is_none());
    }
}
