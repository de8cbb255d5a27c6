//! What the owner is told, until it is dealt with. The schema writes and settles it.

use serde::Deserialize;
use shared::{
    api::{CouponPool, NoticeKind},
    code::Code,
    reward::{Side, Texts},
    time::Timestamp,
};

use super::participants::Place;
use crate::{platform::Db, sql, sql::DbError};

/// A reward that waits for the owner's hand.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Reward {
    /// `prew_…`.
    pub id: String,
    /// Whose: their address.
    pub email: String,
    /// On which side.
    pub side: Side,
    /// The rule's texts.
    #[serde(deserialize_with = "sql::json")]
    pub texts: Texts,
    /// Since when.
    pub at: Timestamp,
    /// How many there are in all.
    pub total: u64,
}

/// The rewards of a campaign that wait for the owner's hand, the longest waiting first, at most 50.
pub async fn rewards(db: &Db, campaign: &str) -> Result<Vec<Reward>, DbError> {
    db.all(sql!(
        "-- notices::rewards
         SELECT w.id, coalesce(p.email, w.participant) AS email, w.side,
                coalesce(r.body->'texts', '{}') AS texts, n.at,
                (SELECT count(*) FROM notice
                  WHERE campaign = ?1 AND kind = 'REWARD_WAITING' AND seen_at IS NULL) AS total
           FROM notice AS n
           JOIN reward AS w ON w.id = n.subject
           LEFT JOIN rule AS r ON r.id = w.rule
           LEFT JOIN person AS p ON p.subject = w.participant
          WHERE n.campaign = ?1 AND n.kind = 'REWARD_WAITING' AND n.seen_at IS NULL
          ORDER BY n.at, w.id LIMIT 50",
        campaign,
    ))
    .await
}

/// A notice that is open.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Notice {
    /// What it tells.
    pub kind: NoticeKind,
    /// What it is about.
    pub subject: String,
    /// Since when.
    pub at: Timestamp,
    /// The reward that waits.
    pub reward: Option<String>,
    /// Whose reward, or whose referral is held.
    pub participant: Option<Code>,
    /// On which side.
    pub side: Option<Side>,
    /// The pool that runs out.
    pub pool: Option<CouponPool>,
}

#[derive(Deserialize)]
struct Row {
    kind: NoticeKind,
    subject: String,
    at: Timestamp,
    reward: Option<String>,
    participant: Option<Code>,
    side: Option<Side>,
    #[serde(deserialize_with = "sql::json")]
    pool: Option<CouponPool>,
}

/// Open notices of a campaign, the longest waiting first, after a place.
pub async fn page(
    db: &Db,
    campaign: &str,
    after: Option<&Place>,
    limit: u32,
) -> Result<Vec<Notice>, DbError> {
    let rows: Vec<Row> = db
        .all(sql!(
            "-- notices::page
             SELECT n.kind, n.subject, n.at, w.id AS reward, w.side,
                    coalesce(w.participant, iif(n.kind = 'REFERRAL_HELD', n.subject, NULL))
                      AS participant,
                    iif(p.name IS NULL, 'null',
                        json_object('name', p.name, 'total', p.total, 'free', p.free,
                                    'low_stock', p.low_stock)) AS pool
               FROM notice AS n
               LEFT JOIN reward AS w ON n.kind = 'REWARD_WAITING' AND w.id = n.subject
               LEFT JOIN coupon_pool AS p ON n.kind = 'COUPONS_LOW' AND p.campaign = n.campaign
                                         AND p.name = substr(n.subject, length(n.campaign) + 2)
              WHERE n.campaign = ?1 AND n.seen_at IS NULL AND (n.at, n.subject) > (?2, ?3)
              ORDER BY n.at, n.subject LIMIT ?4",
            campaign,
            after.map_or(0, |it| it.created_at.0),
            after.map_or("", |it| &it.id),
            limit,
        ))
        .await?;
    let shown = rows.into_iter().map(|it| Notice {
        kind: it.kind,
        subject: it.subject,
        at: it.at,
        reward: it.reward,
        participant: it.participant,
        side: it.side,
        pool: it.pool,
    });
    Ok(shown.collect())
}

/// The pools of a campaign that run out, the longest waiting first, at most 50.
pub async fn pools(db: &Db, campaign: &str) -> Result<Vec<CouponPool>, DbError> {
    db.all(sql!(
        "-- notices::pools
         SELECT p.name, p.total, p.free, p.low_stock
           FROM notice AS n
           JOIN coupon_pool AS p ON p.campaign = n.campaign
                                AND p.name = substr(n.subject, length(n.campaign) + 2)
          WHERE n.campaign = ?1 AND n.kind = 'COUPONS_LOW' AND n.seen_at IS NULL
          ORDER BY n.at, n.subject LIMIT 50",
        campaign,
    ))
    .await
}

/// A referral that is held until the owner reviews it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Hold {
    /// Who came: their id.
    pub friend: String,
    /// Their address.
    pub email: String,
    /// What was seen, by the names of the signals.
    pub signals: String,
    /// Since when.
    pub at: Timestamp,
    /// How many there are in all.
    pub total: u64,
}

/// The referrals of a campaign that are held, the longest waiting first, at most 50.
pub async fn holds(db: &Db, campaign: &str) -> Result<Vec<Hold>, DbError> {
    db.all(sql!(
        "-- notices::holds
         SELECT n.subject AS friend, coalesce(p.email, n.subject) AS email, n.at,
                coalesce((SELECT group_concat(name, ' ') FROM signal
                           WHERE participant = n.subject), '') AS signals,
                (SELECT count(*) FROM notice
                  WHERE campaign = ?1 AND kind = 'REFERRAL_HELD' AND seen_at IS NULL) AS total
           FROM notice AS n LEFT JOIN person AS p ON p.subject = n.subject
          WHERE n.campaign = ?1 AND n.kind = 'REFERRAL_HELD' AND n.seen_at IS NULL
          ORDER BY n.at, n.subject LIMIT 50",
        campaign,
    ))
    .await
}
