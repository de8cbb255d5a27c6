//! Leads on their way: who they are lies in the one table for personal data, until they are read.

use serde::Deserialize;
use shared::{email::Email, time::Timestamp};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// Who left an address.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Person {
    /// The address.
    pub email: Email,
    /// Their first name, or their whole one.
    pub first_name: Option<String>,
    /// Their last name.
    pub last_name: Option<String>,
}

/// Adds a lead.
pub fn insert(id: &str, campaign: &str, person: &Person, now: Timestamp) -> Statement {
    sql!(
        "-- leads::insert
         INSERT INTO person (subject, campaign, kind, email, identity, first_name, last_name,
                             metadata, created_at)
         VALUES (?1, ?2, 'LEAD', ?3, ?4, ?5, ?6, '{}', ?7)",
        id,
        campaign,
        person.email.as_str(),
        person.email.identity(),
        person.first_name.as_deref(),
        person.last_name.as_deref(),
        now,
    )
}

/// Who a lead is, unless it was read already.
pub async fn find(db: &Db, id: &str) -> Result<Option<Person>, DbError> {
    let found = db
        .all(sql!(
            "-- leads::find
             SELECT email, first_name, last_name FROM person WHERE subject = ?1 AND kind = 'LEAD'",
            id,
        ))
        .await?;
    Ok(found.into_iter().next())
}

/// Fails the batch if the lead was read or forgotten meanwhile: nobody is made of what was forgotten.
pub fn still_there(id: &str, job: &str) -> Statement {
    sql!(
        "-- leads::still_there
         UPDATE job
            SET attempts = iif(EXISTS (SELECT 1 FROM person WHERE subject = ?1 AND kind = 'LEAD'),
                               attempts, NULL)
          WHERE id = ?2",
        id,
        job,
    )
}

/// Forgets a lead that was read.
pub fn forget(id: &str) -> Statement {
    sql!("-- leads::forget\n DELETE FROM person WHERE subject = ?1 AND kind = 'LEAD'", id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn leads_of_one_person_stand_beside_each_other_until_they_are_read() {
        let db = Db::in_memory().unwrap();
        let ann = Person {
            email: Email::parse("ann@example.com").unwrap(),
            first_name: Some("Ann".into()),
            last_name: None,
        };
        let add = |id| insert(id, "shop", &ann, Timestamp(1));
        db.batch(vec![add("l1"), add("l2")]).await.unwrap();
        assert_eq!(find(&db, "l1").await.unwrap(), Some(ann.clone()));
        db.batch(vec![forget("l1")]).await.unwrap();
        assert_eq!(find(&db, "l1").await.unwrap(), None);
        assert_eq!(find(&db, "l2").await.unwrap(), Some(ann));
    }
}
