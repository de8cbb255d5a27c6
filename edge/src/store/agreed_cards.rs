//! The cards that people agreed to when they joined, as they were.

use serde::Deserialize;
use shared::card::Card;

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// Keeps a card under its version; once is enough.
pub fn keep(campaign: &str, version: &str, card: &Card) -> Statement {
    sql!(
        "-- agreed_cards::keep
         INSERT INTO agreed_card (campaign, version, body) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        campaign,
        version,
        sql::to_json(card),
    )
}

#[derive(Deserialize)]
struct Row {
    #[serde(deserialize_with = "sql::json")]
    body: Card,
}

/// The card of that version, if anybody agreed to it.
pub async fn find(db: &Db, campaign: &str, version: &str) -> Result<Option<Card>, DbError> {
    let rows: Vec<Row> = db
        .all(sql!(
            "-- agreed_cards::find
             SELECT body FROM agreed_card WHERE campaign = ?1 AND version = ?2",
            campaign,
            version,
        ))
        .await?;
    Ok(rows.into_iter().next().map(|it| it.body))
}
