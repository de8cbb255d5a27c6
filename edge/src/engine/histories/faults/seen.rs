//! Nothing that was written is edited: what was seen before is kept beside the books, and compared.

use super::Fault;
use crate::{platform::Db, sql};

/// What was seen before.
pub(in super::super) struct Seen;

impl Seen {
    /// Makes the tables for it; they go with the connection.
    pub(in super::super) async fn begin(db: &Db) {
        let tables = [
            sql!(
                "-- seen::begin/told
                 CREATE TEMP TABLE told (id INTEGER PRIMARY KEY, campaign TEXT, now INTEGER,
                                          zone INTEGER, days INTEGER, per_hour INTEGER)"
            ),
            sql!(
                "-- seen::begin/reward
                 CREATE TEMP TABLE seen_reward (id TEXT PRIMARY KEY, fixed TEXT, status TEXT,
                                                fulfilled_at INTEGER, code TEXT)"
            ),
            sql!(
                "-- seen::begin/fact\n CREATE TEMP TABLE seen_fact (id TEXT PRIMARY KEY, fixed TEXT)"
            ),
            sql!(
                "-- seen::begin/bond
                 CREATE TEMP TABLE seen_bond (friend TEXT PRIMARY KEY, referrer TEXT, source TEXT,
                                              outcome TEXT, credit_at INTEGER)"
            ),
            sql!(
                "-- seen::begin/reward_now
                 CREATE TEMP VIEW reward_now AS
                 SELECT id, concat_ws('|', campaign, rule, version, participant, side, referrer,
                                      friend, iif(instr(occasion, ' '),
                                        substr(occasion, 1, instr(occasion, ' ') - 1), occasion),
                                      needs, month, event, earned_month, kind, amount, pool,
                                      hold_days, created_at) AS fixed,
                        status, fulfilled_at,
                        (SELECT code FROM coupon WHERE reward = reward.id) AS code
                   FROM reward"
            ),
            sql!(
                "-- seen::begin/fact_now
                 CREATE TEMP VIEW fact_now AS
                 SELECT id, concat_ws('|', campaign, participant, kind, reasons, facts, at) AS fixed
                   FROM decision
                 UNION ALL
                 SELECT 'refund ' || id, concat_ws('|', participant, name, kind, extent, told,
                                                   conversion, amount, at)
                   FROM refund WHERE state = 'COUNTED'
                 UNION ALL
                 SELECT 'reversal ' || reward, concat_ws('|', refund, amount, at) FROM reversal
                 UNION ALL
                 SELECT 'order ' || id, concat_ws('|', participant, kind, gross, amount, currency,
                                                  source, at)
                   FROM conversion WHERE kind = 'TRANSACTION'
                 UNION ALL
                 SELECT 'coupon ' || code, concat_ws('|', campaign, pool, created_at) FROM coupon"
            ),
        ];
        db.batch(tables.into()).await.unwrap();
    }

    /// Sees what is there now.
    pub(super) async fn look(db: &Db) {
        let looks = [
            sql!(
                "-- seen::look/reward
                 INSERT OR REPLACE INTO seen_reward
                 SELECT id, fixed, status, fulfilled_at, code FROM reward_now"
            ),
            sql!(
                "-- seen::look/fact\n INSERT OR IGNORE INTO seen_fact SELECT id, fixed FROM fact_now"
            ),
            sql!(
                "-- seen::look/bond
                 INSERT OR REPLACE INTO seen_bond
                 SELECT friend, referrer, source, outcome, credit_at FROM referral"
            ),
        ];
        db.batch(looks.into()).await.unwrap();
    }
}

pub(super) const FAULTS: &[Fault] = &[
    (
        "a reward stays what it is, and what is given stays given until it is reversed",
        "SELECT s.id FROM seen_reward AS s LEFT JOIN reward_now AS w ON w.id = s.id
          WHERE w.id IS NULL OR w.fixed <> s.fixed
             OR CASE s.status WHEN 'PENDING' THEN 0
                              WHEN 'FULFILLED' THEN w.status NOT IN ('FULFILLED', 'REVERSED')
                                OR w.fulfilled_at IS NOT s.fulfilled_at OR w.code IS NOT s.code
                              ELSE w.status <> s.status END",
    ),
    (
        "decisions, refunds, reversals and orders are never edited",
        "SELECT s.id FROM seen_fact AS s LEFT JOIN fact_now AS f ON f.id = s.id
          WHERE f.id IS NULL OR f.fixed <> s.fixed",
    ),
    (
        "a bond that somebody vouches for is for life, and what is settled is settled",
        "SELECT s.friend AS id FROM seen_bond AS s LEFT JOIN referral AS r ON r.friend = s.friend
          WHERE r.friend IS NULL OR s.source <> 'BROWSER' AND (r.referrer <> s.referrer
                                                               OR r.source = 'BROWSER')
             OR r.referrer = s.referrer AND r.outcome <> s.outcome AND CASE s.outcome
                  WHEN 'PENDING' THEN r.outcome NOT IN ('AWARDED', 'EXPIRED', 'REVERSED')
                  WHEN 'AWARDED' THEN r.outcome <> 'REVERSED'
                  WHEN 'HELD' THEN 0 ELSE 1 END",
    ),
];
