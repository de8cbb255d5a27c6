//! Logos that owners sent as files.

use serde::Deserialize;

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A logo.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Logo {
    /// Of its bytes.
    pub hash: String,
    /// Its media type.
    pub mime: String,
    /// The file, in base64.
    pub body: String,
}

/// The logo of a campaign with this hash.
pub async fn find(db: &Db, campaign: &str, hash: &str) -> Result<Option<Logo>, DbError> {
    let rows = db
        .all(sql!(
            "-- logos::find
             SELECT hash, mime, body FROM logo WHERE campaign = ?1 AND hash = ?2",
            campaign,
            hash,
        ))
        .await?;
    Ok(rows.into_iter().next())
}

/// Keeps a logo in the place of the one before; the same batch writes its address.
pub fn save(campaign: &str, logo: &Logo) -> Statement {
    sql!(
        "-- logos::save
         INSERT INTO logo (campaign, hash, mime, body) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE
           SET hash = excluded.hash, mime = excluded.mime, body = excluded.body",
        campaign,
        &logo.hash,
        &logo.mime,
        &logo.body,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_logo_is_found_by_its_own_campaign_and_hash() {
        let db = Db::in_memory().unwrap();
        let logo = |hash: &str| Logo { hash: hash.into(), mime: "m".into(), body: "b".into() };
        assert_eq!(find(&db, "shop", "a").await.unwrap(), None);
        db.batch(vec![save("shop", &logo("a")), save("shop", &logo("b"))]).await.unwrap();
        assert_eq!(find(&db, "shop", "b").await.unwrap(), Some(logo("b")));
        for (campaign, hash) in [("shop", "a"), ("shop", ""), ("other", "b")] {
            assert_eq!(find(&db, campaign, hash).await.unwrap(), None, "{campaign} {hash}");
        }
    }
}
