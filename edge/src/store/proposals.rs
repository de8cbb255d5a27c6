//! Forms that are proposed to the owner: at most fifty of a campaign wait.

use serde::Deserialize;
use shared::{proposal::Proposal, time::Timestamp};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// The most of a campaign that wait.
const MOST: i64 = 50;

/// How many of those that were put aside are kept, the newest.
const ASIDE_MOST: i64 = 200;

/// A proposal that waits.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Row {
    /// What tells the form from others.
    pub signature: String,
    /// The form in words.
    #[serde(deserialize_with = "sql::json")]
    pub body: Proposal,
    /// When it was first met.
    pub at: Timestamp,
}

/// Adds a proposal; one that is known stays as it is, and what is too much is left out.
pub fn insert(campaign: &str, signature: &str, body: &str, now: Timestamp) -> Statement {
    sql!(
        "-- proposals::insert
         INSERT INTO proposal (campaign, signature, body, at)
         SELECT ?1, ?2, ?3, ?4
          WHERE (SELECT count(*) FROM proposal WHERE campaign = ?1 AND dismissed_at IS NULL) < ?5
         ON CONFLICT DO NOTHING",
        campaign,
        signature,
        body,
        now,
        MOST,
    )
}

/// Those that wait, the newest first; there are fifty at most.
pub async fn waiting(db: &Db, campaign: &str) -> Result<Vec<Row>, DbError> {
    db.all(sql!(
        "-- proposals::waiting
         SELECT signature, body, at FROM proposal
          WHERE campaign = ?1 AND dismissed_at IS NULL ORDER BY at DESC, signature",
        campaign,
    ))
    .await
}

/// Takes one away that was decided; fails the batch if it does not wait.
#[must_use]
pub fn remove(campaign: &str, signature: &str) -> Vec<Statement> {
    let removed = sql!(
        "-- proposals::remove
         DELETE FROM proposal WHERE campaign = ?1 AND signature = ?2",
        campaign,
        signature,
    );
    vec![waits(campaign, signature), removed]
}

/// Puts one aside, so that it is not proposed again; fails the batch if it does not wait.
#[must_use]
pub fn dismiss(campaign: &str, signature: &str, now: Timestamp) -> Vec<Statement> {
    vec![
        waits(campaign, signature),
        sql!(
            "-- proposals::dismiss
             UPDATE proposal SET dismissed_at = ?3 WHERE campaign = ?1 AND signature = ?2",
            campaign,
            signature,
            now,
        ),
        sql!(
            "-- proposals::dismiss/oldest
             DELETE FROM proposal
              WHERE campaign = ?1 AND signature IN
                (SELECT signature FROM proposal
                  WHERE campaign = ?1 AND dismissed_at IS NOT NULL
                  ORDER BY dismissed_at DESC, signature LIMIT -1 OFFSET ?2)",
            campaign,
            ASIDE_MOST,
        ),
    ]
}

/// Fails the batch if a proposal does not wait.
fn waits(campaign: &str, signature: &str) -> Statement {
    sql!(
        "-- proposals::waits
         INSERT INTO proposal (campaign, signature, body, at)
         SELECT ?1, ?2, NULL, 0
          WHERE NOT EXISTS (SELECT 1 FROM proposal WHERE campaign = ?1 AND signature = ?2
                                                     AND dismissed_at IS NULL)",
        campaign,
        signature,
    )
}

#[cfg(test)]
mod tests {
    use shared::proposal::Why;

    use super::*;
    use crate::sql::to_json;

    #[tokio::test]
    async fn r_proposal_4_a_campaign_keeps_fifty_each_once() {
        let db = Db::in_memory().unwrap();
        let write = async |it| db.batch(vec![it]).await.unwrap();
        let proposal = Proposal {
            why: Why::Contact,
            path: "/".into(),
            heading: String::new(),
            buttons: Vec::new(),
            fields: Vec::new(),
            selector: None,
            score: 12,
            signals: vec![("contact".into(), 0)],
        };
        let body = to_json(&proposal);
        for at in 0..60 {
            for campaign in ["shop", "club"] {
                write(insert(campaign, &format!("s{at:02}"), &body, Timestamp(at))).await;
            }
            write(insert("shop", "s00", "{}", Timestamp(99))).await;
        }
        let shown = waiting(&db, "shop").await.unwrap();
        assert_eq!((shown.len(), shown[0].at, &shown[0].body), (50, Timestamp(49), &proposal));
        db.batch(remove("shop", "s49")).await.unwrap();
        db.batch(dismiss("shop", "s48", Timestamp(70))).await.unwrap();
        assert_eq!(waiting(&db, "shop").await.unwrap().len(), 48);
        // What was put aside does not come back, and is decided once.
        write(insert("shop", "s48", &body, Timestamp(71))).await;
        assert_eq!(waiting(&db, "shop").await.unwrap()[0].signature, "s47");
        for again in
            [remove("shop", "s48"), dismiss("shop", "s48", Timestamp(72)), remove("shop", "x")]
        {
            assert_eq!(db.batch(again).await, Err(DbError::Constraint));
        }
        // However many were put aside, others are proposed; of those aside, the newest are kept.
        for at in 0..260 {
            write(insert("shop", &format!("t{at}"), &body, Timestamp(100))).await;
            db.batch(dismiss("shop", &format!("t{at}"), Timestamp(100 + at))).await.unwrap();
        }
        write(insert("shop", "t259", &body, Timestamp(999))).await;
        assert_eq!(waiting(&db, "shop").await.unwrap().len(), 48);
        write(insert("shop", "t0", &body, Timestamp(999))).await;
        assert_eq!(waiting(&db, "shop").await.unwrap()[0].signature, "t0");
        assert_eq!(waiting(&db, "club").await.unwrap().len(), 50);
        let large = db.batch(vec![insert("shop", "x", &"x".repeat(4_097), Timestamp(1))]).await;
        assert!(large.is_err());
    }
}
