//! Members of the team. Their names and addresses lie in `person`.

use std::collections::BTreeSet;

use serde::Deserialize;
use shared::{email::Email, team::Role, time::Timestamp};

use crate::{
    mail::Kind,
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// The member who runs the machine: they enter by the link that it prints, and are never removed.
pub const OWNER: &str = "owner";

/// A member.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Member {
    /// Their id.
    pub id: String,
    /// What they may do.
    pub role: Role,
    /// Their address; the machine's owner may have none.
    #[serde(default)]
    pub email: Option<String>,
    /// Their name, if they gave one.
    #[serde(default)]
    pub first_name: Option<String>,
    /// When they were invited.
    pub created_at: Timestamp,
    /// When they first came in.
    #[serde(default)]
    pub joined_at: Option<Timestamp>,
    /// Which of the team's messages they do not want, where that is asked for.
    #[serde(default, deserialize_with = "sql::json")]
    pub refused: BTreeSet<Kind>,
}

/// All members who were not removed, longest first; a team has a hundred at most.
pub async fn all(db: &Db) -> Result<Vec<Member>, DbError> {
    db.all(sql!(
        "-- members::all
         SELECT member.id, role, email, first_name, member.created_at, joined_at,
                (SELECT json_group_array(kind) FROM member_refusal AS r
                  WHERE r.member = member.id) AS refused
           FROM member LEFT JOIN person ON person.subject = member.id AND person.kind = 'MEMBER'
          WHERE removed_at IS NULL ORDER BY member.created_at, member.id LIMIT 100",
    ))
    .await
}

/// The member with this address.
pub async fn find(db: &Db, email: &Email) -> Result<Option<Member>, DbError> {
    let rows = db
        .all(sql!(
            "-- members::find
             SELECT member.id, role, email, first_name, member.created_at, joined_at
               FROM person JOIN member ON member.id = person.subject
              WHERE person.kind = 'MEMBER' AND person.identity = ?1 AND removed_at IS NULL",
            email.identity(),
        ))
        .await?;
    Ok(rows.into_iter().next())
}

/// Adds a member; fails the batch where somebody has that address already.
#[must_use]
pub fn insert(id: &str, role: Role, email: &Email, by: &str, now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- members::insert
             INSERT INTO member (id, role, invited_by, created_at) VALUES (?1, ?2, ?3, ?4)",
            id,
            role.name(),
            by,
            now,
        ),
        sql!(
            "-- members::insert/person
             INSERT INTO person (subject, campaign, kind, email, identity, metadata, created_at)
             VALUES (?1, '', 'MEMBER', ?2, ?3, '{}', ?4)",
            id,
            email.as_str(),
            email.identity(),
            now,
        ),
    ]
}

/// Fails the batch where no owner is left who came in by an address of their own: the team's one row
/// takes no empty name.
pub fn keep_an_owner() -> Statement {
    sql!(
        "-- members::keep_an_owner
         UPDATE team SET name = iif(EXISTS (
           SELECT 1 FROM member WHERE role = 'OWNER' AND removed_at IS NULL
             AND joined_at IS NOT NULL AND id <> 'owner'), name, NULL)",
    )
}

/// Gives a member another role; fails the batch where they are gone or have another one by now.
pub fn change(id: &str, from: Role, to: Role) -> Statement {
    sql!(
        "-- members::change
         UPDATE member SET role = iif(role = ?2 AND removed_at IS NULL, ?3, NULL) WHERE id = ?1",
        id,
        from.name(),
        to.name(),
    )
}

/// Keeps which of the team's messages a member does not want from now on.
#[must_use]
pub fn refuse(id: &str, kinds: &BTreeSet<Kind>) -> Vec<Statement> {
    vec![
        sql!("-- members::refuse/old\n DELETE FROM member_refusal WHERE member = ?1", id),
        sql!(
            "-- members::refuse
             INSERT INTO member_refusal (member, kind) SELECT ?1, value FROM json_each(?2)",
            id,
            sql::to_json(kinds),
        ),
    ]
}

/// Removes a member, with what is known of the person; fails the batch where they are gone already.
#[must_use]
pub fn remove(id: &str, now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- members::remove
             UPDATE member SET role = iif(removed_at IS NULL, role, NULL), removed_at = ?2
              WHERE id = ?1",
            id,
            now,
        ),
        sql!(
            "-- members::remove/person
             DELETE FROM person WHERE subject = ?1 AND kind = 'MEMBER'",
            id,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_member_is_one_address_until_they_are_removed() {
        let db = Db::in_memory().unwrap();
        let ann = Email::parse("Ann@Example.com").unwrap();
        let add = |id| db.batch(insert(id, Role::Reviewer, &ann, OWNER, Timestamp(1)));
        assert_eq!(find(&db, &ann).await.unwrap(), None);
        add("m1").await.unwrap();
        assert_eq!(add("m2").await, Err(DbError::Constraint));
        let found = find(&db, &ann).await.unwrap().unwrap();
        assert_eq!((found.id.as_str(), found.role), ("m1", Role::Reviewer));
        db.batch(vec![change("m1", Role::Reviewer, Role::Manager)]).await.unwrap();
        let stale = db.batch(vec![change("m1", Role::Reviewer, Role::Owner)]).await;
        assert_eq!(stale, Err(DbError::Constraint));
        assert_eq!(all(&db).await.unwrap().len(), 2);
        db.batch(remove("m1", Timestamp(2))).await.unwrap();
        assert_eq!(db.batch(remove("m1", Timestamp(3))).await, Err(DbError::Constraint));
        assert_eq!(find(&db, &ann).await.unwrap(), None);
        assert_eq!(all(&db).await.unwrap()[0].id, OWNER);
        add("m3").await.unwrap();
    }
}
