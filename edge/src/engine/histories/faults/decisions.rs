//! What was decided, and why: every state has its decision, and every decision its state.

use super::Fault;

pub(super) const FAULTS: &[Fault] = &[
    (
        "every state of a referral has its one decision",
        "SELECT friend || ' ' || kind AS id FROM (
           SELECT friend, referrer, 'BOUND' AS kind FROM referral WHERE campaign = ?1
           UNION ALL
           SELECT friend, referrer, CASE outcome WHEN 'AWARDED' THEN 'CREDITED' ELSE outcome END
             FROM referral WHERE campaign = ?1 AND outcome IN ('AWARDED', 'EXPIRED')) AS due
          WHERE 1 <> (SELECT count(*) FROM decision AS d
                       WHERE d.participant = due.friend AND d.kind = due.kind
                         AND d.facts->>'referrer' = due.referrer)",
    ),
    (
        "what is pending, held or rejected was not credited, and what is not reversed not undone",
        "SELECT friend || ' ' || d.kind AS id FROM referral AS r
           JOIN decision AS d ON d.participant = r.friend AND d.facts->>'referrer' = r.referrer
          WHERE r.campaign = ?1
            AND (d.kind = 'CREDITED' AND r.outcome NOT IN ('AWARDED', 'REVERSED')
              OR d.kind = 'EXPIRED' AND r.outcome <> 'EXPIRED'
              OR d.kind = 'REVERSED' AND d.reasons = '[\"REFUNDED\"]' AND r.outcome <> 'REVERSED')",
    ),
    (
        "what is held or rejected says why, once",
        "SELECT friend AS id FROM referral AS r WHERE campaign = ?1
            AND outcome IN ('HELD', 'REJECTED') AND 1 <>
             (SELECT count(*) FROM decision AS d
               WHERE d.participant = r.friend AND d.facts->>'referrer' = r.referrer
                 AND iif(outcome = 'HELD', d.kind = 'HELD' AND d.facts->'signals' IS NOT NULL,
                         d.kind = 'REFUSED' AND (d.facts->'signals' IS NOT NULL
                                                 OR d.reasons IN ('[\"REJECTED_BY_HAND\"]', '[\"ERASED_ON_REQUEST\"]'))))",
    ),
    (
        "what was reversed says so, once",
        "SELECT friend AS id FROM referral AS r WHERE campaign = ?1 AND outcome = 'REVERSED' AND 1 <>
           (SELECT count(*) FROM decision AS d
             WHERE d.participant = r.friend AND d.kind = 'REVERSED' AND d.reasons = '[\"REFUNDED\"]')",
    ),
    (
        "what waits for its day says so",
        "SELECT friend AS id FROM referral AS r WHERE campaign = ?1 AND credit_at IS NOT NULL
            AND 1 <> (SELECT count(*) FROM decision AS d
                       WHERE d.participant = r.friend AND d.kind = 'DELAYED'
                         AND d.facts->>'creditAt' = r.credit_at)",
    ),
    (
        "everybody who came has a decision on who referred them",
        "SELECT id FROM participant AS p WHERE campaign = ?1 AND NOT EXISTS
           (SELECT 1 FROM decision WHERE participant = p.id AND kind IN ('BOUND', 'UNBOUND'))",
    ),
    (
        "every reward has its decision, and every decision its reward",
        "SELECT rule || ' ' || occasion || ' ' || side AS id FROM (
           SELECT rule, participant, side,
                  iif(instr(occasion, ' '), substr(occasion, 1, instr(occasion, ' ') - 1), occasion)
                    AS occasion, 1 AS count
             FROM reward WHERE campaign = ?1 AND friend IS NOT NULL
           UNION ALL
           SELECT it.value->>'rule', it.value->>'participant', it.value->>'side',
                  it.value->>'occasion', -1
             FROM decision AS d, json_each(d.facts->'rewards') AS it
            WHERE d.campaign = ?1 AND d.kind IN ('CREDITED', 'EARNED'))
          GROUP BY rule, participant, side, occasion HAVING sum(count) <> 0",
    ),
    (
        "every place on a board that earned says so",
        "SELECT w.id FROM reward AS w WHERE w.campaign = ?1 AND friend IS NULL AND 1 <>
           (SELECT count(*) FROM decision AS d WHERE d.participant = w.participant
               AND d.kind = 'WON' AND d.facts->>'reward' = w.id)",
    ),
    (
        "a rule for each referral gives to the referrer or says why not",
        "SELECT d.participant || ' ' || r.id AS id FROM decision AS d
           JOIN rule AS r ON r.campaign = d.campaign AND r.removed_at IS NULL
                         AND r.body->'gives'->>'amount' IS NOT 100
                         AND r.body->>'event' = iif(d.kind = 'EARNED', 'LEAD', 'CONVERSION')
                         AND r.body->>'kind' IN ('SINGLE_SIDED', 'DOUBLE_SIDED')
                         AND r.body->>'conversionsRequired' = 1
          WHERE d.campaign = ?1 AND d.kind IN ('CREDITED', 'EARNED') AND 1 <>
            (SELECT count(*) FROM json_each(d.facts->'rewards') AS it
              WHERE it.value->>'rule' = r.id AND it.value->>'side' = 'REFERRER')
          + (SELECT count(*) FROM json_each(d.facts->'refused') AS it
              WHERE it.value->>'rule' = r.id)",
    ),
    (
        "a rule for both sides gives to the friend, unless it gives to nobody",
        "SELECT d.participant || ' ' || r.id AS id FROM decision AS d
           JOIN rule AS r ON r.campaign = d.campaign AND r.body->>'kind' = 'DOUBLE_SIDED'
                         AND r.removed_at IS NULL AND r.body->'gives'->>'amount' IS NOT 100
          WHERE d.campaign = ?1 AND d.kind = 'CREDITED' AND 1 <>
            (SELECT count(*) FROM json_each(d.facts->'rewards') AS it
              WHERE it.value->>'rule' = r.id AND it.value->>'side' = 'FRIEND')
          + (SELECT count(*) FROM json_each(d.facts->'refused') AS it
              WHERE it.value->>'rule' = r.id AND it.value->>'reason' <> 'LIMIT_REACHED')",
    ),
    (
        "a full round gives or says why not, and no other does",
        "SELECT d.participant || ' ' || r.id AS id FROM decision AS d
           JOIN rule AS r ON r.campaign = d.campaign AND r.body->>'event' = 'CONVERSION'
                         AND r.body->>'kind' = 'SINGLE_SIDED' AND r.removed_at IS NULL
                         AND 1 < r.body->>'conversionsRequired'
          WHERE d.campaign = ?1 AND d.kind = 'CREDITED'
            AND ((d.facts->>'credited' + 1) % (r.body->>'conversionsRequired') = 0) <>
            (SELECT count(*) FROM json_each(d.facts->'rewards') AS it
              WHERE it.value->>'rule' = r.id AND it.value->>'side' = 'REFERRER')
          + (SELECT count(*) FROM json_each(d.facts->'refused') AS it
              WHERE it.value->>'rule' = r.id)",
    ),
    (
        "what was taken back or undone says why",
        "SELECT w.id FROM reward AS w
          WHERE w.campaign = ?1 AND w.status IN ('CANCELLED', 'REVERSED') AND NOT EXISTS
            (SELECT 1 FROM decision AS d WHERE d.campaign = ?1 AND
               (d.kind IN ('CANCELLED', 'REVERSED', 'CONFIRMED', 'CREDITED', 'EARNED')
                  AND instr(d.facts, w.id)
                OR d.kind = 'ERASED' AND d.participant = w.participant
                OR d.kind = 'BOUND' AND d.facts->>'insteadOf' = w.referrer))",
    ),
    (
        "what time approved had waited long enough, and what it labelled, too",
        "SELECT id FROM decision WHERE campaign = ?1
            AND (reasons = '[\"APPROVED_BY_TIME\"]' AND at < facts->>'dueAt'
              OR reasons = '[\"EXPIRED_UNUSED\"]' AND at <= facts->>'expiresAt')",
    ),
];
