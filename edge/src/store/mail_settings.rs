//! How campaigns write: settings, and what is switched on.

use serde::Deserialize;
use shared::time::Timestamp;

use crate::{
    mail::{kind::ALL, settings::Settings},
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// Settings and the number of their changes; 0: nobody set any.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
pub struct Stored {
    /// The settings.
    #[serde(deserialize_with = "sql::json")]
    pub body: Settings,
    /// How often they were changed.
    pub revision: i64,
}

/// A campaign's settings.
pub async fn find(db: &Db, campaign: &str) -> Result<Stored, DbError> {
    let rows: Vec<Stored> = db
        .all(sql!(
            "-- mail_settings::find
             SELECT body, revision FROM mail_setting WHERE campaign = ?1",
            campaign,
        ))
        .await?;
    Ok(rows.into_iter().next().unwrap_or_default())
}

/// Keeps settings; fails the batch if they were changed meanwhile. `reminded_to`: from which bonds on
/// referrers are reminded of friends, unless they are already; `jumps`: at least from there on.
#[must_use]
pub fn save(
    campaign: &str,
    settings: &Settings,
    revision: i64,
    month_ends_at: Option<Timestamp>,
    reminded_to: Option<Timestamp>,
    jumps: bool,
) -> Vec<Statement> {
    let on: Vec<&str> =
        ALL.iter().filter(|it| settings.sends(**it)).map(|it| it.as_str()).collect();
    vec![
        sql!(
            "-- mail_settings::save
             INSERT INTO mail_setting (campaign, body, revision, month_ends_at, reminded_to)
             VALUES (?1, ?2, 1, ?4, ?5)
             ON CONFLICT DO UPDATE
                SET body = ?2, revision = iif(revision = ?3, revision + 1, NULL),
                    month_ends_at = ?4,
                    reminded_to = iif(?5 IS NULL, NULL,
                      coalesce(iif(?6, max(reminded_to, ?5), reminded_to), ?5))",
            campaign,
            sql::to_json(settings),
            revision,
            month_ends_at,
            reminded_to,
            jumps,
        ),
        sql!("-- mail_settings::save/kinds\n DELETE FROM mail_kind WHERE campaign = ?1", campaign,),
        sql!(
            "-- mail_settings::save/on
             INSERT INTO mail_kind (campaign, kind) SELECT ?1, value FROM json_each(?2)",
            campaign,
            sql::to_json(&on),
        ),
    ]
}
