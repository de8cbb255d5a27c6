//! Reward rules, with all their versions.

use serde::Deserialize;
use shared::{
    reward::{Limit, Period, Rule},
    time::Timestamp,
};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// The most rules of a campaign.
pub const MOST: u32 = 100;

#[derive(Deserialize)]
struct Row {
    #[serde(deserialize_with = "sql::json")]
    body: Rule,
}

/// A campaign's rules, oldest first; removed ones left out.
pub async fn of_campaign(db: &Db, campaign: &str) -> Result<Vec<Rule>, DbError> {
    let rows: Vec<Row> = db
        .all(sql!(
            "-- rules::of_campaign
             SELECT body FROM rule WHERE campaign = ?1 AND removed_at IS NULL
              ORDER BY created_at, id LIMIT ?2",
            campaign,
            MOST,
        ))
        .await?;
    Ok(rows.into_iter().map(|it| it.body).collect())
}

/// Adds a rule in its first version.
#[must_use]
pub fn insert(campaign: &str, rule: &Rule, now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- rules::insert
             INSERT INTO rule (id, campaign, version, body, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            &rule.id,
            campaign,
            rule.version,
            sql::to_json(rule),
            now,
        ),
        insert_version(campaign, rule, now),
    ]
}

/// Keeps a version of a rule; fails the batch if there is one of this number.
fn insert_version(campaign: &str, rule: &Rule, now: Timestamp) -> Statement {
    sql!(
        "-- rules::insert_version
         INSERT INTO rule_version (rule, version, campaign, body, at)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        &rule.id,
        rule.version,
        campaign,
        sql::to_json(rule),
        now,
    )
}

/// Puts the next version of a rule in force; fails the batch if another was put first, or if
/// somebody has more rewards by it than a new limit.
#[must_use]
pub fn update(campaign: &str, rule: &Rule, limit: Option<Limit>, now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- rules::update
             UPDATE rule SET version = iif(?4 IS NOT NULL AND EXISTS (
                      SELECT 1 FROM given WHERE rule = ?1
                       GROUP BY participant, month / CAST(?5 AS INTEGER)
                      HAVING ?4 < sum(rewards)), NULL, ?2), body = ?3
              WHERE id = ?1",
            &rule.id,
            rule.version,
            sql::to_json(rule),
            limit.map(|it| it.most),
            limit.map_or(1, |it| months(it.per)),
        ),
        insert_version(campaign, rule, now),
    ]
}

/// Takes a rule out of force; what it gave stays.
pub fn remove(id: &str, now: Timestamp) -> Statement {
    sql!(
        "-- rules::remove
         UPDATE rule SET removed_at = coalesce(removed_at, ?2) WHERE id = ?1",
        id,
        now,
    )
}

#[derive(Deserialize)]
struct Most {
    most: u32,
}

/// How many months a period has.
const fn months(per: Period) -> u32 {
    match per {
        Period::InTotal => u32::MAX,
        Period::PerYear => 12,
        Period::PerMonth => 1,
    }
}

/// The most rewards that a participant has by a rule in one period, as limits count them.
pub async fn most_given(db: &Db, id: &str, per: Period) -> Result<u32, DbError> {
    let rows: Vec<Most> = db
        .all(sql!(
            "-- rules::most_given
             SELECT coalesce(max(n), 0) AS most FROM
               (SELECT sum(rewards) AS n FROM given
                 WHERE rule = ?1 GROUP BY participant, month / CAST(?2 AS INTEGER))",
            id,
            months(per),
        ))
        .await?;
    Ok(rows.first().map_or(0, |it| it.most))
}

#[cfg(test)]
pub(crate) mod tests {
    use shared::reward::{Condition, Event, Gift, Kind, Period, Texts};

    use super::*;

    /// A rule that rewards both sides for every referral.
    pub(crate) fn double(id: &str) -> Rule {
        Rule {
            id: id.into(),
            version: 1,
            kind: Kind::DoubleSided,
            event: Event::Conversion,
            conversions_required: 1,
            limit: None,
            period: Period::InTotal,
            number_of_winners: 1,
            is_visible: true,
            upfront: false,
            gives: Gift::default(),
            referral_gives: Gift::default(),
            conditions: Condition::default(),
            starts_at: None,
            ends_at: None,
            hold_days: 0,
            order: None,
            texts: Texts::default(),
        }
    }

    #[tokio::test]
    async fn r_rule_6_a_rule_is_read_in_its_newest_version_and_none_is_put_twice() {
        let db = Db::in_memory().unwrap();
        let rule = double("crew_1");
        db.batch(insert("shop", &rule, Timestamp(1))).await.unwrap();
        assert_eq!(of_campaign(&db, "shop").await.unwrap(), std::slice::from_ref(&rule));
        assert_eq!(of_campaign(&db, "other").await.unwrap(), []);
        let next = Rule { version: 2, conversions_required: 3, ..rule };
        db.batch(update("shop", &next, None, Timestamp(2))).await.unwrap();
        let again = Rule { conversions_required: 4, ..next.clone() };
        let refused = db.batch(update("shop", &again, None, Timestamp(2))).await;
        assert_eq!(refused, Err(DbError::Constraint));
        assert_eq!(of_campaign(&db, "shop").await.unwrap(), [next]);
        db.batch(vec![remove("crew_1", Timestamp(3))]).await.unwrap();
        assert_eq!(of_campaign(&db, "shop").await.unwrap(), []);
    }
}
