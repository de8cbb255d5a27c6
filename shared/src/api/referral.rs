//! Referrals on the wire.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Deserializer, Serialize};

use crate::{code::Code, referral::Status, time::Timestamp};

/// `POST /campaign/{id}/participant/{p}/ref`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ReferralTrigger {
    /// The signed claim that binds a friend whom nobody is bound to yet; ours.
    pub attribution: Option<String>,
    /// After how many days the referral is credited; none: at once.
    #[serde(deserialize_with = "delay")]
    pub delay_in_days: Option<u16>,
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

/// The longest delay of a credit, in days.
const DELAY_LONGEST: i64 = 90;

/// A delay of a credit in whole days.
fn delay<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u16>, D::Error> {
    const PROBLEM: &str = "must be a whole number from 1 to 90";
    let Some(days) = Option::<serde_json::Number>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let days = days.as_i64().filter(|it| (1..=DELAY_LONGEST).contains(it));
    let days = days.and_then(|it| u16::try_from(it).ok());
    days.map(Some).ok_or_else(|| serde::de::Error::custom(PROBLEM))
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
