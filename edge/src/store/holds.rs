//! Referrals that are held for review, and the event that came meanwhile.

use serde::Deserialize;
use shared::{api::Review, code::Code, time::Timestamp};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// How many orders are kept for a review.
const MOST: u32 = 20;

/// A hold that nobody has reviewed yet.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Hold {
    /// The events that came meanwhile, oldest first, as a JSON list.
    pub event: Option<String>,
    /// Whether that they came earns nothing: a file told it, of a time before it.
    #[serde(deserialize_with = "sql::flag")]
    pub past: bool,
    /// The orders among them, as they stand now.
    #[serde(deserialize_with = "sql::json")]
    pub orders: Vec<Order>,
}

/// An order that came during a hold, as it stands now.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Order {
    /// Its id.
    pub id: String,
    /// What was paid.
    pub gross: i64,
    /// What of it rewards are reckoned on.
    pub net: i64,
    /// What of the gross amount was refunded since.
    pub refunded: i64,
    /// Whether it stands: nothing of one that was refunded as a whole does.
    pub stands: u8,
}

/// Holds a fresh bond, in the place of an earlier hold of that friend. Fails the batch if the friend
/// was forgotten.
pub fn insert(campaign: &str, friend: &Code, now: Timestamp) -> Statement {
    sql!(
        "-- holds::insert
         INSERT INTO hold (friend, campaign, at)
         VALUES (?1, ?2,
                 iif(EXISTS (SELECT 1 FROM participant WHERE id = ?1 AND erased_at IS NOT NULL),
                     NULL, ?3))
         ON CONFLICT (friend) DO UPDATE
            SET event = NULL, at = excluded.at, review = NULL, reviewed_at = NULL, past = 0",
        friend,
        campaign,
        now,
    )
}

/// Keeps an event that came while the referral was held: the first, and orders as long as each of
/// those before may be refunded. Fails the batch if the hold was reviewed meanwhile.
pub fn keep(friend: &Code, event: &str) -> Statement {
    sql!(
        "-- holds::keep
         UPDATE hold
            SET event = iif(?3 <= json_array_length(coalesce(event, '[]'))
                            OR EXISTS (SELECT 1 FROM json_each(coalesce(event, '[]'))
                                        WHERE value->>'transaction' IS NULL), event,
                            json_insert(coalesce(event, '[]'), '$[#]', json(?2))),
                at = iif(review IS NULL, at, NULL)
          WHERE friend = ?1",
        friend,
        event,
        MOST,
    )
}

/// That the friend came is told by a file, of a time before it: it earns nothing.
pub fn pass(friend: &Code) -> Statement {
    sql!("-- holds::pass\n UPDATE hold SET past = 1 WHERE friend = ?1", friend)
}

/// Ends a hold and forgets the events; fails the batch if another review was first, or if another
/// event came since they were read.
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
             SELECT event, past,
                    (SELECT json_group_array(json_object(
                              'id', c.id, 'gross', coalesce(c.gross, 0), 'net', coalesce(c.amount, 0),
                              'refunded', c.refunded,
                              'stands', NOT (coalesce(c.gross, 0) <= c.refunded
                                             AND EXISTS (SELECT 1 FROM refund
                                                          WHERE conversion = c.id))))
                       FROM json_each(coalesce(hold.event, '[]')) AS kept
                      CROSS JOIN conversion AS c ON c.id = kept.value->>'transaction') AS orders
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
    async fn r_guard_10_the_events_of_a_hold_are_kept_until_its_one_review() {
        let db = Db::in_memory().unwrap();
        let bob = Code::parse("bob").unwrap();
        let event = async || find(&db, &bob).await.unwrap().map(|it| it.event);
        let at = Timestamp;
        assert_eq!(event().await, None);
        db.batch(vec![insert("shop", &bob, at(1))]).await.unwrap();
        assert_eq!(event().await, Some(None));
        let (one, two) = (r#"{"transaction":"a"}"#, r#"{"transaction":"b"}"#);
        // After an event that cannot be refunded nothing else is looked at.
        for (kept, expected) in [
            (one, r#"[{"transaction":"a"}]"#),
            (two, r#"[{"transaction":"a"},{"transaction":"b"}]"#),
            (r#"{"n":1}"#, r#"[{"transaction":"a"},{"transaction":"b"},{"n":1}]"#),
            (r#"{"n":2}"#, r#"[{"transaction":"a"},{"transaction":"b"},{"n":1}]"#),
        ] {
            db.batch(vec![keep(&bob, kept)]).await.unwrap();
            assert_eq!(event().await, Some(Some(expected.into())));
        }
        let all = event().await.flatten();
        let review = |event| vec![end(&bob, event, Review::Accept, at(2))];
        assert_eq!(db.batch(review(None)).await, Err(DbError::Constraint), "an event came since");
        db.batch(review(all.as_deref())).await.unwrap();
        assert_eq!(event().await, None);
        assert_eq!(db.batch(review(None)).await, Err(DbError::Constraint));
        assert_eq!(db.batch(vec![keep(&bob, "{}")]).await, Err(DbError::Constraint));
        db.batch(vec![insert("shop", &bob, at(3))]).await.unwrap();
        assert_eq!(event().await, Some(None));
        for _ in 0..=MOST {
            db.batch(vec![keep(&bob, one)]).await.unwrap();
        }
        let count = event().await.flatten().unwrap().matches("transaction").count();
        assert_eq!(count, usize::try_from(MOST).unwrap());
        db.batch(vec![forget(&bob)]).await.unwrap();
        assert_eq!(event().await, None);
    }

    #[tokio::test]
    async fn orders_are_told_as_they_stand() {
        let db = Db::in_memory().unwrap();
        let bob = Code::parse("bob").unwrap();
        let order = sql!(
            "-- t
             INSERT INTO conversion (id, campaign, participant, kind, gross, amount, source, at)
             VALUES ('c', 'shop', 'bob', 'TRANSACTION', 100, 90, 'SERVER', 1)"
        );
        let kept = keep(&bob, r#"{"transaction":"c"}"#);
        db.batch(vec![order, insert("shop", &bob, Timestamp(1)), kept]).await.unwrap();
        let told = async || find(&db, &bob).await.unwrap().unwrap().orders;
        let stands = |refunded, stands| {
            vec![Order { id: "c".into(), gross: 100, net: 90, refunded, stands }]
        };
        assert_eq!(told().await, stands(0, 1));
        let refund = sql!(
            "-- t
             INSERT INTO refund (id, campaign, participant, name, kind, extent, state, conversion,
                                 amount, at)
             VALUES ('r', 'shop', 'bob', 'all', 'REFUND', 'ALL', 'COUNTED', 'c', 99, 2)"
        );
        let taken = sql!("-- t\n UPDATE conversion SET refunded = 99");
        db.batch(vec![refund, taken]).await.unwrap();
        assert_eq!(told().await, stands(99, 1));
        db.batch(vec![sql!("-- t\n UPDATE conversion SET refunded = 100")]).await.unwrap();
        assert_eq!(told().await, stands(100, 0));
    }
}
