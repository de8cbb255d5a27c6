//! Bodies of the HTTP API, as they are on the wire: GrowSurf's words, and our own fields beside them.
//!
//! Unknown fields are refused by who reads what comes in, with [`refusal`]; what goes out writes every
//! key that clients require, `null` where there is nothing.

mod campaign;
mod decision;
mod gift;
mod notice;
mod participant;
mod referral;
mod refund;
mod reward;
mod transaction;

pub use campaign::{Campaign, CampaignCreate, CampaignUpdate, Campaigns, Goal, Kind, SetStatus};
pub use decision::{
    AttributionKey, AttributionKeys, Decision, Decisions, Told, ToldDecisions, ToldFriend,
};
pub use gift::{
    CouponImport, CouponPool, CouponPools, CustomerCount, CustomerImport, Imported, PoolCreate,
    PoolPatch, RewardChoice, RewardChosen,
};
pub use notice::{Notice, NoticeKind, Notices};
pub(crate) use participant::camel_case;
pub use participant::{
    FirstStatus, Language, Metadata, Participant, ParticipantAdd, Participants, Referrer,
    is_metadata_key,
};
pub use referral::{Referral, ReferralTrigger, Referrals, Review, Triggered};
pub use refund::{Refund, Refunded};
pub use reward::{
    CampaignReward, CampaignRewards, ParticipantReward, ParticipantRewards, RewardApprove,
    RewardCreate,
};
pub use transaction::{Recorded, Transaction};

use alloc::string::String;

use serde::{Deserialize, Deserializer, de::IgnoredAny};

/// A field of the wire that is not built: only `null` passes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Unbuilt;

impl<'de> Deserialize<'de> for Unbuilt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer)?;
        Err(serde::de::Error::custom("is not available in this installation"))
    }
}

/// Fields by which a scheme of several levels would be expressed (R-LEVEL-1), in lower case.
const LEVELS: &[&str] = &[
    "buyin",
    "commissiononcommission",
    "draw",
    "entryfee",
    "grandparent",
    "joiningfee",
    "level",
    "levels",
    "matrix",
    "override",
    "parentpercent",
    "secondlevelpercent",
    "subaffiliatepercent",
    "tier",
    "tiers",
    "upline",
];

/// Fields of the wire's `options.fraud` that are not built: addresses of the network are not kept.
const UNBUILT: &[&str] = &[
    "allowedCountries",
    "allowedIps",
    "autoBlockHighRiskIps",
    "blockDataCenterIps",
    "blockHighRiskReferrers",
    "blockedCountries",
    "blockedIps",
    "maxSignupsPerIp10Min",
    "maxSignupsPerIp2Min",
    "recaptcha",
];

/// What an unknown field is refused with.
#[must_use]
pub fn refusal(field: &str) -> &'static str {
    if LEVELS.contains(&field.to_ascii_lowercase().as_str()) {
        "R-LEVEL-1: only the participant and the direct referrer can earn, by one level, \
         without fees or draws"
    } else if UNBUILT.contains(&field) {
        "is not available in this installation"
    } else {
        "is unknown or read-only"
    }
}

/// A text of at most `LONGEST` characters, trimmed; empty is `None`.
pub(crate) fn line<'de, D: Deserializer<'de>, const LONGEST: usize>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let text = text.trim();
    if LONGEST < text.chars().count() {
        let problem = alloc::format!("must have at most {LONGEST} characters");
        return Err(serde::de::Error::custom(problem));
    }
    Ok((!text.is_empty()).then(|| text.into()))
}

/// A name: at most 255 characters.
pub(crate) fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    line::<D, 255>(deserializer)
}

/// An address of a picture: `http(s)://`, at most 2,048 characters.
pub(crate) fn picture<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let text = line::<D, 2_048>(deserializer)?;
    match text {
        Some(text) if crate::link::SiteUrl::parse(&text).is_err() => {
            Err(serde::de::Error::custom("must be an http:// or https:// address"))
        }
        text => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_level_1_fields_of_further_levels_are_refused_by_the_rule() {
        for field in ["levels", "parentPercent", "tiers", "entryFee", "LEVEL"] {
            assert!(refusal(field).starts_with("R-LEVEL-1"), "{field}");
        }
        assert!(!refusal("colour").starts_with("R-LEVEL-1"));
    }

    #[test]
    fn a_field_that_is_not_built_takes_null_only() {
        assert_eq!(serde_json::from_str::<Option<Unbuilt>>("null").unwrap(), None);
        for value in ["1", "{}", "[]", "\"x\"", "false"] {
            assert!(serde_json::from_str::<Option<Unbuilt>>(value).is_err());
        }
    }
}
