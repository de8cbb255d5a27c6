//! The owner's own texts of a campaign's card.

use serde::Deserialize;
use shared::card::Own;

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// The texts as they are stored, with the number of their changes.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
pub struct Stored {
    /// The texts.
    #[serde(deserialize_with = "sql::json")]
    pub body: Own,
    /// How often they were changed.
    pub revision: i64,
}

/// A campaign's texts; none of them, if there are none yet.
pub async fn find(db: &Db, campaign: &str) -> Result<Stored, DbError> {
    let found = db
        .all(sql!(
            "-- card_texts::find
             SELECT body, revision FROM card_text WHERE campaign = ?1",
            campaign,
        ))
        .await?;
    Ok(found.into_iter().next().unwrap_or_default())
}

/// Writes changed texts; fails the batch if they were changed since they were read.
pub fn put(campaign: &str, own: &Own, revision: i64) -> Statement {
    if revision == 0 {
        return sql!(
            "-- card_texts::put/first
             INSERT INTO card_text (campaign, body, revision) VALUES (?1, ?2, 1)",
            campaign,
            sql::to_json(own),
        );
    }
    sql!(
        "-- card_texts::put
         UPDATE card_text SET body = ?2, revision = iif(revision = ?3, revision + 1, NULL)
          WHERE campaign = ?1",
        campaign,
        sql::to_json(own),
        revision,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn texts_are_read_as_they_were_written_and_a_stale_change_fails() {
        let db = Db::in_memory().unwrap();
        assert_eq!(find(&db, "shop").await.unwrap(), Stored::default());
        let mut own = Own::default();
        own.en.intro = "Hello".into();
        for (revision, fits) in [(0, true), (0, false), (2, false), (1, true), (1, false)] {
            let done = db.batch(vec![put("shop", &own, revision)]).await;
            assert_eq!(done.is_ok(), fits, "{revision}");
        }
        assert_eq!(find(&db, "shop").await.unwrap(), Stored { body: own, revision: 2 });
        assert_eq!(find(&db, "other").await.unwrap().revision, 0);
    }
}
