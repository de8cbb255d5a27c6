//! What the owner is told, until it is dealt with. The schema writes and settles it.

use serde::Deserialize;
use shared::{
    reward::{Side, Texts},
    time::Timestamp,
};

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
