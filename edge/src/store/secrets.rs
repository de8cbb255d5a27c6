//! How often a campaign's secret was changed with which its site signs customers in.

use serde::Deserialize;
use shared::time::Timestamp;

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// The generation of a secret; the secret itself is derived and never stored.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
pub struct Generation {
    /// Counted from 1.
    pub generation: u32,
    /// Since when; none: since the campaign was made.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

/// The generation in force.
pub async fn generation(db: &Db, campaign: &str) -> Result<Generation, DbError> {
    let rows = db
        .all(sql!(
            "-- secrets::generation
             SELECT generation, at FROM participant_secret WHERE campaign = ?1",
            campaign,
        ))
        .await?;
    Ok(rows.into_iter().next().unwrap_or(Generation { generation: 1, at: None }))
}

/// The next generation; fails the batch if another change was first.
pub fn rotate(campaign: &str, from: u32, now: Timestamp) -> Statement {
    sql!(
        "-- secrets::rotate
         INSERT INTO participant_secret (campaign, generation, at) VALUES (?1, ?2 + 1, ?3)
         ON CONFLICT (campaign) DO UPDATE
            SET generation = iif(generation = ?2, generation + 1, NULL), at = ?3",
        campaign,
        from,
        now,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_secret_is_changed_once_by_those_who_saw_the_same_one() {
        let db = Db::in_memory().unwrap();
        let now = async || generation(&db, "shop").await.unwrap().generation;
        assert_eq!(now().await, 1);
        for from in [1, 2] {
            db.batch(vec![rotate("shop", from, Timestamp(5))]).await.unwrap();
            let stale = db.batch(vec![rotate("shop", from, Timestamp(6))]).await;
            assert_eq!(stale, Err(DbError::Constraint));
            assert_eq!(now().await, from + 1);
        }
        assert_eq!(generation(&db, "other").await.unwrap().at, None);
    }
}
