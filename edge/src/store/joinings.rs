//! Who joined on the page for participants, and what their browser brought, until they show that the
//! address is theirs.

use serde::Deserialize;
use shared::{code::Code, email::Email};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// Somebody of whom it is not known yet whether the address is theirs.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Joining {
    /// The campaign.
    pub campaign: String,
    /// The address that was typed.
    pub email: Email,
    /// What the browser brought, as JSON.
    pub brought: String,
}

/// Keeps what the browser of somebody new brought.
pub fn insert(participant: &Code, campaign: &str, brought: &str) -> Statement {
    sql!(
        "-- joinings::insert
         INSERT INTO joining (participant, campaign, brought) VALUES (?1, ?2, ?3)",
        participant,
        campaign,
        brought,
    )
}

/// Keeps what they brought when they joined once more, if it is still open whether the address is theirs.
pub fn update(participant: &Code, brought: &str) -> Statement {
    sql!(
        "-- joinings::update
         UPDATE joining SET brought = ?2 WHERE participant = ?1 AND is_open = 1",
        participant,
        brought,
    )
}

/// Who joined and has not shown yet that the address is theirs.
pub async fn find(db: &Db, participant: &Code) -> Result<Option<Joining>, DbError> {
    let rows = db
        .all(sql!(
            "-- joinings::find
             SELECT j.campaign, person.email, j.brought
               FROM joining AS j JOIN person ON person.subject = j.participant
              WHERE j.participant = ?1 AND j.is_open = 1",
            participant,
        ))
        .await?;
    Ok(rows.into_iter().next())
}

/// The address is theirs; fails the batch if that was shown before.
pub fn close(participant: &Code) -> Statement {
    sql!(
        "-- joinings::close
         UPDATE joining SET is_open = iif(is_open = 1, 0, NULL), brought = '{}'
          WHERE participant = ?1",
        participant,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::participants::tests::add;

    #[tokio::test]
    async fn what_somebody_brought_is_open_once() {
        let db = Db::in_memory().unwrap();
        let ada = add(&db, "shop", "ada", "ada@example.com", 1).await;
        assert_eq!(find(&db, &ada).await.unwrap(), None);
        db.batch(vec![insert(&ada, "shop", "[1]"), update(&ada, "[2]")]).await.unwrap();
        let email = Email::parse("ada@example.com").unwrap();
        let open = Joining { campaign: "shop".into(), email, brought: "[2]".into() };
        assert_eq!(find(&db, &ada).await.unwrap(), Some(open));
        db.batch(vec![close(&ada)]).await.unwrap();
        db.batch(vec![update(&ada, "[3]")]).await.unwrap();
        assert_eq!(find(&db, &ada).await.unwrap(), None);
        assert_eq!(db.batch(vec![close(&ada)]).await, Err(DbError::Constraint));
    }
}
