//! Set-ups that were begun, and what became of them.

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::{lang::Lang, setup::Answers, time::Timestamp};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A set-up.
#[derive(Clone, Debug, Deserialize)]
pub struct Setup {
    /// Its id.
    pub id: String,
    #[serde(deserialize_with = "sql::json")]
    answers: BTreeMap<String, String>,
    lang: Lang,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// The campaign that was made of it.
    #[serde(default)]
    pub campaign: Option<String>,
    /// How often it was changed.
    pub revision: i64,
}

impl Setup {
    /// What was answered so far.
    #[must_use]
    pub fn answers(&self) -> Answers {
        Answers { typed: self.answers.clone(), lang: self.lang }
    }
}

/// A set-up by its id.
pub async fn find(db: &Db, id: &str) -> Result<Option<Setup>, DbError> {
    let found = db
        .all(sql!(
            "-- setups::find
             SELECT id, answers, lang, changed_at, campaign, revision FROM setup WHERE id = ?1",
            id,
        ))
        .await?;
    Ok(found.into_iter().next())
}

/// Those that nothing was made of yet, the newest first; at most 20.
pub async fn open(db: &Db) -> Result<Vec<Setup>, DbError> {
    db.all(sql!(
        "-- setups::open
         SELECT id, answers, lang, changed_at, campaign, revision FROM setup
          WHERE campaign IS NULL ORDER BY changed_at DESC LIMIT 20"
    ))
    .await
}

/// Begins one; fails the batch if it was begun already.
pub fn insert(id: &str, member: &str, answers: &Answers, now: Timestamp) -> Statement {
    sql!(
        "-- setups::insert
         INSERT INTO setup (id, member, answers, lang, created_at, changed_at, revision)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, 1)",
        id,
        member,
        sql::to_json(&answers.typed),
        answers.lang.tag(),
        now,
    )
}

/// Keeps what was answered; fails the batch if something else was kept, or the campaign made, since it
/// was read.
pub fn update(id: &str, revision: i64, answers: &Answers, now: Timestamp) -> Statement {
    sql!(
        "-- setups::update
         UPDATE setup SET answers = ?3, changed_at = ?4,
                revision = iif(revision = ?2 AND campaign IS NULL, revision + 1, NULL)
          WHERE id = ?1",
        id,
        revision,
        sql::to_json(&answers.typed),
        now,
    )
}

/// Notes the campaign that was made of it; fails the batch if it was changed since it was read, or
/// one was made already.
pub fn finish(id: &str, revision: i64, campaign: &str) -> Statement {
    sql!(
        "-- setups::finish
         UPDATE setup SET campaign = ?3,
                revision = iif(revision = ?2 AND campaign IS NULL, revision + 1, NULL)
          WHERE id = ?1",
        id,
        revision,
        campaign,
    )
}

/// Throws one away of which nothing was made.
pub fn remove(id: &str) -> Statement {
    sql!("-- setups::remove\n DELETE FROM setup WHERE id = ?1 AND campaign IS NULL", id)
}

#[cfg(test)]
mod tests {
    use shared::setup::Step;

    use super::*;

    #[tokio::test]
    async fn r_setup_3_what_is_stale_or_done_is_not_written() {
        let db = Db::in_memory().unwrap();
        let mut answers = Answers { lang: Lang::Fr, ..Answers::default() };
        db.batch(vec![insert("s1", "owner", &answers, Timestamp(1))]).await.unwrap();
        let again = db.batch(vec![insert("s1", "owner", &answers, Timestamp(1))]).await;
        assert_eq!(again, Err(DbError::Constraint));
        answers.take(Step::Goal, |_| Some("saas"));
        db.batch(vec![update("s1", 1, &answers, Timestamp(2))]).await.unwrap();
        let stale = db.batch(vec![update("s1", 1, &answers, Timestamp(2))]).await;
        assert_eq!(stale, Err(DbError::Constraint));
        let found = find(&db, "s1").await.unwrap().unwrap();
        assert_eq!((found.answers(), found.changed_at), (answers.clone(), Timestamp(2)));
        assert_eq!(open(&db).await.unwrap().len(), 1);
        db.batch(vec![finish("s1", 2, "shop01")]).await.unwrap();
        for late in [finish("s1", 3, "shop02"), update("s1", 3, &answers, Timestamp(3))] {
            assert_eq!(db.batch(vec![late]).await, Err(DbError::Constraint));
        }
        db.batch(vec![remove("s1")]).await.unwrap();
        let found = find(&db, "s1").await.unwrap().unwrap();
        assert_eq!(found.campaign.as_deref(), Some("shop01"));
        assert!(open(&db).await.unwrap().is_empty());
        assert!(find(&db, "s2").await.unwrap().is_none());
    }
}
