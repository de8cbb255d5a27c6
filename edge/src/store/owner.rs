//! The owner's one-time links and sessions; only hashes are kept.

use serde::Deserialize;
use shared::time::{Span, Timestamp};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// How long an owner link waits for its one use.
pub const LINK_LIFE: Span = Span::hours(24);

/// How long the owner stays signed in.
pub const SESSION_LIFE: Span = Span::hours(12);

/// Adds a one-time link.
pub fn insert_link(hash: &str, now: Timestamp) -> Statement {
    sql!(
        "-- owner::insert_link
         INSERT INTO owner_link (hash, created_at) VALUES (?1, ?2)",
        hash,
        now,
    )
}

/// Uses a link and opens a session, or fails the batch: the link is unknown, used, or too old.
#[must_use]
pub fn enter(link: &str, session: &str, now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- owner::enter
             INSERT INTO session (hash, created_at, expires_at)
             VALUES (iif(EXISTS (SELECT 1 FROM owner_link
                                  WHERE hash = ?2 AND used_at IS NULL AND ?5 <= created_at),
                         ?1, NULL), ?3, ?4)",
            session,
            link,
            now,
            now + SESSION_LIFE,
            now - LINK_LIFE,
        ),
        sql!("-- owner::enter/use\n UPDATE owner_link SET used_at = ?2 WHERE hash = ?1", link, now),
    ]
}

#[derive(Deserialize)]
struct Session {
    expires_at: Timestamp,
}

/// Whether a session is open; its last instant counts.
pub async fn is_open(db: &Db, session: &str, now: Timestamp) -> Result<bool, DbError> {
    let rows: Vec<Session> = db
        .all(sql!("-- owner::is_open\n SELECT expires_at FROM session WHERE hash = ?1", session))
        .await?;
    Ok(rows.into_iter().any(|it| now <= it.expires_at))
}

/// Forgets sessions and links that are of no use for a week; at most 1,000 of each a time.
#[must_use]
pub fn forget(now: Timestamp) -> Vec<Statement> {
    let week = now - Span::days(7);
    vec![
        sql!(
            "-- owner::forget/sessions
             DELETE FROM session WHERE hash IN
               (SELECT hash FROM session WHERE expires_at < ?1 LIMIT 1000)",
            week,
        ),
        sql!(
            "-- owner::forget/links
             DELETE FROM owner_link WHERE hash IN
               (SELECT hash FROM owner_link WHERE created_at < ?1 LIMIT 1000)",
            week - LINK_LIFE,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn r_owner_1_a_link_opens_one_session_within_a_day() {
        let db = Db::in_memory().unwrap();
        let made = Timestamp(0);
        let last = made + LINK_LIFE;
        db.batch(vec![insert_link("a", made), insert_link("b", made)]).await.unwrap();
        db.batch(enter("a", "s1", last)).await.unwrap();
        assert_eq!(db.batch(enter("a", "s2", last)).await, Err(DbError::Constraint));
        assert_eq!(db.batch(enter("b", "s3", last + Span(1))).await, Err(DbError::Constraint));
        assert_eq!(db.batch(enter("unknown", "s4", made)).await, Err(DbError::Constraint));
        assert!(is_open(&db, "s1", last + SESSION_LIFE).await.unwrap());
        assert!(!is_open(&db, "s1", last + SESSION_LIFE + Span(1)).await.unwrap());
        assert!(!is_open(&db, "s2", last).await.unwrap());
    }
    #[tokio::test]
    async fn r_privacy_4_sessions_and_links_are_forgotten_a_week_after_their_end() {
        let db = Db::in_memory().unwrap();
        let made = Timestamp(0);
        db.batch(vec![insert_link("a", made), insert_link("b", made)]).await.unwrap();
        db.batch(enter("a", "s1", made)).await.unwrap();
        let count = async |table: &'static str| {
            let statement = Statement { sql: table, args: vec![] };
            db.all::<serde_json::Value>(statement).await.unwrap().len()
        };
        let left = async || {
            let sessions = count("-- t\n SELECT hash FROM session").await;
            (sessions, count("-- t\n SELECT hash FROM owner_link").await)
        };
        for (now, expected) in [
            (made + SESSION_LIFE + Span::days(7), (1, 2)),
            (made + SESSION_LIFE + Span::days(7) + Span(1), (0, 2)),
            (made + LINK_LIFE + Span::days(7), (0, 2)),
            (made + LINK_LIFE + Span::days(7) + Span(1), (0, 0)),
        ] {
            db.batch(forget(now)).await.unwrap();
            assert_eq!(left().await, expected);
        }
    }
}
