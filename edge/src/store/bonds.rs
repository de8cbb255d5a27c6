//! Referrals as the console lists them.

use serde::Deserialize;
use shared::{code::Code, referral::Outcome, reward::Source, time::Timestamp};

use super::browse::{List, Place};
use crate::{platform::Db, sql, sql::DbError};

/// What is asked for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Bonds {
    /// The campaign.
    pub campaign: String,
    /// Where they stand.
    pub outcome: Option<Outcome>,
    /// Of this person: as the friend, or as the one who referred.
    pub of: Option<Code>,
    /// Whether only a browser vouches for them.
    pub doubted: bool,
}

/// A referral in the list.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Row {
    /// Who came.
    pub friend: Code,
    /// Their address; none: they were forgotten.
    pub friend_email: Option<String>,
    /// Their names.
    pub friend_name: Option<String>,
    /// Who referred them.
    pub referrer: Code,
    /// Their address; none: they were forgotten.
    pub referrer_email: Option<String>,
    /// Their names.
    pub referrer_name: Option<String>,
    /// Where it stands.
    pub outcome: Outcome,
    /// By which channel they came.
    pub channel: Option<String>,
    /// Who vouches for it.
    pub source: Source,
    /// When the friend was bound.
    pub bound_at: Timestamp,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
    /// Until when its event may come.
    pub expires_at: Option<Timestamp>,
    /// The signs of abuse, as JSON.
    pub signals: String,
}

impl List for Bonds {
    type Row = Row;

    async fn places(
        &self,
        db: &Db,
        after: Option<&Place>,
        limit: u32,
    ) -> Result<Vec<Place>, DbError> {
        match (&self.of, self.outcome) {
            (Some(person), _) => of(db, &self.campaign, person, after, limit).await,
            (None, None | Some(Outcome::Pending | Outcome::Awarded)) => {
                by_age(db, &self.campaign, after, limit).await
            }
            (None, Some(outcome)) => by_outcome(db, &self.campaign, outcome, after, limit).await,
        }
    }

    async fn rows(&self, db: &Db, ids: &[&str]) -> Result<Vec<Row>, DbError> {
        rows(db, self, ids).await
    }

    fn id(row: &Row) -> &str {
        row.friend.as_str()
    }

    fn filters(&self) -> bool {
        self.outcome.is_some() || self.doubted
    }
}

/// After every time.
const END: i64 = shared::money::LARGEST;

async fn by_age(
    db: &Db,
    campaign: &str,
    after: Option<&Place>,
    limit: u32,
) -> Result<Vec<Place>, DbError> {
    db.all(sql!(
        "-- bonds::by_age
         SELECT bound_at AS a, 0 AS b, friend AS id FROM referral
          WHERE campaign = ?1 AND (bound_at, friend) < (?2, ?3)
          ORDER BY bound_at DESC, friend DESC LIMIT ?4",
        campaign,
        after.map_or(END, |it| it.a),
        after.map_or("", |it| &it.id),
        limit,
    ))
    .await
}

async fn by_outcome(
    db: &Db,
    campaign: &str,
    outcome: Outcome,
    after: Option<&Place>,
    limit: u32,
) -> Result<Vec<Place>, DbError> {
    db.all(sql!(
        "-- bonds::by_outcome
         SELECT bound_at AS a, 0 AS b, friend AS id FROM referral
          WHERE campaign = ?1 AND outcome IN ('HELD', 'EXPIRED', 'REJECTED', 'REVERSED')
            AND outcome = ?2 AND (bound_at, friend) < (?3, ?4)
          ORDER BY bound_at DESC, friend DESC LIMIT ?5",
        campaign,
        outcome.as_str(),
        after.map_or(END, |it| it.a),
        after.map_or("", |it| &it.id),
        limit,
    ))
    .await
}

/// Somebody's own referral, and their friends.
async fn of(
    db: &Db,
    campaign: &str,
    person: &Code,
    after: Option<&Place>,
    limit: u32,
) -> Result<Vec<Place>, DbError> {
    db.all(sql!(
        "-- bonds::of
         SELECT bound_at AS a, 0 AS b, friend AS id FROM referral
          WHERE campaign = ?1 AND friend = ?2 AND (bound_at, friend) < (?3, ?4)
         UNION ALL
         SELECT bound_at AS a, 0 AS b, friend AS id FROM referral
          WHERE referrer = ?2 AND +campaign = ?1 AND (bound_at, friend) < (?3, ?4)
          ORDER BY a DESC, id DESC LIMIT ?5",
        campaign,
        person,
        after.map_or(END, |it| it.a),
        after.map_or("", |it| &it.id),
        limit,
    ))
    .await
}

async fn rows(db: &Db, list: &Bonds, ids: &[&str]) -> Result<Vec<Row>, DbError> {
    db.all(sql!(
        "-- bonds::rows
         SELECT r.friend, f.email AS friend_email,
                nullif(trim(coalesce(f.first_name, '') || ' ' || coalesce(f.last_name, '')), '')
                  AS friend_name,
                r.referrer, n.email AS referrer_email,
                nullif(trim(coalesce(n.first_name, '') || ' ' || coalesce(n.last_name, '')), '')
                  AS referrer_name,
                r.outcome, r.channel, r.source, r.bound_at, r.settled_at,
                iif(r.outcome = 'PENDING' AND r.credit_at IS NULL,
                    r.bound_at + 86400000 * (c.options->>'referralCreditWindowDays'), NULL)
                  AS expires_at,
                (SELECT json_group_array(name) FROM signal WHERE participant = r.friend) AS signals
           FROM json_each(?2) AS asked
          CROSS JOIN referral AS r ON r.campaign = ?1 AND r.friend = asked.value
          CROSS JOIN campaign AS c ON c.id = ?1
           LEFT JOIN person AS f ON f.subject = r.friend
           LEFT JOIN person AS n ON n.subject = r.referrer
          WHERE (?3 IS NULL OR r.outcome = ?3) AND (NOT ?4 OR r.source = 'BROWSER')
          ORDER BY asked.key",
        &list.campaign,
        sql::to_json(&ids),
        list.outcome.map(Outcome::as_str),
        list.doubted,
    ))
    .await
}
