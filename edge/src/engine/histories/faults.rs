//! What must never be found in the books, as statements.

use crate::sql;

/// Statements that find what must not be.
#[expect(clippy::too_many_lines, reason = "it is a list")]
pub(super) fn all(campaign: &str) -> Vec<(&'static str, sql::Statement)> {
    vec![
        (
            "counts are what a recount finds, in total and in every month",
            sql!(
                "-- faults::all
                 SELECT participant || ' ' || month AS id FROM tally AS t WHERE campaign = ?1 AND
                   (leads, vouched_leads, credited, vouched) IS NOT
                   (SELECT coalesce(sum(outcome <> 'REJECTED' AND t.month IN (0, bound_month)), 0),
                           coalesce(sum(outcome <> 'REJECTED' AND source <> 'BROWSER'
                                        AND t.month IN (0, bound_month)), 0),
                           coalesce(sum(outcome = 'AWARDED' AND t.month IN (0, r.month)), 0),
                           coalesce(sum(outcome = 'AWARDED' AND source <> 'BROWSER'
                                        AND t.month IN (0, r.month)), 0)
                      FROM referral AS r WHERE referrer = t.participant)",
                campaign,
            ),
        ),
        (
            "ranks are what a recount finds",
            sql!(
                "-- faults::all
                 SELECT month || ' ' || credited AS id FROM
                   (SELECT month, credited, people FROM rank_count WHERE campaign = ?1
                    UNION ALL
                    SELECT month, credited, -count(*) FROM tally
                     WHERE campaign = ?1 AND 0 < credited GROUP BY month, credited)
                  GROUP BY month, credited HAVING sum(people) <> 0",
                campaign,
            ),
        ),
        (
            "the budget has spent what a recount finds",
            sql!(
                "-- faults::all
                 SELECT campaign AS id FROM budget AS b WHERE campaign = ?1 AND
                   (rewards, amount) IS NOT
                   (SELECT count(*), coalesce(sum(amount), 0) FROM reward
                     WHERE campaign = ?1 AND source <> 'BROWSER' AND status <> 'CANCELLED')",
                campaign,
            ),
        ),
        (
            "nobody refers themselves, and referrers are of the campaign",
            sql!(
                "-- faults::all
                 SELECT friend AS id FROM referral AS r WHERE campaign = ?1
                    AND (referrer = friend OR referrer NOT IN
                          (SELECT id FROM participant WHERE campaign = ?1))",
                campaign,
            ),
        ),
        (
            "every bond and credit has its one decision",
            sql!(
                "-- faults::all
                 SELECT friend || ' ' || kind AS id FROM (
                   SELECT friend, referrer, 'BOUND' AS kind FROM referral WHERE campaign = ?1
                   UNION ALL
                   SELECT friend, referrer, iif(outcome = 'AWARDED', 'CREDITED', 'EXPIRED')
                     FROM referral WHERE campaign = ?1 AND outcome NOT IN ('PENDING', 'REJECTED'))
                       AS due
                  WHERE 1 <> (SELECT count(*) FROM decision AS d
                               WHERE d.participant = due.friend AND d.kind = due.kind
                                 AND d.facts->>'referrer' = due.referrer)",
                campaign,
            ),
        ),
        (
            "every bond of somebody who was a customer says why it is rejected",
            sql!(
                "-- faults::all
                 SELECT friend AS id FROM referral AS r
                  WHERE campaign = ?1 AND outcome = 'REJECTED' AND NOT EXISTS
                    (SELECT 1 FROM decision AS d
                      WHERE d.participant = r.friend AND d.kind = 'REFUSED'
                        AND d.reasons = '[\"ALREADY_CUSTOMER\"]'
                        AND d.facts->>'referrer' = r.referrer)",
                campaign,
            ),
        ),
        (
            "everybody who came has a decision on who referred them",
            sql!(
                "-- faults::all
                 SELECT id FROM participant AS p WHERE campaign = ?1 AND NOT EXISTS
                   (SELECT 1 FROM decision WHERE participant = p.id
                                             AND kind IN ('BOUND', 'UNBOUND'))",
                campaign,
            ),
        ),
        (
            "what only a browser asserted is not approved",
            sql!(
                "-- faults::all
                 SELECT w.id FROM reward AS w
                   JOIN referral AS r ON r.campaign = w.campaign AND r.friend = w.friend
                  WHERE w.campaign = ?1 AND w.approved_at IS NOT NULL
                    AND (w.source = 'BROWSER' OR iif(w.needs IS NULL, r.source = 'BROWSER',
                          (SELECT count(*) FROM referral
                            WHERE referrer = w.referrer AND outcome = 'AWARDED'
                              AND source <> 'BROWSER') < w.needs))",
                campaign,
            ),
        ),
        (
            "no reward of a bond that the server contradicted is approved",
            sql!(
                "-- faults::all
                 SELECT w.id FROM reward AS w
                   JOIN referral AS r ON r.campaign = w.campaign AND r.friend = w.friend
                  WHERE w.campaign = ?1 AND w.needs IS NULL AND w.referrer <> r.referrer
                    AND (w.approved_at IS NOT NULL OR w.status <> 'CANCELLED')",
                campaign,
            ),
        ),
        (
            "what is vouched for does not wait, unless the owner approves each",
            sql!(
                "-- faults::all
                 SELECT w.id FROM reward AS w
                   JOIN referral AS r ON r.campaign = w.campaign AND r.friend = w.friend
                   JOIN campaign AS c ON c.id = w.campaign
                  WHERE w.campaign = ?1 AND w.approved_at IS NULL AND w.status <> 'CANCELLED'
                    AND NOT c.options->>'requireManualRewardApproval'
                    AND iif(w.needs IS NULL, r.source <> 'BROWSER',
                          w.needs <= (SELECT count(*) FROM referral
                            WHERE referrer = w.referrer AND outcome = 'AWARDED'
                              AND source <> 'BROWSER'))",
                campaign,
            ),
        ),
        (
            "an awarded referral rewards both sides, others nobody",
            sql!(
                "-- faults::all
                 SELECT friend AS id FROM referral AS r WHERE campaign = ?1
                    AND iif(outcome = 'AWARDED', 2, 0) <>
                      (SELECT count(*) FROM reward
                        WHERE friend = r.friend AND rule = 'crew_' || ?1 || '_both'
                          AND status <> 'CANCELLED')",
                campaign,
            ),
        ),
        (
            "rewards and rounds follow the counts, up to the limit",
            sql!(
                "-- faults::all
                 SELECT p.id FROM participant AS p
                   JOIN tally ON tally.participant = p.id AND tally.month = 0
                   JOIN (SELECT id, campaign, body->>'conversionsRequired' AS every,
                                body->'limit'->>'most' AS most FROM rule) AS rule
                     ON rule.campaign = p.campaign
                  WHERE p.campaign = ?1 AND rule.id = 'crew_' || ?1 || '_round'
                    AND iif(every = 1 AND most IS NOT NULL,
                      min(most,
                          (SELECT count(*) FROM referral
                            WHERE referrer = p.id AND outcome = 'AWARDED'
                              AND source <> 'BROWSER')) <>
                      (SELECT count(*) FROM reward AS w
                        WHERE w.participant = p.id AND w.rule = rule.id AND w.side = 'REFERRER'
                          AND w.status <> 'CANCELLED' AND w.source <> 'BROWSER'),
                      min(credited / every, coalesce(most, 1000)) <>
                      (SELECT count(*) FROM reward AS w
                        WHERE w.participant = p.id AND w.rule = rule.id AND w.side = 'REFERRER'
                          AND w.status <> 'CANCELLED'))",
                campaign,
            ),
        ),
        (
            "an event happens to a friend once, and a number is one order's",
            sql!(
                "-- faults::all
                 SELECT participant AS id FROM conversion
                  WHERE campaign = ?1 AND kind <> 'TRANSACTION' GROUP BY 1 HAVING 1 < count(*)
                 UNION ALL
                 SELECT c.id FROM conversion AS c WHERE campaign = ?1 AND 1 <>
                   (SELECT count(*) FROM conversion_number WHERE conversion = c.id)",
                campaign,
            ),
        ),
    ]
}
