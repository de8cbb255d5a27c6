//! Referrals that count for a rule which counts several by its conditions.

use serde::Deserialize;
use shared::{
    code::Code,
    reward::{Condition, Event, Met},
};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A friend's referral counts for a rule, as it stands in this batch; fails the batch if it does
/// already.
pub fn insert(campaign: &str, friend: &Code, met: &Met) -> Statement {
    sql!(
        "-- counted::insert
         INSERT INTO counted (friend, rule, event, version, referrer, counts, vouched, month)
         SELECT friend, ?3, ?4, ?5, referrer,
                iif(?4 = 'LEAD', outcome NOT IN ('HELD', 'REJECTED'), outcome = 'AWARDED'),
                source <> 'BROWSER', iif(?4 = 'LEAD', bound_month, month)
           FROM referral WHERE campaign = ?1 AND friend = ?2",
        campaign,
        friend,
        &met.rule,
        sql::name(&met.event),
        met.version,
    )
}

/// A rule for which a friend's referral counts.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Counted {
    /// The rule.
    pub rule: String,
    /// What it counted as a referral.
    pub event: Event,
    /// The conditions that were met.
    #[serde(deserialize_with = "sql::json")]
    pub conditions: Condition,
}

/// For which rules a friend's referral counts.
pub async fn of_friend(db: &Db, friend: &Code) -> Result<Vec<Counted>, DbError> {
    db.all(sql!(
        "-- counted::of_friend
         SELECT c.rule, c.event, coalesce(v.body->'conditions', '{}') AS conditions
           FROM counted AS c
           LEFT JOIN rule_version AS v ON v.rule = c.rule AND v.version = c.version
          WHERE c.friend = ?1 AND c.counts ORDER BY c.rule, c.event",
        friend,
    ))
    .await
}

/// A friend's order no longer meets a rule's conditions.
pub fn remove(friend: &Code, rule: &str) -> Statement {
    sql!(
        "-- counted::remove
         DELETE FROM counted WHERE friend = ?1 AND rule = ?2 AND event = 'CONVERSION'",
        friend,
        rule,
    )
}
