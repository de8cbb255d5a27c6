//! What the owner is told, until it is dealt with. The schema writes and settles it.

use serde::Deserialize;
use shared::{
    api::{CouponPool, NoticeKind},
    code::Code,
    reward::Side,
    time::Timestamp,
};

use super::participants::Place;
use crate::{platform::Db, sql, sql::DbError};

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
                    coalesce(w.participant, a.participant,
                             iif(n.kind = 'REFERRAL_HELD', n.subject, NULL)) AS participant,
                    iif(p.name IS NULL, 'null',
                        json_object('name', p.name, 'total', p.total, 'free', p.free,
                                    'low_stock', p.low_stock)) AS pool
               FROM notice AS n
               LEFT JOIN reward AS w ON n.kind = 'REWARD_WAITING' AND w.id = n.subject
               LEFT JOIN appeal AS a ON n.kind = 'APPEAL_MADE' AND a.decision = n.subject
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
