//! Reward rules and rewards on the wire.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use serde::{Deserialize, Deserializer, Serialize};

use super::{Metadata, Unbuilt};
use crate::{
    campaign::Flaw,
    code::Code,
    money::Currency,
    reward::{Condition, Event, Gift, GiftKind, Kind, Limit, Period, Rule, Texts},
    time::Timestamp,
};

/// `POST /campaign/{id}/reward-configs`; and what a rule says of itself, with a patch laid over it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the wire's names say it all")]
pub struct RewardCreate {
    #[serde(rename = "type", deserialize_with = "kind")]
    pub kind: Kind,
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
    #[serde(default, deserialize_with = "super::name")]
    pub next_milestone_prefix: Option<String>,
    #[serde(default, deserialize_with = "super::name")]
    pub next_milestone_suffix: Option<String>,
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
    pub limit_duration: Option<Period>,
    #[serde(default)]
    pub number_of_winners: Option<i64>,
    #[serde(default)]
    pub is_visible: Option<bool>,
    #[serde(default)]
    pub referred_reward_upfront: Option<bool>,
    #[serde(default)]
    pub order: Option<i64>,
    // Ours.
    #[serde(default)]
    pub gives: Option<Gift>,
    #[serde(default)]
    pub referral_gives: Option<Gift>,
    #[serde(default)]
    pub conditions: Option<Condition>,
    #[serde(default)]
    pub starts_at: Option<Timestamp>,
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
    #[serde(default)]
    pub hold_days: Option<u16>,
    // Not built.
    #[serde(default)]
    pub image_icon_key: Option<Unbuilt>,
    #[serde(default)]
    pub value: Option<Unbuilt>,
    #[serde(default)]
    pub referred_value: Option<Unbuilt>,
    #[serde(default)]
    pub commission_structure: Option<Unbuilt>,
}

/// The type of a rule; commissions are not built.
fn kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Kind, D::Error> {
    /// The types of the wire.
    #[derive(Deserialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    enum Type {
        SingleSided,
        DoubleSided,
        Milestone,
        Leaderboard,
        Affiliate,
    }
    match Type::deserialize(deserializer)? {
        Type::SingleSided => Ok(Kind::SingleSided),
        Type::DoubleSided => Ok(Kind::DoubleSided),
        Type::Milestone => Ok(Kind::Milestone),
        Type::Leaderboard => Ok(Kind::Leaderboard),
        Type::Affiliate => Err(serde::de::Error::custom("is not available in this installation")),
    }
}

/// A description: at most 2,000 characters.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    super::line::<D, 2_000>(deserializer)
}

/// How many places of a leaderboard win, unless the owner says otherwise.
const WINNERS: i64 = 3;

/// A number on the wire; one that is out of range becomes zero, which no rule takes.
fn number(it: i64) -> u32 {
    u32::try_from(it).unwrap_or(0)
}

impl RewardCreate {
    /// The rule that is asked for.
    pub fn rule(self, id: String, version: u32, currency: Currency) -> Result<Rule, Flaw> {
        let kind = self.kind;
        let limit = self.limit()?;
        let duration = self.limit_duration.unwrap_or_default();
        let counts_months = matches!(kind, Kind::Milestone | Kind::Leaderboard);
        let winners = if kind == Kind::Leaderboard { WINNERS } else { 1 };
        let rule = Rule {
            id,
            version,
            kind,
            event: self.event.unwrap_or_default(),
            conversions_required: number(self.conversions_required.unwrap_or(1)),
            limit,
            period: if counts_months { duration } else { Period::InTotal },
            number_of_winners: number(self.number_of_winners.unwrap_or(winners)),
            is_visible: self.is_visible.unwrap_or(true),
            upfront: self.referred_reward_upfront.unwrap_or(false),
            gives: self.gives.unwrap_or_default(),
            referral_gives: self.referral_gives.unwrap_or_default(),
            conditions: self.conditions.unwrap_or_default().normalised(),
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            hold_days: self.hold_days.unwrap_or(0),
            order: self.order,
            texts: Texts {
                title: self.title,
                description: self.description,
                referral_description: self.referral_description,
                image_url: self.image_url,
                coupon_code: self.coupon_code,
                referral_coupon_code: self.referral_coupon_code,
                next_milestone_prefix: self.next_milestone_prefix,
                next_milestone_suffix: self.next_milestone_suffix,
                metadata: self.metadata.unwrap_or_default().0,
            },
        };
        rule.flaw(currency).map_or(Ok(rule), Err)
    }

    /// How many rewards a participant earns: by default any number, by a milestone one.
    fn limit(&self) -> Result<Option<Limit>, Flaw> {
        let once = self.kind == Kind::Milestone;
        let most = match (self.limit, self.is_unlimited) {
            (None, None) if once => Some(1),
            (None | Some(-1), None | Some(true)) => None,
            (None, Some(false)) if self.kind == Kind::Leaderboard => None,
            (None, Some(false)) => Some(1),
            (Some(-1), Some(false)) | (Some(_), Some(true)) => {
                return Err(Flaw { field: "limit", problem: "contradicts isUnlimited" });
            }
            (Some(limit), _) => Some(limit),
        };
        let per = self.limit_duration.unwrap_or_default();
        let counts_months = matches!(self.kind, Kind::Milestone | Kind::Leaderboard);
        if most.is_none() && per != Period::InTotal && !counts_months {
            return Err(Flaw { field: "limitDuration", problem: "needs a limit that it counts" });
        }
        Ok(most.map(|it| Limit { most: number(it), per }))
    }
}

/// A reward rule.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the wire's names say it all")]
pub struct CampaignReward {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    pub is_unlimited: bool,
    pub metadata: BTreeMap<String, String>,
    pub title: Option<String>,
    pub description: Option<String>,
    pub referral_description: Option<String>,
    pub image_url: Option<String>,
    pub coupon_code: Option<String>,
    pub referral_coupon_code: Option<String>,
    pub next_milestone_prefix: Option<String>,
    pub next_milestone_suffix: Option<String>,
    pub event: Event,
    pub conversions_required: u32,
    /// `-1`: any number.
    pub limit: i64,
    pub limit_duration: Period,
    pub number_of_winners: u32,
    pub order: Option<i64>,
    pub is_visible: bool,
    pub referred_reward_upfront: bool,
    // Ours.
    pub gives: Gift,
    pub referral_gives: Gift,
    pub conditions: Condition,
    pub starts_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
    pub hold_days: u16,
    /// Which version of the rule this is.
    pub version: u32,
}

impl From<Rule> for CampaignReward {
    fn from(it: Rule) -> Self {
        Self {
            id: it.id,
            kind: it.kind,
            is_unlimited: it.limit.is_none(),
            metadata: it.texts.metadata,
            title: it.texts.title,
            description: it.texts.description,
            referral_description: it.texts.referral_description,
            image_url: it.texts.image_url,
            coupon_code: it.texts.coupon_code,
            referral_coupon_code: it.texts.referral_coupon_code,
            next_milestone_prefix: it.texts.next_milestone_prefix,
            next_milestone_suffix: it.texts.next_milestone_suffix,
            event: it.event,
            conversions_required: it.conversions_required,
            limit: it.limit.map_or(-1, |it| i64::from(it.most)),
            limit_duration: it.limit.map_or(it.period, |it| it.per),
            number_of_winners: it.number_of_winners,
            order: it.order,
            is_visible: it.is_visible,
            referred_reward_upfront: it.upfront,
            gives: it.gives,
            referral_gives: it.referral_gives,
            conditions: it.conditions,
            starts_at: it.starts_at,
            ends_at: it.ends_at,
            hold_days: it.hold_days,
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
    pub referred_id: Option<Code>,
    pub unread: bool,
    /// What is given; ours.
    pub kind: GiftKind,
    /// What it is worth, in minor units of the campaign's currency.
    pub amount: Option<i64>,
    #[serde(rename = "currencyISO")]
    pub currency: Option<Currency>,
    /// Only once it is available; ours.
    pub coupon_code: Option<String>,
    /// The charity that the person chose; ours.
    pub charity: Option<String>,
    /// Whether nobody knows yet where to send it; ours.
    pub needs_address: bool,
    /// When it is approved by itself; ours.
    pub approves_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

/// `POST /campaign/{id}/reward/{id}/approve`.
#[derive(Clone, Debug, Deserialize)]
pub struct RewardApprove {
    /// Whether it was given as well; by default, what the campaign's options say.
    #[serde(default)]
    pub fulfill: Option<bool>,
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

    fn create(json: &str) -> RewardCreate {
        serde_json::from_str(json).unwrap()
    }

    fn rule(json: &str) -> Result<Rule, &'static str> {
        create(json).rule("crew_1".into(), 1, Currency::EUR).map_err(|it| it.field)
    }

    #[track_caller]
    fn limit(json: &str, expected: Result<Option<u32>, &'static str>) {
        assert_eq!(rule(json).map(|it| it.limit.map(|it| it.most)), expected, "{json}");
    }

    #[test]
    fn r_rule_1_a_rule_has_no_limit_unless_one_is_named() {
        limit(r#"{"type":"SINGLE_SIDED"}"#, Ok(None));
        limit(r#"{"type":"SINGLE_SIDED","limit":-1,"isUnlimited":true}"#, Ok(None));
        limit(r#"{"type":"SINGLE_SIDED","limit":3}"#, Ok(Some(3)));
        limit(r#"{"type":"SINGLE_SIDED","isUnlimited":false}"#, Ok(Some(1)));
        for wrong in ["0", "-2", "100001", "9007199254740993"] {
            limit(&alloc::format!(r#"{{"type":"SINGLE_SIDED","limit":{wrong}}}"#), Err("limit"));
        }
        limit(r#"{"type":"SINGLE_SIDED","limit":3,"isUnlimited":true}"#, Err("limit"));
        limit(r#"{"type":"SINGLE_SIDED","limit":-1,"isUnlimited":false}"#, Err("limit"));
        // But for milestones, which are reached once.
        limit(r#"{"type":"MILESTONE","conversionsRequired":5}"#, Ok(Some(1)));
        limit(r#"{"type":"MILESTONE","isUnlimited":true}"#, Ok(None));
        limit(r#"{"type":"LEADERBOARD"}"#, Ok(None));
    }

    #[test]
    fn r_rule_2_what_is_not_built_is_refused_by_its_field() {
        let refused = |json: &str| serde_json::from_str::<RewardCreate>(json).is_err();
        assert!(refused(r#"{"type":"AFFILIATE"}"#));
        for field in ["imageIconKey", "value", "referredValue", "commissionStructure"] {
            let with = |value| alloc::format!(r#"{{"type":"SINGLE_SIDED","{field}":{value}}}"#);
            assert!(refused(&with("{}")), "{field}");
            assert!(!refused(&with("null")), "{field}");
        }
    }

    #[test]
    fn r_rule_4_a_duration_counts_a_limit_or_the_referrals_of_milestones_and_leaderboards() {
        let of = |kind: &str, duration: &str| {
            let json = alloc::format!(
                r#"{{"type":"{kind}","limitDuration":"{duration}","isUnlimited":false}}"#
            );
            rule(&json).map(|it| (it.period, it.limit.map(|it| it.per), it.number_of_winners))
        };
        let (total, month, year) = (Period::InTotal, Period::PerMonth, Period::PerYear);
        assert_eq!(of("SINGLE_SIDED", "PER_MONTH"), Ok((total, Some(month), 1)));
        assert_eq!(of("DOUBLE_SIDED", "PER_YEAR"), Ok((total, Some(year), 1)));
        assert_eq!(of("MILESTONE", "PER_MONTH"), Ok((month, Some(month), 1)));
        assert_eq!(of("MILESTONE", "PER_YEAR"), Err("limitDuration"));
        assert_eq!(of("LEADERBOARD", "PER_MONTH"), Ok((month, None, 3)));
        assert_eq!(of("LEADERBOARD", "IN_TOTAL"), Ok((total, None, 3)));
    }

    #[test]
    fn what_a_rule_says_of_itself_makes_the_same_rule() {
        for json in [
            r#"{"type":"DOUBLE_SIDED","limit":3,"limitDuration":"PER_YEAR","referredRewardUpfront":true,
                "gives":{"kind":"CREDIT","amount":500},"holdDays":14,"endsAt":9,"order":2}"#,
            r#"{"type":"MILESTONE","conversionsRequired":5,"limitDuration":"PER_MONTH"}"#,
            r#"{"type":"LEADERBOARD","limitDuration":"PER_MONTH","numberOfWinners":5}"#,
            r#"{"type":"SINGLE_SIDED","conditions":{"fact":"AMOUNT","is":"AT_LEAST","value":5000}}"#,
        ] {
            let first = rule(json).unwrap();
            let mut said = serde_json::to_value(CampaignReward::from(first.clone())).unwrap();
            for ours in ["id", "version"] {
                said.as_object_mut().unwrap().remove(ours);
            }
            let again = serde_json::from_value::<RewardCreate>(said).unwrap();
            assert_eq!(again.rule("crew_1".into(), 1, Currency::EUR), Ok(first));
        }
    }
}
