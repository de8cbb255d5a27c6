//! Participants.
use shared::{code::Code, time::Timestamp};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// Name.
pub async fn shown_name(_: &Db, _: &str, _: &Code) -> Result<Option<String>, DbError> {
    Ok(None)
}

/// Adds a code.
pub fn insert_code(code: &Code, campaign: &str, participant: &Code, now: Timestamp) -> Statement {
    sql!(
        "-- participants::insert_code
         INSERT INTO code (code, campaign, participant, created_at) VALUES (?1, ?2, ?3, ?4)",
        code,
        campaign,
        participant,
        now,
    )
}
