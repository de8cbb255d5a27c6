//! Rewards as the console lists them: what waits for a hand, and what was given.

use serde::Deserialize;
use shared::{
    code::Code,
    money::Currency,
    reward::{GiftKind, Side, Source, Status, Texts},
    time::Timestamp,
};

use super::{
    browse::{List, Place},
    rewards::Lack,
};
use crate::{platform::Db, sql, sql::DbError};

/// Which rewards are shown.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Show {
    /// Those that wait to be approved, the longest waiting first.
    #[default]
    Waiting,
    /// Those that were approved and not given, the longest waiting first.
    ToGive,
    /// Those that were given, newest first.
    Given,
    /// Those that were taken back or undone, newest first.
    Cancelled,
    /// All, newest first.
    All,
}

impl Show {
    /// All of them, in the order of the choice.
    pub const ALL: [Self; 5] =
        [Self::Waiting, Self::ToGive, Self::Given, Self::Cancelled, Self::All];

    /// The name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "",
            Self::ToGive => "to-give",
            Self::Given => "given",
            Self::Cancelled => "cancelled",
            Self::All => "all",
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Queue {
    /// The campaign.
    pub campaign: String,
    /// Which are shown.
    pub show: Show,
    /// Of this rule.
    pub rule: Option<String>,
    /// Of this person.
    pub of: Option<Code>,
}

/// A reward in the list.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Row {
    /// `prew_…`.
    pub id: String,
    /// Whose.
    pub participant: Code,
    /// Their address; none: they were forgotten.
    pub email: Option<String>,
    /// Their names.
    pub name: Option<String>,
    /// On which side.
    pub side: Side,
    /// The rule.
    pub rule: String,
    /// The rule's texts.
    #[serde(deserialize_with = "sql::json")]
    pub texts: Texts,
    /// What is given.
    pub kind: GiftKind,
    /// What it is worth.
    pub amount: Option<i64>,
    /// In which currency.
    pub currency: Option<Currency>,
    /// The coupon, once it is available.
    pub coupon_code: Option<String>,
    /// The charity that they chose.
    pub charity: Option<String>,
    /// Where a gift is sent, as JSON.
    pub address: Option<String>,
    /// What is missing.
    pub lacks: Option<Lack>,
    /// Where it stands.
    pub status: Status,
    /// Who vouches for it.
    pub source: Source,
    /// When it is approved by itself.
    pub approve_at: Option<Timestamp>,
    /// When it was approved.
    pub approved_at: Option<Timestamp>,
    /// When it was given.
    pub fulfilled_at: Option<Timestamp>,
    /// When it was earned.
    pub created_at: Timestamp,
}

impl List for Queue {
    type Row = Row;

    async fn places(
        &self,
        db: &Db,
        after: Option<&Place>,
        limit: u32,
    ) -> Result<Vec<Place>, DbError> {
        match (&self.of, self.show) {
            (Some(person), _) => of(db, person, after, limit).await,
            (None, Show::Waiting) => open(db, &self.campaign, true, after, limit).await,
            (None, Show::ToGive) => open(db, &self.campaign, false, after, limit).await,
            (None, _) => by_age(db, &self.campaign, after, limit).await,
        }
    }

    async fn rows(&self, db: &Db, ids: &[&str]) -> Result<Vec<Row>, DbError> {
        rows(db, self, ids).await
    }

    fn id(row: &Row) -> &str {
        &row.id
    }

    fn filters(&self) -> bool {
        self.rule.is_some()
            || self.of.is_some()
            || matches!(self.show, Show::Given | Show::Cancelled)
    }
}

async fn open(
    db: &Db,
    campaign: &str,
    waiting: bool,
    after: Option<&Place>,
    limit: u32,
) -> Result<Vec<Place>, DbError> {
    db.all(sql!(
        "-- queue::open
         SELECT created_at AS a, 0 AS b, id FROM reward
          WHERE status = 'PENDING' AND campaign = ?1 AND (approved_at IS NULL) = ?2
            AND (created_at, id) > (?3, ?4)
          ORDER BY created_at, id LIMIT ?5",
        campaign,
        waiting,
        after.map_or(0, |it| it.a),
        after.map_or("", |it| &it.id),
        limit,
    ))
    .await
}

async fn by_age(
    db: &Db,
    campaign: &str,
    after: Option<&Place>,
    limit: u32,
) -> Result<Vec<Place>, DbError> {
    db.all(sql!(
        "-- queue::by_age
         SELECT created_at AS a, 0 AS b, id FROM reward
          WHERE campaign = ?1 AND (created_at, id) < (?2, ?3)
          ORDER BY created_at DESC, id DESC LIMIT ?4",
        campaign,
        after.map_or(shared::money::LARGEST, |it| it.a),
        after.map_or("", |it| &it.id),
        limit,
    ))
    .await
}

async fn of(
    db: &Db,
    person: &Code,
    after: Option<&Place>,
    limit: u32,
) -> Result<Vec<Place>, DbError> {
    db.all(sql!(
        "-- queue::of
         SELECT created_at AS a, 0 AS b, id FROM reward
          WHERE participant = ?1 AND (created_at, id) < (?2, ?3)
          ORDER BY created_at DESC, id DESC LIMIT ?4",
        person,
        after.map_or(shared::money::LARGEST, |it| it.a),
        after.map_or("", |it| &it.id),
        limit,
    ))
    .await
}

async fn rows(db: &Db, list: &Queue, ids: &[&str]) -> Result<Vec<Row>, DbError> {
    db.all(sql!(
        "-- queue::rows
         SELECT w.id, w.participant, n.email,
                nullif(trim(coalesce(n.first_name, '') || ' ' || coalesce(n.last_name, '')), '')
                  AS name,
                w.side, w.rule, coalesce(r.body->'texts', '{}') AS texts, w.kind, w.amount,
                w.currency, w.coupon_code, w.charity,
                iif(w.kind = 'GIFT', n.address, NULL) AS address, w.lacks, w.status, w.source,
                w.approve_at, w.approved_at, w.fulfilled_at, w.created_at
           FROM json_each(?2) AS asked
          CROSS JOIN shown_reward AS w ON w.id = asked.value AND w.campaign = ?1
           LEFT JOIN rule AS r ON r.id = w.rule
           LEFT JOIN person AS n ON n.subject = w.participant
          WHERE (?3 IS NULL OR w.rule = ?3)
            AND CASE ?4 WHEN '' THEN w.status = 'PENDING' AND w.approved_at IS NULL
                        WHEN 'to-give' THEN w.status = 'PENDING' AND w.approved_at IS NOT NULL
                        WHEN 'given' THEN w.status = 'FULFILLED'
                        WHEN 'cancelled' THEN w.status IN ('CANCELLED', 'REVERSED')
                        ELSE 1 END
          ORDER BY asked.key",
        &list.campaign,
        sql::to_json(&ids),
        list.rule.as_deref(),
        list.show.name(),
    ))
    .await
}
