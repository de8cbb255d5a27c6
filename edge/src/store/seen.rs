//! Up to when participants have read on their page what happened.

use shared::{code::Code, time::Timestamp};

use super::figures::Count;
use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// Up to when a participant read on their page what happened.
pub async fn find(db: &Db, participant: &Code) -> Result<Timestamp, DbError> {
    let rows: Vec<Count> = db
        .all(sql!(
            "-- seen::find\n SELECT seen_at AS n FROM participant WHERE id = ?1",
            participant,
        ))
        .await?;
    Ok(Timestamp(rows.first().map_or(0, |it| it.n.cast_signed())))
}

/// Up to when a participant read what happened; never earlier than it was.
pub fn update(participant: &Code, until: Timestamp) -> Statement {
    sql!(
        "-- seen::update
         UPDATE participant SET seen_at = max(seen_at, ?2) WHERE id = ?1 AND erased_at IS NULL",
        participant,
        until,
    )
}
