//! Referrals on the wire.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::Unbuilt;
use crate::{code::Code, referral::Status, time::Timestamp};

/// `POST /campaign/{id}/participant/{p}/ref`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ReferralTrigger {
    /// The signed claim that binds a friend whom nobody is bound to yet; ours.
    pub attribution: Option<String>,
    /// Delayed credit is not built.
    pub delay_in_days: Option<Unbuilt>,
    /// What the owner says of a referral that is held; ours.
    pub review: Option<Review>,
}

/// What the owner says of a referral that is held.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Review {
    /// It goes on.
    Accept,
    /// It is refused for good.
    Reject,
}

/// Its answer: it never fails on state.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Triggered {
    /// Whether the trigger found a referral that waited.
    pub success: bool,
    /// What happened, for people.
    pub message: &'static str,
}

/// A referral in a list: the friend.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the wire's names say it all")]
pub struct Referral {
    pub id: Code,
    pub email: String,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub referral_status: Status,
    pub referred_by: Code,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// `GET /campaign/{id}/referrals`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Referrals {
    /// As sorted.
    pub referrals: Vec<Referral>,
    /// How many were asked for.
    pub limit: u32,
    /// Whether there is another page.
    pub more: bool,
    /// Where the next page begins.
    pub next_id: Option<String>,
    /// The same as a number.
    pub next_offset: Option<u32>,
}
