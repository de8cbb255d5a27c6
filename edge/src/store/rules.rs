//! Reward rules.

use serde::Deserialize;
use shared::{
    reward::{Rule, Sides, Texts},
    time::Timestamp,
};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

#[derive(Deserialize)]
struct Row {
    id: String,
    version: u32,
    sides: Sides,
    conversions_required: u32,
    total_limit: Option<u32>,
    #[serde(deserialize_with = "sql::flag")]
    is_visible: bool,
    #[serde(deserialize_with = "sql::json")]
    texts: Texts,
}

impl From<Row> for Rule {
    fn from(it: Row) -> Self {
        Self {
            id: it.id,
            version: it.version,
            sides: it.sides,
            conversions_required: it.conversions_required,
            limit: it.total_limit,
            is_visible: it.is_visible,
            texts: it.texts,
        }
    }
}

/// A campaign's rules, oldest first; at most 100.
pub async fn of_campaign(db: &Db, campaign: &str) -> Result<Vec<Rule>, DbError> {
    let rows: Vec<Row> = db
        .all(sql!(
            "-- rules::of_campaign
             SELECT id, version, sides, conversions_required, total_limit, is_visible, texts
               FROM rule WHERE campaign = ?1 ORDER BY created_at, id LIMIT 100",
            campaign,
        ))
        .await?;
    Ok(rows.into_iter().map(Rule::from).collect())
}

/// Adds a rule.
pub fn insert(campaign: &str, rule: &Rule, now: Timestamp) -> Statement {
    sql!(
        "-- rules::insert
         INSERT INTO rule (id, campaign, version, sides, conversions_required, total_limit,
                           is_visible, texts, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &rule.id,
        campaign,
        rule.version,
        sql::name(&rule.sides),
        rule.conversions_required,
        rule.limit,
        rule.is_visible,
        sql::to_json(&rule.texts),
        now,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_rule_is_read_as_it_was_written() {
        let db = Db::in_memory().unwrap();
        let rule = Rule {
            id: "crew_1".into(),
            version: 1,
            sides: Sides::DoubleSided,
            conversions_required: 3,
            limit: Some(5),
            is_visible: true,
            texts: Texts { title: Some("Ten".into()), ..Texts::default() },
        };
        db.batch(vec![insert("shop", &rule, Timestamp(1))]).await.unwrap();
        assert_eq!(of_campaign(&db, "shop").await.unwrap(), [rule]);
        assert_eq!(of_campaign(&db, "other").await.unwrap(), []);
    }
}
