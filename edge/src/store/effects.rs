//! Whom a change concerns: people, open referrals, rewards that wait; each counted up to 10,000.

use serde::Deserialize;
use shared::time::Timestamp;

use crate::{platform::Db, sql, sql::DbError};

/// How far each is counted.
pub const COUNTED: u64 = 10_000;

/// Whom a change concerns.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
pub struct Concerned {
    /// People who take part.
    pub participants: u64,
    /// Referrals that wait for their event.
    pub open: u64,
    /// Those of them that began before an instant.
    pub older: u64,
    /// Rewards that nobody approved yet.
    pub waiting: u64,
    /// Those of them that one rule gave.
    pub by_rule: u64,
}

/// Counts them; `since` bounds the older referrals, `rule` names the rule.
pub async fn concerned(
    db: &Db,
    campaign: &str,
    rule: &str,
    since: Timestamp,
) -> Result<Concerned, DbError> {
    let rows = db
        .all(sql!(
            "-- effects::concerned
             SELECT (SELECT count(*) FROM (
                       SELECT 1 FROM participant WHERE campaign = ?1 AND erased_at IS NULL
                        LIMIT 10000)) AS participants,
                    (SELECT count(*) FROM (
                       SELECT 1 FROM referral WHERE campaign = ?1 AND outcome = 'PENDING'
                          AND credit_at IS NULL LIMIT 10000)) AS open,
                    (SELECT count(*) FROM (
                       SELECT 1 FROM referral WHERE campaign = ?1 AND outcome = 'PENDING'
                          AND credit_at IS NULL AND bound_at < ?3 LIMIT 10000)) AS older,
                    (SELECT count(*) FROM (
                       SELECT 1 FROM reward WHERE status = 'PENDING' AND campaign = ?1
                          AND (approved_at IS NULL) = 1 LIMIT 10000)) AS waiting,
                    (SELECT count(*) FROM (
                       SELECT 1 FROM (SELECT rule FROM reward
                                       WHERE status = 'PENDING' AND campaign = ?1
                                         AND (approved_at IS NULL) = 1 LIMIT 10000)
                        WHERE rule = ?2)) AS by_rule",
            campaign,
            rule,
            since,
        ))
        .await?;
    Ok(rows.into_iter().next().unwrap_or_default())
}
