//! The outbox: work that was promised in a batch and is done after it, at least once.

use serde::Deserialize;
use shared::time::{Span, Timestamp};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A job. Its payload holds ids, never personal data.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// What it is.
    pub kind: String,
    /// JSON, read by whoever does it.
    pub payload: String,
    /// How often it was tried without success.
    pub attempts: u32,
}

/// After so many attempts a job waits for somebody to look at it.
pub const MOST_ATTEMPTS: u32 = 12;

/// Adds a job that is due at once.
pub fn insert(id: &str, kind: &str, payload: &str, now: Timestamp) -> Statement {
    sql!(
        "-- jobs::insert
         INSERT INTO job (id, kind, payload, due_at) VALUES (?1, ?2, ?3, ?4)",
        id,
        kind,
        payload,
        now,
    )
}

/// A job that is still to be done.
pub async fn find(db: &Db, id: &str) -> Result<Option<Job>, DbError> {
    let found = db
        .all(sql!(
            "-- jobs::find
             SELECT id, kind, payload, attempts FROM job
              WHERE id = ?1 AND done_at IS NULL AND waits_for IS NULL",
            id,
        ))
        .await?;
    Ok(found.into_iter().next())
}

/// Jobs that are due, longest waiting first; at most `limit`. None is tried that waits for something.
pub async fn due(db: &Db, now: Timestamp, limit: u32) -> Result<Vec<Job>, DbError> {
    db.all(sql!(
        "-- jobs::due
         SELECT id, kind, payload, attempts FROM job
          WHERE done_at IS NULL AND waits_for IS NULL AND due_at <= ?1 AND attempts < ?3
          ORDER BY due_at, id LIMIT ?2",
        now,
        limit,
        MOST_ATTEMPTS,
    ))
    .await
}

/// Jobs that wait for something, such as `SENDER`, the longest waiting first; at most `limit`.
pub async fn waiting(db: &Db, wanted: &str, limit: u32) -> Result<Vec<Job>, DbError> {
    db.all(sql!(
        "-- jobs::waiting
         SELECT id, kind, payload, attempts FROM job
          WHERE done_at IS NULL AND waits_for IS NOT NULL AND waits_for = ?1
          ORDER BY due_at LIMIT ?2",
        wanted,
        limit,
    ))
    .await
}

/// Marks a job as done, in the batch of what it did. Payloads are not kept.
pub fn done(id: &str, now: Timestamp) -> Statement {
    sql!(
        "-- jobs::done
         UPDATE job SET done_at = ?2, payload = '' WHERE id = ?1 AND done_at IS NULL",
        id,
        now,
    )
}

/// Puts a job off after a failure: 10 s, 20 s, 40 s, … at most a day.
pub fn postpone(job: &Job, now: Timestamp) -> Statement {
    let wait = Span::seconds(10 << job.attempts.min(14)).min(Span::days(1));
    sql!(
        "-- jobs::postpone
         UPDATE job SET attempts = attempts + 1, due_at = ?2 WHERE id = ?1 AND done_at IS NULL",
        &job.id,
        now + wait,
    )
}

/// Forgets jobs that were done more than a week ago; at most 5,000 a time.
pub fn prune(now: Timestamp) -> Statement {
    sql!(
        "-- jobs::prune
         DELETE FROM job WHERE id IN
           (SELECT id FROM job WHERE done_at < ?1 AND id < ?2 ORDER BY id LIMIT 5000)",
        now - Span::days(7),
        shared::id::ordered(now - Span::days(7), [0; 16]),
    )
}

/// Forgets jobs that were given up 30 days ago, and the people whose leads they were; at most 500 a
/// time.
#[must_use]
pub fn bury(now: Timestamp) -> Vec<Statement> {
    let since = now - Span::days(30);
    vec![
        sql!(
            "-- jobs::bury/leads
             DELETE FROM person WHERE kind = 'LEAD' AND subject IN
               (SELECT payload->>'lead' FROM job
                 WHERE done_at IS NULL AND waits_for IS NULL AND due_at < ?1 AND ?2 <= attempts
                 ORDER BY due_at, id LIMIT 500)",
            since,
            MOST_ATTEMPTS,
        ),
        sql!(
            "-- jobs::bury
             DELETE FROM job WHERE id IN
               (SELECT id FROM job
                 WHERE done_at IS NULL AND waits_for IS NULL AND due_at < ?1 AND ?2 <= attempts
                 ORDER BY due_at, id LIMIT 500)",
            since,
            MOST_ATTEMPTS,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn r_job_1_a_job_is_due_until_it_is_done_and_later_after_each_failure() {
        let db = Db::in_memory().unwrap();
        let at = Timestamp;
        let ids = |jobs: Vec<Job>| jobs.into_iter().map(|it| it.id).collect::<Vec<_>>();
        db.batch(vec![insert("a", "LEAD", "{}", at(5)), insert("b", "LEAD", "{}", at(6))])
            .await
            .unwrap();
        assert_eq!(ids(due(&db, at(4), 9).await.unwrap()), [""; 0]);
        assert_eq!(ids(due(&db, at(6), 9).await.unwrap()), ["a", "b"]);
        assert_eq!(ids(due(&db, at(6), 1).await.unwrap()), ["a"]);

        let a = find(&db, "a").await.unwrap().unwrap();
        db.batch(vec![postpone(&a, at(6)), done("b", at(6))]).await.unwrap();
        assert_eq!(find(&db, "b").await.unwrap(), None);
        assert_eq!(ids(due(&db, at(10_005), 9).await.unwrap()), [""; 0]);
        let again = due(&db, at(10_006), 9).await.unwrap();
        assert_eq!((again.len(), again[0].attempts), (1, 1));
    }

    #[tokio::test]
    async fn jobs_that_are_done_are_forgotten_after_a_week() {
        let db = Db::in_memory().unwrap();
        let id = shared::id::ordered(Timestamp(1), [0; 16]);
        let made = vec![insert(&id, "LEAD", "{}", Timestamp(1)), done(&id, Timestamp(2))];
        db.batch(made).await.unwrap();
        let count = async || {
            db.all::<serde_json::Value>(sql!("-- t\n SELECT id FROM job")).await.unwrap().len()
        };
        db.batch(vec![prune(Timestamp(2) + Span::days(7))]).await.unwrap();
        assert_eq!(count().await, 1);
        db.batch(vec![prune(Timestamp(3) + Span::days(7))]).await.unwrap();
        assert_eq!(count().await, 0);
    }
    #[tokio::test]
    async fn r_privacy_4_a_lead_whose_job_was_given_up_is_forgotten_after_30_days() {
        let db = Db::in_memory().unwrap();
        let person = |id| {
            sql!(
                "-- t
                 INSERT INTO person (subject, campaign, kind, email, identity, metadata, created_at)
                 VALUES (?1, 'shop', 'LEAD', 'a@example.com', 'a@example.com', '{}', 1)",
                id,
            )
        };
        db.batch(vec![
            person("dead"),
            person("alive"),
            insert("a", "LEAD", r#"{"lead":"dead"}"#, Timestamp(1)),
            insert("b", "LEAD", r#"{"lead":"alive"}"#, Timestamp(1)),
            sql!("-- t\n UPDATE job SET attempts = ?1 WHERE id = 'a'", MOST_ATTEMPTS),
            sql!("-- t\n UPDATE job SET attempts = ?1 WHERE id = 'b'", MOST_ATTEMPTS - 1),
        ])
        .await
        .unwrap();
        let left = async || {
            let both = sql!("-- t\n SELECT subject AS id FROM person UNION ALL SELECT id FROM job");
            db.all::<serde_json::Value>(both).await.unwrap().len()
        };
        db.batch(bury(Timestamp(1) + Span::days(30))).await.unwrap();
        assert_eq!(left().await, 4);
        db.batch(bury(Timestamp(2) + Span::days(30))).await.unwrap();
        assert_eq!(left().await, 2);
        assert!(find(&db, "b").await.unwrap().is_some());
    }
}
