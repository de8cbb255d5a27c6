//! The names that friends may read.

use serde::Deserialize;
use shared::code::Code;

use crate::{platform::Db, sql, sql::DbError};

/// The field of a participant by which they agreed that friends read their first name.
pub const AGREED: &str = "showFirstName";

#[derive(Deserialize)]
struct Row {
    first_name: String,
}

/// A participant's first name, if they gave one and agreed that friends read it.
pub async fn shown(db: &Db, campaign: &str, participant: &Code) -> Result<Option<String>, DbError> {
    let rows: Vec<Row> = db
        .all(sql!(
            "-- names::shown
             SELECT first_name FROM person
              WHERE subject = ?1 AND campaign = ?2 AND first_name IS NOT NULL
                AND metadata->>?3 = 'true'",
            participant,
            campaign,
            AGREED,
        ))
        .await?;
    Ok(rows.into_iter().next().map(|it| it.first_name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn r_privacy_3_a_first_name_is_shown_only_to_who_agreed_and_in_the_campaign() {
        let db = Db::in_memory().unwrap();
        let ada = Code::parse("ada").unwrap();
        let person = sql!(
            "-- t\n INSERT INTO person (subject, campaign, kind, email, identity, first_name,
                                     last_name, metadata, created_at) VALUES
             ('ada', 'shop', 'PARTICIPANT', 'a@b.co', 'a@b.co', 'Ada', NULL, '{}', 1)"
        );
        db.batch(vec![person]).await.unwrap();
        assert_eq!(shown(&db, "shop", &ada).await.unwrap(), None);
        let agree = sql!("-- t\n UPDATE person SET metadata = '{\"showFirstName\":\"true\"}'");
        db.batch(vec![agree]).await.unwrap();
        assert_eq!(shown(&db, "shop", &ada).await.unwrap().as_deref(), Some("Ada"));
        assert_eq!(shown(&db, "other", &ada).await.unwrap(), None);
    }
}
