//! Counts, ranks, budgets: what a recount finds.

use super::Fault;

pub(super) const FAULTS: &[Fault] = &[
    (
        "counts are what a recount finds, in total and in every month",
        "SELECT participant || ' ' || month AS id FROM tally AS t WHERE campaign = ?1 AND
           (leads, vouched_leads, credited, vouched) IS NOT
           (SELECT coalesce(sum(outcome NOT IN ('HELD', 'REJECTED')
                                AND t.month IN (0, bound_month)), 0),
                   coalesce(sum(outcome NOT IN ('HELD', 'REJECTED') AND source <> 'BROWSER'
                                AND t.month IN (0, bound_month)), 0),
                   coalesce(sum(outcome = 'AWARDED' AND t.month IN (0, r.month)), 0),
                   coalesce(sum(outcome = 'AWARDED' AND source <> 'BROWSER'
                                AND t.month IN (0, r.month)), 0)
              FROM referral AS r WHERE referrer = t.participant)",
    ),
    (
        "what was given is what a recount finds",
        "WITH kept AS (
           SELECT rule, participant, version, month, per, event, picked, rewards, reach, singles
             FROM given WHERE rule IN (SELECT id FROM rule WHERE campaign = ?1)),
         found AS (
           SELECT rule, participant, version, earned_month,
                  iif(month IS NULL, 'IN_TOTAL', 'PER_MONTH') AS per, event, picked,
                  sum(status <> 'CANCELLED' AND (source <> 'BROWSER' OR needs IS NOT NULL)),
                  max(iif(instr(occasion, ' ') = 0, coalesce(needs, 0), 0)),
                  sum(needs IS NULL AND status IN ('PENDING', 'FULFILLED'))
             FROM reward WHERE campaign = ?1 AND side = 'REFERRER'
            GROUP BY rule, participant, version, earned_month, month IS NULL, event, picked)
         SELECT rule || ' ' || participant AS id FROM (SELECT * FROM kept EXCEPT SELECT * FROM found)
         UNION ALL
         SELECT rule || ' ' || participant FROM (SELECT * FROM found EXCEPT SELECT * FROM kept)",
    ),
    (
        "who is counted has a row for it",
        "SELECT p.id FROM participant AS p
          WHERE p.campaign = ?1 AND p.erased_at IS NULL AND NOT EXISTS
            (SELECT 1 FROM tally WHERE participant = p.id AND month = 0)
         UNION ALL
         SELECT r.friend FROM referral AS r
           JOIN participant AS p ON p.id = r.referrer AND p.erased_at IS NULL
          WHERE r.campaign = ?1 AND r.outcome = 'AWARDED' AND NOT EXISTS
            (SELECT 1 FROM tally WHERE participant = r.referrer AND month = r.month)",
    ),
    (
        "ranks are what a recount finds",
        "SELECT month || ' ' || credited AS id FROM
           (SELECT month, credited, people FROM rank_count WHERE campaign = ?1
            UNION ALL
            SELECT month, credited, -count(*) FROM tally
             WHERE campaign = ?1 AND 0 < credited GROUP BY month, credited)
          GROUP BY month, credited HAVING sum(people) <> 0",
    ),
    (
        "the budget has spent what a recount finds, and no more than it has",
        "SELECT b.campaign AS id FROM budget AS b JOIN campaign AS c ON c.id = b.campaign
          WHERE b.campaign = ?1 AND
           ((rewards, amount) IS NOT
            (SELECT count(*), coalesce(sum(amount), 0) FROM reward
              WHERE campaign = ?1 AND source <> 'BROWSER' AND status <> 'CANCELLED')
            OR c.options->'budget'->>'rewards' < rewards
            OR c.options->'budget'->>'amount' < amount)",
    ),
    (
        "clicks are recorded once",
        "SELECT id FROM click WHERE campaign = ?1 GROUP BY id HAVING 1 < count(*)",
    ),
];
