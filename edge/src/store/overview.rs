//! What the owner's page lists: the newest rows of a campaign, with names.

use serde::Deserialize;
use shared::{
    decision::{Kind, Reason},
    referral::Outcome,
    reward::{Side, Texts},
    time::Timestamp,
};

use crate::{platform::Db, sql, sql::DbError};

/// A participant.
#[derive(Debug, Deserialize)]
pub struct Participant {
    /// Id and default code.
    pub id: String,
    /// First name, as given.
    pub first_name: Option<String>,
    /// Last name, as given.
    pub last_name: Option<String>,
    /// Address.
    pub email: String,
    /// Referrals credited to them.
    pub credited: u64,
    /// Since when.
    pub created_at: Timestamp,
}

/// The newest participants, at most 50.
pub async fn participants(db: &Db, campaign: &str) -> Result<Vec<Participant>, DbError> {
    db.all(sql!(
        "-- overview::participants
         SELECT p.id, n.first_name, n.last_name, n.email,
                coalesce((SELECT credited FROM tally WHERE participant = p.id AND month = 0), 0)
                  AS credited,
                p.created_at
           FROM participant AS p JOIN person AS n ON n.subject = p.id
          WHERE p.campaign = ?1 ORDER BY p.created_at DESC, p.id DESC LIMIT 50",
        campaign,
    ))
    .await
}

/// A referral.
#[derive(Debug, Deserialize)]
pub struct Referral {
    /// The friend's address; of somebody who was forgotten, their number.
    pub friend: String,
    /// The referrer's address.
    pub referrer: String,
    /// Where it stands.
    pub outcome: Outcome,
    /// Since when.
    pub bound_at: Timestamp,
}

/// The newest referrals, at most 50.
pub async fn referrals(db: &Db, campaign: &str) -> Result<Vec<Referral>, DbError> {
    db.all(sql!(
        "-- overview::referrals
         SELECT coalesce(f.email, b.friend) AS friend, coalesce(r.email, b.referrer) AS referrer,
                b.outcome, b.bound_at
           FROM referral AS b
           LEFT JOIN person AS f ON f.subject = b.friend
           LEFT JOIN person AS r ON r.subject = b.referrer
          WHERE b.campaign = ?1 ORDER BY b.updated_at DESC, b.friend DESC LIMIT 50",
        campaign,
    ))
    .await
}

/// A reward.
#[derive(Debug, Deserialize)]
pub struct Reward {
    /// Whose.
    pub email: String,
    /// On which side.
    pub side: Side,
    /// The rule's texts.
    #[serde(deserialize_with = "sql::json")]
    pub texts: Texts,
    /// PENDING, FULFILLED or CANCELLED.
    pub status: String,
    /// When it was approved.
    pub approved_at: Option<Timestamp>,
    /// When it was earned.
    pub created_at: Timestamp,
}

/// The newest rewards, at most 50.
pub async fn rewards(db: &Db, campaign: &str) -> Result<Vec<Reward>, DbError> {
    db.all(sql!(
        "-- overview::rewards
         SELECT coalesce(n.email, w.participant) AS email, w.side, r.body->'texts' AS texts, w.status,
                w.approved_at, w.created_at
           FROM reward AS w
           JOIN rule AS r ON r.id = w.rule
           LEFT JOIN person AS n ON n.subject = w.participant
          WHERE w.campaign = ?1 ORDER BY w.id DESC LIMIT 50",
        campaign,
    ))
    .await
}

/// A decision.
#[derive(Debug, Deserialize)]
pub struct Decision {
    /// Whom it is about.
    pub email: Option<String>,
    /// What was decided.
    pub kind: Kind,
    /// Why.
    #[serde(deserialize_with = "sql::json")]
    pub reasons: Vec<Reason>,
    /// When.
    pub at: Timestamp,
}

/// The newest decisions, at most 50.
pub async fn decisions(db: &Db, campaign: &str) -> Result<Vec<Decision>, DbError> {
    db.all(sql!(
        "-- overview::decisions
         SELECT n.email, d.kind, d.reasons, d.at
           FROM decision AS d LEFT JOIN person AS n ON n.subject = d.participant
          WHERE d.campaign = ?1 ORDER BY d.seq DESC LIMIT 50",
        campaign,
    ))
    .await
}
