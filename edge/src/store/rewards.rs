//! Rewards that people earned.

use serde::Deserialize;
use shared::{
    code::Code,
    money::Currency,
    reward::{Approval, Earned, GiftKind, Side, Source, Taken, Waiting},
    time::Timestamp,
    zone::Month,
};

use super::participants::Place;
use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

pub use shared::reward::{Lack, Status};

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
    /// Who came; a leaderboard's reward has nobody.
    pub friend: Option<Code>,
    /// What is given.
    pub kind: GiftKind,
    /// What it is worth, in minor units of the campaign's currency.
    pub amount: Option<i64>,
    /// The currency of that.
    pub currency: Option<Currency>,
    /// The coupon, once it is available.
    pub coupon_code: Option<String>,
    /// The charity that the person chose.
    pub charity: Option<String>,
    /// What is missing before it can be given.
    pub lacks: Option<Lack>,
    /// Where it stands.
    pub status: Status,
    /// When it is approved by itself.
    pub approve_at: Option<Timestamp>,
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
    /// Who came; nobody for a leaderboard's reward.
    pub friend: Option<&'a Code>,
    /// In which calendar month.
    pub month: Month,
    /// When it was credited.
    pub now: Timestamp,
}

/// Times that follow from how far a reward goes by itself: when it will be approved, when it was,
/// and when it was given.
fn times(approval: Approval, now: Timestamp) -> [Option<Timestamp>; 3] {
    match approval {
        Approval::Now { fulfilled } => [Some(now), Some(now), fulfilled.then_some(now)],
        Approval::At(due) => [Some(due), None, None],
        Approval::ByHand => [None; 3],
    }
}

/// Adds a reward; fails the batch if the rule gave it already, whoever earned it was forgotten, or, of
/// a referral's, the rule changed since it was read.
pub fn insert(id: &str, occasion: &Occasion<'_>, earned: &Earned) -> Statement {
    let [approve_at, approved_at, fulfilled_at] = times(earned.approval, occasion.now);
    sql!(
        "-- rewards::insert
         INSERT INTO reward (id, campaign, rule, version, participant, side, referrer, friend,
                             occasion, needs, month, event, earned_month, kind, amount, pool, status,
                             source, hold_days, approve_at, approved_at, fulfilled_at, created_at,
                             picked)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?22, ?12, ?13, ?14, ?15,
                 iif(EXISTS (SELECT 1 FROM participant WHERE id = ?5 AND erased_at IS NOT NULL)
                     OR ?8 IS NOT NULL
                       AND EXISTS (SELECT 1 FROM rule WHERE id = ?3 AND version <> ?4),
                     NULL, iif(?20 IS NULL, 'PENDING', 'FULFILLED')),
                 ?16, ?17, ?18, ?19, ?20, ?21, ?23)",
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
        earned.month,
        occasion.month,
        sql::name(&earned.gift.kind),
        earned.gift.amount,
        earned.gift.pool.as_deref(),
        sql::name(&earned.source),
        u32::from(earned.hold_days),
        approve_at,
        approved_at,
        fulfilled_at,
        occasion.now,
        sql::name(&earned.event),
        earned.picked,
    )
}

/// What was given for a friend alone, whatever became of it; what was undone and may be earned anew
/// is left out.
pub async fn taken(db: &Db, friend: &Code) -> Result<Vec<Taken>, DbError> {
    db.all(sql!(
        "-- rewards::taken
         SELECT rule, side FROM reward
          WHERE friend = ?1 AND needs IS NULL AND instr(occasion, ' ') = 0",
        friend,
    ))
    .await
}

#[derive(Deserialize)]
struct WaitingRow {
    #[serde(deserialize_with = "sql::json")]
    it: Waiting,
}

/// Rewards for one friend alone that wait for somebody better than a browser, oldest first.
pub async fn waiting(db: &Db, friend: &Code) -> Result<Vec<Waiting>, DbError> {
    let rows: Vec<WaitingRow> = db
        .all(sql!(
            "-- rewards::waiting
             SELECT it FROM waiting_reward WHERE friend = ?1 AND needs IS NULL
              ORDER BY created_at, id",
            friend,
        ))
        .await?;
    Ok(rows.into_iter().map(|it| it.it).collect())
}

/// Settles a reward that waited: from now on more than a browser vouches for it. Fails the batch if
/// it waits no more.
pub fn settle(id: &str, source: Source, approval: Approval, now: Timestamp) -> Statement {
    let [approve_at, approved_at, fulfilled_at] = times(approval, now);
    sql!(
        "-- rewards::settle
         UPDATE reward SET source = iif(source = 'BROWSER' AND status = 'PENDING', ?2, NULL),
                approve_at = ?3, approved_at = coalesce(approved_at, ?4), fulfilled_at = ?5,
                status = iif(?5 IS NULL, 'PENDING', 'FULFILLED')
          WHERE id = ?1",
        id,
        sql::name(&source),
        approve_at,
        approved_at,
        fulfilled_at,
    )
}

/// Cancels a reward that waited: nothing is left for it. Fails the batch if it waits no more.
pub fn cancel_waiting(id: &str) -> Statement {
    sql!(
        "-- rewards::cancel_waiting
         UPDATE reward
            SET status = iif(source = 'BROWSER' AND status = 'PENDING', 'CANCELLED', NULL)
          WHERE id = ?1",
        id,
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
         SELECT id, rule, side, referrer, friend, kind, amount, currency, coupon_code, charity,
                lacks, status, approve_at, approved_at, fulfilled_at, created_at
           FROM shown_reward
          WHERE participant = ?1 AND (created_at, id) < (?2, ?3)
          ORDER BY created_at DESC, id DESC LIMIT ?4",
        participant,
        after.map_or(shared::money::LARGEST, |it| it.created_at.0),
        after.map_or("", |it| &it.id),
        limit,
    ))
    .await
}

/// A reward of a participant.
pub async fn find(db: &Db, participant: &Code, id: &str) -> Result<Option<Stored>, DbError> {
    let found = db
        .all(sql!(
            "-- rewards::find
             SELECT id, rule, side, referrer, friend, kind, amount, currency, coupon_code, charity,
                    lacks, status, approve_at, approved_at, fulfilled_at, created_at
               FROM shown_reward WHERE id = ?1 AND participant = ?2",
            id,
            participant,
        ))
        .await?;
    Ok(found.into_iter().next())
}

#[cfg(test)]
mod tests {
    use shared::reward::{Event, Gift};

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
            event: Event::Conversion,
            gift: Gift::default(),
            occasion: "bob".into(),
            needs,
            month: None,
            picked: false,
            source: Source::Browser,
            hold_days: 0,
            approval: Approval::ByHand,
        }
    }

    #[tokio::test]
    async fn r_reward_4_a_rule_gives_once_per_occasion_and_side() {
        let db = Db::in_memory().unwrap();
        let (ada, bob) = (code("ada"), code("bob"));
        let occasion = Occasion {
            campaign: "shop",
            referrer: &ada,
            friend: Some(&bob),
            month: Month(24_310),
            now: Timestamp(1),
        };
        db.batch(vec![insert("prew_1", &occasion, &earned("crew_1", None))]).await.unwrap();
        let again = db.batch(vec![insert("prew_2", &occasion, &earned("crew_1", None))]).await;
        assert_eq!(again, Err(DbError::Constraint));
        assert!(page(&db, &bob, None, 10).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn r_source_2_what_waits_is_settled_or_cancelled_once() {
        let db = Db::in_memory().unwrap();
        let (ada, bob) = (code("ada"), code("bob"));
        let occasion = Occasion {
            campaign: "shop",
            referrer: &ada,
            friend: Some(&bob),
            month: Month(24_310),
            now: Timestamp(1),
        };
        db.batch(vec![
            insert("prew_1", &occasion, &earned("crew_1", None)),
            insert("prew_2", &occasion, &earned("crew_2", Some(1))),
            insert("prew_3", &occasion, &earned("crew_3", None)),
        ])
        .await
        .unwrap();
        let ids = |found: Vec<Waiting>| found.into_iter().map(|it| it.id).collect::<Vec<_>>();
        let found = waiting(&db, &bob).await.unwrap();
        assert_eq!(ids(found), ["prew_1", "prew_3"]);
        let now = Approval::Now { fulfilled: true };
        let settled = || settle("prew_1", Source::Server, now, Timestamp(9));
        let cancelled = || cancel_waiting("prew_3");
        db.batch(vec![settled(), cancelled()]).await.unwrap();
        assert_eq!(db.batch(vec![settled()]).await, Err(DbError::Constraint));
        assert_eq!(db.batch(vec![cancelled()]).await, Err(DbError::Constraint));
        assert!(waiting(&db, &bob).await.unwrap().is_empty());
        let found = page(&db, &ada, None, 10).await.unwrap();
        let found: Vec<_> =
            found.into_iter().map(|it| (it.status, it.approved_at.map(|it| it.0))).collect();
        let expected =
            [(Status::Cancelled, None), (Status::Pending, None), (Status::Fulfilled, Some(9))];
        assert_eq!(found, expected);
    }
}
