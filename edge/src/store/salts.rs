//! Daily keys of the visitor hash: random, and forgotten after two days.

use serde::Deserialize;

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

#[derive(Deserialize)]
struct Row {
    value: String,
}

/// The key of a day, if it was made already.
pub async fn find(db: &Db, day: i64) -> Result<Option<String>, DbError> {
    let rows: Vec<Row> =
        db.all(sql!("-- salts::find\n SELECT value FROM salt WHERE day = ?1", day)).await?;
    Ok(rows.into_iter().next().map(|it| it.value))
}

/// Makes the key of a day; whoever comes second keeps the first.
pub fn insert(day: i64, value: &str) -> Statement {
    sql!(
        "-- salts::insert
         INSERT INTO salt (day, value) VALUES (?1, ?2) ON CONFLICT (day) DO NOTHING",
        day,
        value,
    )
}

/// Forgets keys older than yesterday's.
pub fn forget(today: i64) -> Statement {
    sql!("-- salts::forget\n DELETE FROM salt WHERE day < ?1", today - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn r_privacy_1_a_days_key_is_made_once_and_forgotten_after_the_next_day() {
        let db = Db::in_memory().unwrap();
        db.batch(vec![insert(10, "a"), insert(10, "b")]).await.unwrap();
        assert_eq!(find(&db, 10).await.unwrap().as_deref(), Some("a"));
        db.batch(vec![forget(11)]).await.unwrap();
        assert!(find(&db, 10).await.unwrap().is_some());
        db.batch(vec![forget(12)]).await.unwrap();
        assert_eq!(find(&db, 10).await.unwrap(), None);
    }
}
