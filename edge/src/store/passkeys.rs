//! Passkeys of members: what is kept of them is public.

use serde::Deserialize;
use shared::time::Timestamp;

use super::sessions::{CHALLENGE, MEMBERS_LIFE, NEW_CHALLENGE, used};
use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A passkey.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Passkey {
    /// The credential's id, base64url.
    pub id: String,
    /// Whose it is.
    pub member: String,
    /// What they call it.
    pub name: String,
    /// The point of its key, base64url.
    pub point: String,
    /// How often it signed, as far as it says.
    pub counter: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last signed somebody in.
    #[serde(default)]
    pub used_at: Option<Timestamp>,
}

/// The most passkeys that a member has.
pub const MOST: u32 = 20;

/// A member's passkeys, oldest first.
pub async fn of(db: &Db, member: &str) -> Result<Vec<Passkey>, DbError> {
    db.all(sql!(
        "-- passkeys::of
         SELECT id, member, name, point, counter, created_at, used_at FROM passkey
          WHERE member = ?1 ORDER BY created_at, id LIMIT ?2",
        member,
        MOST,
    ))
    .await
}

/// The passkey with this id.
pub async fn find(db: &Db, id: &str) -> Result<Option<Passkey>, DbError> {
    let rows = db
        .all(sql!(
            "-- passkeys::find
             SELECT id, member, name, point, counter, created_at, used_at FROM passkey
              WHERE id = ?1",
            id,
        ))
        .await?;
    Ok(rows.into_iter().next())
}

/// Keeps a passkey for the member to whom its challenge was given, or fails the batch: the challenge
/// is unknown, used, too old or somebody else's.
pub fn insert(it: &Passkey, challenge: &str) -> [Statement; 2] {
    let insert = sql!(
        "-- passkeys::insert
         INSERT INTO passkey (id, member, name, point, counter, created_at)
         VALUES (?1, (SELECT subject FROM entry_link
                       WHERE hash = ?2 AND kind = ?3 AND subject = ?4 AND used_at IS NULL
                         AND ?8 <= expires_at),
                 ?5, ?6, ?7, ?8)",
        &it.id,
        challenge,
        NEW_CHALLENGE,
        &it.member,
        &it.name,
        &it.point,
        it.counter,
        it.created_at,
    );
    [insert, used(challenge, it.created_at)]
}

/// Opens a session for the member of a passkey that has signed a challenge, or fails the batch: the
/// challenge is unknown, used or too old, the passkey gone or used meanwhile.
#[must_use]
pub fn enter(
    it: &Passkey,
    counter: u32,
    challenge: &str,
    session: &str,
    now: Timestamp,
) -> Vec<Statement> {
    vec![
        sql!(
            "-- passkeys::enter
             INSERT INTO session (hash, kind, subject, created_at, expires_at)
             VALUES (?1, 'MEMBER',
                     (SELECT passkey.member FROM passkey, entry_link
                       WHERE passkey.id = ?2 AND passkey.counter = ?3 AND entry_link.hash = ?4
                         AND entry_link.kind = ?5 AND entry_link.used_at IS NULL
                         AND ?6 <= entry_link.expires_at),
                     ?6, ?7)",
            session,
            &it.id,
            it.counter,
            challenge,
            CHALLENGE,
            now,
            now + MEMBERS_LIFE,
        ),
        used(challenge, now),
        sql!(
            "-- passkeys::enter/count
             UPDATE passkey SET counter = ?2, used_at = ?3 WHERE id = ?1",
            &it.id,
            counter,
            now,
        ),
    ]
}

/// Forgets a passkey of a member.
pub fn remove(member: &str, id: &str) -> Statement {
    sql!("-- passkeys::remove\n DELETE FROM passkey WHERE id = ?1 AND member = ?2", id, member)
}

/// Forgets all passkeys of a member.
pub fn remove_all(member: &str) -> Statement {
    sql!("-- passkeys::remove_all\n DELETE FROM passkey WHERE member = ?1", member)
}
