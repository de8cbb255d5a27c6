//! Events, orders and what was given back of them.

use super::Fault;

pub(super) const FAULTS: &[Fault] = &[
    (
        "an event happens to a friend once, and a number is of one order",
        "SELECT participant AS id FROM conversion
          WHERE campaign = ?1 AND kind <> 'TRANSACTION' GROUP BY 1 HAVING 1 < count(*)
         UNION ALL
         SELECT c.id FROM conversion AS c WHERE campaign = ?1 AND 1 <>
           (SELECT count(*) FROM conversion_number WHERE conversion = c.id)
         UNION ALL
         SELECT min(conversion) FROM conversion_number WHERE campaign = ?1
          GROUP BY kind, number HAVING 1 < count(*)",
    ),
    (
        "of an order is refunded what its refunds add up to, and no more than it was",
        "SELECT c.id FROM conversion AS c WHERE c.campaign = ?1
            AND (refunded > coalesce(gross, 0) OR refunded <>
              (SELECT coalesce(sum(amount), 0) FROM refund
                WHERE conversion = c.id AND state = 'COUNTED'))",
    ),
    (
        "a refund is counted once, under its name and the numbers of its order",
        "SELECT min(id) AS id FROM refund WHERE campaign = ?1 AND conversion IS NOT NULL
          GROUP BY conversion, name HAVING 1 < count(*)
         UNION ALL
         SELECT min(refund) FROM refund_number WHERE campaign = ?1
          GROUP BY kind, number, name HAVING 1 < count(*)
         UNION ALL
         SELECT r.id FROM refund AS r WHERE r.campaign = ?1 AND NOT EXISTS
           (SELECT 1 FROM refund_number WHERE refund = r.id)",
    ),
    (
        "a refund waits only while its order is not known",
        "SELECT r.id FROM refund AS r
           JOIN refund_number AS rn ON rn.refund = r.id
           JOIN conversion_number AS cn
             ON cn.campaign = rn.campaign AND cn.kind = rn.kind AND cn.number = rn.number
           JOIN conversion AS c ON c.id = cn.conversion AND c.participant = r.participant
          WHERE r.campaign = ?1 AND r.state = 'WAITING'",
    ),
    (
        "every refund that took something is a decision, once",
        "SELECT r.id FROM refund AS r WHERE r.campaign = ?1 AND r.state = 'COUNTED' AND 0 < r.amount
            AND 1 <> (SELECT count(*) FROM decision AS d
                       WHERE d.participant = r.participant AND d.facts->>'refund' = r.id
                         AND d.kind IN ('REFUNDED', 'REVERSED'))",
    ),
    (
        "a credit stands no longer than its order",
        "SELECT r.friend AS id FROM referral AS r JOIN conversion AS c ON c.id = r.conversion
          WHERE r.campaign = ?1 AND c.gross IS NOT NULL
            AND (r.outcome = 'AWARDED' AND c.gross <= c.refunded
              OR r.outcome = 'REVERSED' AND c.refunded < c.gross)",
    ),
    (
        "a reward for large orders stands while what is left is large",
        "SELECT w.id FROM reward AS w
           JOIN rule ON rule.id = w.rule AND rule.body->'conditions'->>'fact' = 'AMOUNT'
           JOIN referral AS r ON r.campaign = w.campaign AND r.friend = w.friend
           JOIN conversion AS c ON c.id = r.conversion
          WHERE w.campaign = ?1 AND w.status IN ('PENDING', 'FULFILLED')
            AND (c.gross IS NULL OR c.gross - c.refunded < rule.body->'conditions'->>'value')",
    ),
];
