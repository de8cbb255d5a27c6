//! Rewards that people earned.

use serde::Deserialize;
use shared::{
    code::Code,
    reward::{Earned, Side, Source},
    time::Timestamp,
};

use super::participants::Place;
use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// Where a reward stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Earned; approved or waiting for it.
    Pending,
    /// Given.
    Fulfilled,
    /// Taken back before it was given.
    Cancelled,
}

/// A reward.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Stored {
    /// `prew_…`.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// Whose side it is.
    pub side: Side,
    /// Who referred.
    pub referrer: Code,
    /// Who came.
    pub friend: Code,
    /// Where it stands.
    pub status: Status,
    /// When it was approved.
    pub approved_at: Option<Timestamp>,
    /// When it was given.
    pub fulfilled_at: Option<Timestamp>,
    /// When it was earned.
    pub created_at: Timestamp,
}

/// The referral that a reward is for.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// The campaign.
    pub campaign: &'a str,
    /// Who referred.
    pub referrer: &'a Code,
    /// Who came.
    pub friend: &'a Code,
    /// When it was credited.
    pub now: Timestamp,
}

/// Adds a reward; fails the batch if the rule gave it already.
pub fn insert(id: &str, occasion: &Occasion<'_>, earned: &Earned) -> Statement {
    let at = |flag: bool| flag.then_some(occasion.now);
    sql!(
        "-- rewards::insert
         INSERT INTO reward (id, campaign, rule, version, participant, side, referrer, friend,
                             occasion, needs, status, source, approved_at, fulfilled_at, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        id,
        occasion.campaign,
        &earned.rule,
        earned.version,
        &earned.participant,
        sql::name(&earned.side),
        occasion.referrer,
        occasion.friend,
        &earned.occasion,
        earned.needs,
        if earned.fulfilled { "FULFILLED" } else { "PENDING" },
        sql::name(&earned.source),
        at(earned.approved),
        at(earned.fulfilled),
        occasion.now,
    )
}

/// How far a reward goes that somebody better than a browser vouches for now.
#[derive(Clone, Copy, Debug)]
pub struct Backing {
    /// Who vouches.
    pub source: Source,
    /// Whether it is approved by that.
    pub approved: bool,
    /// Whether it is given by that.
    pub fulfilled: bool,
    /// When.
    pub now: Timestamp,
}

/// Settles what rests on one friend alone.
pub fn settle_friend(friend: &Code, backing: Backing) -> Statement {
    sql!(
        "-- rewards::settle_friend
         UPDATE reward SET source = ?2, approved_at = coalesce(approved_at, iif(?3, ?5, NULL)),
                fulfilled_at = iif(?4, ?5, NULL), status = iif(?4, 'FULFILLED', 'PENDING')
          WHERE friend = ?1 AND needs IS NULL AND source = 'BROWSER' AND status = 'PENDING'",
        friend,
        sql::name(&backing.source),
        backing.approved,
        backing.fulfilled,
        backing.now,
    )
}

/// Settles a referrer's rounds of which all referrals are vouched for by now.
pub fn settle_rounds(referrer: &Code, backing: Backing) -> Statement {
    sql!(
        "-- rewards::settle_rounds
         UPDATE reward SET source = ?2, approved_at = coalesce(approved_at, iif(?3, ?5, NULL)),
                fulfilled_at = iif(?4, ?5, NULL), status = iif(?4, 'FULFILLED', 'PENDING')
          WHERE participant = ?1 AND source = 'BROWSER' AND status = 'PENDING'
            AND needs <= (SELECT count(*) FROM referral
                           WHERE referrer = ?1 AND outcome = 'AWARDED' AND source <> 'BROWSER')",
        referrer,
        sql::name(&backing.source),
        backing.approved,
        backing.fulfilled,
        backing.now,
    )
}

/// Cancels what rests on one friend whom only a browser had bound, and frees its occasion: whoever
/// referred them in truth earns by it.
pub fn cancel_friend(friend: &Code) -> Statement {
    sql!(
        "-- rewards::cancel_friend
         UPDATE reward SET status = 'CANCELLED', occasion = occasion || ' ' || id
          WHERE friend = ?1 AND needs IS NULL AND source = 'BROWSER' AND status = 'PENDING'",
        friend,
    )
}

/// Cancels what a referrer waits for by one rule and friend: its limit is reached.
pub fn cancel_beyond(friend: &Code, rule: &str) -> Statement {
    sql!(
        "-- rewards::cancel_beyond
         UPDATE reward SET status = 'CANCELLED'
          WHERE friend = ?1 AND rule = ?2 AND side = 'REFERRER' AND source = 'BROWSER'
            AND status = 'PENDING'",
        friend,
        rule,
    )
}

/// Cancels the referrer's rounds that are not full any more, and frees them to be filled again.
pub fn cancel_rounds(referrer: &Code) -> Statement {
    sql!(
        "-- rewards::cancel_rounds
         UPDATE reward SET status = 'CANCELLED', occasion = occasion || ' ' || id
          WHERE participant = ?1 AND source = 'BROWSER' AND status = 'PENDING'
            AND (SELECT credited FROM participant WHERE id = ?1) < needs",
        referrer,
    )
}

/// A participant's rewards, newest first, `limit` of them after a place.
pub async fn page(
    db: &Db,
    participant: &Code,
    after: Option<&Place>,
    limit: u32,
) -> Result<Vec<Stored>, DbError> {
    db.all(sql!(
        "-- rewards::page
         SELECT id, rule, side, referrer, friend, status, approved_at, fulfilled_at, created_at
           FROM reward
          WHERE participant = ?1 AND (created_at, id) < (?2, ?3)
          ORDER BY created_at DESC, id DESC LIMIT ?4",
        participant,
        after.map_or(shared::money::LARGEST, |it| it.created_at.0),
        after.map_or("", |it| &it.id),
        limit,
    ))
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Code {
        Code::parse(text).unwrap()
    }

    fn earned(rule: &str, needs: Option<u32>) -> Earned {
        Earned {
            rule: rule.into(),
            version: 1,
            participant: code("ada"),
            side: Side::Referrer,
            occasion: "bob".into(),
            needs,
            source: Source::Browser,
            approved: false,
            fulfilled: false,
        }
    }

    const BACKING: Backing =
        Backing { source: Source::Server, approved: true, fulfilled: false, now: Timestamp(9) };

    async fn approved(db: &Db) -> Vec<(String, Option<Timestamp>)> {
        let found = page(db, &code("ada"), None, 10).await.unwrap();
        found.into_iter().map(|it| (it.id, it.approved_at)).collect()
    }

    #[tokio::test]
    async fn r_reward_4_a_rule_gives_once_per_occasion_and_side() {
        let db = Db::in_memory().unwrap();
        let (ada, bob) = (code("ada"), code("bob"));
        let occasion =
            Occasion { campaign: "shop", referrer: &ada, friend: &bob, now: Timestamp(1) };
        db.batch(vec![insert("prew_1", &occasion, &earned("crew_1", None))]).await.unwrap();
        let again = db.batch(vec![insert("prew_2", &occasion, &earned("crew_1", None))]).await;
        assert_eq!(again, Err(DbError::Constraint));
        assert!(page(&db, &bob, None, 10).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn r_source_2_confirmation_settles_the_friends_rewards_and_full_rounds_only() {
        let db = Db::in_memory().unwrap();
        let (ada, bob) = (code("ada"), code("bob"));
        let occasion =
            Occasion { campaign: "shop", referrer: &ada, friend: &bob, now: Timestamp(1) };
        db.batch(vec![
            insert("prew_1", &occasion, &earned("crew_1", None)),
            insert("prew_2", &occasion, &earned("crew_2", Some(1))),
        ])
        .await
        .unwrap();
        db.batch(vec![settle_friend(&bob, BACKING), settle_rounds(&ada, BACKING)]).await.unwrap();
        let nine = Some(Timestamp(9));
        assert_eq!(approved(&db).await, [("prew_2".into(), None), ("prew_1".into(), nine)]);
        let bond = sql!(
            "-- t
             INSERT INTO referral (campaign, friend, referrer, outcome, source, bound_at, updated_at)
             VALUES ('shop', 'bob', 'ada', 'AWARDED', 'SERVER', 1, 1)"
        );
        db.batch(vec![bond, settle_rounds(&ada, BACKING)]).await.unwrap();
        assert_eq!(approved(&db).await, [("prew_2".into(), nine), ("prew_1".into(), nine)]);
    }
}
