//! What providers told of messages that nobody took, or wanted: by the keyed hash of the address.

use serde::Deserialize;
use shared::time::{Span, Timestamp};

use super::messages::{Queued, Told};
use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// How long it is kept that something came back: as long as messages are.
const KEPT: Span = Span::days(400);

/// The campaigns in which somebody of this address takes part; all of them, of somebody of the team.
pub async fn campaigns(db: &Db, identity: &str) -> Result<Vec<String>, DbError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
    }
    let rows: Vec<Row> = db
        .all(sql!(
            "-- returns::campaigns
             SELECT c.id FROM campaign AS c CROSS JOIN person AS p
                 ON p.kind = 'PARTICIPANT' AND p.campaign = c.id AND p.identity = ?1
             UNION
             SELECT c.id FROM person AS p CROSS JOIN campaign AS c
              WHERE p.kind = 'MEMBER' AND p.identity = ?1",
            identity,
        ))
        .await?;
    Ok(rows.into_iter().map(|it| it.id).collect())
}

/// The newest message that was sent to an address since an instant, and its campaign: to a participant, or
/// to somebody of the team. A provider's number of a message is not kept, and what comes back comes soon.
pub async fn newest(
    db: &Db,
    identity: &str,
    since: Timestamp,
) -> Result<Option<(i64, String)>, DbError> {
    let rows: Vec<Queued> = db
        .all(sql!(
            "-- returns::newest
             SELECT m.seq, m.campaign, m.kind, m.subject, m.occasion, m.attempts, m.created_at
               FROM (SELECT p.subject
                       FROM campaign AS c CROSS JOIN person AS p
                         ON p.kind = 'PARTICIPANT' AND p.campaign = c.id AND p.identity = ?1
                     UNION ALL
                     SELECT subject FROM person WHERE kind = 'MEMBER' AND identity = ?1) AS who
              CROSS JOIN message AS m ON m.subject = who.subject
              WHERE m.state = 'SENT' AND ?2 <= m.settled_at
              ORDER BY m.settled_at DESC, m.seq DESC LIMIT 1",
            identity,
            since,
        ))
        .await?;
    Ok(rows.into_iter().next().map(|it| (it.seq, it.campaign)))
}

/// Notes what became of a message, once.
pub fn insert(told: &Told<'_>, now: Timestamp) -> Statement {
    sql!(
        "-- returns::insert
         INSERT INTO mail_return (campaign, hash, number, fate, at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
        told.campaign,
        told.hash,
        told.number,
        told.fate,
        now,
    )
}

/// How many messages to an address came back for the moment.
pub async fn soft(db: &Db, campaign: &str, hash: &str) -> Result<u32, DbError> {
    #[derive(Deserialize)]
    struct Row {
        n: u32,
    }
    let rows: Vec<Row> = db
        .all(sql!(
            "-- returns::soft
             SELECT count(*) AS n FROM mail_return
              WHERE campaign = ?1 AND hash = ?2 AND fate = 'SOFT'",
            campaign,
            hash,
        ))
        .await?;
    Ok(rows.first().map_or(0, |it| it.n))
}

/// Forgets what came back a long time ago.
pub fn forget(now: Timestamp) -> Statement {
    sql!(
        "-- returns::forget
         DELETE FROM mail_return WHERE at < ?1",
        now - KEPT,
    )
}

/// How often the secret was changed by which providers are known, counted from 1.
pub async fn generation(db: &Db) -> Result<u32, DbError> {
    #[derive(Deserialize)]
    struct Row {
        generation: u32,
    }
    let rows: Vec<Row> =
        db.all(sql!("-- returns::generation\n SELECT generation FROM mail_return_secret")).await?;
    Ok(rows.first().map_or(1, |it| it.generation))
}

/// The next secret; fails the batch if another change was first.
pub fn rotate(from: u32) -> Statement {
    sql!(
        "-- returns::rotate
         INSERT INTO mail_return_secret (id, generation) VALUES (1, ?1 + 1)
         ON CONFLICT (id) DO UPDATE SET generation = iif(generation = ?1, generation + 1, NULL)",
        from,
    )
}
