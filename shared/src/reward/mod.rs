//! Rewards: what a rule gives, to whom, when and how often, and whether it is available to spend.

mod approval;
mod board;
mod condition;
mod confirm;
mod contradiction;
pub mod coupon;
mod earn;
mod fits;
mod gift;
mod progress;
mod rule;
mod status;

pub use self::{
    approval::{Approval, approval},
    board::{Board, GRACE, Place, Won, win},
    condition::{Condition, Fact, Known, MOST as MOST_CONDITIONS, Test},
    confirm::{Confirmation, Settled, Waiting, confirm},
    earn::{
        Budget, Count, Earned, Given, Limited, Met, Moment, Picked, Refused, Taken, Tally, Verdict,
        counts, earn, vouch_picked,
    },
    fits::misfit,
    gift::{Gift, GiftKind},
    progress::{Counted, Progress, progress},
    rule::{Event, Kind, LARGEST, Limit, MOST_WINNERS, Period, Rule, Texts},
    status::{Act, Lack, Status, vouch},
};

use serde::{Deserialize, Serialize};

/// One of the two people whom a rule can name; there is no third (R-LEVEL-1).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Side {
    /// The one who referred.
    Referrer,
    /// The one who came.
    Friend,
}

/// Who vouches for a fact.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Source {
    /// A browser, whose `Origin` can be forged.
    Browser,
    /// An identity that the site signed.
    Signed,
    /// The site's back end, by its key.
    Server,
}

#[cfg(test)]
pub(crate) use rule::tests as rules;
