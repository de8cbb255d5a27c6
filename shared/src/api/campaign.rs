//! Campaigns on the wire.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::{CampaignReward, RewardCreate};
use crate::{campaign::Status, money::Currency, time::Timestamp};

/// The kind of programme.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// Friends refer friends.
    Referral,
    /// Partners earn money per sale; not built.
    Affiliate,
}

/// What the programme is for; kept, and nothing follows from it yet.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the wire's names say it all")]
pub enum Goal {
    Customers,
    Users,
    Subscribers,
    Waitlist,
    #[serde(rename = "B2B_SAAS_SELF_SERVICE")]
    B2bSaasSelfService,
    #[serde(rename = "B2B_SAAS_ENTERPRISE")]
    B2bSaasEnterprise,
    #[serde(rename = "B2C_SUBSCRIPTIONS")]
    B2cSubscriptions,
    FinancialServices,
    OnlineEducation,
    Insurance,
    OnlineInsurance,
    Telehealth,
    HealthcareProviders,
}

/// `POST /campaigns`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CampaignCreate {
    /// The kind of programme.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// What people call it.
    #[serde(default, deserialize_with = "super::name")]
    pub name: Option<String>,
    /// The owner's name.
    #[serde(default, deserialize_with = "super::name")]
    pub company_name: Option<String>,
    /// The owner's logo.
    #[serde(default, deserialize_with = "super::picture")]
    pub company_logo_image_url: Option<String>,
    /// The currency of all its amounts.
    #[serde(default, rename = "currencyISO")]
    pub currency: Option<Currency>,
    /// What it is for.
    #[serde(default)]
    pub goal: Option<Goal>,
    /// Its first rules.
    #[serde(default)]
    pub rewards: Vec<RewardCreate>,
}

/// The statuses that an update may ask for.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SetStatus {
    /// Publish, or resume.
    InProgress,
    /// End.
    Complete,
}

/// `PATCH /campaign/{id}`: only what is sent changes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CampaignUpdate {
    /// What people call it.
    #[serde(deserialize_with = "super::name")]
    pub name: Option<String>,
    /// The owner's name.
    #[serde(deserialize_with = "super::name")]
    pub company_name: Option<String>,
    /// The owner's logo.
    #[serde(deserialize_with = "super::picture")]
    pub company_logo_image_url: Option<String>,
    /// Publish, resume or end.
    pub status: Option<SetStatus>,
}

/// A campaign.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the wire's names say it all")]
pub struct Campaign {
    pub id: String,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    pub status: Status,
    #[serde(rename = "currencyISO")]
    pub currency: Currency,
    pub company_name: Option<String>,
    pub company_logo_image_url: Option<String>,
    pub goal: Option<Goal>,
    pub created_at: Timestamp,
    pub participant_count: u64,
    pub referral_count: u64,
    pub impression_count: u64,
    pub invite_count: u64,
    pub winner_count: u64,
    /// Visible rules only.
    pub rewards: Vec<CampaignReward>,
}

/// `GET /campaigns`.
#[derive(Clone, Debug, Serialize)]
pub struct Campaigns {
    /// Oldest first.
    pub campaigns: Vec<Campaign>,
}
