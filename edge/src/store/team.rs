//! What the team calls itself.

use serde::Deserialize;

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// The team's name.
pub async fn name(db: &Db) -> Result<String, DbError> {
    let rows: Vec<Named> = db.all(sql!("-- team::name\n SELECT name FROM team LIMIT 1")).await?;
    Ok(rows.into_iter().next().map(|it| it.name).unwrap_or_default())
}

/// Gives the team another name; fails the batch where it has another one by now.
pub fn rename(from: &str, to: &str) -> Statement {
    sql!("-- team::rename\n UPDATE team SET name = iif(name = ?1, ?2, NULL)", from, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_is_changed_by_who_saw_the_old_one() {
        let db = Db::in_memory().unwrap();
        assert_eq!(name(&db).await.unwrap(), "Team");
        db.batch(vec![rename("Team", "Shop")]).await.unwrap();
        let stale = db.batch(vec![rename("Team", "Other")]).await;
        assert_eq!((stale, name(&db).await.unwrap()), (Err(DbError::Constraint), "Shop".into()));
    }
}
