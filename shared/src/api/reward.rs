//! Reward rules and rewards on the wire.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use serde::{Deserialize, Deserializer, Serialize};

use super::{Metadata, Unbuilt};
use crate::{
    campaign::Flaw,
    code::Code,
    reward::{Rule, Sides, Texts},
    time::Timestamp,
};

/// The type of a rule on the wire.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Type {
    /// The referrer earns.
    SingleSided,
    /// Both earn.
    DoubleSided,
    /// Not built.
    Milestone,
    /// Not built.
    Leaderboard,
    /// Not built.
    Affiliate,
}

/// `POST /campaign/{id}/reward-configs`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the wire's names say it all")]
pub struct RewardCreate {
    #[serde(rename = "type")]
    pub kind: Type,
    #[serde(default, deserialize_with = "super::name")]
    pub title: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub description: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub referral_description: Option<String>,
    #[serde(default, deserialize_with = "super::picture")]
    pub image_url: Option<String>,
    #[serde(default, deserialize_with = "super::name")]
    pub coupon_code: Option<String>,
    #[serde(default, deserialize_with = "super::name")]
    pub referral_coupon_code: Option<String>,
    #[serde(default)]
    pub metadata: Option<Metadata>,
    #[serde(default)]
    pub event: Option<Event>,
    #[serde(default)]
    pub conversions_required: Option<i64>,
    #[serde(default)]
    pub is_unlimited: Option<bool>,
    #[serde(default)]
    pub limit: Option<i64>,
    #[serde(default)]
    pub limit_duration: Option<LimitDuration>,
    #[serde(default)]
    pub is_visible: Option<bool>,
    #[serde(default)]
    pub referred_reward_upfront: Option<bool>,
    #[serde(default)]
    pub number_of_winners: Option<Unbuilt>,
    #[serde(default)]
    pub next_milestone_prefix: Option<Unbuilt>,
    #[serde(default)]
    pub next_milestone_suffix: Option<Unbuilt>,
    #[serde(default)]
    pub order: Option<Unbuilt>,
    #[serde(default)]
    pub image_icon_key: Option<Unbuilt>,
    #[serde(default)]
    pub value: Option<Unbuilt>,
    #[serde(default)]
    pub referred_value: Option<Unbuilt>,
    #[serde(default)]
    pub commission_structure: Option<Unbuilt>,
}

/// What a rule rewards.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Event {
    /// A lead; not built.
    Lead,
    /// A conversion.
    Conversion,
}

/// Over which time a limit counts.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LimitDuration {
    /// For ever.
    InTotal,
    /// Not built.
    PerMonth,
    /// Not built.
    PerYear,
}

/// A description: at most 2,000 characters.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    super::line::<D, 2_000>(deserializer)
}

/// The largest round and limit.
const LARGEST: i64 = 100_000;

impl RewardCreate {
    /// The rule that is asked for, in its first version.
    pub fn rule(self, id: String) -> Result<Rule, Flaw> {
        const UNBUILT: &str = "is not available in this installation";
        let flaw = |field, problem| Err(Flaw { field, problem });
        let sides = match self.kind {
            Type::SingleSided => Sides::SingleSided,
            Type::DoubleSided => Sides::DoubleSided,
            Type::Milestone | Type::Leaderboard | Type::Affiliate => return flaw("type", UNBUILT),
        };
        if self.event == Some(Event::Lead) {
            return flaw("event", UNBUILT);
        }
        if self.limit_duration.is_some_and(|it| it != LimitDuration::InTotal) {
            return flaw("limitDuration", UNBUILT);
        }
        if self.referred_reward_upfront == Some(true) {
            return flaw("referredRewardUpfront", UNBUILT);
        }
        let conversions_required = self.conversions_required.unwrap_or(1);
        if !(1..=LARGEST).contains(&conversions_required) {
            return flaw("conversionsRequired", "must be a whole number from 1 to 100000");
        }
        let limit = match (self.limit, self.is_unlimited) {
            (None | Some(-1), None | Some(true)) => None,
            (None, Some(false)) => Some(1),
            (Some(-1), Some(false)) | (Some(_), Some(true)) => {
                return flaw("limit", "contradicts isUnlimited");
            }
            (Some(limit), _) if (1..=LARGEST).contains(&limit) => u32::try_from(limit).ok(),
            (Some(_), _) => return flaw("limit", "must be -1 or a whole number from 1 to 100000"),
        };
        Ok(Rule {
            id,
            version: 1,
            sides,
            conversions_required: u32::try_from(conversions_required).unwrap_or(1),
            limit,
            is_visible: self.is_visible.unwrap_or(true),
            texts: Texts {
                title: self.title,
                description: self.description,
                referral_description: self.referral_description,
                image_url: self.image_url,
                coupon_code: self.coupon_code,
                referral_coupon_code: self.referral_coupon_code,
                metadata: self.metadata.unwrap_or_default().0,
            },
        })
    }
}

/// A reward rule.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the wire's names say it all")]
pub struct CampaignReward {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: Sides,
    pub is_unlimited: bool,
    pub metadata: BTreeMap<String, String>,
    pub title: Option<String>,
    pub description: Option<String>,
    pub referral_description: Option<String>,
    pub image_url: Option<String>,
    pub coupon_code: Option<String>,
    pub referral_coupon_code: Option<String>,
    pub event: Event,
    pub conversions_required: u32,
    /// `-1`: any number.
    pub limit: i64,
    pub limit_duration: LimitDuration,
    pub is_visible: bool,
    pub referred_reward_upfront: bool,
    /// Which version of the rule this is; ours.
    pub version: u32,
}

impl From<Rule> for CampaignReward {
    fn from(it: Rule) -> Self {
        Self {
            id: it.id,
            kind: it.sides,
            is_unlimited: it.limit.is_none(),
            metadata: it.texts.metadata,
            title: it.texts.title,
            description: it.texts.description,
            referral_description: it.texts.referral_description,
            image_url: it.texts.image_url,
            coupon_code: it.texts.coupon_code,
            referral_coupon_code: it.texts.referral_coupon_code,
            event: Event::Conversion,
            conversions_required: it.conversions_required,
            limit: it.limit.map_or(-1, i64::from),
            limit_duration: LimitDuration::InTotal,
            is_visible: it.is_visible,
            referred_reward_upfront: false,
            version: it.version,
        }
    }
}

/// `GET /campaign/{id}/reward-configs`.
#[derive(Clone, Debug, Serialize)]
pub struct CampaignRewards {
    /// Oldest first, hidden ones included.
    pub rewards: Vec<CampaignReward>,
}

/// What somebody earned.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, clippy::struct_excessive_bools, reason = "so it is on the wire")]
pub struct ParticipantReward {
    pub id: String,
    pub reward_id: String,
    pub status: &'static str,
    pub approved: bool,
    pub approved_at: Option<Timestamp>,
    pub is_fulfilled: bool,
    pub fulfilled_at: Option<Timestamp>,
    pub is_available: bool,
    pub is_referrer: bool,
    pub referrer_id: Code,
    pub referred_id: Code,
    pub unread: bool,
    pub created_at: Timestamp,
}

/// `GET /campaign/{id}/participant/{p}/rewards`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParticipantRewards {
    /// Newest first.
    pub rewards: Vec<ParticipantReward>,
    /// How many were asked for.
    pub limit: u32,
    /// Where the next page begins.
    pub next_id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(json: &str) -> Result<Rule, &'static str> {
        let create: RewardCreate = serde_json::from_str(json).unwrap();
        create.rule("crew_1".into()).map_err(|it| it.field)
    }

    #[track_caller]
    fn limit(json: &str, expected: Result<Option<u32>, &'static str>) {
        assert_eq!(rule(json).map(|it| it.limit), expected);
    }

    #[test]
    fn r_rule_1_a_rule_has_no_limit_unless_one_is_named() {
        limit(r#"{"type":"SINGLE_SIDED"}"#, Ok(None));
        limit(r#"{"type":"SINGLE_SIDED","limit":-1,"isUnlimited":true}"#, Ok(None));
        limit(r#"{"type":"SINGLE_SIDED","limit":3}"#, Ok(Some(3)));
        limit(r#"{"type":"SINGLE_SIDED","isUnlimited":false}"#, Ok(Some(1)));
        for wrong in ["0", "-2", "100001"] {
            limit(&alloc::format!(r#"{{"type":"SINGLE_SIDED","limit":{wrong}}}"#), Err("limit"));
        }
        limit(r#"{"type":"SINGLE_SIDED","limit":3,"isUnlimited":true}"#, Err("limit"));
        limit(r#"{"type":"SINGLE_SIDED","limit":-1,"isUnlimited":false}"#, Err("limit"));
    }

    #[test]
    fn r_rule_2_what_is_not_built_is_refused_by_its_field() {
        for kind in ["MILESTONE", "LEADERBOARD", "AFFILIATE"] {
            assert_eq!(rule(&alloc::format!(r#"{{"type":"{kind}"}}"#)), Err("type"));
        }
        for (field, value) in [
            ("event", r#""LEAD""#),
            ("limitDuration", r#""PER_MONTH""#),
            ("limitDuration", r#""PER_YEAR""#),
            ("referredRewardUpfront", "true"),
            ("conversionsRequired", "0"),
        ] {
            let json = alloc::format!(r#"{{"type":"DOUBLE_SIDED","{field}":{value}}}"#);
            assert_eq!(rule(&json), Err(field));
        }
        let defaults = r#"{"type":"DOUBLE_SIDED","event":"CONVERSION","limitDuration":"IN_TOTAL",
            "referredRewardUpfront":false,"numberOfWinners":null,"conversionsRequired":1}"#;
        assert!(rule(defaults).is_ok());
    }
}
