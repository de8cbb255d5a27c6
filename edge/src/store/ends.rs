//! Campaigns whose end has come.

use serde::Deserialize;
use shared::time::Timestamp;

use crate::{platform::Db, sql, sql::DbError};

#[derive(Deserialize)]
struct Row {
    id: String,
}

/// Running campaigns whose end is past, the longest past first.
pub async fn due(db: &Db, now: Timestamp, most: u32) -> Result<Vec<String>, DbError> {
    let rows: Vec<Row> = db
        .all(sql!(
            "-- ends::due
             SELECT id FROM campaign
              WHERE status = 'IN_PROGRESS' AND options->>'endsAt' < ?1
              ORDER BY options->>'endsAt' LIMIT ?2",
            now,
            most,
        ))
        .await?;
    Ok(rows.into_iter().map(|it| it.id).collect())
}
