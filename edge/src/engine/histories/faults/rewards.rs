//! Rewards: limits, rounds, who vouches, who approved.

use super::Fault;

pub(super) const FAULTS: &[Fault] = &[
    (
        "no limit is exceeded",
        "SELECT r.id || ' ' || w.participant AS id FROM rule AS r
           JOIN reward AS w ON w.rule = r.id
          WHERE r.campaign = ?1 AND r.body->'limit'->>'most' IS NOT NULL
            AND w.side = 'REFERRER' AND w.status <> 'CANCELLED' AND w.friend IS NOT NULL
            AND (w.source <> 'BROWSER' OR w.needs IS NOT NULL)
          GROUP BY r.id, w.participant, CASE r.body->'limit'->>'per'
                     WHEN 'PER_MONTH' THEN earned_month WHEN 'PER_YEAR' THEN earned_month / 12
                     ELSE 0 END
         HAVING r.body->'limit'->>'most' < count(*)",
    ),
    (
        "a rule gives once for each occasion and side",
        "SELECT min(id) AS id FROM reward
          WHERE campaign = ?1 AND status IN ('PENDING', 'FULFILLED')
          GROUP BY rule, side, iif(instr(occasion, ' '),
                                   substr(occasion, 1, instr(occasion, ' ') - 1), occasion)
         HAVING 1 < count(*)
         UNION ALL
         SELECT min(id) FROM reward WHERE campaign = ?1
          GROUP BY rule, side, occasion HAVING 1 < count(*)",
    ),
    (
        "what a credit earned stands no longer than the credit",
        "SELECT w.id FROM reward AS w
           JOIN referral AS r ON r.campaign = w.campaign AND r.friend = w.friend
          WHERE w.campaign = ?1 AND w.needs IS NULL AND w.status IN ('PENDING', 'FULFILLED')
            AND (w.event = 'CONVERSION' AND r.outcome <> 'AWARDED'
              OR w.event = 'LEAD' AND r.outcome IN ('HELD', 'REJECTED')
              OR w.referrer <> r.referrer)
         UNION ALL
         SELECT w.id FROM reward AS w WHERE w.campaign = ?1 AND w.friend IS NOT NULL AND NOT EXISTS
           (SELECT 1 FROM referral AS r WHERE r.campaign = w.campaign AND r.friend = w.friend)",
    ),
    (
        "a round stands while as many referrals do as it rests on",
        "SELECT w.id FROM reward AS w
           JOIN tally AS t ON t.participant = w.participant AND t.month = coalesce(w.month, 0)
          WHERE w.campaign = ?1 AND w.needs IS NOT NULL AND w.friend IS NOT NULL
            AND w.status IN ('PENDING', 'FULFILLED')
            AND iif(w.event = 'LEAD', t.leads, t.credited) < w.needs",
    ),
    (
        "what only a browser asserted is not approved, unless the owner said so",
        "SELECT w.id FROM reward AS w
           JOIN referral AS r ON r.campaign = w.campaign AND r.friend = w.friend
           JOIN participant AS p ON p.id = w.referrer AND p.erased_at IS NULL
           JOIN campaign AS c ON c.id = w.campaign
          WHERE w.campaign = ?1 AND w.approved_at IS NOT NULL
            AND w.status NOT IN ('CANCELLED', 'REVERSED')
            AND (w.source = 'BROWSER'
              OR NOT w.by_hand AND c.options->>'browserHoldDays' IS NULL
                 AND iif(w.needs IS NULL, r.source = 'BROWSER',
                         (SELECT iif(w.event = 'LEAD', vouched_leads, vouched) FROM tally
                           WHERE participant = w.referrer AND month = coalesce(w.month, 0))
                           < w.needs))",
    ),
    (
        "what is vouched for does not wait for it",
        "SELECT w.id FROM reward AS w
           JOIN referral AS r ON r.campaign = w.campaign AND r.friend = w.friend
          WHERE w.campaign = ?1 AND w.status = 'PENDING' AND w.source = 'BROWSER'
            AND iif(w.needs IS NULL, r.source <> 'BROWSER',
                    w.needs <= (SELECT iif(w.event = 'LEAD', vouched_leads, vouched) FROM tally
                                 WHERE participant = w.referrer
                                   AND month = coalesce(w.month, 0)))",
    ),
    (
        "what waits, waits for its time or for the owner, who is told",
        "SELECT w.id FROM reward AS w JOIN campaign AS c ON c.id = w.campaign
          WHERE w.campaign = ?1 AND w.status = 'PENDING' AND w.approved_at IS NULL
            AND w.source <> 'BROWSER' AND w.approve_at IS NULL
            AND NOT c.options->>'requireManualRewardApproval'
         UNION ALL
         SELECT id FROM (
           SELECT subject AS id FROM notice
            WHERE campaign = ?1 AND kind = 'REWARD_WAITING' AND seen_at IS NULL
           UNION ALL
           SELECT w.id FROM reward AS w JOIN campaign AS c ON c.id = w.campaign
            WHERE w.campaign = ?1 AND w.status = 'PENDING' AND w.approved_at IS NULL
              AND w.source <> 'BROWSER' AND c.options->>'requireManualRewardApproval')
          GROUP BY id HAVING count(*) <> 2",
    ),
    (
        "what was approved by itself had waited for its hold",
        "SELECT w.id FROM reward AS w
          WHERE w.campaign = ?1 AND w.approved_at < w.created_at + w.hold_days * 86400000
            AND NOT EXISTS (SELECT 1 FROM decision AS d
                             WHERE d.participant = w.participant
                               AND d.reasons = '[\"APPROVED_BY_HAND\"]'
                               AND d.facts->>'reward' = w.id)",
    ),
    (
        "states and times agree",
        "SELECT id FROM reward WHERE campaign = ?1
            AND (status NOT IN ('PENDING', 'FULFILLED', 'CANCELLED', 'REVERSED')
              OR status IN ('FULFILLED', 'REVERSED') AND (fulfilled_at IS NULL OR approved_at IS NULL)
              OR status = 'PENDING' AND fulfilled_at IS NOT NULL)",
    ),
    (
        "what is undone has its record, and nothing else has",
        "SELECT w.id FROM reward AS w WHERE w.campaign = ?1
            AND (w.status = 'REVERSED') <>
                (SELECT count(*) FROM reversal AS r WHERE r.reward = w.id
                                                      AND r.amount IS w.amount)",
    ),
    (
        "rewards are of the month in which they were earned, in the campaign",
        "SELECT id FROM reward WHERE campaign = ?1 AND friend IS NOT NULL
            AND earned_month <> strftime('%Y', created_at / 1000 + ?3, 'unixepoch') * 12
                              + strftime('%m', created_at / 1000 + ?3, 'unixepoch') - 1",
    ),
    (
        "a board gives to no more than it has places, and to nobody before its time",
        "SELECT min(w.id) AS id FROM reward AS w JOIN rule AS r ON r.id = w.rule
          WHERE w.campaign = ?1 AND w.friend IS NULL
          GROUP BY w.rule, w.month HAVING r.body->>'numberOfWinners' < count(*)
         UNION ALL
         SELECT w.id FROM reward AS w
          WHERE w.campaign = ?1 AND w.friend IS NULL AND w.month IS NOT NULL
            AND strftime('%Y', w.created_at / 1000 - 600 + ?3, 'unixepoch') * 12
              + strftime('%m', w.created_at / 1000 - 600 + ?3, 'unixepoch') - 1 <= w.month",
    ),
];
