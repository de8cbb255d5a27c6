//! How campaigns' pages look.

use serde::Deserialize;
use shared::look::Look;

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

#[derive(Deserialize)]
struct Row {
    #[serde(deserialize_with = "sql::json")]
    body: Look,
}

/// A campaign's look; ours, where it has none of its own.
pub async fn of(db: &Db, campaign: &str) -> Result<Look, DbError> {
    let found: Vec<Row> =
        db.all(sql!("-- looks::of\n SELECT body FROM look WHERE campaign = ?1", campaign)).await?;
    Ok(found.into_iter().next().map(|it| it.body).unwrap_or_default())
}

/// Keeps a look.
pub fn save(campaign: &str, look: Look) -> Statement {
    sql!(
        "-- looks::save
         INSERT INTO look (campaign, body) VALUES (?1, ?2)
         ON CONFLICT DO UPDATE SET body = excluded.body",
        campaign,
        sql::to_json(&look),
    )
}

/// Changes a look; fails the batch if it is not what it was.
pub fn change(campaign: &str, before: Look, look: Look) -> Statement {
    sql!(
        "-- looks::change
         INSERT INTO look (campaign, body) VALUES (?1, ?2)
         ON CONFLICT DO UPDATE SET body = iif(body = ?3, excluded.body, NULL)",
        campaign,
        sql::to_json(&look),
        sql::to_json(&before),
    )
}

#[cfg(test)]
mod tests {
    use shared::look::Scheme;

    use super::*;

    #[tokio::test]
    async fn r_look_2_a_campaign_without_a_look_has_ours() {
        let db = Db::in_memory().unwrap();
        assert_eq!(of(&db, "shop").await.unwrap(), Look::default());
        for scheme in [Scheme::Dark, Scheme::Light] {
            let look = Look { scheme, ..Look::default() };
            db.batch(vec![save("shop", look)]).await.unwrap();
            assert_eq!(of(&db, "shop").await.unwrap(), look);
        }
        assert_eq!(of(&db, "other").await.unwrap(), Look::default());
    }
    #[tokio::test]
    async fn r_look_3_a_change_of_what_is_no_more_fails() {
        let db = Db::in_memory().unwrap();
        let ours = Look::default();
        let [light, dark] = [Scheme::Light, Scheme::Dark].map(|scheme| Look { scheme, ..ours });
        for (before, after, fits) in [
            (ours, light, true),
            (ours, dark, false),
            (dark, ours, false),
            (light, dark, true),
            (light, dark, false),
        ] {
            let done = db.batch(vec![change("shop", before, after)]).await;
            assert_eq!(done.is_ok(), fits, "{before:?} {after:?}");
        }
        assert_eq!(of(&db, "shop").await.unwrap(), dark);
    }
}
