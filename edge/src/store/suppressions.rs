//! Who is not written to: by a keyed hash, which outlives the person.

use serde::Deserialize;
use shared::time::Timestamp;

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// What somebody gets no more.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Suppression {
    /// Whose: the hash of their identity.
    pub hash: String,
    /// What it is about, or [`ALL`].
    pub topic: String,
    /// `ASKED` or `BOUNCED`.
    pub reason: String,
}

/// All messages, whatever they are about.
pub const ALL: &str = "ALL";

/// They said so.
pub const ASKED: &str = "ASKED";

/// Nobody takes mail at that address.
pub const BOUNCED: &str = "BOUNCED";

/// What those of a campaign get no more whose hashes are given.
pub async fn among(
    db: &Db,
    campaign: &str,
    hashes: &[String],
) -> Result<Vec<Suppression>, DbError> {
    db.all(sql!(
        "-- suppressions::among
         SELECT s.hash, s.topic, s.reason
           FROM json_each(?2) AS given CROSS JOIN suppression AS s
          WHERE s.campaign = ?1 AND s.hash = given.value",
        campaign,
        sql::to_json(&hashes),
    ))
    .await
}

/// Writes no more to somebody of a topic. That an address bounced stands beside what they said.
pub fn insert(campaign: &str, hash: &str, topic: &str, reason: &str, now: Timestamp) -> Statement {
    sql!(
        "-- suppressions::insert
         INSERT INTO suppression (campaign, hash, topic, reason, at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
        campaign,
        hash,
        topic,
        reason,
        now,
    )
}

/// Writes again to somebody who had asked not to be written to. An address that bounced stays out.
pub fn forgive(campaign: &str, hash: &str) -> Statement {
    sql!(
        "-- suppressions::forgive
         DELETE FROM suppression WHERE campaign = ?1 AND hash = ?2 AND reason = 'ASKED'",
        campaign,
        hash,
    )
}

/// Tries an address again that bounced. What they said stays.
pub fn lift(campaign: &str, hash: &str) -> Statement {
    sql!(
        "-- suppressions::lift
         DELETE FROM suppression WHERE campaign = ?1 AND hash = ?2 AND reason = 'BOUNCED'",
        campaign,
        hash,
    )
}
