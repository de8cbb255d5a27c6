//! Codes: what links carry, unique in the installation.

use serde::Deserialize;
use shared::{code::Code, time::Timestamp};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// Whether a code can be somebody's.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Standing {
    /// It can.
    Free,
    /// It is theirs already.
    Theirs,
    /// It is somebody's.
    Taken,
    /// No code is written so, or none may be.
    Wrong,
    /// They have as many as they may have.
    Enough,
}

/// Gives a participant one more code.
pub fn insert(code: &Code, campaign: &str, participant: &Code, now: Timestamp) -> Statement {
    sql!(
        "-- codes::insert
         INSERT INTO code (code, campaign, participant, created_at) VALUES (?1, ?2, ?3, ?4)",
        code,
        campaign,
        participant,
        now,
    )
}

/// Gives a participant the code that they chose; fails the batch if somebody has it, if they chose `most`
/// before, or if they were forgotten.
pub fn choose(
    code: &Code,
    campaign: &str,
    participant: &Code,
    most: u32,
    now: Timestamp,
) -> Statement {
    sql!(
        "-- codes::choose
         INSERT INTO code (code, campaign, participant, created_at)
         SELECT ?1, ?2,
                (SELECT id FROM participant
                  WHERE id = ?3 AND campaign = ?2 AND erased_at IS NULL
                    AND (SELECT count(*) FROM code
                          WHERE participant = ?3 AND code <> ?3) < ?4),
                ?5",
        code,
        campaign,
        participant,
        most,
        now,
    )
}

#[derive(Deserialize)]
struct Row {
    code: Code,
}

/// A participant's codes, at most 100.
pub async fn of(db: &Db, participant: &Code) -> Result<Vec<Code>, DbError> {
    let rows: Vec<Row> = db
        .all(sql!(
            "-- codes::of
             SELECT code FROM code WHERE participant = ?1 ORDER BY code LIMIT 100",
            participant,
        ))
        .await?;
    Ok(rows.into_iter().map(|it| it.code).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_code_belongs_to_one_participant_of_the_installation() {
        let db = Db::in_memory().unwrap();
        let [ada, bob] = ["ada", "bob"].map(|it| Code::parse(it).unwrap());
        db.batch(vec![insert(&ada, "shop", &ada, Timestamp(1))]).await.unwrap();
        let taken = db.batch(vec![insert(&ada, "other", &bob, Timestamp(2))]).await;
        assert_eq!(taken, Err(DbError::Constraint));
        assert_eq!(of(&db, &ada).await.unwrap(), [ada]);
        assert_eq!(of(&db, &bob).await.unwrap(), []);
    }
}
