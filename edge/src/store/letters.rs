//! Where letters to participants go.

use serde::Deserialize;

use crate::{platform::Db, sql, sql::DbError};

#[derive(Deserialize)]
struct Row {
    email: String,
}

/// A participant's address; none: they were forgotten.
pub async fn address(db: &Db, participant: &str) -> Result<Option<String>, DbError> {
    let rows: Vec<Row> = db
        .all(sql!(
            "-- letters::address
             SELECT email FROM person WHERE subject = ?1 AND kind = 'PARTICIPANT'",
            participant,
        ))
        .await?;
    Ok(rows.into_iter().next().map(|it| it.email))
}
