//! What the cron leaves undone when it has run to its end: nothing that is due.

use super::Fault;

pub(super) const FAULTS: &[Fault] = &[
    ("the outbox is empty", "SELECT id FROM job WHERE done_at IS NULL AND due_at <= ?2"),
    (
        "credits whose day has come are given or refused",
        "SELECT friend AS id FROM referral
          WHERE campaign = ?1 AND outcome = 'PENDING' AND credit_at <= ?2",
    ),
    (
        "whose window is past is expired",
        "SELECT friend AS id FROM referral
          WHERE campaign = ?1 AND outcome = 'PENDING' AND credit_at IS NULL
            AND bound_at + ?4 * 86400000 < ?2",
    ),
    (
        "what waited long enough is approved or taken back",
        "SELECT w.id FROM reward AS w
          WHERE w.campaign = ?1 AND w.status = 'PENDING' AND w.approved_at IS NULL
            AND w.approve_at <= ?2",
    ),
    (
        "a campaign whose end is past has ended",
        "SELECT id FROM campaign
          WHERE id = ?1 AND status = 'IN_PROGRESS' AND options->>'endsAt' < ?2",
    ),
    (
        "boards whose time and grace are over are closed",
        "SELECT b.month AS id FROM board AS b JOIN campaign AS c ON c.id = b.campaign
          WHERE b.campaign = ?1 AND b.closed_at IS NULL AND iif(b.month = 0,
              c.status = 'COMPLETE' AND b.rule = '' AND c.ended_at + 600000 <= ?2,
              b.month < strftime('%Y', ?2 / 1000 - 600 + ?3, 'unixepoch') * 12
                      + strftime('%m', ?2 / 1000 - 600 + ?3, 'unixepoch') - 1)",
    ),
    (
        "no code is free while somebody waits for one",
        "SELECT p.name AS id FROM coupon_pool AS p
          WHERE p.campaign = ?1 AND 0 < p.free AND EXISTS
            (SELECT 1 FROM reward WHERE campaign = ?1 AND pool = p.name AND lacks = 'COUPON'
                                    AND status = 'PENDING')",
    ),
];
