//! What the owner is told.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::CouponPool;
use crate::{lang::Lang, time::Timestamp};

/// What a notice tells.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NoticeKind {
    /// A reward waits for the owner's hand.
    RewardWaiting,
    /// A pool of coupons runs out.
    CouponsLow,
    /// A referral is held until the owner reviews it.
    ReferralHeld,
    /// Somebody asks for a decision to be looked at again.
    AppealMade,
}

impl NoticeKind {
    /// What it says.
    #[must_use]
    pub const fn sentence(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::RewardWaiting, Lang::En) => "A reward waits for your approval.",
            (Self::RewardWaiting, Lang::Fr) => "Une récompense attend votre validation.",
            (Self::ReferralHeld, Lang::En) => "A referral is held for your review.",
            (Self::ReferralHeld, Lang::Fr) => "Un parrainage est retenu et attend votre examen.",
            (Self::AppealMade, Lang::En) => {
                "A participant asks for a decision to be looked at again."
            }
            (Self::AppealMade, Lang::Fr) => "Un participant demande le réexamen d’une décision.",
            (Self::CouponsLow, Lang::En) => "A pool of coupons is running out.",
            (Self::CouponsLow, Lang::Fr) => "Une réserve de bons s’épuise.",
        }
    }
}

/// A notice that is open.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// What it tells.
    pub kind: NoticeKind,
    /// The same in words.
    pub text: &'static str,
    /// The reward that waits.
    pub reward_id: Option<String>,
    /// Whose reward.
    pub participant_id: Option<String>,
    /// Whether they referred.
    pub is_referrer: Option<bool>,
    /// The pool that runs out.
    pub coupon_pool: Option<CouponPool>,
    /// Since when.
    pub created_at: Timestamp,
}

/// `GET /campaign/{id}/notices`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Notices {
    /// The longest waiting first.
    pub notices: Vec<Notice>,
    /// The most of a page.
    pub limit: u32,
    /// Where the next page begins.
    pub next_id: Option<String>,
}
