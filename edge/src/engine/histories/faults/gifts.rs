//! Coupons and what else is missing before something can be given.

use super::Fault;

pub(super) const FAULTS: &[Fault] = &[
    (
        "no code is given twice, and no reward has two",
        "SELECT min(code) AS id FROM coupon WHERE campaign = ?1 AND reward IS NOT NULL
          GROUP BY reward HAVING 1 < count(*)
         UNION ALL
         SELECT code FROM coupon WHERE campaign = ?1 GROUP BY pool, code HAVING 1 < count(*)",
    ),
    (
        "a code is whose reward it completes",
        "SELECT c.code AS id FROM coupon AS c LEFT JOIN reward AS w ON w.id = c.reward
          WHERE c.campaign = ?1 AND c.reward IS NOT NULL
            AND (w.id IS NULL OR w.kind <> 'UNIQUE_COUPON' OR w.pool <> c.pool
              OR w.campaign <> c.campaign OR w.lacks IS NOT NULL OR w.approved_at IS NULL
              OR w.status = 'CANCELLED')",
    ),
    (
        "an approved reward has its code, or says that there is none",
        "SELECT w.id FROM reward AS w
          WHERE w.campaign = ?1 AND w.kind = 'UNIQUE_COUPON' AND w.approved_at IS NOT NULL
            AND (w.status IN ('FULFILLED', 'REVERSED') AND
                   (w.lacks IS NOT NULL OR NOT EXISTS (SELECT 1 FROM coupon WHERE reward = w.id))
              OR w.status = 'PENDING' AND (w.lacks IS NULL) <>
                   EXISTS (SELECT 1 FROM coupon WHERE reward = w.id))",
    ),
    (
        "what is missing is a decision",
        "SELECT w.id FROM reward AS w
          WHERE w.campaign = ?1 AND w.lacks IS NOT NULL AND NOT EXISTS
            (SELECT 1 FROM decision AS d
              WHERE d.participant = w.participant AND d.kind = 'HELD' AND d.facts->>'reward' = w.id
                AND d.reasons = iif(w.lacks = 'COUPON', '[\"POOL_EMPTY\"]',
                                    '[\"ADDRESS_MISSING\"]'))",
    ),
    (
        "a pool has what a recount finds",
        "SELECT name AS id FROM coupon_pool AS p WHERE campaign = ?1 AND (total, free) IS NOT
           (SELECT count(*), coalesce(sum(reward IS NULL), 0) FROM coupon
             WHERE campaign = ?1 AND pool = p.name)",
    ),
    (
        "the owner is told of a pool that somebody waits for",
        "SELECT p.name AS id FROM coupon_pool AS p
          WHERE p.campaign = ?1 AND EXISTS
            (SELECT 1 FROM reward WHERE campaign = ?1 AND pool = p.name AND lacks = 'COUPON'
                                    AND status = 'PENDING')
            AND p.free <= p.low_stock AND NOT EXISTS
              (SELECT 1 FROM notice WHERE kind = 'COUPONS_LOW' AND subject = ?1 || '/' || p.name)",
    ),
    (
        "a gift is not given by itself before there is an address",
        "SELECT w.id FROM reward AS w
           JOIN campaign AS c ON c.id = w.campaign AND c.options->>'autoFulfillRewards'
           JOIN participant AS p ON p.id = w.participant AND p.erased_at IS NULL
          WHERE w.campaign = ?1 AND w.kind = 'GIFT' AND w.status = 'FULFILLED' AND NOT EXISTS
            (SELECT 1 FROM person WHERE subject = w.participant AND address IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM decision AS d
                             WHERE d.participant = w.participant
                               AND d.reasons = '[\"FULFILLED_BY_HAND\"]'
                               AND d.facts->>'reward' = w.id)",
    ),
    (
        "a charity is one that the owner lists",
        "SELECT id FROM reward WHERE campaign = ?1 AND charity IS NOT NULL
            AND (kind <> 'DONATION' OR charity NOT IN ('Sea', 'Forest'))",
    ),
];
