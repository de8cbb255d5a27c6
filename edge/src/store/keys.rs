//! API keys.

use serde::Deserialize;
use shared::time::{Span, Timestamp};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A key that stands.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Key {
    /// Its id.
    pub id: String,
    /// SHA-256 of the whole key, in hex.
    pub hash: String,
    /// What it may be used for, as one line.
    pub scopes: String,
    /// The minute in which it was last used.
    #[serde(default)]
    pub used_at: Option<Timestamp>,
}

/// A key as people see it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// Its public part.
    pub public: String,
    /// What the owner calls it.
    pub name: String,
    /// What it may be used for, as one line.
    pub scopes: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it stands.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// The minute in which it was last used.
    #[serde(default)]
    pub used_at: Option<Timestamp>,
    /// When it was revoked.
    #[serde(default)]
    pub revoked_at: Option<Timestamp>,
}

/// A key that is to be kept.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    /// Its id.
    pub id: &'a str,
    /// The part by which it is looked up.
    pub public: &'a str,
    /// SHA-256 of the whole key, in hex.
    pub hash: &'a str,
    /// What people call it.
    pub name: &'a str,
    /// What it may be used for, as one line.
    pub scopes: &'a str,
    /// The member who made it, if one did.
    pub by: Option<&'a str>,
    /// Until when it stands.
    pub expires_at: Option<Timestamp>,
}

/// The key with this public part, unless it was revoked or has expired; its last instant counts.
pub async fn find(db: &Db, public: &str, now: Timestamp) -> Result<Option<Key>, DbError> {
    let found = db
        .all(sql!(
            "-- keys::find
             SELECT id, hash, scopes, used_at FROM api_key
              WHERE public = ?1 AND revoked_at IS NULL
                AND (expires_at IS NULL OR ?2 <= expires_at)",
            public,
            now,
        ))
        .await?;
    Ok(found.into_iter().next())
}

/// All keys, newest first; of old ones the last hundred.
pub async fn all(db: &Db) -> Result<Vec<Listed>, DbError> {
    db.all(sql!(
        "-- keys::all
         SELECT id, public, name, scopes, created_at, expires_at, used_at, revoked_at
           FROM api_key ORDER BY revoked_at IS NOT NULL, created_at DESC, id LIMIT 100",
    ))
    .await
}

/// Adds a key.
pub fn insert(key: &New<'_>, now: Timestamp) -> Statement {
    sql!(
        "-- keys::insert
         INSERT INTO api_key (id, public, hash, name, scopes, created_by, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        key.id,
        key.public,
        key.hash,
        key.name,
        key.scopes,
        key.by,
        now,
        key.expires_at,
    )
}

/// Revokes a key at once; fails the batch if it was revoked before.
pub fn revoke(id: &str, now: Timestamp) -> Statement {
    sql!(
        "-- keys::revoke
         UPDATE api_key SET hash = iif(revoked_at IS NULL, hash, NULL), revoked_at = ?2
          WHERE id = ?1",
        id,
        now,
    )
}

/// A key that another took the place of.
pub fn replace(id: &str, by: &str, now: Timestamp) -> [Statement; 2] {
    let replaced =
        sql!("-- keys::replace\n UPDATE api_key SET replaced_by = ?2 WHERE id = ?1", id, by);
    [revoke(id, now), replaced]
}

/// A key with what a rotation needs of it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Rotated {
    /// Its id.
    pub id: String,
    /// Its public part.
    pub public: String,
    /// SHA-256 of the whole key, in hex.
    pub hash: String,
    /// What people call it.
    pub name: String,
    /// What it may be used for, as one line.
    pub scopes: String,
    /// Until when it stands.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    #[serde(default)]
    pub revoked_at: Option<Timestamp>,
    /// The public part of the key that took its place, if that still stands.
    #[serde(default)]
    pub successor: Option<String>,
}

/// A key by its id or its public part, revoked ones too.
pub async fn rotated(db: &Db, of: &str) -> Result<Option<Rotated>, DbError> {
    let found = db
        .all(sql!(
            "-- keys::rotated
             SELECT old.id, old.public, old.hash, old.name, old.scopes, old.expires_at,
                    old.revoked_at, new.public AS successor
               FROM api_key old LEFT JOIN api_key new
                 ON new.id = old.replaced_by AND new.revoked_at IS NULL
              WHERE old.id = ?1 OR old.public = ?1",
            of,
        ))
        .await?;
    Ok(found.into_iter().next())
}

/// Notes that a key was used: once a minute is enough.
#[must_use]
pub fn used(key: &Key, now: Timestamp) -> Option<Statement> {
    let minute = Timestamp(now.0 - now.0.rem_euclid(Span::minutes(1).0));
    (key.used_at < Some(minute)).then(|| {
        sql!("-- keys::used\n UPDATE api_key SET used_at = ?2 WHERE id = ?1", &key.id, minute)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn r_key_3_a_key_stands_until_it_is_revoked_or_expires() {
        let db = Db::in_memory().unwrap();
        let at = Timestamp;
        let key = |id, expires_at| New {
            id,
            public: id,
            hash: "hash",
            name: "name",
            scopes: "*",
            by: None,
            expires_at,
        };
        let made = [key("abc", None), key("brief", Some(at(9)))];
        db.batch(made.iter().map(|it| insert(it, at(1))).collect()).await.unwrap();
        assert_eq!(find(&db, "abc", at(9)).await.unwrap().map(|it| it.hash), Some("hash".into()));
        assert_eq!(find(&db, "other", at(9)).await.unwrap(), None);
        assert!(find(&db, "brief", at(9)).await.unwrap().is_some());
        assert_eq!(find(&db, "brief", at(10)).await.unwrap(), None);
        db.batch(vec![revoke("abc", at(2))]).await.unwrap();
        assert_eq!(find(&db, "abc", at(9)).await.unwrap(), None);
        assert_eq!(db.batch(vec![revoke("abc", at(3))]).await, Err(DbError::Constraint));
        assert_eq!(all(&db).await.unwrap()[1].revoked_at, Some(at(2)));
    }

    #[tokio::test]
    async fn r_key_4_the_minute_of_a_keys_last_use_is_noted_once() {
        let db = Db::in_memory().unwrap();
        let key = New {
            id: "k",
            public: "k",
            hash: "hash",
            name: "name",
            scopes: "*",
            by: None,
            expires_at: None,
        };
        db.batch(vec![insert(&key, Timestamp(0))]).await.unwrap();
        let find = async |now| find(&db, "k", now).await.unwrap().unwrap();
        let fresh = find(Timestamp(1)).await;
        db.batch(vec![used(&fresh, Timestamp(61_000)).unwrap()]).await.unwrap();
        let noted = find(Timestamp(62_000)).await;
        assert_eq!(noted.used_at, Some(Timestamp(60_000)));
        assert_eq!(used(&noted, Timestamp(119_999)), None);
        assert!(used(&noted, Timestamp(120_000)).is_some());
    }
}
