//! Campaigns and the generations of their signing keys.

use serde::Deserialize;
use shared::{
    attribution::Key,
    campaign::{Campaign, Installation, Options, Status},
    link::SiteUrl,
    money::Currency,
    time::Timestamp,
};

use super::figures;
use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A campaign as it is stored, with the number of its changes.
#[derive(Clone, Debug, Deserialize)]
pub struct Stored {
    id: String,
    name: String,
    status: Status,
    currency: Currency,
    company_name: Option<String>,
    company_logo_image_url: Option<String>,
    #[serde(deserialize_with = "sql::json")]
    installation: Installation,
    #[serde(deserialize_with = "sql::json")]
    options: Options,
    started_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    #[serde(deserialize_with = "sql::json")]
    keys: Vec<Key>,
    /// How often it was changed.
    pub revision: i64,
}

impl From<Stored> for Campaign {
    fn from(it: Stored) -> Self {
        Self {
            id: it.id,
            name: it.name,
            status: it.status,
            currency: it.currency,
            company_name: it.company_name,
            company_logo_image_url: it.company_logo_image_url,
            started_at: it.started_at,
            ended_at: it.ended_at,
            installation: it.installation,
            options: it.options,
            keys: it.keys,
        }
    }
}

/// A campaign by its id.
pub async fn find(db: &Db, id: &str) -> Result<Option<Stored>, DbError> {
    let found = db
        .all(sql!(
            "-- campaigns::find
             SELECT id, name, status, currency, company_name, company_logo_image_url,
                    installation, options, started_at, ended_at, revision,
                    (SELECT json_group_array(json_object(
                              'generation', generation, 'retired_at', retired_at))
                       FROM attribution_key WHERE campaign = campaign.id) AS keys
               FROM campaign WHERE id = ?1",
            id,
        ))
        .await?;
    Ok(found.into_iter().next())
}

/// The installation's campaigns, oldest first; at most 1,000.
pub async fn all(db: &Db) -> Result<Vec<Stored>, DbError> {
    db.all(sql!(
        "-- campaigns::all
         SELECT id, name, status, currency, company_name, company_logo_image_url,
                installation, options, started_at, ended_at, revision, '[]' AS keys
           FROM campaign ORDER BY created_at, id LIMIT 1000"
    ))
    .await
}

/// A campaign to which an unknown link's host belongs.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Neighbour {
    /// Its name.
    pub name: String,
    /// Where its links lead.
    pub share_url: String,
}

/// The campaign whose share URL has this host, the newest if there are several.
pub async fn by_host(db: &Db, host: &str) -> Result<Option<Neighbour>, DbError> {
    let found = db
        .all(sql!(
            "-- campaigns::by_host
             SELECT name, installation->>'shareUrl' AS share_url FROM campaign
              WHERE site_host = ?1 ORDER BY created_at DESC LIMIT 1",
            host,
        ))
        .await?;
    Ok(found.into_iter().next())
}

/// Adds a campaign with the first generation of its key.
#[must_use]
pub fn insert(campaign: &Campaign, goal: Option<&str>, now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- campaigns::insert
             INSERT INTO campaign (id, name, status, currency, company_name,
                                   company_logo_image_url, goal, site_host, installation, options,
                                   created_at, started_at, ended_at, revision)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 1)",
            &campaign.id,
            &campaign.name,
            sql::name(&campaign.status),
            campaign.currency.as_str(),
            campaign.company_name.as_deref(),
            campaign.company_logo_image_url.as_deref(),
            goal,
            host(campaign),
            sql::to_json(&campaign.installation),
            sql::to_json(&campaign.options),
            now,
            campaign.started_at,
            campaign.ended_at,
        ),
        insert_key(&campaign.id, 1, now),
        figures::set_clock(&campaign.id, campaign.options.time_zone.offset(now)),
    ]
}

/// Writes a changed campaign; fails the batch if it was changed since it was read.
pub fn update(campaign: &Campaign, revision: i64) -> Statement {
    sql!(
        "-- campaigns::update
         UPDATE campaign SET revision = iif(revision = ?2, revision + 1, NULL), name = ?3,
                status = ?4, company_name = ?5, company_logo_image_url = ?6, site_host = ?7,
                installation = ?8, options = ?9, started_at = ?10, ended_at = ?11
          WHERE id = ?1",
        &campaign.id,
        revision,
        &campaign.name,
        sql::name(&campaign.status),
        campaign.company_name.as_deref(),
        campaign.company_logo_image_url.as_deref(),
        host(campaign),
        sql::to_json(&campaign.installation),
        sql::to_json(&campaign.options),
        campaign.started_at,
        campaign.ended_at,
    )
}

/// Adds a generation of the signing key.
pub fn insert_key(campaign: &str, generation: u32, now: Timestamp) -> Statement {
    sql!(
        "-- campaigns::insert_key
         INSERT INTO attribution_key (campaign, generation, created_at) VALUES (?1, ?2, ?3)",
        campaign,
        generation,
        now,
    )
}

/// Retires a generation of the signing key.
pub fn retire_key(campaign: &str, generation: u32, now: Timestamp) -> Statement {
    sql!(
        "-- campaigns::retire_key
         UPDATE attribution_key SET retired_at = ?3
          WHERE campaign = ?1 AND generation = ?2 AND retired_at IS NULL",
        campaign,
        generation,
        now,
    )
}

fn host(campaign: &Campaign) -> Option<String> {
    campaign.site().map(|it: SiteUrl| it.host().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn campaign() -> Campaign {
        Campaign {
            id: "shop".into(),
            name: "Shop".into(),
            status: Status::Draft,
            currency: Currency::EUR,
            company_name: None,
            company_logo_image_url: None,
            started_at: None,
            ended_at: None,
            installation: Installation {
                share_url: Some("https://shop.example/".into()),
                ..Installation::default()
            },
            options: Options::default(),
            keys: vec![Key { generation: 1, retired_at: None }],
        }
    }

    #[tokio::test]
    async fn a_campaign_is_read_as_it_was_written() {
        let db = Db::in_memory().unwrap();
        db.batch(insert(&campaign(), None, Timestamp(1))).await.unwrap();
        let found = find(&db, "shop").await.unwrap().unwrap();
        assert_eq!(Campaign::from(found), campaign());
        assert!(find(&db, "other").await.unwrap().is_none());
        assert_eq!(all(&db).await.unwrap().len(), 1);
        let neighbour = by_host(&db, "shop.example").await.unwrap().unwrap();
        assert_eq!(neighbour.share_url, "https://shop.example/");
        assert_eq!(by_host(&db, "other.example").await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_stale_change_fails_the_batch() {
        let db = Db::in_memory().unwrap();
        db.batch(insert(&campaign(), None, Timestamp(1))).await.unwrap();
        let named = |name: &str| Campaign { name: name.into(), ..campaign() };
        db.batch(vec![update(&named("First"), 1)]).await.unwrap();
        let stale = db.batch(vec![update(&named("Second"), 1)]).await;
        assert_eq!(stale, Err(DbError::Constraint));
        assert_eq!(Campaign::from(find(&db, "shop").await.unwrap().unwrap()).name, "First");
    }

    #[tokio::test]
    async fn r_token_3_a_retired_key_keeps_its_date() {
        let db = Db::in_memory().unwrap();
        db.batch(insert(&campaign(), None, Timestamp(1))).await.unwrap();
        let at = Timestamp(5);
        db.batch(vec![retire_key("shop", 1, at), insert_key("shop", 2, at)]).await.unwrap();
        db.batch(vec![retire_key("shop", 1, Timestamp(9))]).await.unwrap();
        let keys = Campaign::from(find(&db, "shop").await.unwrap().unwrap()).keys;
        let expected =
            [Key { generation: 1, retired_at: Some(at) }, Key { generation: 2, retired_at: None }];
        assert_eq!(keys, expected);
    }
}
