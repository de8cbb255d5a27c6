//! What the owner does with a reward by hand.

use serde::Deserialize;
use shared::{
    code::Code,
    reward::{Lack, Limit, Side, Source, Status},
    time::Timestamp,
    zone::Month,
};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A reward, as far as the owner's hand depends on it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Held {
    /// `prew_…`.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// The version that was in force.
    pub version: u32,
    /// Who earned it.
    pub participant: Code,
    /// On which side.
    pub side: Side,
    /// Who referred.
    pub referrer: Code,
    /// How many of the referrer's referrals a round rests on.
    pub needs: Option<u32>,
    /// What it is worth.
    pub amount: Option<i64>,
    /// The month in which it was earned.
    pub earned_month: Month,
    /// Its rule's limit, as the rule is now or was when it was removed.
    #[serde(deserialize_with = "sql::json")]
    pub rule_limit: Option<Limit>,
    /// Where it stands.
    pub status: Status,
    /// Who vouches for it.
    pub source: Source,
    /// What is missing before it can be given.
    pub lacks: Option<Lack>,
    /// When it was approved.
    pub approved_at: Option<Timestamp>,
}

/// A reward of a campaign.
pub async fn find(db: &Db, campaign: &str, id: &str) -> Result<Option<Held>, DbError> {
    let found = db
        .all(sql!(
            "-- approvals::find
             SELECT id, rule, version, participant, side, referrer, needs, amount, earned_month,
                    coalesce((SELECT body->'limit' FROM rule WHERE id = reward.rule), 'null')
                      AS rule_limit,
                    status, source, lacks, approved_at
               FROM reward WHERE id = ?2 AND campaign = ?1",
            campaign,
            id,
        ))
        .await?;
    Ok(found.into_iter().next())
}

/// Approves a reward, which was given as well if `fulfilled`. From then on `source` vouches for it.
/// Fails the batch if it waits no more, or was vouched for by somebody else.
pub fn approve(held: &Held, source: Source, fulfilled: bool, now: Timestamp) -> Statement {
    sql!(
        "-- approvals::approve
         UPDATE reward
            SET status = iif(status = 'PENDING' AND approved_at IS NULL AND source = ?2,
                             iif(?4, 'FULFILLED', 'PENDING'), NULL),
                by_hand = by_hand OR source <> ?3, source = ?3,
                approved_at = ?5, fulfilled_at = iif(?4, ?5, NULL)
          WHERE id = ?1",
        &held.id,
        sql::name(&held.source),
        sql::name(&source),
        fulfilled,
        now,
    )
}

/// Marks an approved reward as given; fails the batch if it is not, was already, or has no code.
pub fn fulfill(id: &str, now: Timestamp) -> Statement {
    sql!(
        "-- approvals::fulfill
         UPDATE reward
            SET status = iif(status = 'PENDING' AND approved_at IS NOT NULL
                               AND lacks IS NOT 'COUPON', 'FULFILLED', NULL),
                fulfilled_at = ?2
          WHERE id = ?1",
        id,
        now,
    )
}

/// Takes back a reward that nobody approved; fails the batch if somebody did, or it was already.
pub fn remove(id: &str) -> Statement {
    sql!(
        "-- approvals::remove
         UPDATE reward
            SET status = iif(status = 'PENDING' AND approved_at IS NULL, 'CANCELLED', NULL)
          WHERE id = ?1",
        id,
    )
}
