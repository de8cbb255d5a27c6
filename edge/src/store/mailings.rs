//! What is told to everybody of a campaign, a few at a time.

use serde::Deserialize;
use shared::{time::Timestamp, zone::Month};

use super::participants::Place;
use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// What everybody is told.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// That the campaign ended.
    Ended,
    /// What a month brought.
    Month,
}

/// A mailing that goes on.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Mailing {
    /// The campaign.
    pub campaign: String,
    /// What is told.
    pub kind: Kind,
    /// The campaign's end, or the month.
    pub occasion: i64,
    /// Up to whom it was told.
    pub after_at: i64,
    /// Their id.
    pub after_id: String,
}

/// Mailings that are due.
pub async fn due(db: &Db, now: Timestamp, most: u32) -> Result<Vec<Mailing>, DbError> {
    db.all(sql!(
        "-- mailings::due
         SELECT campaign, kind, occasion, after_at, after_id FROM mailing
          WHERE done_at IS NULL AND due_at <= ?1 ORDER BY due_at LIMIT ?2",
        now,
        most,
    ))
    .await
}

/// Those who are next, at most so many.
pub async fn next(db: &Db, it: &Mailing, most: u32) -> Result<Vec<Place>, DbError> {
    db.all(sql!(
        "-- mailings::next
         SELECT created_at, id FROM participant
          WHERE campaign = ?1 AND (created_at, id) > (?2, ?3)
          ORDER BY created_at, id LIMIT ?4",
        &it.campaign,
        it.after_at,
        &it.after_id,
        most,
    ))
    .await
}

/// Writes to them that the campaign ended, each as somebody who earned something or not.
pub fn tell_end(it: &Mailing, next: &[Place], now: Timestamp) -> Statement {
    sql!(
        "-- mailings::tell_end
         INSERT INTO message (campaign, kind, subject, occasion, due_at, created_at)
         SELECT k.campaign, k.kind, p.id, CAST(CAST(?3 AS INTEGER) AS TEXT), ?4, ?4
           FROM json_each(?2) AS given CROSS JOIN participant AS p CROSS JOIN mail_kind AS k
          WHERE p.id = given.value AND p.erased_at IS NULL AND p.blocked_at IS NULL
            AND k.campaign = ?1
            AND k.kind = iif(EXISTS (SELECT 1 FROM reward
                                      WHERE campaign = ?1 AND participant = p.id
                                        AND approved_at IS NOT NULL
                                        AND status IN ('PENDING', 'FULFILLED')),
                             'campaignEndedWinners', 'campaignEndedNonWinners')
         ON CONFLICT DO NOTHING",
        &it.campaign,
        ids(next),
        it.occasion,
        now,
    )
}

/// Writes to those of them for whom the month brought something; `days` are its first and last.
pub fn tell_month(it: &Mailing, next: &[Place], days: [i64; 2], now: Timestamp) -> Statement {
    sql!(
        "-- mailings::tell_month
         INSERT INTO message (campaign, kind, subject, occasion, due_at, created_at)
         SELECT k.campaign, k.kind, p.id, CAST(CAST(?3 AS INTEGER) AS TEXT), ?4, ?4
           FROM json_each(?2) AS given CROSS JOIN participant AS p CROSS JOIN mail_kind AS k
          WHERE p.id = given.value AND p.erased_at IS NULL AND p.blocked_at IS NULL
            AND k.campaign = ?1 AND k.kind = 'progressUpdateMonthly'
            AND (EXISTS (SELECT 1 FROM tally
                          WHERE participant = p.id AND month = ?3 AND 0 < leads + credited)
                 OR EXISTS (SELECT 1 FROM click_day
                             WHERE campaign = ?1 AND participant = p.id AND day BETWEEN ?5 AND ?6
                               AND 0 < impressions))
         ON CONFLICT DO NOTHING",
        &it.campaign,
        ids(next),
        it.occasion,
        now,
        days[0],
        days[1],
    )
}

fn ids(next: &[Place]) -> String {
    sql::to_json(&next.iter().map(|it| &it.id).collect::<Vec<_>>())
}

/// Goes on after somebody, or is over; fails the batch if another run went on.
pub fn step(it: &Mailing, last: Option<&Place>, now: Timestamp) -> Statement {
    let done = last.is_none().then_some(now);
    sql!(
        "-- mailings::step
         UPDATE mailing
            SET after_at = iif(after_id = ?4 AND done_at IS NULL, coalesce(?5, after_at), NULL),
                after_id = coalesce(?6, after_id), done_at = ?7
          WHERE campaign = ?1 AND kind = ?2 AND occasion = ?3",
        &it.campaign,
        it.kind.name(),
        it.occasion,
        &it.after_id,
        last.map(|it| it.created_at),
        last.map(|it| it.id.as_str()),
        done,
    )
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Ended => "ENDED",
            Self::Month => "MONTH",
        }
    }
}

/// A campaign whose month may be over.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Monthly {
    /// The campaign.
    pub campaign: String,
    /// When it was to be over.
    pub month_ends_at: Timestamp,
}

/// Campaigns whose month is to be over by now.
pub async fn months(db: &Db, now: Timestamp, most: u32) -> Result<Vec<Monthly>, DbError> {
    db.all(sql!(
        "-- mailings::months
         SELECT campaign, month_ends_at FROM mail_setting
          WHERE month_ends_at IS NOT NULL AND month_ends_at <= ?1
          ORDER BY month_ends_at LIMIT ?2",
        now,
        most,
    ))
    .await
}

/// Begins to tell of a month, and waits for the end of the next.
#[must_use]
pub fn begin_month(
    campaign: &str,
    told: Option<Month>,
    next_end: Timestamp,
    now: Timestamp,
) -> Vec<Statement> {
    let mut statements = vec![sql!(
        "-- mailings::begin_month
         UPDATE mail_setting SET month_ends_at = ?2
          WHERE campaign = ?1 AND month_ends_at IS NOT NULL",
        campaign,
        next_end,
    )];
    if let Some(month) = told {
        statements.push(sql!(
            "-- mailings::begin_month/mailing
             INSERT INTO mailing (campaign, kind, occasion, due_at) VALUES (?1, 'MONTH', ?2, ?3)
             ON CONFLICT DO NOTHING",
            campaign,
            month,
            now,
        ));
    }
    statements
}
