//! Referrals: the bonds between friends and those who referred them.

use serde::Deserialize;
use shared::{
    code::Code,
    referral::{Outcome, Status},
    reward::Source,
    time::Timestamp,
    zone::Month,
};

use super::participants::Place;
use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A new bond.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// The campaign.
    pub campaign: &'a str,
    /// Who came.
    pub friend: &'a Code,
    /// Who referred them.
    pub referrer: &'a Code,
    /// The click that made the bond.
    pub click: Option<&'a str>,
    /// The share channel of that click.
    pub channel: Option<&'a str>,
    /// Who vouches for it.
    pub source: Source,
    /// In which calendar month.
    pub month: Month,
    /// When.
    pub now: Timestamp,
}

/// Binds a friend; fails the batch if they are bound already. Of one who joined on our page, the sign-up is
/// still to be told.
pub fn insert(new: &New<'_>) -> Statement {
    sql!(
        "-- referrals::insert
         INSERT INTO referral (campaign, friend, referrer, click, channel, outcome, source,
                               bound_at, bound_month, updated_at, unsigned)
         VALUES (?1, ?2, ?3, ?4, ?5, 'PENDING', ?6, ?7, ?8, ?7,
                 coalesce((SELECT joined FROM participant WHERE id = ?2), 0))",
        new.campaign,
        new.friend,
        new.referrer,
        new.click,
        new.channel,
        sql::name(&new.source),
        new.now,
        new.month,
    )
}

/// The sign-up of a friend is told: rounds of sign-ups count them from now on.
pub fn signed_up(campaign: &str, friend: &Code) -> Statement {
    sql!(
        "-- referrals::signed_up
         UPDATE referral SET unsigned = 0 WHERE campaign = ?1 AND friend = ?2 AND unsigned = 1",
        campaign,
        friend,
    )
}

/// How a pending referral ends.
#[derive(Clone, Copy, Debug)]
pub struct Settlement<'a> {
    /// Where it stands from now on.
    pub outcome: Outcome,
    /// In which calendar month it counts, if it is credited.
    pub month: Option<Month>,
    /// For which conversion.
    pub conversion: Option<&'a str>,
    /// Who vouches for it.
    pub source: Source,
    /// When.
    pub now: Timestamp,
}

/// Settles a pending referral; fails the batch if it is pending no more.
pub fn settle(campaign: &str, friend: &Code, settlement: &Settlement<'_>) -> Statement {
    sql!(
        "-- referrals::settle
         UPDATE referral SET outcome = iif(outcome = 'PENDING', ?3, NULL), source = ?4,
                month = ?6, conversion = ?7, credit_at = NULL, credit_source = NULL,
                settled_at = ?5, updated_at = ?5
          WHERE campaign = ?1 AND friend = ?2",
        campaign,
        friend,
        settlement.outcome.as_str(),
        sql::name(&settlement.source),
        settlement.now,
        settlement.month,
        settlement.conversion,
    )
}

/// Holds a fresh bond, or rejects it, in the batch that makes it.
pub fn withhold(campaign: &str, friend: &Code, outcome: Outcome) -> Statement {
    sql!(
        "-- referrals::withhold
         UPDATE referral SET outcome = iif(outcome = 'PENDING', ?3, NULL)
          WHERE campaign = ?1 AND friend = ?2",
        campaign,
        friend,
        outcome.as_str(),
    )
}

/// Ends the hold of a referral, which counts from this month on if it goes on; fails the batch if
/// it is held no more.
pub fn review(
    campaign: &str,
    friend: &Code,
    outcome: Outcome,
    month: Month,
    now: Timestamp,
) -> Statement {
    sql!(
        "-- referrals::review
         UPDATE referral SET outcome = iif(outcome = 'HELD', ?3, NULL), bound_month = ?4,
                settled_at = iif(?3 = 'REJECTED', ?5, NULL), updated_at = ?5
          WHERE campaign = ?1 AND friend = ?2",
        campaign,
        friend,
        outcome.as_str(),
        month,
        now,
    )
}

/// Undoes a credit whose conversion was refunded; fails the batch if it stands no more.
pub fn reverse(campaign: &str, friend: &Code, conversion: &str, now: Timestamp) -> Statement {
    sql!(
        "-- referrals::reverse
         UPDATE referral
            SET outcome = iif(outcome IN ('AWARDED', 'HELD') AND conversion = ?3, 'REVERSED', NULL),
                updated_at = ?4
          WHERE campaign = ?1 AND friend = ?2",
        campaign,
        friend,
        conversion,
        now,
    )
}

/// Somebody better than a browser vouches for a referral.
pub fn vouch(campaign: &str, friend: &Code, source: Source, now: Timestamp) -> Statement {
    sql!(
        "-- referrals::vouch
         UPDATE referral SET source = ?3, updated_at = ?4
          WHERE campaign = ?1 AND friend = ?2 AND source = 'BROWSER'",
        campaign,
        friend,
        sql::name(&source),
        now,
    )
}

/// Ends a bond that only a browser vouches for; another takes its place in the same batch.
pub fn release(campaign: &str, friend: &Code) -> Statement {
    sql!(
        "-- referrals::release
         DELETE FROM referral WHERE campaign = ?1 AND friend = ?2 AND source = 'BROWSER'",
        campaign,
        friend,
    )
}

/// What a list of referrals is sorted by.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Sort {
    /// When the bond was made.
    CreatedAt,
    /// The friend's address.
    Email,
    /// The friend's first name.
    FirstName,
    /// The friend's last name.
    LastName,
    /// Where it stands.
    Status,
    /// When it was settled.
    TriggeredAt,
    /// When it last changed.
    #[default]
    UpdatedAt,
}

impl Sort {
    const fn as_str(self) -> &'static str {
        match self {
            Self::CreatedAt => "createdAt",
            Self::Email => "email",
            Self::FirstName => "firstName",
            Self::LastName => "lastName",
            Self::Status => "referralStatus",
            Self::TriggeredAt => "referralTriggeredAt",
            Self::UpdatedAt => "updatedAt",
        }
    }
}

/// Which referrals are asked for.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// What they are sorted by.
    pub sort: Sort,
    /// Whether the smallest come first.
    pub ascending: bool,
    /// The friend's identity.
    pub identity: Option<String>,
    /// The friend's first name, in any letter case.
    pub first_name: Option<String>,
    /// The friend's last name, in any letter case.
    pub last_name: Option<String>,
    /// Where they stand.
    pub status: Option<Status>,
    /// How many are skipped.
    pub offset: u32,
    /// How many are read.
    pub limit: u32,
}

/// A referral in a list.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Item {
    /// The friend.
    pub friend: Code,
    /// Their address.
    pub email: String,
    /// Their first name.
    pub first_name: Option<String>,
    /// Their last name.
    pub last_name: Option<String>,
    /// Who referred them.
    pub referrer: Code,
    /// Where it stands.
    pub outcome: Outcome,
    /// When the bond was made.
    pub bound_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Query {
    /// The outcomes that have the status, as JSON.
    pub(super) const fn outcomes(&self) -> Option<&'static str> {
        match self.status {
            None => None,
            Some(Status::CreditPending) => Some(r#"["PENDING","HELD"]"#),
            Some(Status::CreditAwarded) => Some(r#"["AWARDED","REVERSED"]"#),
            Some(Status::CreditExpired) => Some(r#"["EXPIRED","REJECTED"]"#),
        }
    }
}

/// A campaign's referrals, sorted and filtered.
///
/// Each page reads the campaign's referrals anew, and sorts no more than it returns. Where time
/// orders them and the newest are asked for, [`newest`](super::newest) reads an index instead; an index
/// for each of the other orders, three of which stand in another table, would cost every credit a
/// write and save a list that few ask for.
pub async fn page(db: &Db, campaign: &str, query: &Query) -> Result<Vec<Item>, DbError> {
    db.all(sql!(
        "-- referrals::page
         WITH listed AS (
           SELECT r.friend, person.email, person.first_name, person.last_name, r.referrer,
                  r.outcome, r.bound_at, r.updated_at,
                  CASE ?6 WHEN 'createdAt' THEN r.bound_at
                          WHEN 'email' THEN person.identity
                          WHEN 'firstName' THEN lower(person.first_name)
                          WHEN 'lastName' THEN lower(person.last_name)
                          WHEN 'referralStatus' THEN r.outcome
                          WHEN 'referralTriggeredAt' THEN r.settled_at
                          ELSE r.updated_at END AS rank
             FROM referral AS r JOIN person ON person.subject = r.friend
            WHERE r.campaign = ?1
              AND (?2 IS NULL OR person.identity = ?2)
              AND (?3 IS NULL OR lower(person.first_name) = lower(?3))
              AND (?4 IS NULL OR lower(person.last_name) = lower(?4))
              AND (?5 IS NULL OR r.outcome IN (SELECT value FROM json_each(?5))))
         SELECT friend, email, first_name, last_name, referrer, outcome, bound_at, updated_at
           FROM listed
          ORDER BY CASE WHEN ?7 THEN rank END, CASE WHEN NOT ?7 THEN rank END DESC, friend
          LIMIT ?8 OFFSET ?9",
        campaign,
        query.identity.as_deref(),
        query.first_name.as_deref(),
        query.last_name.as_deref(),
        query.outcomes(),
        query.sort.as_str(),
        query.ascending,
        query.limit,
        query.offset,
    ))
    .await
}

/// A friend, as far as the one who referred them learns of them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Friend {
    /// Who.
    pub friend: Code,
    /// The first letter of their name or address; none: they are gone.
    pub initial: Option<String>,
    /// Where the referral stands.
    pub outcome: Outcome,
    /// In which calendar month the bond was made.
    pub bound_month: Month,
    /// When.
    pub bound_at: Timestamp,
}

/// The friends of a referrer, newest first, `limit` of them after a place.
pub async fn of_referrer(
    db: &Db,
    referrer: &Code,
    after: Option<&Place>,
    limit: u32,
) -> Result<Vec<Friend>, DbError> {
    db.all(sql!(
        "-- referrals::of_referrer
         SELECT r.friend, upper(substr(coalesce(n.first_name, n.email), 1, 1)) AS initial,
                r.outcome, r.bound_month, r.bound_at
           FROM referral AS r LEFT JOIN person AS n ON n.subject = r.friend
          WHERE r.referrer = ?1 AND (r.bound_at, r.friend) < (?2, ?3)
          ORDER BY r.bound_at DESC, r.friend DESC LIMIT ?4",
        referrer,
        after.map_or(shared::money::LARGEST, |it| it.created_at.0),
        after.map_or(sql::LAST, |it| &it.id),
        limit,
    ))
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::participants::tests::add;

    async fn three(db: &Db) {
        let ada = add(db, "shop", "ada", "ada@example.com", 1).await;
        for (id, at) in [("bob", 2), ("cid", 3), ("dot", 4)] {
            let friend = add(db, "shop", id, &format!("{id}@example.com"), at).await;
            let new = New {
                campaign: "shop",
                friend: &friend,
                referrer: &ada,
                click: None,
                channel: None,
                source: Source::Browser,
                month: Month(24_310),
                now: Timestamp(at),
            };
            db.batch(vec![insert(&new)]).await.unwrap();
            assert_eq!(db.batch(vec![insert(&new)]).await, Err(DbError::Constraint));
        }
    }

    async fn friends(db: &Db, query: &Query) -> Vec<String> {
        let found = page(db, "shop", query).await.unwrap();
        found.into_iter().map(|it| it.friend.to_string()).collect()
    }

    #[tokio::test]
    async fn r_bond_6_a_friend_is_bound_once_and_settled_once() {
        let db = Db::in_memory().unwrap();
        three(&db).await;
        let bob = Code::parse("bob").unwrap();
        let settlement = Settlement {
            outcome: Outcome::Awarded,
            month: Some(Month(24_310)),
            conversion: None,
            source: Source::Browser,
            now: Timestamp(9),
        };
        let award = || settle("shop", &bob, &settlement);
        db.batch(vec![award()]).await.unwrap();
        assert_eq!(db.batch(vec![award()]).await, Err(DbError::Constraint));
        db.batch(vec![vouch("shop", &bob, Source::Server, Timestamp(10))]).await.unwrap();
        let query = Query { status: Some(Status::CreditAwarded), limit: 5, ..Query::default() };
        let found = page(&db, "shop", &query).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].bound_at, found[0].updated_at), (Timestamp(2), Timestamp(10)));
    }

    #[tokio::test]
    async fn lists_are_sorted_filtered_and_cut() {
        let db = Db::in_memory().unwrap();
        let all = Query { limit: 10, ..Query::default() };
        assert!(friends(&db, &all).await.is_empty());
        three(&db).await;
        assert_eq!(friends(&db, &all).await, ["dot", "cid", "bob"]);
        let by = |sort| Query { sort, ascending: true, limit: 10, ..Query::default() };
        for sort in [Sort::CreatedAt, Sort::Email, Sort::UpdatedAt] {
            assert_eq!(friends(&db, &by(sort)).await, ["bob", "cid", "dot"]);
        }
        assert_eq!(friends(&db, &Query { offset: 1, limit: 1, ..all.clone() }).await, ["cid"]);
        let one = Query { identity: Some("cid@example.com".into()), ..all.clone() };
        assert_eq!(friends(&db, &one).await, ["cid"]);
        let none = Query { first_name: Some("Eve".into()), ..all.clone() };
        assert!(friends(&db, &none).await.is_empty());
        assert!(page(&db, "other", &all).await.unwrap().is_empty());
    }
}
