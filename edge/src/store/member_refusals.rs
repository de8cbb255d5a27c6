//! Which of the team's messages a member does not want.

use serde::Deserialize;

use crate::{
    mail::Kind,
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// What a member refuses, in the order of the kinds.
pub async fn of(db: &Db, member: &str) -> Result<Vec<Kind>, DbError> {
    #[derive(Deserialize)]
    struct Row {
        kind: Kind,
    }
    let rows: Vec<Row> = db
        .all(sql!(
            "-- member_refusals::of
             SELECT kind FROM member_refusal WHERE member = ?1",
            member,
        ))
        .await?;
    let mut kinds: Vec<Kind> = rows.into_iter().map(|it| it.kind).collect();
    kinds.sort_unstable();
    Ok(kinds)
}

/// Keeps what a member refuses from now on.
#[must_use]
pub fn put(member: &str, refused: &[Kind]) -> Vec<Statement> {
    vec![
        sql!("-- member_refusals::put/old\n DELETE FROM member_refusal WHERE member = ?1", member),
        sql!(
            "-- member_refusals::put
             INSERT INTO member_refusal (member, kind) SELECT ?1, value FROM json_each(?2)",
            member,
            sql::to_json(&refused),
        ),
    ]
}
