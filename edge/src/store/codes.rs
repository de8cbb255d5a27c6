//! Codes: what links carry, unique in the installation.

use shared::{code::Code, time::Timestamp};

use crate::{sql, sql::Statement};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{platform::Db, sql::DbError};

    #[tokio::test]
    async fn a_code_belongs_to_one_participant_of_the_installation() {
        let db = Db::in_memory().unwrap();
        let [ada, bob] = ["ada", "bob"].map(|it| Code::parse(it).unwrap());
        db.batch(vec![insert(&ada, "shop", &ada, Timestamp(1))]).await.unwrap();
        let taken = db.batch(vec![insert(&ada, "other", &bob, Timestamp(2))]).await;
        assert_eq!(taken, Err(DbError::Constraint));
    }
}
