//! API keys.

use serde::Deserialize;
use shared::time::Timestamp;

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A key that was not revoked.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Key {
    /// Its id.
    pub id: String,
    /// SHA-256 of the whole key, in hex.
    pub hash: String,
}

/// The key with this public part, unless it was revoked.
pub async fn find(db: &Db, public: &str) -> Result<Option<Key>, DbError> {
    let found = db
        .all(sql!(
            "-- keys::find
             SELECT id, hash FROM api_key WHERE public = ?1 AND revoked_at IS NULL",
            public,
        ))
        .await?;
    Ok(found.into_iter().next())
}

/// Adds a key.
pub fn insert(id: &str, public: &str, hash: &str, name: &str, now: Timestamp) -> Statement {
    sql!(
        "-- keys::insert
         INSERT INTO api_key (id, public, hash, name, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        id,
        public,
        hash,
        name,
        now,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_revoked_key_is_not_found() {
        let db = Db::in_memory().unwrap();
        db.batch(vec![insert("1", "abc", "hash", "name", Timestamp(1))]).await.unwrap();
        assert_eq!(find(&db, "abc").await.unwrap().map(|it| it.hash), Some("hash".into()));
        assert_eq!(find(&db, "other").await.unwrap(), None);
        let revoke = sql!("-- t\n UPDATE api_key SET revoked_at = 2 WHERE public = 'abc'");
        db.batch(vec![revoke]).await.unwrap();
        assert_eq!(find(&db, "abc").await.unwrap(), None);
    }
}
