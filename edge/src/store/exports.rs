//! Rows of lists that are taken away and have no page of their own.

use serde::Deserialize;
use shared::{
    code::Code,
    decision::{Kind, Reason},
    time::Timestamp,
};

use crate::{platform::Db, sql, sql::DbError};

/// A code of a pool, and who was given it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Coupon {
    /// The code.
    pub code: String,
    /// The reward that it was given for.
    pub reward: Option<String>,
    /// When.
    pub given_at: Option<Timestamp>,
    /// Whose that is.
    pub participant: Option<Code>,
    /// Their address.
    pub email: Option<String>,
}

/// Codes of a pool by their text, `limit` of them after one.
pub async fn coupons(
    db: &Db,
    campaign: &str,
    pool: &str,
    after: &str,
    limit: u32,
) -> Result<Vec<Coupon>, DbError> {
    db.all(sql!(
        "-- exports::coupons
         SELECT c.code, c.reward, c.given_at, w.participant, n.email
           FROM coupon AS c
           LEFT JOIN reward AS w ON w.id = c.reward
           LEFT JOIN person AS n ON n.subject = w.participant
          WHERE c.campaign = ?1 AND c.pool = ?2 AND ?3 < c.code ORDER BY c.code LIMIT ?4",
        campaign,
        pool,
        after,
        limit,
    ))
    .await
}

/// A decision.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Decision {
    /// Its id, which sorts by time.
    pub id: String,
    /// Whom it is about.
    pub participant: String,
    /// Their address.
    pub email: Option<String>,
    /// What was decided.
    pub kind: Kind,
    /// Why.
    #[serde(deserialize_with = "sql::json")]
    pub reasons: Vec<Reason>,
    /// When.
    pub at: Timestamp,
}

/// Decisions of a campaign, newest first, `limit` of them before one.
pub async fn decisions(
    db: &Db,
    campaign: &str,
    before: &str,
    limit: u32,
) -> Result<Vec<Decision>, DbError> {
    db.all(sql!(
        "-- exports::decisions
         SELECT d.id, d.participant, n.email, d.kind, d.reasons, d.at
           FROM decision AS d LEFT JOIN person AS n ON n.subject = d.participant
          WHERE d.campaign = ?1 AND d.id < ?2 ORDER BY d.id DESC LIMIT ?3",
        campaign,
        before,
        limit,
    ))
    .await
}
