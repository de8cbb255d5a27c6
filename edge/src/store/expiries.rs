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

/// Referrals whose time is over. Those of the campaign in which one waits longest come first, and in
/// it the oldest, so that no campaign's backlog keeps another's waiting.
pub async fn due(db: &Db, now: Timestamp, most: u32) -> Result<Vec<Due>, DbError> {
    db.all(sql!(
        "-- expiries::due
         WITH waiting AS MATERIALIZED (
           SELECT id, options->>'referralCreditWindowDays' * 86400000 AS span,
                  (SELECT min(bound_at) FROM referral INDEXED BY referral_waiting
                    WHERE campaign = campaign.id AND outcome = 'PENDING' AND credit_at IS NULL)
                    AS oldest
             FROM campaign WHERE options->>'referralCreditWindowDays' IS NOT NULL)
         SELECT r.campaign, r.friend
           FROM (SELECT id, span FROM waiting WHERE oldest + span < ?1
                  ORDER BY oldest + span LIMIT ?2) AS it
          CROSS JOIN referral AS r INDEXED BY referral_waiting
             ON r.campaign = it.id AND r.outcome = 'PENDING' AND r.credit_at IS NULL
            AND r.bound_at < ?1 - it.span
          LIMIT ?2",
        now,
        most,
    ))
    .await
}

/// Labels those of them expired that still are due, and says so: what was credited meanwhile stays as
/// it is and gets no decision, and so does what a longer window lets wait.
#[must_use]
pub fn expire(due: &[Due], now: Timestamp) -> Vec<Statement> {
    let due = sql::to_json(&due);
    vec![
        sql!(
            "-- expiries::expire/decisions
             INSERT INTO decision (id, campaign, participant, kind, reasons, facts, at)
             SELECT it.value->>'id', r.campaign, r.friend, 'EXPIRED', ?3,
                    json_object('referrer', r.referrer, 'boundAt', r.bound_at, 'expiresAt',
                                r.bound_at + (c.options->>'referralCreditWindowDays') * 86400000), ?2
               FROM json_each(?1) AS it
              CROSS JOIN referral AS r
                 ON r.campaign = it.value->>'campaign' AND r.friend = it.value->>'friend'
              CROSS JOIN campaign AS c ON c.id = r.campaign
              WHERE r.outcome = 'PENDING' AND r.credit_at IS NULL
                AND r.bound_at + (c.options->>'referralCreditWindowDays') * 86400000 < ?2",
            &due,
            now,
            sql::to_json(&[Reason::ExpiredUnused]),
        ),
        sql!(
            "-- expiries::expire
             UPDATE referral SET outcome = 'EXPIRED', settled_at = ?2, updated_at = ?2
               FROM json_each(?1) AS it CROSS JOIN campaign AS c
              WHERE referral.campaign = it.value->>'campaign'
                AND referral.friend = it.value->>'friend'
                AND referral.outcome = 'PENDING' AND referral.credit_at IS NULL
                AND c.id = it.value->>'campaign'
                AND referral.bound_at + (c.options->>'referralCreditWindowDays') * 86400000 < ?2",
            &due,
            now,
        ),
    ]
}
