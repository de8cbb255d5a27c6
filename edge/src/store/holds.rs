//! Referrals that are held for review, and the event that came meanwhile.

use serde::Deserialize;
use shared::{api::Review, code::Code, time::Timestamp};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A hold that nobody has reviewed yet.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Hold {
    /// The event that came meanwhile.
    pub event: Option<String>,
    /// Whether that was an order which was refunded as a whole since.
    #[serde(deserialize_with = "sql::flag")]
    pub refunded: bool,
}

/// Holds a fresh bond, in the place of an earlier hold of that friend; the event may have come
/// along with it. Fails the batch if the friend was forgotten.
pub fn insert(campaign: &str, friend: &Code, event: Option<&str>, now: Timestamp) -> Statement {
    sql!(
        "-- holds::insert
         INSERT INTO hold (friend, campaign, event, at)
         VALUES (?1, ?2, ?3,
                 iif(EXISTS (SELECT 1 FROM participant WHERE id = ?1 AND erased_at IS NOT NULL),
                     NULL, ?4))
         ON CONFLICT (friend) DO UPDATE
            SET event = excluded.event, at = excluded.at, review = NULL, reviewed_at = NULL",
        friend,
        campaign,
        event,
        now,
    )
}

/// Keeps the event that came while the referral was held, if it is the first; fails the batch if
/// the hold was reviewed meanwhile.
pub fn keep(friend: &Code, event: &str) -> Statement {
    sql!(
        "-- holds::keep
         UPDATE hold SET event = coalesce(event, ?2), at = iif(review IS NULL, at, NULL)
          WHERE friend = ?1",
        friend,
        event,
    )
}

/// Ends a hold and forgets the event; fails the batch if another review was first, or if the event
/// is no longer the one that was read.
pub fn end(friend: &Code, event: Option<&str>, review: Review, now: Timestamp) -> Statement {
    sql!(
        "-- holds::end
         UPDATE hold SET at = iif(review IS NULL AND event IS ?2, at, NULL), event = NULL,
                review = ?3, reviewed_at = ?4
          WHERE friend = ?1",
        friend,
        event,
        sql::name(&review),
        now,
    )
}

/// Forgets a hold whose bond another takes the place of.
pub fn forget(friend: &Code) -> Statement {
    sql!("-- holds::forget\n DELETE FROM hold WHERE friend = ?1", friend)
}

/// A friend's hold, if nobody has reviewed it.
pub async fn find(db: &Db, friend: &Code) -> Result<Option<Hold>, DbError> {
    let found = db
        .all(sql!(
            "-- holds::find
             SELECT event, EXISTS (SELECT 1 FROM conversion
                                    WHERE id = hold.event->>'transaction'
                                      AND 0 < refunded AND gross <= refunded) AS refunded
               FROM hold WHERE friend = ?1 AND review IS NULL",
            friend,
        ))
        .await?;
    Ok(found.into_iter().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn r_guard_10_the_first_event_of_a_hold_is_kept_until_its_one_review() {
        let db = Db::in_memory().unwrap();
        let bob = Code::parse("bob").unwrap();
        let event = async || find(&db, &bob).await.unwrap().map(|it| it.event);
        let at = Timestamp;
        assert_eq!(event().await, None);
        db.batch(vec![insert("shop", &bob, None, at(1))]).await.unwrap();
        assert_eq!(event().await, Some(None));
        for kept in [r#"{"n":1}"#, r#"{"n":2}"#] {
            db.batch(vec![keep(&bob, kept)]).await.unwrap();
            assert_eq!(event().await, Some(Some(r#"{"n":1}"#.into())));
        }
        let review = |event| vec![end(&bob, event, Review::Accept, at(2))];
        assert_eq!(db.batch(review(None)).await, Err(DbError::Constraint), "an event came since");
        db.batch(review(Some(r#"{"n":1}"#))).await.unwrap();
        assert_eq!(event().await, None);
        assert_eq!(db.batch(review(None)).await, Err(DbError::Constraint));
        assert_eq!(db.batch(vec![keep(&bob, "{}")]).await, Err(DbError::Constraint));
        db.batch(vec![insert("shop", &bob, Some("{}"), at(3))]).await.unwrap();
        assert_eq!(event().await, Some(Some("{}".into())));
        db.batch(vec![forget(&bob)]).await.unwrap();
        assert_eq!(event().await, None);
    }

    #[tokio::test]
    async fn an_order_that_was_refunded_as_a_whole_is_told() {
        let db = Db::in_memory().unwrap();
        let bob = Code::parse("bob").unwrap();
        let order = sql!(
            "-- t
             INSERT INTO conversion (id, campaign, participant, kind, gross, source, at)
             VALUES ('c', 'shop', 'bob', 'TRANSACTION', 100, 'SERVER', 1)"
        );
        let hold = insert("shop", &bob, Some(r#"{"transaction":"c"}"#), Timestamp(1));
        db.batch(vec![order, hold]).await.unwrap();
        let refunded = async || find(&db, &bob).await.unwrap().unwrap().refunded;
        assert!(!refunded().await);
        db.batch(vec![sql!("-- t\n UPDATE conversion SET refunded = 99")]).await.unwrap();
        assert!(!refunded().await);
        db.batch(vec![sql!("-- t\n UPDATE conversion SET refunded = 100")]).await.unwrap();
        assert!(refunded().await);
    }
}
