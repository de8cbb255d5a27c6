//! How often something was tried within its hour, by a keyed hash: nothing personal.

use serde::Deserialize;
use shared::time::Timestamp;

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

#[derive(Deserialize)]
struct Count {
    count: u32,
}

const HOUR: i64 = 3_600_000;

/// How often it was tried in this hour so far.
pub async fn count(db: &Db, bucket: &str, now: Timestamp) -> Result<u32, DbError> {
    let rows: Vec<Count> = db
        .all(sql!(
            "-- attempts::count
             SELECT count FROM attempt WHERE bucket = ?1 AND hour = ?2",
            bucket,
            now.0.div_euclid(HOUR),
        ))
        .await?;
    Ok(rows.first().map_or(0, |it| it.count))
}

/// Counts one more; fails the batch if there were `most` in this hour already.
pub fn add(bucket: &str, most: u32, now: Timestamp) -> Statement {
    sql!(
        "-- attempts::add
         INSERT INTO attempt (bucket, hour, count) VALUES (?1, ?2, 1)
         ON CONFLICT (bucket) DO UPDATE
            SET count = iif(hour = excluded.hour, iif(count < ?3, count + 1, NULL), 1),
                hour = excluded.hour",
        bucket,
        now.0.div_euclid(HOUR),
        most,
    )
}

/// Forgets what was tried two hours ago or before; at most 1,000 a time.
pub fn forget(now: Timestamp) -> Statement {
    sql!(
        "-- attempts::forget
         DELETE FROM attempt WHERE bucket IN
           (SELECT bucket FROM attempt WHERE hour < ?1 LIMIT 1000)",
        now.0.div_euclid(HOUR) - 1,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_hour_has_its_own_count() {
        let db = Db::in_memory().unwrap();
        let at = |hours: i64| Timestamp(hours * HOUR);
        for _ in 0..3 {
            db.batch(vec![add("a", 3, at(5))]).await.unwrap();
        }
        assert_eq!(db.batch(vec![add("a", 3, at(5))]).await, Err(DbError::Constraint));
        assert_eq!(count(&db, "a", at(5)).await.unwrap(), 3);
        assert_eq!(count(&db, "b", at(5)).await.unwrap(), 0);
        assert_eq!(count(&db, "a", at(6)).await.unwrap(), 0);
        db.batch(vec![add("a", 3, at(6)), forget(at(7))]).await.unwrap();
        assert_eq!(count(&db, "a", at(6)).await.unwrap(), 1);
        db.batch(vec![forget(at(8))]).await.unwrap();
        assert_eq!(count(&db, "a", at(6)).await.unwrap(), 0);
    }
}
