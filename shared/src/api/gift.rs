//! Our own bodies for what is given: pools of coupons, customers, what a person chooses.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::ParticipantReward;
use crate::address::Address;

/// `POST /campaign/{id}/coupon-pools`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PoolCreate {
    /// What rules name it by.
    pub name: String,
    /// At how few free codes the owner is told; by default when none is left.
    #[serde(default)]
    pub low_stock: u32,
}

/// `PATCH /campaign/{id}/coupon-pools/{pool}`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PoolPatch {
    /// At how few free codes the owner is told; none: as before.
    #[serde(default)]
    pub low_stock: Option<u32>,
}

/// A pool of coupons.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct CouponPool {
    /// What rules name it by.
    pub name: String,
    /// Its codes.
    pub total: u64,
    /// Those that nobody was given.
    pub free: u64,
    /// At how few free codes the owner is told.
    pub low_stock: u32,
}

/// `GET /campaign/{id}/coupon-pools`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CouponPools {
    /// By name.
    pub coupon_pools: Vec<CouponPool>,
}

/// `POST /campaign/{id}/coupon-pools/{pool}/coupons`.
#[derive(Clone, Debug, Deserialize)]
pub struct CouponImport {
    /// In the order in which they are given.
    pub codes: Vec<String>,
}

/// What came of an import.
#[derive(Clone, Debug, Serialize)]
pub struct Imported {
    /// How many codes it held.
    pub imported: usize,
    /// The pool as it is now.
    #[serde(flatten)]
    pub pool: CouponPool,
}

/// `POST /campaign/{id}/customers`.
#[derive(Clone, Debug, Deserialize)]
pub struct CustomerImport {
    /// SHA-256 of addresses, trimmed and in lower case, in hexadecimal digits.
    pub hashes: Vec<String>,
}

/// How many customers are known.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CustomerCount {
    /// Different hashes.
    pub count: u64,
}

/// `PATCH /campaign/{id}/participant/{p}/reward/{reward}`: what is not sent stays.
#[derive(Clone, Debug, Deserialize)]
pub struct RewardChoice {
    /// Whom a donation goes to: one of the campaign's charities.
    #[serde(default)]
    pub charity: Option<String>,
    /// Where gifts are sent.
    #[serde(default)]
    pub address: Option<Address>,
}

/// A reward and what the person said about it.
#[derive(Clone, Debug, Serialize)]
pub struct RewardChosen {
    /// The reward.
    #[serde(flatten)]
    pub reward: ParticipantReward,
    /// Where it is sent; of gifts only.
    pub address: Option<Address>,
}
