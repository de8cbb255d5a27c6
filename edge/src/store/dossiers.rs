//! All that is known of one participant, for their page on the console.

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::{
    code::Code,
    reward::{Gift, Texts},
    time::Timestamp,
};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// What stands on the page of a participant beside the wire's view of them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Extra {
    /// Since when their link brings nothing.
    pub blocked_at: Option<Timestamp>,
    /// Who vouches for them.
    pub source: shared::reward::Source,
    /// The address that gifts are sent to, as JSON.
    pub address: Option<String>,
    /// The version of the card that they agreed to when they joined on our page.
    pub agreed: Option<String>,
    /// When.
    pub agreed_at: Option<Timestamp>,
    /// Orders and other events of theirs.
    pub conversions: u64,
    /// What they paid, less refunds.
    pub revenue: i64,
}

/// What is known beside the wire's view; `None` of somebody who was forgotten.
pub async fn extra(db: &Db, participant: &Code) -> Result<Option<Extra>, DbError> {
    let rows = db
        .all(sql!(
            "-- dossiers::extra
             SELECT p.blocked_at, p.source, n.address, p.agreed, p.agreed_at,
                    (SELECT count(*) FROM conversion WHERE participant = p.id) AS conversions,
                    (SELECT coalesce(sum(gross - refunded), 0) FROM conversion
                      WHERE participant = p.id AND gross IS NOT NULL) AS revenue
               FROM participant AS p JOIN person AS n ON n.subject = p.id
              WHERE p.id = ?1 AND p.erased_at IS NULL",
            participant,
        ))
        .await?;
    Ok(rows.into_iter().next())
}

/// Something that happened to a participant, apart from decisions.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Event {
    /// `CLICKS`, `SHARE`, `CONVERSION`, `REFUND` or `REWARD`.
    pub kind: String,
    /// When.
    pub at: Timestamp,
    /// How many clicks; the amount of an order or refund.
    pub number: Option<i64>,
    /// The channel of a share; what kind of event.
    pub what: Option<String>,
}

/// What happened to a participant, newest first: the newest 40 of each kind.
pub async fn events(db: &Db, campaign: &str, participant: &Code) -> Result<Vec<Event>, DbError> {
    newest_events(db, campaign, participant, 40).await
}

/// The same: the newest `each` of each kind.
pub async fn newest_events(
    db: &Db,
    campaign: &str,
    participant: &Code,
    each: u32,
) -> Result<Vec<Event>, DbError> {
    db.all(sql!(
        "-- dossiers::newest_events
         SELECT kind, at, number, what FROM (
           SELECT 'CLICKS' AS kind, day * 86400000 AS at, impressions AS number, NULL AS what
             FROM (SELECT day, impressions FROM click_day
                    WHERE campaign = ?1 AND participant = ?2 ORDER BY day DESC LIMIT ?3)
           UNION ALL
           SELECT 'SHARE', at, NULL, channel
             FROM (SELECT at, channel FROM share WHERE participant = ?2 ORDER BY id DESC LIMIT ?3)
           UNION ALL
           SELECT 'CONVERSION', at, gross, kind
             FROM (SELECT at, gross, kind FROM conversion WHERE participant = ?2
                    ORDER BY at DESC LIMIT ?3)
           UNION ALL
           SELECT 'REFUND', at, amount, NULL
             FROM (SELECT f.at, f.amount FROM conversion AS c JOIN refund AS f ON f.conversion = c.id
                    WHERE c.participant = ?2 ORDER BY f.at DESC LIMIT ?3)
           UNION ALL
           SELECT 'REWARD', created_at, amount, side
             FROM (SELECT created_at, amount, side FROM reward WHERE participant = ?2
                    ORDER BY created_at DESC, id DESC LIMIT ?3))
          ORDER BY at DESC",
        campaign,
        participant,
        each,
    ))
    .await
}

/// What a rule gives, as people read it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Named {
    /// The rule.
    pub id: String,
    /// Its texts.
    #[serde(deserialize_with = "sql::json")]
    pub texts: Texts,
    /// What the referrer gets.
    #[serde(deserialize_with = "sql::json")]
    pub gives: Gift,
}

/// The rules of a campaign with their texts, removed ones too, at most 200.
pub async fn rules(db: &Db, campaign: &str) -> Result<Vec<Named>, DbError> {
    db.all(sql!(
        "-- dossiers::rules
         SELECT id, coalesce(body->'texts', '{}') AS texts, coalesce(body->'gives', '{}') AS gives
           FROM rule
          WHERE campaign = ?1 ORDER BY created_at, id LIMIT 200",
        campaign,
    ))
    .await
}

/// The texts of a campaign's rules, removed ones too, by the rules' ids.
pub async fn texts(db: &Db, campaign: &str) -> Result<BTreeMap<String, Texts>, DbError> {
    Ok(rules(db, campaign).await?.into_iter().map(|it| (it.id, it.texts)).collect())
}

/// From now on a participant's link brings nothing; fails the batch if they were forgotten, or it
/// brings nothing already.
pub fn block(participant: &Code, now: Timestamp) -> Statement {
    sql!(
        "-- dossiers::block
         UPDATE participant
            SET blocked_at = ?2,
                revision = iif(blocked_at IS NULL AND erased_at IS NULL, revision + 1, NULL)
          WHERE id = ?1",
        participant,
        now,
    )
}

/// A participant's link counts again; fails the batch if it does already.
pub fn unblock(participant: &Code) -> Statement {
    sql!(
        "-- dossiers::unblock
         UPDATE participant
            SET revision = iif(blocked_at IS NOT NULL AND erased_at IS NULL, revision + 1, NULL),
                blocked_at = NULL
          WHERE id = ?1",
        participant,
    )
}
