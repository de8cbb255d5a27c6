//! What a message tells of: read when it is sent, never before.

use serde::Deserialize;
use shared::{
    referral::Outcome,
    reward::{GiftKind, Rule, Side},
    time::Timestamp,
    zone::Month,
};

use super::{
    figures::Count,
    rewards::{Lack, Status},
};
use crate::{
    mail::{Kind, Text, kind::ALL, kind::Purpose, settings::Settings},
    platform::Db,
    sql,
    sql::DbError,
    store::names::AGREED,
};

/// A participant to whom something is written.
#[derive(Clone, Debug, Deserialize)]
pub struct Reader {
    /// Where messages go.
    pub email: String,
    /// Who they are within the campaign.
    pub identity: String,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Their language tag.
    pub language: Option<String>,
    /// Whether they are blocked.
    #[serde(deserialize_with = "sql::flag")]
    pub blocked: bool,
    /// Friends who came by them.
    pub leads: u64,
    /// Those of them who count.
    pub credited: u64,
    /// Rewards that are theirs.
    pub rewards: u64,
    /// The first name of who referred them, if that person agreed.
    pub referrer_first_name: Option<String>,
    /// Promotions that they got since the instant.
    pub promotions: u32,
    /// How the campaign writes.
    #[serde(deserialize_with = "sql::json")]
    pub settings: Settings,
    /// The owner's words for this kind, by language.
    #[serde(deserialize_with = "sql::json")]
    pub texts: Vec<Own>,
}

/// The owner's words in one language.
#[derive(Clone, Debug, Deserialize)]
pub struct Own {
    /// The language's tag.
    pub lang: String,
    /// The words.
    #[serde(flatten)]
    pub text: Text,
}

/// Reads a participant, unless they are gone.
pub async fn reader(
    db: &Db,
    campaign: &str,
    participant: &str,
    kind: Kind,
    since: Timestamp,
) -> Result<Option<Reader>, DbError> {
    let promotions: Vec<&str> =
        ALL.iter().filter(|it| it.purpose() == Purpose::Promotion).map(|it| it.as_str()).collect();
    let rows = db
        .all(sql!(
            "-- mail_facts::reader
             SELECT person.email, person.identity, person.first_name, person.last_name, p.language,
                    p.blocked_at IS NOT NULL AS blocked,
                    coalesce(t.leads, 0) AS leads, coalesce(t.credited, 0) AS credited,
                    (SELECT count(*) FROM reward
                      WHERE participant = p.id AND approved_at IS NOT NULL
                        AND status IN ('PENDING', 'FULFILLED')) AS rewards,
                    (SELECT f.first_name FROM referral AS r JOIN person AS f ON f.subject = r.referrer
                      WHERE r.campaign = p.campaign AND r.friend = p.id
                        AND r.outcome IN ('PENDING', 'AWARDED', 'EXPIRED')
                        AND f.metadata->>?6 = 'true') AS referrer_first_name,
                    (SELECT count(*) FROM message
                      WHERE subject = p.id AND state = 'SENT' AND ?5 < settled_at
                        AND kind IN (SELECT value FROM json_each(?4))) AS promotions,
                    coalesce((SELECT body FROM mail_setting WHERE campaign = p.campaign), '{}')
                      AS settings,
                    (SELECT json_group_array(json_object('lang', lang, 'subject', subject,
                                                         'preheader', preheader, 'body', body))
                       FROM email_template WHERE campaign = p.campaign AND kind = ?3) AS texts
               FROM participant AS p
               JOIN person ON person.subject = p.id
               LEFT JOIN tally AS t ON t.participant = p.id AND t.month = 0
              WHERE p.id = ?2 AND p.campaign = ?1 AND p.erased_at IS NULL",
            campaign,
            participant,
            kind.as_str(),
            sql::to_json(&promotions),
            since,
            AGREED,
        ))
        .await?;
    Ok(rows.into_iter().next())
}

/// A friend of whom a referrer is told.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Friend {
    /// Where the referral stands.
    pub outcome: Outcome,
    /// Their first name, if they agreed that it is shown.
    pub first_name: Option<String>,
    /// The initial of it.
    pub initial: Option<String>,
    /// Whether nothing has happened yet by which they will count, and they are neither gone nor blocked.
    #[serde(deserialize_with = "sql::flag")]
    pub waits: bool,
    /// Whether the referrer is told of a reward for this friend.
    #[serde(deserialize_with = "sql::flag")]
    pub rewarded: bool,
}

/// Reads a friend of a referrer.
pub async fn friend(
    db: &Db,
    campaign: &str,
    referrer: &str,
    friend: &str,
) -> Result<Option<Friend>, DbError> {
    let rows = db
        .all(sql!(
            "-- mail_facts::friend
             SELECT r.outcome, iif(f.metadata->>?4 = 'true', f.first_name, NULL) AS first_name,
                    upper(substr(f.first_name, 1, 1)) AS initial,
                    r.outcome = 'PENDING' AND r.credit_at IS NULL
                      AND NOT EXISTS (SELECT 1 FROM participant
                                       WHERE id = r.friend
                                         AND (erased_at IS NOT NULL OR blocked_at IS NOT NULL))
                      AS waits,
                    EXISTS (SELECT 1 FROM reward AS w
                              JOIN message AS m ON m.subject = w.participant
                               AND m.kind = 'goalAchieved' AND m.occasion = w.id
                             WHERE w.friend = r.friend AND w.participant = r.referrer
                               AND w.approved_at IS NOT NULL
                               AND w.status IN ('PENDING', 'FULFILLED')
                               AND m.state IN ('QUEUED', 'SENT')) AS rewarded
               FROM referral AS r LEFT JOIN person AS f ON f.subject = r.friend
              WHERE r.campaign = ?1 AND r.friend = ?3 AND r.referrer = ?2",
            campaign,
            referrer,
            friend,
            AGREED,
        ))
        .await?;
    Ok(rows.into_iter().next())
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

/// The newest friend of a referrer of whom they may be told; `credited`: who counts.
pub async fn newest_friend(
    db: &Db,
    referrer: &str,
    credited: bool,
) -> Result<Option<String>, DbError> {
    let rows: Vec<Id> = db
        .all(sql!(
            "-- mail_facts::newest_friend
             SELECT friend AS id FROM referral
              WHERE referrer = ?1 AND (outcome = 'AWARDED' OR NOT ?2 AND outcome = 'PENDING')
              ORDER BY bound_at DESC, friend DESC LIMIT 1",
            referrer,
            credited,
        ))
        .await?;
    Ok(rows.into_iter().next().map(|it| it.id))
}

/// The newest reward that is a participant's.
pub async fn newest_reward(db: &Db, participant: &str) -> Result<Option<String>, DbError> {
    let rows: Vec<Id> = db
        .all(sql!(
            "-- mail_facts::newest_reward
             SELECT id FROM reward
              WHERE participant = ?1 AND approved_at IS NOT NULL
                AND status IN ('PENDING', 'FULFILLED')
              ORDER BY created_at DESC, id DESC LIMIT 1",
            participant,
        ))
        .await?;
    Ok(rows.into_iter().next().map(|it| it.id))
}

/// A reward of which its owner is told.
#[derive(Clone, Debug, Deserialize)]
pub struct Reward {
    /// On which side.
    pub side: Side,
    /// Where it stands.
    pub status: Status,
    /// When it was approved.
    pub approved_at: Option<Timestamp>,
    /// What is missing.
    pub lacks: Option<Lack>,
    /// What is given.
    pub kind: GiftKind,
    /// The coupon, once it is available.
    pub coupon_code: Option<String>,
    /// The rule in the version by which it was earned.
    #[serde(deserialize_with = "sql::json")]
    pub rule: Option<Rule>,
}

/// Reads a participant's reward.
pub async fn reward(db: &Db, participant: &str, id: &str) -> Result<Option<Reward>, DbError> {
    let rows = db
        .all(sql!(
            "-- mail_facts::reward
             SELECT w.side, w.status, w.approved_at, w.lacks, w.kind, w.coupon_code,
                    coalesce((SELECT body FROM rule_version
                               WHERE rule = w.rule AND version = w.version), 'null') AS rule
               FROM shown_reward AS w WHERE w.id = ?1 AND w.participant = ?2",
            id,
            participant,
        ))
        .await?;
    Ok(rows.into_iter().next())
}

/// What a month brought somebody.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
pub struct Monthly {
    /// Referrals that count.
    pub credited: u64,
    /// People's clicks.
    pub clicks: u64,
}

/// Reads it; `days` are the month's first and last.
pub async fn month(
    db: &Db,
    campaign: &str,
    participant: &str,
    month: Month,
    days: [i64; 2],
) -> Result<Monthly, DbError> {
    let rows: Vec<Monthly> = db
        .all(sql!(
            "-- mail_facts::month
             SELECT coalesce((SELECT credited FROM tally
                               WHERE participant = ?2 AND month = ?3), 0) AS credited,
                    coalesce((SELECT sum(impressions) FROM click_day
                               WHERE campaign = ?1 AND participant = ?2
                                 AND day BETWEEN ?4 AND ?5), 0) AS clicks",
            campaign,
            participant,
            month,
            days[0],
            days[1],
        ))
        .await?;
    Ok(rows.into_iter().next().unwrap_or(Monthly { credited: 0, clicks: 0 }))
}

/// A pool that runs low.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Pool {
    /// Its name.
    pub name: String,
    /// How many coupons are free.
    pub free: u64,
}

/// A campaign's pools that run low, at most 20.
pub async fn low_pools(db: &Db, campaign: &str) -> Result<Vec<Pool>, DbError> {
    db.all(sql!(
        "-- mail_facts::low_pools
         SELECT name, free FROM coupon_pool
          WHERE campaign = ?1 AND free <= low_stock ORDER BY free, name LIMIT 20",
        campaign,
    ))
    .await
}

/// How many rewards of a campaign wait for the owner's hand.
pub async fn waiting(db: &Db, campaign: &str) -> Result<u64, DbError> {
    let rows: Vec<Count> = db
        .all(sql!(
            "-- mail_facts::waiting
             SELECT count(*) AS n FROM notice
              WHERE campaign = ?1 AND kind = 'REWARD_WAITING' AND seen_at IS NULL",
            campaign,
        ))
        .await?;
    Ok(rows.first().map_or(0, |it| it.n))
}
