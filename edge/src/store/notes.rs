//! What members write about participants.

use serde::Deserialize;
use shared::{code::Code, time::Timestamp};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A note.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Note {
    /// Its id, which sorts by time.
    pub id: String,
    /// Who wrote it: a member's id.
    pub member: String,
    /// Their address, where they have one.
    pub by: Option<String>,
    /// What they wrote.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// The notes about a participant, newest first, at most 100.
pub async fn of(db: &Db, campaign: &str, participant: &Code) -> Result<Vec<Note>, DbError> {
    db.all(sql!(
        "-- notes::of
         SELECT o.id, o.member, n.email AS by, o.text, o.at
           FROM note AS o LEFT JOIN person AS n ON n.subject = o.member AND n.kind = 'MEMBER'
          WHERE o.participant = ?2 AND o.campaign = ?1 ORDER BY o.id DESC LIMIT 100",
        campaign,
        participant,
    ))
    .await
}

/// Adds a note; one that is there already, or about somebody who was forgotten, fails the batch.
pub fn insert(
    id: &str,
    campaign: &str,
    participant: &Code,
    member: &str,
    text: &str,
    now: Timestamp,
) -> Statement {
    sql!(
        "-- notes::insert
         INSERT INTO note (id, campaign, participant, member, text, at)
         VALUES (?1, ?2, (SELECT id FROM participant WHERE id = ?3 AND erased_at IS NULL), ?4, ?5,
                 ?6)",
        id,
        campaign,
        participant,
        member,
        text,
        now,
    )
}

/// Forgets a note about a participant.
pub fn remove(campaign: &str, participant: &Code, id: &str) -> Statement {
    sql!(
        "-- notes::remove
         DELETE FROM note WHERE id = ?3 AND participant = ?2 AND campaign = ?1",
        campaign,
        participant,
        id,
    )
}
