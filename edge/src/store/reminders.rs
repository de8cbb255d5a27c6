//! Friends who came some days ago and do not count yet, of whom their referrers are reminded once.

use serde::Deserialize;
use shared::time::Timestamp;

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// Friends of a campaign whose time has come: those who were bound after one instant and up to another.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Due {
    /// The campaign.
    pub campaign: String,
    /// Up to whom it was looked.
    pub since: Timestamp,
    /// Up to whom it is looked now.
    pub upto: Timestamp,
}

/// The next friends of some campaigns, about `bite` of each: all of those who came in one millisecond. In
/// no order, so that none waits for ever for those that fail.
pub async fn due(db: &Db, now: Timestamp, bite: u32, most: u32) -> Result<Vec<Due>, DbError> {
    db.all(sql!(
        "-- reminders::due
         SELECT campaign, since, upto FROM (
           SELECT s.campaign, s.reminded_to AS since,
                  (SELECT max(bound_at) FROM
                    (SELECT bound_at FROM referral INDEXED BY referral_waiting
                      WHERE campaign = s.campaign AND outcome = 'PENDING' AND credit_at IS NULL
                        AND s.reminded_to < bound_at
                        AND bound_at <= ?1 - coalesce(nullif(s.body->>'reminderDays', 0), 3) * 86400000
                      ORDER BY bound_at LIMIT ?2)) AS upto
             FROM mail_setting AS s INDEXED BY mail_setting_by_reminder
            WHERE s.reminded_to IS NOT NULL)
          WHERE upto IS NOT NULL ORDER BY random() LIMIT ?3",
        now,
        bite,
        most,
    ))
    .await
}

/// Writes to the referrers of those of them who still can count, about one friend a day at most, and goes on
/// from there. A run that found the same writes nothing more.
#[must_use]
pub fn remind(it: &Due, now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- reminders::remind
             INSERT INTO message (campaign, kind, subject, occasion, due_at, created_at)
             SELECT k.campaign, k.kind, r.referrer, min(r.friend), ?4, ?4
               FROM mail_kind AS k CROSS JOIN campaign AS c
              CROSS JOIN referral AS r INDEXED BY referral_waiting
              WHERE k.campaign = ?1 AND k.kind = 'followUpReminder'
                AND c.id = k.campaign AND c.status = 'IN_PROGRESS'
                AND r.campaign = k.campaign AND r.outcome = 'PENDING' AND r.credit_at IS NULL
                AND ?2 < r.bound_at AND r.bound_at <= ?3
                AND (c.options->>'referralCreditWindowDays' IS NULL
                     OR ?4 <= r.bound_at + c.options->>'referralCreditWindowDays' * 86400000)
                AND NOT EXISTS (SELECT 1 FROM participant
                                 WHERE id = r.friend
                                   AND (erased_at IS NOT NULL OR blocked_at IS NOT NULL))
                AND NOT EXISTS (SELECT 1 FROM import_quiet WHERE friend = r.friend)
                AND NOT EXISTS (SELECT 1 FROM message AS m
                                 WHERE m.subject = r.referrer AND m.kind = k.kind
                                   AND ?4 - 86400000 < m.created_at)
                AND EXISTS (SELECT 1 FROM mail_setting
                             WHERE campaign = k.campaign AND reminded_to = ?2)
              GROUP BY r.referrer
             ON CONFLICT DO NOTHING",
            &it.campaign,
            it.since,
            it.upto,
            now,
        ),
        sql!(
            "-- reminders::remind/step
             UPDATE mail_setting SET reminded_to = ?3 WHERE campaign = ?1 AND reminded_to = ?2",
            &it.campaign,
            it.since,
            it.upto,
        ),
    ]
}
