//! Referrals whose event never came.

use serde::{Deserialize, Serialize};
use shared::{code::Code, decision::Reason, time::Timestamp};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A pending referral whose time is over, and the id of the decision that says so.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Due {
    /// The campaign.
    pub campaign: String,
    /// Who came.
    pub friend: Code,
    /// The decision's.
    #[serde(default)]
    pub id: String,
}

/// Referrals whose time is over, the longest waiting first.
pub async fn due(db: &Db, now: Timestamp, most: u32) -> Result<Vec<Due>, DbError> {
    db.all(sql!(
        "-- expiries::due
         SELECT campaign, friend FROM referral
          WHERE outcome = 'PENDING' AND expires_at < ?1 ORDER BY expires_at LIMIT ?2",
        now,
        most,
    ))
    .await
}

/// Labels those of them expired that still are due, and says so: what was credited meanwhile stays as
/// it is and gets no decision.
#[must_use]
pub fn expire(due: &[Due], now: Timestamp) -> Vec<Statement> {
    let due = sql::to_json(&due);
    vec![
        sql!(
            "-- expiries::expire/decisions
             INSERT INTO decision (id, campaign, participant, kind, reasons, facts, at)
             SELECT it.value->>'id', r.campaign, r.friend, 'EXPIRED', ?3,
                    json_object('referrer', r.referrer, 'boundAt', r.bound_at,
                                'expiresAt', r.expires_at), ?2
               FROM json_each(?1) AS it
               JOIN referral AS r
                 ON r.campaign = it.value->>'campaign' AND r.friend = it.value->>'friend'
              WHERE r.outcome = 'PENDING' AND r.expires_at < ?2",
            &due,
            now,
            sql::to_json(&[Reason::ExpiredUnused]),
        ),
        sql!(
            "-- expiries::expire
             UPDATE referral SET outcome = 'EXPIRED', settled_at = ?2, updated_at = ?2
               FROM json_each(?1) AS it
              WHERE referral.campaign = it.value->>'campaign'
                AND referral.friend = it.value->>'friend'
                AND referral.outcome = 'PENDING' AND referral.expires_at < ?2",
            &due,
            now,
        ),
    ]
}
