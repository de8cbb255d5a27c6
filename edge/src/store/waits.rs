//! Rewards whose time to wait is over.

use serde::{Deserialize, Serialize};
use shared::{code::Code, decision::Reason, reward::Waiting, time::Timestamp};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A reward that is due, and the id of the decision that says so.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Due {
    /// `prew_…`.
    pub reward: String,
    /// The decision's.
    #[serde(default)]
    pub id: String,
}

/// Rewards whose time to wait is over and for which more than a browser vouches, the longest waiting
/// first.
pub async fn due(db: &Db, now: Timestamp, most: u32) -> Result<Vec<Due>, DbError> {
    db.all(sql!(
        "-- waits::due
         SELECT id AS reward FROM reward
          WHERE approve_at <= ?1 AND status = 'PENDING' AND approved_at IS NULL
            AND source <> 'BROWSER'
          ORDER BY approve_at LIMIT ?2",
        now,
        most,
    ))
    .await
}

/// A reward whose time to wait is over, and that rests on a browser's word alone.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Doubted {
    /// The campaign.
    pub campaign: String,
    /// The rule's version.
    pub version: u32,
    /// Who referred.
    pub referrer: Code,
    /// Whose it is.
    pub participant: Code,
    /// When it was due.
    pub approve_at: Timestamp,
    /// What waits.
    #[serde(deserialize_with = "sql::json")]
    pub waiting: Waiting,
}

/// Rewards whose time to wait is over and for which only a browser vouches, the longest waiting first.
pub async fn doubted(db: &Db, now: Timestamp, most: u32) -> Result<Vec<Doubted>, DbError> {
    db.all(sql!(
        "-- waits::doubted
         SELECT campaign, version, referrer, participant, approve_at, it AS waiting
           FROM waiting_reward
          WHERE approve_at <= ?1 AND approved_at IS NULL
          ORDER BY approve_at LIMIT ?2",
        now,
        most,
    ))
    .await
}

/// Looks at a reward again later: it could not be decided now.
pub fn put_off(it: &Doubted, until: Timestamp) -> Statement {
    sql!(
        "-- waits::put_off
         UPDATE reward SET approve_at = ?3
          WHERE id = ?1 AND status = 'PENDING' AND approved_at IS NULL AND approve_at = ?2",
        &it.waiting.id,
        it.approve_at,
        until,
    )
}

/// Approves those of them that still wait, and gives them where the campaign says so: what was
/// approved or cancelled meanwhile stays as it is and gets no decision.
#[must_use]
pub fn approve(due: &[Due], now: Timestamp) -> Vec<Statement> {
    let due = sql::to_json(&due);
    vec![
        sql!(
            "-- waits::approve/decisions
             INSERT INTO decision (id, campaign, participant, kind, reasons, facts, at)
             SELECT it.value->>'id', r.campaign, r.participant, 'APPROVED', ?3,
                    json_object('reward', r.id, 'rule', r.rule, 'version', r.version,
                                'dueAt', r.approve_at), ?2
               FROM json_each(?1) AS it
               JOIN reward AS r ON r.id = it.value->>'reward'
              WHERE r.status = 'PENDING' AND r.approved_at IS NULL AND r.approve_at <= ?2",
            &due,
            now,
            sql::to_json(&[Reason::ApprovedByTime]),
        ),
        sql!(
            "-- waits::approve
             UPDATE reward SET approved_at = ?2,
                    fulfilled_at = iif(c.options->>'autoFulfillRewards', ?2, NULL),
                    status = iif(c.options->>'autoFulfillRewards', 'FULFILLED', 'PENDING')
               FROM json_each(?1) AS it, campaign AS c
              WHERE reward.id = it.value->>'reward' AND c.id = reward.campaign
                AND reward.status = 'PENDING' AND reward.approved_at IS NULL
                AND reward.approve_at <= ?2",
            &due,
            now,
        ),
        sql!(
            "-- waits::approve/given
             -- What lacks something is approved, and not given. These decisions are among the last: a
             -- reward that lacks something adds one or two.
             UPDATE decision
                SET facts = json_set(facts, '$.fulfilled', json(iif(
                      (SELECT status FROM reward WHERE id = decision.facts->>'reward') = 'FULFILLED',
                      'true', 'false')))
              WHERE seq > (SELECT max(seq) FROM decision) - 4 * json_array_length(?1)
                AND id IN (SELECT value->>'id' FROM json_each(?1))",
            &due,
        ),
    ]
}
