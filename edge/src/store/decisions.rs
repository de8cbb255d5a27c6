//! Stored answers to "why (not)?".

use serde::Deserialize;
use serde_json::Value;
use shared::{
    code::Code,
    decision::{Kind, Reason},
    time::Timestamp,
};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A decision.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Decision {
    /// Sorts by time.
    pub id: String,
    /// Whom it is about: a participant, or a lead that became none.
    pub participant: String,
    /// What was decided.
    pub kind: Kind,
    /// Why, most important first.
    #[serde(deserialize_with = "sql::json")]
    pub reasons: Vec<Reason>,
    /// Ids and numbers that it rested on; nothing personal.
    #[serde(deserialize_with = "sql::json")]
    pub facts: Value,
    /// When.
    pub at: Timestamp,
}

/// The first half of the ids of decisions that a statement takes of many rewards at once: they sort by
/// time, as all do, and end in what is random of the reward's own id and a digit for the occasion (0
/// and 1 are the schema's own).
#[must_use]
pub fn time(now: Timestamp) -> String {
    shared::id::ordered(now, [0; 16]).chars().take(10).collect()
}

/// Adds a decision, unless the same was decided of the same facts before: a repeated call leaves
/// one refusal.
pub fn insert(campaign: &str, decision: &Decision) -> Statement {
    sql!(
        "-- decisions::insert
         INSERT INTO decision (id, campaign, participant, kind, reasons, facts, at)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
          WHERE NOT EXISTS (SELECT 1 FROM decision WHERE participant = ?3 AND kind = ?4
                               AND reasons = ?5 AND facts = ?6)",
        &decision.id,
        campaign,
        &decision.participant,
        decision.kind.as_str(),
        sql::to_json(&decision.reasons),
        sql::to_json(&decision.facts),
        decision.at,
    )
}

/// Adds a decision about a reward, whose facts say as `fulfilled` whether it is given now; none, if
/// it is not and `only_given`.
pub fn insert_of(campaign: &str, decision: &Decision, reward: &str, only_given: bool) -> Statement {
    sql!(
        "-- decisions::insert_of
         INSERT INTO decision (id, campaign, participant, kind, reasons, facts, at)
         SELECT ?1, ?2, ?3, ?4, ?5,
                json_set(?6, '$.fulfilled', json(iif(status = 'FULFILLED', 'true', 'false'))), ?7
           FROM reward WHERE id = ?8 AND (NOT ?9 OR status = 'FULFILLED')",
        &decision.id,
        campaign,
        &decision.participant,
        decision.kind.as_str(),
        sql::to_json(&decision.reasons),
        sql::to_json(&decision.facts),
        decision.at,
        reward,
        only_given,
    )
}

/// A decision and its place in the order in which all were taken.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Stored {
    /// Its place.
    pub seq: i64,
    /// What was decided.
    #[serde(flatten)]
    pub decision: Decision,
}

/// Decisions about a participant of a campaign, newest first, `limit` of them before a place.
pub async fn page(
    db: &Db,
    campaign: &str,
    participant: &str,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Stored>, DbError> {
    db.all(sql!(
        "-- decisions::page
         SELECT seq, id, participant, kind, reasons, facts, at FROM decision
          WHERE participant = ?2 AND +campaign = ?1 AND seq < ?3 ORDER BY seq DESC LIMIT ?4",
        campaign,
        participant,
        before.unwrap_or(shared::money::LARGEST),
        limit,
    ))
    .await
}

/// A decision about a participant of a campaign, by its id.
pub async fn one(
    db: &Db,
    campaign: &str,
    participant: &str,
    id: &str,
) -> Result<Option<Decision>, DbError> {
    let rows = db
        .all(sql!(
            "-- decisions::one
             SELECT id, participant, kind, reasons, facts, at FROM decision
              WHERE participant = ?2 AND +campaign = ?1 AND id = ?3",
            campaign,
            participant,
            id,
        ))
        .await?;
    Ok(rows.into_iter().next())
}

#[derive(Deserialize)]
struct Came {
    at: Timestamp,
}

/// When a participant was added by somebody better than a browser, without claim or name; `None` for
/// everybody else.
pub async fn came_alone(db: &Db, participant: &Code) -> Result<Option<Timestamp>, DbError> {
    let rows: Vec<Came> = db
        .all(sql!(
            "-- decisions::came_alone
             SELECT at FROM decision
              WHERE participant = ?1 AND kind = 'UNBOUND' AND reasons = ?2
                AND facts->>'source' <> 'BROWSER'
                AND NOT EXISTS (SELECT 1 FROM participant WHERE id = ?1 AND origin = 'IMPORT')
              LIMIT 1",
            participant,
            sql::to_json(&[Reason::NobodyReferred]),
        ))
        .await?;
    Ok(rows.into_iter().next().map(|it| it.at))
}

/// A campaign's newest decisions.
pub async fn latest(db: &Db, campaign: &str, limit: u32) -> Result<Vec<Decision>, DbError> {
    db.all(sql!(
        "-- decisions::latest
         SELECT id, participant, kind, reasons, facts, at FROM decision
          WHERE campaign = ?1 ORDER BY seq DESC LIMIT ?2",
        campaign,
        limit,
    ))
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(id: &str, kind: Kind) -> Decision {
        Decision {
            id: id.into(),
            participant: "bob".into(),
            kind,
            reasons: vec![Reason::NobodyReferred],
            facts: serde_json::json!({}),
            at: Timestamp(1),
        }
    }

    #[tokio::test]
    async fn only_the_back_ends_word_without_claim_or_name_is_coming_alone() {
        let db = Db::in_memory().unwrap();
        let bob = Code::parse("bob").unwrap();
        let told = |id: &str, kind, reason, source: &str| Decision {
            reasons: vec![reason],
            facts: serde_json::json!({ "source": source }),
            ..decision(id, kind)
        };
        let others = [
            told("1", Kind::Unbound, Reason::NobodyReferred, "BROWSER"),
            told("2", Kind::Unbound, Reason::TokenExpired, "SERVER"),
            told("3", Kind::Refused, Reason::NobodyReferred, "SERVER"),
        ];
        db.batch(others.map(|it| insert("shop", &it)).into()).await.unwrap();
        assert_eq!(came_alone(&db, &bob).await.unwrap(), None);
        let alone = told("4", Kind::Unbound, Reason::NobodyReferred, "SERVER");
        db.batch(vec![insert("shop", &alone)]).await.unwrap();
        assert_eq!(came_alone(&db, &bob).await.unwrap(), Some(Timestamp(1)));
        assert_eq!(came_alone(&db, &Code::parse("ada").unwrap()).await.unwrap(), None);
    }

    #[tokio::test]
    async fn r_decision_2_the_same_refusal_is_kept_once() {
        let db = Db::in_memory().unwrap();
        let (first, other) = (decision("1", Kind::Refused), decision("3", Kind::Unbound));
        let again = decision("2", Kind::Refused);
        db.batch([&first, &again, &other].map(|it| insert("shop", it)).into()).await.unwrap();
        let found = async |before| {
            let found = page(&db, "shop", "bob", before, 10).await.unwrap();
            found.into_iter().map(|it| (it.seq, it.decision)).unzip::<_, _, Vec<_>, Vec<_>>()
        };
        let (places, decisions) = found(None).await;
        assert_eq!(decisions, [other.clone(), first.clone()]);
        assert_eq!(found(Some(places[0])).await.1, [first]);
        assert_eq!(page(&db, "other", "bob", None, 10).await.unwrap(), []);
        assert_eq!(latest(&db, "shop", 1).await.unwrap(), [other]);
        assert_eq!(latest(&db, "other", 1).await.unwrap(), []);
    }

    #[tokio::test]
    async fn r_decision_3_decisions_of_one_millisecond_are_read_as_they_were_taken() {
        let db = Db::in_memory().unwrap();
        // The ids of one millisecond sort at random.
        let ids = ["9", "2", "7", "4"];
        for (at, id) in (0..).zip(ids) {
            let facts = serde_json::json!({ "n": at });
            let one = Decision { facts, ..decision(id, Kind::Refused) };
            db.batch(vec![insert("shop", &one)]).await.unwrap();
        }
        let found = page(&db, "shop", "bob", None, 10).await.unwrap();
        let found: Vec<_> = found.into_iter().map(|it| it.decision.id).collect();
        assert_eq!(found, ["4", "7", "2", "9"]);
    }
}
