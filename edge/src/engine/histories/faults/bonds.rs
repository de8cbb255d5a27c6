//! People, bonds and guards.

use super::Fault;

pub(super) const FAULTS: &[Fault] = &[
    (
        "nobody refers themselves, and referrers are of the campaign",
        "SELECT friend AS id FROM referral AS r WHERE campaign = ?1
            AND (referrer = friend OR NOT EXISTS
                  (SELECT 1 FROM participant WHERE id = r.referrer AND campaign = ?1))",
    ),
    (
        "nobody refers their own mailbox, spelt otherwise",
        "SELECT r.friend AS id FROM referral AS r
           JOIN mailbox AS own ON own.participant = r.friend
           JOIN mailbox AS other ON other.participant = r.referrer
          WHERE r.campaign = ?1 AND own.hash = other.hash",
    ),
    (
        "whose mailbox took part before is rejected as a friend",
        "SELECT r.friend AS id FROM referral AS r
           JOIN mailbox AS own ON own.participant = r.friend
           JOIN mailbox AS other ON other.campaign = r.campaign AND other.hash = own.hash
                                AND other.seq < own.seq
          WHERE r.campaign = ?1 AND r.outcome <> 'REJECTED'",
    ),
    (
        "a throw-away mailbox is held until the owner says otherwise, or rejected",
        "SELECT r.friend AS id FROM referral AS r
           JOIN person ON person.subject = r.friend
           JOIN campaign AS c ON c.id = r.campaign
          WHERE r.campaign = ?1 AND person.email LIKE '%@mailinator.com'
            AND iif(c.options->'fraud'->>'blockBurnerEmails', r.outcome <> 'REJECTED',
                    r.outcome NOT IN ('HELD', 'REJECTED') AND NOT EXISTS
                      (SELECT 1 FROM hold WHERE hold.friend = r.friend AND review = 'ACCEPT'))",
    ),
    (
        "friends beyond what an hour allows are held",
        "SELECT r.friend AS id FROM referral AS r
           JOIN participant AS p ON p.id = r.friend AND p.erased_at IS NULL
          WHERE r.campaign = ?1 AND ?5 IS NOT NULL AND r.outcome <> 'REJECTED'
            AND NOT EXISTS (SELECT 1 FROM hold WHERE hold.friend = r.friend)
            AND ?5 < (SELECT count(*) FROM referral AS o
                       WHERE o.referrer = r.referrer
                         -- For whom more than a browser vouches, only such friends count.
                         AND (r.source = 'BROWSER' OR o.source <> 'BROWSER' AND NOT EXISTS
                               (SELECT 1 FROM decision
                                 WHERE participant = o.friend AND kind = 'CONFIRMED'))
                         AND o.outcome <> 'REJECTED'
                         AND NOT EXISTS (SELECT 1 FROM hold WHERE hold.friend = o.friend)
                         AND (o.bound_at BETWEEN r.bound_at - 3600000 AND r.bound_at - 1
                              OR o.bound_at = r.bound_at AND o.source = r.source))",
    ),
    (
        "what is held has a hold, and what is reviewed says how",
        "SELECT friend AS id FROM referral AS r
           JOIN participant AS p ON p.id = r.friend AND p.erased_at IS NULL
          WHERE r.campaign = ?1 AND outcome = 'HELD' AND NOT EXISTS
            (SELECT 1 FROM hold WHERE hold.friend = r.friend AND review IS NULL)
         UNION ALL
         SELECT hold.friend FROM hold JOIN referral AS r ON r.friend = hold.friend
          WHERE r.campaign = ?1 AND (review IS NULL AND outcome NOT IN ('HELD', 'REVERSED')
             OR review = 'REJECT' AND outcome <> 'REJECTED'
             OR review = 'ACCEPT' AND outcome IN ('HELD', 'REJECTED'))",
    ),
    (
        "every calendar month is one of the campaign, not of Greenwich",
        "SELECT friend AS id FROM referral AS r WHERE campaign = ?1
            AND (bound_month <> (SELECT strftime('%Y', at / 1000 + ?3, 'unixepoch') * 12
                                      + strftime('%m', at / 1000 + ?3, 'unixepoch') - 1
                   FROM (SELECT coalesce((SELECT reviewed_at FROM hold
                                           WHERE hold.friend = r.friend), r.bound_at) AS at))
                 AND NOT EXISTS (SELECT 1 FROM participant
                                  WHERE id = r.friend AND erased_at IS NOT NULL)
              OR month <> strftime('%Y', settled_at / 1000 + ?3, 'unixepoch') * 12
                        + strftime('%m', settled_at / 1000 + ?3, 'unixepoch') - 1)",
    ),
    (
        "who came too late is expired, and who came in time is not",
        "SELECT friend AS id FROM referral AS r WHERE campaign = ?1
            AND CASE outcome
                WHEN 'EXPIRED' THEN ?4 IS NULL OR settled_at <= bound_at + ?4 * 86400000
                WHEN 'AWARDED' THEN bound_at + ?4 * 86400000 < settled_at AND NOT EXISTS
                  (SELECT 1 FROM decision AS d WHERE d.participant = r.friend
                                                 AND d.kind IN ('DELAYED', 'ACCEPTED'))
                ELSE 0 END",
    ),
    (
        "who was forgotten has no name, link, mailbox, hold, sign of abuse, count or open reward",
        "SELECT id FROM (
           SELECT p.id || CASE
                    WHEN EXISTS (SELECT 1 FROM person WHERE subject = p.id) THEN ' name'
                    WHEN EXISTS (SELECT 1 FROM code WHERE participant = p.id) THEN ' link'
                    WHEN EXISTS (SELECT 1 FROM mailbox WHERE participant = p.id) THEN ' mailbox'
                    WHEN EXISTS (SELECT 1 FROM hold WHERE friend = p.id) THEN ' hold'
                    WHEN EXISTS (SELECT 1 FROM signal WHERE participant = p.id) THEN ' sign'
                    WHEN EXISTS (SELECT 1 FROM tally WHERE participant = p.id) THEN ' count'
                    WHEN EXISTS (SELECT 1 FROM reward WHERE participant = p.id
                                  AND status = 'PENDING' AND approved_at IS NULL) THEN ' reward'
                    WHEN 1 <> (SELECT count(*) FROM decision
                                WHERE participant = p.id AND kind = 'ERASED') THEN ' decision'
                  END AS id
             FROM participant AS p WHERE campaign = ?1 AND erased_at IS NOT NULL)
          WHERE id IS NOT NULL",
    ),
    (
        "names are those of people who are here, or of leads whose job is to be done",
        "SELECT subject AS id FROM person WHERE campaign = ?1 AND CASE kind
             WHEN 'PARTICIPANT' THEN NOT EXISTS
               (SELECT 1 FROM participant WHERE id = subject AND erased_at IS NULL)
             ELSE NOT EXISTS (SELECT 1 FROM job WHERE done_at IS NULL
                                AND payload->>'lead' = person.subject) END",
    ),
    (
        "one participant is who has an address",
        "SELECT min(subject) AS id FROM person WHERE campaign = ?1 AND kind = 'PARTICIPANT'
          GROUP BY identity HAVING 1 < count(*)
         UNION ALL
         SELECT p.id FROM participant AS p WHERE campaign = ?1 AND erased_at IS NULL AND NOT EXISTS
           (SELECT 1 FROM person WHERE subject = p.id AND kind = 'PARTICIPANT')",
    ),
    ("no job has failed", "SELECT id FROM job WHERE done_at IS NULL AND 0 < attempts"),
];
