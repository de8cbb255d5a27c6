//! Rewards that are undone: what was not given is cancelled, what was given gets a record of its own.

use serde::Deserialize;
use shared::{
    code::Code,
    decision::Reason,
    refund::Affected,
    reward::{Condition, Side, Source, Status},
    time::Timestamp,
};

use super::decisions;
use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

#[derive(Deserialize)]
struct Row {
    id: String,
    rule: String,
    version: u32,
    participant: Code,
    side: Side,
    status: Status,
    source: Source,
    #[serde(deserialize_with = "sql::flag")]
    by_hand: bool,
    needs: Option<u32>,
    credited: u32,
    vouched: u32,
    #[serde(deserialize_with = "sql::flag")]
    picked: bool,
    #[serde(deserialize_with = "sql::json")]
    conditions: Condition,
}

/// What the end of a friend's credit may undo: the rewards for that friend alone, and the referrer's
/// rounds for which too few referrals would be left. What a sign-up earned is not among them.
pub async fn affected(db: &Db, campaign: &str, friend: &Code) -> Result<Vec<Affected>, DbError> {
    let rows: Vec<Row> = db
        .all(sql!(
            "-- reversals::affected
             WITH bond AS MATERIALIZED (
               SELECT referrer, month, outcome = 'AWARDED' AS counts,
                      outcome = 'AWARDED' AND source <> 'BROWSER' AS vouches
                 FROM referral WHERE campaign = ?1 AND friend = ?2),
             found AS (
               SELECT w.id, w.rule, w.version, w.participant, w.side, w.status, w.source, w.by_hand,
                      w.needs, 0 AS credited, 0 AS vouched, 0 AS picked, NULL AS met
                 FROM reward AS w
                WHERE w.friend = ?2 AND w.needs IS NULL AND w.event = 'CONVERSION'
                  AND w.status IN ('PENDING', 'FULFILLED')
               UNION ALL
               SELECT w.id, w.rule, w.version, w.participant, w.side, w.status, w.source, w.by_hand,
                      w.needs,
                      t.credited - (bond.counts AND (w.month IS NULL OR w.month = bond.month)),
                      t.vouched - (bond.vouches AND (w.month IS NULL OR w.month = bond.month)),
                      0, NULL
                 FROM bond
                 JOIN reward AS w INDEXED BY reward_round ON w.participant = bond.referrer
                 JOIN tally AS t ON t.participant = bond.referrer
                                AND t.month = coalesce(w.month, 0)
                WHERE w.needs IS NOT NULL AND NOT w.picked AND w.event = 'CONVERSION'
                  AND w.status IN ('PENDING', 'FULFILLED')
                  AND iif(w.source = 'BROWSER' OR w.by_hand, t.credited, t.vouched) - 1 < w.needs
               UNION ALL
               SELECT w.id, w.rule, w.version, w.participant, w.side, w.status, w.source, w.by_hand,
                      w.needs, t.counted - c.counts, t.vouched - c.counts * c.vouched, 1, c.version
                 FROM bond
                 JOIN counted AS c ON c.friend = ?2 AND c.event = 'CONVERSION'
                 JOIN reward AS w ON w.participant = bond.referrer AND w.rule = c.rule
                                 AND w.event = c.event AND (w.month IS NULL OR w.month = c.month)
                 JOIN rule_tally AS t ON t.participant = bond.referrer AND t.rule = c.rule
                                     AND t.event = c.event AND t.month = coalesce(w.month, 0)
                WHERE w.picked AND w.status IN ('PENDING', 'FULFILLED')
                  AND iif(w.source = 'BROWSER' OR w.by_hand, t.counted, t.vouched) - 1 < w.needs)
             SELECT found.id, found.rule, found.version, found.participant, found.side, found.status,
                    found.source, found.by_hand, found.needs, found.credited, found.vouched,
                    found.picked,
                    coalesce(v.body->'conditions', '{}') AS conditions
               FROM found
               LEFT JOIN rule_version AS v ON v.rule = found.rule 
                                       AND v.version = coalesce(found.met, found.version)
              ORDER BY found.id",
            campaign,
            friend,
        ))
        .await?;
    let affected = rows.into_iter().map(|it| Affected {
        id: it.id,
        rule: it.rule,
        version: it.version,
        participant: it.participant,
        side: it.side,
        status: it.status,
        source: it.source,
        by_hand: it.by_hand,
        needs: it.needs,
        credited: it.credited,
        vouched: it.vouched,
        picked: it.picked,
        conditions: it.conditions,
    });
    Ok(affected.collect())
}

/// Cancels a reward that was not given; fails the batch if it was, or is cancelled.
pub fn cancel(id: &str) -> Statement {
    sql!(
        "-- reversals::cancel
         UPDATE reward SET status = iif(status = 'PENDING', 'CANCELLED', NULL) WHERE id = ?1",
        id,
    )
}

/// Undoes a reward that was given, by a record; fails the batch if it is undone already.
#[must_use]
pub fn reverse(id: &str, refund: &str, now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- reversals::reverse
             UPDATE reward SET status = iif(status = 'FULFILLED', 'REVERSED', NULL) WHERE id = ?1",
            id,
        ),
        sql!(
            "-- reversals::reverse/record
             INSERT INTO reversal (reward, refund, amount, at)
             SELECT id, ?2, amount, ?3 FROM reward WHERE id = ?1",
            id,
            refund,
            now,
        ),
    ]
}

/// Lets a round wait again for somebody better than a browser; fails the batch if it was given or
/// cancelled.
pub fn doubt(id: &str) -> Statement {
    sql!(
        "-- reversals::doubt
         UPDATE reward SET source = iif(status = 'PENDING', 'BROWSER', NULL), approve_at = NULL,
                approved_at = NULL
          WHERE id = ?1",
        id,
    )
}

/// Frees the referrer's rounds that are not full any more: they are earned anew when they are. What
/// became of their rewards stays as it is.
pub fn free_rounds(referrer: &Code) -> Statement {
    sql!(
        "-- reversals::free_rounds
         UPDATE reward INDEXED BY reward_round SET occasion = occasion || ' ' || id
          WHERE participant = ?1 AND needs IS NOT NULL AND event = 'CONVERSION'
            AND instr(occasion, ' ') = 0
            AND iif(picked,
                    (SELECT counted FROM rule_tally
                      WHERE participant = ?1 AND month = coalesce(reward.month, 0)
                        AND rule = reward.rule AND event = reward.event),
                    (SELECT credited FROM tally
                      WHERE participant = ?1 AND month = coalesce(reward.month, 0))) < needs",
        referrer,
    )
}

/// Takes back what rests on one friend whom only a browser had bound, also where somebody of the
/// team or time approved it, with a decision of each, and frees its occasion: whoever referred them in
/// truth earns by it.
#[must_use]
pub fn retract_friend(friend: &Code, now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- reversals::retract_friend/decisions
             INSERT INTO decision (id, campaign, participant, kind, reasons, facts, at)
             SELECT ?3 || substr(id, -15) || '2', campaign, participant,
                    iif(status = 'PENDING', 'CANCELLED', 'REVERSED'), ?4,
                    json_object('reward', id, 'rule', rule, 'version', version, 'side', side), ?2
               FROM reward
              WHERE friend = ?1 AND needs IS NULL AND instr(occasion, ' ') = 0
                AND status IN ('PENDING', 'FULFILLED')",
            friend,
            now,
            decisions::time(now),
            sql::to_json(&[Reason::NoLongerCounts]),
        ),
        sql!(
            "-- reversals::retract_friend/record
             INSERT INTO reversal (reward, amount, at)
             SELECT id, amount, ?2 FROM reward
              WHERE friend = ?1 AND needs IS NULL AND status = 'FULFILLED'",
            friend,
            now,
        ),
        sql!(
            "-- reversals::retract_friend
             UPDATE reward
                SET status = CASE status WHEN 'PENDING' THEN 'CANCELLED'
                                         WHEN 'FULFILLED' THEN 'REVERSED' ELSE status END,
                    occasion = occasion || ' ' || id
              WHERE friend = ?1 AND needs IS NULL AND instr(occasion, ' ') = 0",
            friend,
        ),
    ]
}

/// Takes back the referrer's rounds that are not full any more, with a decision of each, and frees
/// them to be filled again.
#[must_use]
pub fn retract_rounds(referrer: &Code, now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- reversals::retract_rounds/decisions
             INSERT INTO decision (id, campaign, participant, kind, reasons, facts, at)
             SELECT ?3 || substr(id, -15) || '2', campaign, participant,
                    iif(status = 'PENDING', 'CANCELLED', 'REVERSED'), ?4,
                    json_object('reward', id, 'rule', rule, 'version', version, 'side', side), ?2
               FROM reward
              WHERE participant = ?1 AND needs IS NOT NULL AND instr(occasion, ' ') = 0
                AND status IN ('PENDING', 'FULFILLED')
                AND (SELECT iif(event = 'LEAD', leads, credited) FROM tally
                      WHERE participant = ?1 AND month = coalesce(reward.month, 0)) < needs",
            referrer,
            now,
            decisions::time(now),
            sql::to_json(&[Reason::NoLongerCounts]),
        ),
        sql!(
            "-- reversals::retract_rounds/record
             INSERT INTO reversal (reward, amount, at)
             SELECT id, amount, ?2 FROM reward INDEXED BY reward_round
              WHERE participant = ?1 AND needs IS NOT NULL AND status = 'FULFILLED'
                AND instr(occasion, ' ') = 0
                AND iif(picked,
                        (SELECT counted FROM rule_tally
                          WHERE participant = ?1 AND month = coalesce(reward.month, 0)
                            AND rule = reward.rule AND event = reward.event),
                        (SELECT iif(event = 'LEAD', leads, credited) FROM tally
                          WHERE participant = ?1 AND month = coalesce(reward.month, 0))) < needs",
            referrer,
            now,
        ),
        sql!(
            "-- reversals::retract_rounds
             UPDATE reward INDEXED BY reward_round
                SET status = CASE status WHEN 'PENDING' THEN 'CANCELLED'
                                         WHEN 'FULFILLED' THEN 'REVERSED' ELSE status END,
                    occasion = occasion || ' ' || id
              WHERE participant = ?1 AND needs IS NOT NULL AND instr(occasion, ' ') = 0
                AND iif(picked,
                        (SELECT counted FROM rule_tally
                          WHERE participant = ?1 AND month = coalesce(reward.month, 0)
                            AND rule = reward.rule AND event = reward.event),
                        (SELECT iif(event = 'LEAD', leads, credited) FROM tally
                          WHERE participant = ?1 AND month = coalesce(reward.month, 0))) < needs",
            referrer,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn r_refund_8_a_reward_is_undone_as_it_stands_or_not_at_all() {
        let db = Db::in_memory().unwrap();
        let add = |id: &str, status: &str| {
            sql!(
                "-- t
                 INSERT INTO reward (id, campaign, rule, version, participant, side, referrer,
                   occasion, event, earned_month, kind, status, source, hold_days, created_at)
                 VALUES (?1, 'shop', 'crew', 1, 'ada', 'REFERRER', 'ada', ?1, 'CONVERSION', 1,
                         'COUPON', ?2, 'SERVER', 0, 1)",
                id,
                status,
            )
        };
        let states = [("p", "PENDING"), ("f", "FULFILLED"), ("c", "CANCELLED"), ("r", "REVERSED")];
        db.batch(states.map(|(id, status)| add(id, status)).into()).await.unwrap();
        let refused = Err(DbError::Constraint);
        for id in ["f", "c", "r"] {
            assert_eq!(db.batch(vec![cancel(id)]).await, refused, "{id}");
            assert_eq!(db.batch(vec![doubt(id)]).await, refused, "{id}");
        }
        for id in ["p", "c", "r"] {
            assert_eq!(db.batch(reverse(id, "refund", Timestamp(2))).await, refused, "{id}");
        }
        db.batch(vec![doubt("p"), cancel("p")]).await.unwrap();
        db.batch(reverse("f", "refund", Timestamp(2))).await.unwrap();
        assert_eq!(db.batch(reverse("f", "refund", Timestamp(2))).await, refused);
    }
}
