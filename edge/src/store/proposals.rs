//! Forms that are proposed to the owner, at most fifty of a campaign.

use serde::Deserialize;
use shared::{proposal::Proposal, time::Timestamp};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// The most of a campaign, those put aside included.
const MOST: i64 = 50;

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
          WHERE (SELECT count(*) FROM proposal WHERE campaign = ?1) < ?5
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

/// Takes one away that was decided.
pub fn remove(campaign: &str, signature: &str) -> Statement {
    sql!(
        "-- proposals::remove
         DELETE FROM proposal WHERE campaign = ?1 AND signature = ?2",
        campaign,
        signature,
    )
}

/// Puts one aside for good.
pub fn dismiss(campaign: &str, signature: &str, now: Timestamp) -> Statement {
    sql!(
        "-- proposals::dismiss
         UPDATE proposal SET dismissed_at = ?3
          WHERE campaign = ?1 AND signature = ?2 AND dismissed_at IS NULL",
        campaign,
        signature,
        now,
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
        write(remove("shop", "s49")).await;
        write(dismiss("shop", "s48", Timestamp(70))).await;
        assert_eq!(waiting(&db, "shop").await.unwrap().len(), 48);
        // What was put aside does not come back.
        write(insert("shop", "s48", &body, Timestamp(71))).await;
        assert_eq!(waiting(&db, "shop").await.unwrap()[0].signature, "s47");
        assert_eq!(waiting(&db, "club").await.unwrap().len(), 50);
        let large = db.batch(vec![insert("shop", "x", &"x".repeat(4_097), Timestamp(1))]).await;
        assert!(large.is_err());
    }
}
